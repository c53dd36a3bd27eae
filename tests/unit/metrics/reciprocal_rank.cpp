// SPDX-License-Identifier: MIT
#include "reco/metrics/reciprocal_rank.hpp"

#include "support/catch.hpp"
#include "support/judged_cases.hpp"

using namespace reco_test;

TEST_CASE("reciprocal_rank: the worked example") {
  const auto list = judged(example({0, -1, reco::judged_list::unjudged, 2, 1}));
  CHECK(reco::reciprocal_rank{}(list) == 0.25);
  CHECK(reco::reciprocal_rank{.k = 4}(list) == 0.25);
  CHECK(reco::reciprocal_rank{.k = 3}(list) == 0);
}

TEST_CASE("reciprocal_rank is one over the first rank with a gain") {
  const auto seed = 37U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    for (const auto k : cutoffs) {
      double expected = 0;
      for (std::size_t rank = c.ranked.size(); rank >= 1; --rank)
        if (c.gain(rank) > 0 && static_cast<std::int64_t>(rank) <= k) expected = 1 / static_cast<double>(rank);
      CHECK(reco::reciprocal_rank{.k = k}(list) == expected);
    }
  }
}
