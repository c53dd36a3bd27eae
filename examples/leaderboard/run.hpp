// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <reco/base/executor.hpp>
#include <reco/evaluation/evaluate.hpp>
#include <reco/evaluation/intervals.hpp>

#include "input.hpp"
#include "settings.hpp"

/// One row of the CSV: a metric of an algorithm.
struct figure {
  std::string metric = {};
  std::optional<int> k = {};
  double value = 0;
  std::optional<double> low = {}, high = {};
  bool worse = false;  ///< significantly worse than the best
};

struct contender {
  std::string name = {};
  std::string options = {};     ///< "by=users", found by tuning or given
  std::string tuning = {};      ///< what tuning found, for people; empty without it
  std::string failure = {};     ///< why it could not run; empty if it could
  double fit_seconds = 0;       ///< the mean of the folds
  double users_per_second = 0;  ///< ratings a second for the task rating
  double peak_mib = 0;
  std::int64_t unanswered = 0;
  std::vector<figure> figures = {};
  reco::evaluation values = {};                ///< of users, folds averaged
  std::vector<reco::user_errors> errors = {};  ///< of users, task rating
};

/// Fits and measures every algorithm that was asked for, best of its tuning where it is tuned.
std::vector<contender> run_all(const settings& asked, const input& in, reco::executor_ref executor);
