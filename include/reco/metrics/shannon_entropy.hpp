// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/exposure.hpp"

namespace reco::inline RECO_ABI() {

/// Bits needed to say which item a place holds, on the average (Shannon 1948): -sum_i s_i log2 s_i over shares s. From
/// 0 (always the same item) to log2(n) (all n alike); 0 where nothing was counted. O(n).
[[nodiscard]] double entropy_bits(std::span<const std::int64_t> counts);

/// Entropy of how often items of the catalog are shown; larger is more even. Worked example: 4 items shown 0, 1, 1 and
/// 2 times: 1.5 bits, normalised 1.5 / log2(4) = 0.75.
struct shannon_entropy : exposure {
  using exposure::exposure;
  bool normalised = false;  ///< divided by log2(items): 0..1; 0 for fewer than two items

  static constexpr std::string_view name = "entropy";
  [[nodiscard]] double value() const;
};

// ---------------------------------------------------------------------------------------------------

inline double entropy_bits(std::span<const std::int64_t> counts) {
  double total = 0, sum = 0;
  for (const auto n : counts) total += static_cast<double>(n);
  for (const auto n : counts) {
    if (n <= 0) continue;
    const double share = static_cast<double>(n) / total;
    sum -= share * std::log2(share);
  }
  return sum;
}

inline double shannon_entropy::value() const {
  const double bits = entropy_bits(counts);
  if (!normalised) return bits;
  return counts.size() > 1 ? bits / std::log2(static_cast<double>(counts.size())) : 0;
}

static_assert(aggregate_metric<shannon_entropy>);

}  // namespace reco
