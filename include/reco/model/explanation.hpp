// SPDX-License-Identifier: MIT
#pragma once

#include "reco/base/config.hpp"
#include "reco/data/ranked_list.hpp"

namespace reco::inline RECO_ABI() {

/// Why an item got its score: score = base + the sum of `because`, one part for each item of the history
/// that had a say, the largest first (parts that speak against the item are negative and stand last).
template <class T>
struct explanation {
  T score = 0;
  T base = 0;  ///< what does not come from the history: a mean, a bias
  ranked_list<T> because = {};
};

}  // namespace reco
