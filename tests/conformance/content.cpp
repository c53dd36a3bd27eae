// SPDX-License-Identifier: MIT
// The estimators of content/ keep the promises of check_estimator. None is excused from any.
#include <chrono>

#include "conformance/data_sets.hpp"
#include "reco/content/content_recommender.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

TEST_CASE("content_recommender keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::content_recommender{});
  keeps_its_promises(reco::content_recommender{.half_life = 20h, .negative_weight = 1, .neutral = 0.5});
  keeps_its_promises(reco::content_recommender{.half_life = reco::never, .negative_weight = 0});
}
