// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include <reco/evaluation/registry.hpp>

/// Every algorithm the leaderboard knows. A file a family, so that one of them can be compiled without the others;
/// an algorithm is a name in the list of its file.
const reco::registry<float>& algorithms();

using entries = std::vector<reco::registered<float>>;
entries popularity_algorithms();
entries content_algorithms();
entries neighborhood_algorithms();
entries linear_algorithms();
entries factorization_algorithms();

/// Does it learn from item vectors, which are made of the items' texts?
inline bool uses_vectors(std::string_view name) { return name == "content_recommender"; }

/// The entries of some estimators.
template <class... Es>
entries entries_of() {
  return {reco::registered<float>::of<Es>()...};
}
