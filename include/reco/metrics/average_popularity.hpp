// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/item_popularity.hpp"

namespace reco::inline RECO_ABI() {

/// How many users had what is shown, on the average: average recommendation popularity (Yin et al., "Challenging the
/// long tail recommendation", 2012). Large for lists of what everybody knows; 0 of an empty list. Worked example: items
/// had by 8, 2 and 0 users: 3.333. O(k).
struct average_popularity {
  const item_popularity* popularity = nullptr;
  int k = 10;

  static constexpr std::string_view name = "average_popularity";
  /// Throws `std::out_of_range` for an item beyond the counts, `invalid_argument` without popularity.
  [[nodiscard]] double operator()(const shown_list& list) const {
    const auto& p = detail::given(name, popularity);
    const auto shown = list.first(k);
    double sum = 0;
    for (const auto item : shown) sum += static_cast<double>(p.count(item));
    return shown.empty() ? 0 : sum / static_cast<double>(shown.size());
  }
};

static_assert(list_metric<average_popularity>);

}  // namespace reco
