// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>

#include "reco/ltr/mean_ndcg.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/ltr/tree_ensemble.hpp"

namespace reco_test {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

inline double ndcg(const reco::tree_ensemble& trees, const reco::ranking_data& data) {
  return reco::mean_ndcg(data, trees.predict_all(data.matrix_of_features()));
}

inline bool same(const reco::tree_ensemble& a, const reco::tree_ensemble& b) {
  if (a.trees() != b.trees() || a.base_score() != b.base_score()) return false;
  for (std::int32_t t = 0; t < a.trees(); ++t)
    if (!(a.tree(t) == b.tree(t))) return false;
  return true;
}

}  // namespace reco_test
