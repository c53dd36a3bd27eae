// SPDX-License-Identifier: MIT
// The nearest-neighbor models of neighborhood/ keep the promises of check_estimator.
#include <chrono>

#include "conformance/data_sets.hpp"
#include "reco/neighborhood/co_occurrence.hpp"
#include "reco/neighborhood/item_knn.hpp"
#include "reco/neighborhood/rating_knn.hpp"
#include "reco/neighborhood/user_knn.hpp"

using namespace reco_test;
using reco::item_similarity;

TEST_CASE("item_knn keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::item_knn{});
  keeps_its_promises(reco::item_knn{.keep = reco::neighbor_side::target, .shrinkage = 2, .normalize = true});
  keeps_its_promises(reco::item_knn{.similarity = item_similarity::adjusted_cosine});
  keeps_its_promises(reco::item_knn{.half_life = std::chrono::hours(30)});
  keeps_its_promises(reco::item_knn{.similarity = item_similarity::jaccard}, {}, "ratings from -2 to 3");
}

TEST_CASE("user_knn keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::user_knn{});
  keeps_its_promises(reco::user_knn{.shrinkage = 3, .amplification = 2, .normalize = true});
  keeps_its_promises(reco::user_knn{.similarity = item_similarity::log_likelihood}, {}, "ratings from -2 to 3");
}

TEST_CASE("co_occurrence keeps its promises", "[concurrent]") {
  using reco::association;
  const auto measure = GENERATE(association::count, association::lift, association::log_likelihood, association::swing);
  keeps_its_promises(reco::co_occurrence{.measure = measure});
}

TEST_CASE("rating_knn keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::rating_knn{.shrinkage = 5});
  keeps_its_promises(reco::rating_knn{.center = reco::rating_center::z_score, .shrinkage = 5});
}
