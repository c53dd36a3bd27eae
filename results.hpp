// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <reco/base/executor.hpp>
#include <reco/metrics/confidence.hpp>
#include <reco/model/any_estimator.hpp>

#include "data.hpp"
#include "settings.hpp"

/// One figure of one algorithm.
struct figure {
  std::string metric = {};
  int k = 0;  ///< 0: the metric has no cutoff
  double value = 0;
  std::optional<reco::interval> range = {};  ///< of 95 %, by user; nothing for what is no mean over users
  std::vector<double> of_user = {};          ///< ranking: the value of each user asked, in the order of their numbers
};

/// All that is known of one algorithm.
struct result {
  std::string name = {};
  std::string options = {};  ///< those that are not the defaults, "by=users,window=7d"
  std::vector<figure> figures = {};
  double fit_seconds = 0;
  double users_per_second = 0;
  double peak_mib = 0;
  std::int64_t unanswered = 0;

  [[nodiscard]] std::string text() const { return options.empty() ? name : name + ':' + options; }
  /// Null if there is no such figure.
  [[nodiscard]] const figure* find(std::string_view metric, int k) const;
};

/// The folds of a data set, ready for any number of algorithms.
class contest {
 public:
  /// With item vectors if `vectors` is true.
  contest(const settings& asked, std::span<const fold> folds, const data_set& data, bool vectors,
          reco::executor_ref executor);
  ~contest();

  /// Fits and asks. `intervals`: with ranges, which take time.
  [[nodiscard]] result run(const reco::any_estimator<float>& estimator, bool intervals = true) const;

 private:
  struct parts;
  const settings& asked_;
  reco::executor_ref executor_;
  std::vector<parts> folds_;
};
