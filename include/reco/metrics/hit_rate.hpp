// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// 1 if anything relevant stands in the first k places, else 0; also called success. Its mean over users is the
/// share of users who found something. Worked example: first hit at rank 4: 0 for k = 3, 1 for k = 4. O(k).
struct hit_rate {
  int k = 10;

  static constexpr std::string_view name = "hit_rate";
  [[nodiscard]] double operator()(const judged_list& list) const { return list.hits(k) > 0 ? 1 : 0; }
};

static_assert(metric_at<hit_rate>);

}  // namespace reco
