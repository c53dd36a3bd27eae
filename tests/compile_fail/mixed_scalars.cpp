// SPDX-License-Identifier: MIT
// Models that answer in float and in double have no scale in common.
// expect: same_as|constraints not satisfied for class template .fallback.
#include "reco/model/fallback.hpp"
#include "reco/model/item_scores_model.hpp"

#if defined(MISTAKE)
using other = double;
#else
using other = float;
#endif

void chain(const reco::item_scores_model<float>& a, const reco::item_scores_model<other>& b) {
  [[maybe_unused]] const reco::fallback all{a, b};
}
