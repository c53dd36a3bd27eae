// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <span>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/rated_pairs.hpp"

namespace reco::inline RECO_ABI() {

/// The root of the mean squared error of predicted ratings; smaller is better:
///
///     RMSE = sqrt(mean (actual - predicted)²)
///
/// Over the pairs that could be predicted (see `unpredicted`); not a number if there are none. Over `users` it is the
/// mean of each user's RMSE. Worked example: errors 1 and 1 of one user, 4 of another: pairs sqrt(18/3) = 2.449, users
/// (1 + 4) / 2 = 2.5. O(pairs).
struct rmse {
  rating_mean over = rating_mean::pairs;

  static constexpr std::string_view name = "rmse";
  /// Throws `invalid_argument` for a rating or prediction that is not finite.
  [[nodiscard]] double operator()(std::span<const rated_pair> pairs) const {
    return detail::mean_loss(
        name, pairs, over, [](double e) { return e * e; }, [](double m) { return std::sqrt(m); });
  }
};

}  // namespace reco
