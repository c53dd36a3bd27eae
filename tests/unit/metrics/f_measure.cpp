// SPDX-License-Identifier: MIT
#include "reco/metrics/f_measure.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

TEST_CASE("f_measure: the worked example") {
  const auto list = judged(example({1, 0, 1, 0}, {1}));
  CHECK_THAT(reco::f_measure{.k = 10}(list), WithinAbs(0.308, 5e-4));
  CHECK_THAT(reco::f_measure{.k = 10}(list), WithinRel(4.0 / 13, rounding<double>(10)));  // 2 hits/(k + relevant)
}

TEST_CASE("f_measure is one over the weighted mean of one over precision and one over recall") {
  const auto seed = 35U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    for (const int k : {0, 1, 7, 9, 1000}) {
      for (const double beta : {0.5, 1.0, 2.0}) {
        const double hits = c.hits(static_cast<std::size_t>(k)), weight = 1 / (1 + beta * beta);
        const double value = reco::f_measure{.k = k, .beta = beta}(list);
        if (hits == 0) CHECK(value == 0);
        else
          CHECK_THAT(value, WithinRel(1 / (weight * k / hits + (1 - weight) * c.relevant_items() / hits),
                                      rounding<double>(20)));
      }
    }
  }
}

TEST_CASE("f_measure: a beta that weighs nothing is an error") {
  const auto list = judged(example({1}));
  CHECK_THROWS_MATCHES(reco::f_measure{.beta = 0}(list), reco::invalid_argument,
                       Message("f_measure: beta must be above 0, got 0"));
  CHECK_THROWS_AS(reco::f_measure{.beta = std::nan("")}(list), reco::invalid_argument);
}
