// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// One over the rank of the first relevant item, 0 if none stands in the first k places. Its mean over users is the
/// MRR. Worked example: first hit at rank 4: 0.25. O(k).
struct reciprocal_rank {
  int k = whole_list;

  static constexpr std::string_view name = "mrr";
  [[nodiscard]] double operator()(const judged_list& list) const {
    const auto depth = list.depth(k);
    for (std::size_t rank = 0; rank < depth; ++rank)
      if (list.hit(rank)) return 1 / (static_cast<double>(rank) + 1);
    return 0;
  }
};

static_assert(metric_at<reciprocal_rank>);

}  // namespace reco
