// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/query.hpp"
#include "reco/model/concepts.hpp"

namespace reco::inline RECO_ABI() {

/// One score for each item, the same for everybody: popularity, trends, averages, editors' picks. Answers
/// every query.
template <class T>
class item_scores_model {
 public:
  using scalar = T;

  item_scores_model() = default;
  /// Throws `numeric_error` naming the item whose score is not finite.
  explicit item_scores_model(std::vector<T> scores, fit_report report = {});

  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(scores_.size()); }
  [[nodiscard]] bool can_answer(const query<T>&) const noexcept { return true; }
  void scores(const query<T>&, std::span<T> out) const { std::copy(scores_.begin(), scores_.end(), out.begin()); }
  /// Throws `std::out_of_range`.
  [[nodiscard]] T score(std::int32_t item) const {
    detail::check_index("item_scores_model: item", item, items());
    return scores_[static_cast<std::size_t>(item)];
  }
  [[nodiscard]] std::span<const T> scores() const noexcept { return scores_; }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  std::vector<T> scores_ = {};
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
item_scores_model<T>::item_scores_model(std::vector<T> scores, fit_report report) {
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (!std::isfinite(scores[i]))
      detail::fail_number("item_scores_model: the score of item " + detail::to_text(i) + " must be finite, got " +
                          detail::to_text(scores[i]));
  scores_ = std::move(scores);
  report_ = std::move(report);
}

static_assert(scorer<item_scores_model<float>> && scorer<item_scores_model<double>>);

}  // namespace reco
