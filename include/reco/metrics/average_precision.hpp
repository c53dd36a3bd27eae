// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// The mean of the precisions at the ranks of the relevant items; its mean over users is the MAP.
///
///     AP@k = sum over hits at rank r <= k of (hits in the first r / r) / divisor
///
/// In 0..1. Peers divide by different numbers; so the divisor is a field. Worked example: hits at ranks 1 and 3, 3
/// items relevant, k = 2: the sum is 1, divided by relevant 1/3, achievable and filled 1/2, hits 1. O(k).
struct average_precision {
  enum class divisor {
    relevant,    ///< all relevant items (trec_eval's map and map_cut)
    achievable,  ///< min(k, relevant): 1 can always be reached (implicit, XGBoost, RecBole)
    filled,      ///< min(k, relevant, length of the list): a short list is not held against itself (LensKit)
    hits,        ///< the hits in the first k: how early they stand, not how many (LibRecommender)
  };

  int k = whole_list;
  divisor divide_by = divisor::relevant;

  static constexpr std::string_view name = "map";
  [[nodiscard]] double operator()(const judged_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

inline double average_precision::operator()(const judged_list& list) const {
  const auto depth = list.depth(k);
  std::int64_t hits = 0;
  double sum = 0;
  for (std::size_t rank = 0; rank < depth; ++rank)
    if (list.hit(rank)) sum += static_cast<double>(++hits) / (static_cast<double>(rank) + 1);
  const auto by = divide_by == divisor::relevant     ? list.relevant()
                  : divide_by == divisor::achievable ? std::min<std::int64_t>(k, list.relevant())
                  : divide_by == divisor::filled     ? std::min(static_cast<std::int64_t>(depth), list.relevant())
                                                     : hits;
  return by > 0 ? sum / static_cast<double>(by) : 0;
}

static_assert(metric_at<average_precision>);

}  // namespace reco
