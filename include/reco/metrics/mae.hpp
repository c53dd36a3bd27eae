// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <span>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/rated_pairs.hpp"

namespace reco::inline RECO_ABI() {

/// The mean absolute error of predicted ratings, in stars; smaller is better.
///
/// Over the pairs that could be predicted (see `unpredicted`); not a number if there are none. Worked example: errors 1
/// and 1 of one user, 4 of another: pairs 6/3 = 2, users (1 + 4) / 2 = 2.5. O(pairs).
struct mae {
  rating_mean over = rating_mean::pairs;

  static constexpr std::string_view name = "mae";
  /// Throws `invalid_argument` for a rating or prediction that is not finite.
  [[nodiscard]] double operator()(std::span<const rated_pair> pairs) const {
    return detail::mean_loss(
        name, pairs, over, [](double e) { return std::abs(e); }, [](double m) { return m; });
  }
};

}  // namespace reco
