// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// The share of what is relevant that stands in the first k places.
///
///     recall@k = hits in the first k / relevant
///
/// In 0..1; below 1 even for a perfect list where more than k items are relevant. Worked example: hits at ranks 1
/// and 3, 3 items relevant: recall@2 = 1/3, recall@10 = 2/3. O(k).
struct recall {
  int k = 10;

  static constexpr std::string_view name = "recall";
  [[nodiscard]] double operator()(const judged_list& list) const {
    if (list.ideal.empty()) return 0;
    return static_cast<double>(list.hits(k)) / static_cast<double>(list.relevant());
  }
};

static_assert(metric_at<recall>);

}  // namespace reco
