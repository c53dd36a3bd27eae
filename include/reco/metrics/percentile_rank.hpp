// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// Where the relevant items stand on the average, from 0 (first) to 1 (last); smaller is better, 0.5 is chance (Hu,
/// Koren and Volinsky, "Collaborative filtering for implicit feedback datasets", 2008; their expected percentile
/// ranking weighs by grade, and so does this):
///
///     PR = sum_i grade_i (rank_i - 1) / (catalog - 1) / sum_i grade_i
///
/// A relevant item that is not listed stands in the middle of those that are not. Needs `judged_list::catalog`. Worked
/// example: catalog 11, grades 1, hits at ranks 1 and 6: (0 + 0.5) / 2 = 0.25. O(list).
struct percentile_rank {
  static constexpr std::string_view name = "mpr";
  [[nodiscard]] double operator()(const judged_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

inline double percentile_rank::operator()(const judged_list& list) const {
  double total = 0, listed = 0, sum = 0;
  for (const double g : list.ideal) total += g;
  for (std::size_t rank = 0; rank < list.grade.size(); ++rank) {
    if (!list.hit(rank)) continue;
    listed += list.grade[rank];
    sum += list.grade[rank] * static_cast<double>(rank);
  }
  const auto length = static_cast<double>(list.grade.size()), last = static_cast<double>(list.catalog) - 1;
  sum += (total - listed) * (length + last) / 2;
  return total > 0 && last > 0 ? sum / (total * last) : 0;
}

static_assert(metric<percentile_rank>);

}  // namespace reco
