// SPDX-License-Identifier: MIT
#include "reco/metrics/r_precision.hpp"

#include "reco/metrics/precision.hpp"
#include "reco/metrics/recall.hpp"
#include "support/catch.hpp"
#include "support/judged_cases.hpp"

using namespace reco_test;

TEST_CASE("r_precision: the worked example") {
  CHECK(reco::r_precision{}(judged(example({1, 0, 0, 1}, {1}))) == 1.0 / 3);
}

TEST_CASE("r_precision is where precision and recall are equal") {
  const auto seed = 36U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    const auto relevant = static_cast<int>(c.relevant_items());
    const double value = reco::r_precision{}(list);
    CHECK(value == reco::precision{.k = relevant}(list));
    CHECK(value == reco::recall{.k = relevant}(list));
    CHECK(value == (relevant > 0 ? c.hits(static_cast<std::size_t>(relevant)) / relevant : 0));
  }
}
