// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <reco/metrics/judged_list.hpp>

namespace trec {

/// Interpolated precision: entry h is the best precision at any rank with at least h hits above or at it,
///
///     best[h] = max_{h' >= h} h' / (rank of hit h')        best[0] = best[1], or 0 without a hit
inline std::vector<double> interpolated_precision(const reco::judged_list& list) {
  std::vector<double> best = {0};
  for (std::size_t rank = 0; rank < list.grade.size(); ++rank)
    if (list.hit(rank)) best.push_back(static_cast<double>(best.size()) / static_cast<double>(rank + 1));
  for (std::size_t h = best.size() - 1; h > 0; --h) best[h - 1] = std::max(best[h - 1], best[h]);
  return best;
}

/// The entry for a share of the relevant documents, to the nearest number of them; 0 where the list has not so many.
inline double at_recall(const std::vector<double>& best, double recall, const reco::judged_list& list) {
  const auto hits = std::lround(recall * static_cast<double>(list.relevant()));
  return hits < std::ssize(best) ? best[static_cast<std::size_t>(std::max(hits, 0L))] : 0;
}

}  // namespace trec
