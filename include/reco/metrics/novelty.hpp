// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/item_popularity.hpp"

namespace reco::inline RECO_ABI() {

/// The mean self-information of the items of a list (Zhou et al., "Solving the apparent diversity-accuracy dilemma of
/// recommender systems", 2010): the bits of surprise to meet a user who had the item.
///
///     novelty@k = mean over the first k items of -log2(users who had it / users)
///
/// From 0 (everybody has them all) to log2(users); an item that nobody had counts as if one user had. An empty list has
/// 0. Worked example: 8 users, items had by 8, 2 and 0 of them: (0 + 2 + 3) / 3 = 1.667. O(k).
struct novelty {
  const item_popularity* popularity = nullptr;
  int k = 10;

  static constexpr std::string_view name = "novelty";
  /// Throws `std::out_of_range` for an item beyond the counts, `invalid_argument` without popularity.
  [[nodiscard]] double operator()(const shown_list& list) const {
    const auto& p = detail::given(name, popularity);
    const auto shown = list.first(k);
    double bits = 0;
    for (const auto item : shown) bits += std::log2(static_cast<double>(p.users()) / p.known_count(item));
    return shown.empty() || p.users() == 0 ? 0 : bits / static_cast<double>(shown.size());
  }
};

static_assert(list_metric<novelty>);

}  // namespace reco
