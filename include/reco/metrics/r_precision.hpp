// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// Precision in the first R places, R the number of relevant items: where precision and recall are equal.
///
/// In 0..1, and 1 can always be reached. Worked example: hits at ranks 1 and 4, 3 relevant: 1/3. O(R).
struct r_precision {
  static constexpr std::string_view name = "r_precision";
  [[nodiscard]] double operator()(const judged_list& list) const {
    if (list.ideal.empty()) return 0;
    return static_cast<double>(list.hits(list.relevant())) / static_cast<double>(list.relevant());
  }
};

static_assert(metric<r_precision>);

}  // namespace reco
