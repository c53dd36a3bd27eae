// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/rated_pairs.hpp"

namespace reco::inline RECO_ABI() {

/// How much of the variance of ratings predictions explain:
///
///     R² = 1 - sum (actual - predicted)² / sum (actual - mean of actual)²
///
/// At most 1; 0 for who predicts the mean, below 0 for who does worse. Over all pairs that could be predicted (see
/// `unpredicted`): users with few ratings have next to no variance of their own, so there is no mean over users. Not a
/// number if there are none; actual ratings all alike: 1 if predicted exactly, else 0. Worked example: 1, 2, 3
/// predicted as 1, 2, 4: 1 - 1/2 = 0.5. O(pairs), two passes.
struct r_squared {
  static constexpr std::string_view name = "r_squared";
  /// Throws `invalid_argument` for a rating or prediction that is not finite.
  [[nodiscard]] double operator()(std::span<const rated_pair> pairs) const;
};

// ---------------------------------------------------------------------------------------------------

inline double r_squared::operator()(std::span<const rated_pair> pairs) const {
  double sum = 0, n = 0, lowest = 0, highest = 0;
  for (const auto& p : pairs) {
    if (!p.predicted) continue;
    detail::check_rated(name, p);
    lowest = n == 0 ? p.actual : std::min(lowest, p.actual);
    highest = n == 0 ? p.actual : std::max(highest, p.actual);
    sum += p.actual;
    ++n;
  }
  if (n == 0) return detail::not_rated;
  double left = 0, all = 0;
  for (const auto& p : pairs) {
    if (!p.predicted) continue;
    left += (p.actual - *p.predicted) * (p.actual - *p.predicted);
    all += (p.actual - sum / n) * (p.actual - sum / n);
  }
  if (lowest == highest) return left == 0 ? 1 : 0;  // then `all` is rounding
  return 1 - left / all;
}

}  // namespace reco
