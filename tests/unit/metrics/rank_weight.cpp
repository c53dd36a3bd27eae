// SPDX-License-Identifier: MIT
#include "reco/metrics/rank_weight.hpp"

#include <cmath>

#include "support/catch.hpp"

using namespace reco_test;
using reco::rank_weight;
using reco::weight_of;

TEST_CASE("every weight is 1 at the first rank and falls as its name says") {
  for (const auto kind : {rank_weight::equal, rank_weight::logarithmic, rank_weight::exponential})
    CHECK(weight_of(kind, 1) == 1);
  CHECK(weight_of(rank_weight::equal, 50) == 1);
  CHECK(weight_of(rank_weight::logarithmic, 3) == 0.5);
  CHECK_THAT(weight_of(rank_weight::exponential, 3), WithinRel(0.7225, 1e-15));
}
