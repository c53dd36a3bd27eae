// SPDX-License-Identifier: MIT
#include "reco/metrics/r_squared.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/rated_pairs.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using pairs = std::vector<reco::rated_pair>;

TEST_CASE("r_squared: the worked example") { CHECK(reco::r_squared{}(pairs{{0, 1, 1}, {0, 2, 2}, {1, 3, 4}}) == 0.5); }

TEST_CASE("r_squared is 1 for the truth, 0 for the mean, below 0 for worse") {
  CHECK(reco::r_squared{}(pairs{{0, 1, 1}, {0, 5, 5}}) == 1);
  CHECK(reco::r_squared{}(pairs{{0, 1, 3}, {0, 5, 3}}) == 0);
  CHECK(reco::r_squared{}(pairs{{0, 1, 5}, {0, 5, 1}}) == -3);
}

TEST_CASE("r_squared: ratings all alike are explained exactly or not at all") {
  CHECK(reco::r_squared{}(pairs{{0, 0.1, 0.1}, {0, 0.1, 0.1}, {0, 0.1, 0.1}}) == 1);
  CHECK(reco::r_squared{}(pairs{{0, 0.1, 0.1}, {0, 0.1, 0.1}, {0, 0.1, 0.2}}) == 0);
  CHECK(reco::r_squared{}(pairs{{0, 3, 4}}) == 0);
}

TEST_CASE("r_squared of the best straight line is the squared correlation") {
  const auto seed = 83U;
  CAPTURE(seed);
  auto ratings = random_ratings(seed, 200);
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (const auto& p : ratings) {
    if (!p.predicted) continue;
    n += 1;
    x += *p.predicted;
    y += p.actual;
    xx += *p.predicted * *p.predicted;
    yy += p.actual * p.actual;
    xy += p.actual * *p.predicted;
  }
  const double covariance = xy - x * y / n, slope = covariance / (xx - x * x / n);
  for (auto& p : ratings)
    if (p.predicted) p.predicted = y / n + slope * (*p.predicted - x / n);
  const double correlation = covariance / std::sqrt((xx - x * x / n) * (yy - y * y / n));
  CHECK_THAT(reco::r_squared{}(ratings), WithinAbs(correlation * correlation, rounding<double>(10000)));
}
