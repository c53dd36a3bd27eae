// SPDX-License-Identifier: MIT
#include "reco/metrics/hit_rate.hpp"

#include <algorithm>

#include "reco/metrics/reciprocal_rank.hpp"
#include "support/catch.hpp"
#include "support/judged_cases.hpp"

using namespace reco_test;

TEST_CASE("hit_rate: the worked example") {
  const auto list = judged(example({0, 0, 0, 1, 1}));
  CHECK(reco::hit_rate{.k = 3}(list) == 0);
  CHECK(reco::hit_rate{.k = 4}(list) == 1);
}

TEST_CASE("hit_rate is 1 where there is a hit, and there alone is a reciprocal rank") {
  const auto seed = 34U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    for (const auto k : cutoffs) {
      CHECK(reco::hit_rate{.k = k}(list) == (c.hits(static_cast<std::size_t>(std::max(k, 0))) > 0 ? 1 : 0));
      CHECK((reco::hit_rate{.k = k}(list) > 0) == (reco::reciprocal_rank{.k = k}(list) > 0));
    }
  }
}
