// SPDX-License-Identifier: MIT
#include "reco/metrics/recall.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"

using namespace reco_test;

TEST_CASE("recall: the worked example") {
  const auto list = judged(example({1, 0, 1}, {1}));
  CHECK(reco::recall{.k = 2}(list) == 1.0 / 3);
  CHECK(reco::recall{.k = 10}(list) == 2.0 / 3);
}

TEST_CASE("recall is hits over what is relevant, never falls with k, and ends with what is listed") {
  const auto seed = 33U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    double before = 0;
    for (const auto k : cutoffs) {
      const double hits = c.hits(static_cast<std::size_t>(std::max(k, 0)));
      const double value = reco::recall{.k = k}(list);
      CHECK(value == (c.relevant_items() > 0 ? hits / c.relevant_items() : 0));
      CHECK(value >= before);
      before = value;
    }
    if (static_cast<std::int32_t>(c.ranked.size()) == c.catalog && c.relevant_items() > 0) CHECK(before == 1);
  }
}
