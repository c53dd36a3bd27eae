// SPDX-License-Identifier: MIT
#include "consumer.hpp"

reco::item_scores_model<float> trend(const reco::dataset<float>& data) {
  return reco::trending{.half_life = std::chrono::hours(2)}.fit(data);
}
