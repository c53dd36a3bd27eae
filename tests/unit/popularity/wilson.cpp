// SPDX-License-Identifier: MIT
#include "reco/popularity/wilson.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/data/event_sequences.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

const double z95 = reco::wilson{}.z;

}  // namespace

TEST_CASE("the lower bound is the share from which the observed one is z standard errors away") {
  // What defines Wilson's interval: (p - bound)^2 = z^2 bound (1 - bound) / n.
  for (const double z : {0.5, 1.0, z95, 4.0}) {
    for (const double n : {1.0, 2.0, 7.0, 9.0, 1000.0}) {
      for (double positive = 1; positive <= n; positive += std::ceil(n / 7)) {
        const double bound = reco::wilson_lower_bound(positive, n, z), p = positive / n;
        CAPTURE(z, n, positive);
        CHECK(bound > 0);
        CHECK(bound < p);
        CHECK_THAT((p - bound) * (p - bound), WithinAbs(z * z * bound * (1 - bound) / n, rounding<double>(30)));
      }
    }
  }
}

TEST_CASE("the bounds that Newcombe tabulates") {
  // R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods",
  // Statistics in Medicine 17 (1998), table I, method 3: lower limits at 95 percent, four digits.
  CHECK_THAT(reco::wilson_lower_bound(81, 263, z95), WithinAbs(0.2553, 5e-5));
  CHECK_THAT(reco::wilson_lower_bound(15, 148, z95), WithinAbs(0.0624, 5e-5));
  CHECK_THAT(reco::wilson_lower_bound(0, 20, z95), WithinAbs(0.0000, 5e-5));
  CHECK_THAT(reco::wilson_lower_bound(1, 29, z95), WithinAbs(0.0061, 5e-5));
}

TEST_CASE("tiny and almost whole shares lose no digits") {
  // Computed with 40 digits from the formula as Wilson gives it.
  CHECK_THAT(reco::wilson_lower_bound(1, 1e9, z95), WithinRel(1.7652455495696316e-10, rounding<double>(20)));
  CHECK_THAT(reco::wilson_lower_bound(999999999, 1e9, z95), WithinRel(0.99999999433506576, rounding<double>(20)));
  CHECK_THAT(reco::wilson_lower_bound(1, 1, z95), WithinRel(0.20654931437723743, rounding<double>(20)));
  CHECK_THAT(reco::wilson_lower_bound(209, 1000, z95), WithinRel(0.18493669331572347, rounding<double>(20)));
}

TEST_CASE("nothing of nothing is 0, and no share of positives is 0") {
  CHECK(reco::wilson_lower_bound(0, 0, z95) == 0);
  CHECK(reco::wilson_lower_bound(0, 1e6, z95) == 0);
}

TEST_CASE("the items that a mean ranks wrongly are ranked by what is sure of them") {
  // The pairs with which E. Miller, "How not to sort by average rating" (2009), argues.
  CHECK(reco::wilson_lower_bound(600, 1000, z95) > reco::wilson_lower_bound(5500, 10000, z95));  // not by difference
  CHECK(reco::wilson_lower_bound(100, 101, z95) > reco::wilson_lower_bound(2, 2, z95));          // nor by mean
}

TEST_CASE("an event is positive from the value that is named") {
  const std::vector<reco::event> log = {{.user = 0, .item = 0, .value = 4},  {.user = 1, .item = 0, .value = 3.5},
                                        {.user = 2, .item = 0, .value = 5},  {.user = 0, .item = 1, .value = 1},
                                        {.user = 0, .item = 2, .value = -1}, {.user = 0, .item = 2, .value = 4},
                                        {.user = 0, .item = 2, .value = 4.5}};
  const reco::event_sequences<double> data(log, {3, 4});
  const auto stars = reco::wilson{.positive_from = 4}.fit(data);
  CHECK(stars.score(0) == reco::wilson_lower_bound(2, 3, z95));
  CHECK(stars.score(1) == 0);
  CHECK(stars.score(2) == reco::wilson_lower_bound(2, 3, z95));
  CHECK(stars.score(3) == 0);
  const auto votes = reco::wilson{.z = 1}.fit(data);
  CHECK(votes.score(1) == reco::wilson_lower_bound(1, 1, 1));
  const auto pairs = reco::wilson{.positive_from = 4}.fit(reco::sparse_interactions<double>(log, {3, 4}));
  CHECK(pairs.score(2) == reco::wilson_lower_bound(1, 1, z95));  // one pair, its values added up to 7.5
}

TEST_CASE("no data gives a model of zeros, and bad options are named") {
  const reco::event_sequences<float> data({}, {2, 3});
  const auto model = reco::wilson{}.fit(data);
  REQUIRE(model.items() == 3);
  CHECK(model.score(2) == 0);
  CHECK_THROWS_MATCHES((reco::wilson{.z = 0}.fit(data)), reco::invalid_argument,
                       Message("wilson: z must be above 0, got 0"));
  CHECK_THROWS_MATCHES((reco::wilson{.z = std::numeric_limits<double>::quiet_NaN()}.fit(data)), reco::invalid_argument,
                       Message("wilson: z must be above 0, got nan"));
}
