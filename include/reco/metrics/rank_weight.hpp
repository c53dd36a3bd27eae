// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// How much a place in a list counts, ranks from 1.
enum class rank_weight {
  equal,        ///< every place 1
  logarithmic,  ///< 1 / log2(rank + 1), as in DCG
  exponential,  ///< 0.85^(rank - 1) (Vargas and Castells 2011)
};

[[nodiscard]] inline double weight_of(rank_weight kind, std::size_t rank) {
  const auto r = static_cast<double>(rank);
  switch (kind) {
    case rank_weight::equal: return 1;
    case rank_weight::logarithmic: return 1 / std::log2(r + 1);
    case rank_weight::exponential: return std::pow(0.85, r - 1);
  }
  return 0;
}

}  // namespace reco
