// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/exposure.hpp"

namespace reco::inline RECO_ABI() {

/// How unequal counts are, 0 (all alike) to (n - 1) / n (one has everything); Gini 1912:
///
///     G = sum_i (2 i - n - 1) x_i / (n sum_i x_i),    x ascending, i from 1
///
/// which is half the mean difference of two counts over the mean count. 0 where nothing was counted. O(n log n).
[[nodiscard]] double gini(std::span<const std::int64_t> counts);

/// Gini of how often items of the whole catalog are shown, those never shown included; smaller is fairer. Worked
/// example: 4 items shown 0, 0, 1 and 3 times: (1·1 + 3·3) / (4·4) = 0.625.
struct gini_of_exposure : exposure {
  using exposure::exposure;
  static constexpr std::string_view name = "gini";
  [[nodiscard]] double value() const { return gini(counts); }
};

// ---------------------------------------------------------------------------------------------------

inline double gini(std::span<const std::int64_t> counts) {
  std::vector<std::int64_t> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<double>(sorted.size());
  double weighted = 0, total = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto x = static_cast<double>(sorted[i]);
    weighted += (2 * static_cast<double>(i) + 1 - n) * x;
    total += x;
  }
  return total > 0 ? weighted / (n * total) : 0;
}

static_assert(aggregate_metric<gini_of_exposure>);

}  // namespace reco
