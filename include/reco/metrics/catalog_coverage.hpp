// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/exposure.hpp"

namespace reco::inline RECO_ABI() {

/// The share of the items that were shown to anybody at all.
[[nodiscard]] inline double coverage(std::span<const std::int64_t> counts) {
  if (counts.empty()) return 0;
  const auto shown = std::count_if(counts.begin(), counts.end(), [](auto n) { return n > 0; });
  return static_cast<double>(shown) / static_cast<double>(counts.size());
}

/// The same over lists: aggregate diversity, 0..1 (Herlocker et al., "Evaluating collaborative filtering recommender
/// systems", 2004, 4.2). Worked example: 5 items, lists {0, 1} and {0, 2}: 3/5.
struct catalog_coverage : exposure {
  using exposure::exposure;
  static constexpr std::string_view name = "coverage";
  [[nodiscard]] double value() const { return coverage(counts); }
};

static_assert(aggregate_metric<catalog_coverage>);

}  // namespace reco
