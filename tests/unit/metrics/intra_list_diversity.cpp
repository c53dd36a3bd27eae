// SPDX-License-Identifier: MIT
#include "reco/metrics/intra_list_diversity.hpp"

#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "reco/data/embeddings.hpp"
#include "support/catch.hpp"
#include "support/shown_lists.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

reco::embeddings<float> vectors() {
  reco::matrix<float> rows(5, 2);
  rows << 2, 0, 0, 3, -1, 0, 0, 0, 4, 4;  // east, north, west, nowhere, north-east
  return reco::embeddings<float>(rows);
}

}  // namespace

TEST_CASE("intra_list_diversity: the worked example") {
  const auto distance = [](std::int32_t a, std::int32_t b) { return a + b == 1 ? 1.0 : a + b == 2 ? 0.0 : 0.5; };
  const item_list items = {0, 1, 2};
  CHECK(reco::intra_list_diversity(distance)({.items = items}) == 0.5);
  CHECK(reco::intra_list_diversity(distance, 2)({.items = items}) == 1);
  CHECK(reco::intra_list_diversity(distance, 1)({.items = items}) == 0);
  CHECK(reco::intra_list_diversity(distance)({}) == 0);
  static_assert(reco::list_metric<decltype(reco::intra_list_diversity(distance))>);
}

TEST_CASE("cosine_distance: opposite 2, across 1, alike 0, and a vector of zeros is 1 from everything") {
  const auto v = vectors();
  const reco::cosine_distance distance(v);
  CHECK(distance(0, 2) == 2);
  CHECK(distance(0, 1) == 1);
  CHECK(distance(1, 1) == 0);
  CHECK(distance(3, 0) == 1);
  CHECK(distance(3, 3) == 1);
  CHECK_THAT(distance(0, 4), WithinAbs(1 - std::sqrt(0.5), rounding<double>(10)));
  CHECK_THROWS_MATCHES(distance(0, 5), std::out_of_range, Message("cosine_distance: item must be in 0..4, got 5"));
  CHECK_THROWS_AS(distance(-1, 0), std::out_of_range);
}

TEST_CASE("diversity of unit vectors follows from the length of their sum") {
  // |sum|² = n + 2 sum_{i<j} cos, so that the mean of 1 - cos is 1 - (|sum|² - n) / (n (n - 1)).
  const auto seed = 71U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const int n : {2, 7, 8, 9, 50}) {
    reco::matrix<double> rows(n, 3);
    for (Eigen::Index i = 0; i < rows.size(); ++i) rows.data()[i] = reco::normal(random);
    rows.rowwise().normalize();
    const reco::embeddings<double> unit(rows);
    const double square = rows.colwise().sum().squaredNorm();
    const auto items = random_list(random, n, n);
    CHECK_THAT(reco::intra_list_diversity(reco::cosine_distance(unit), 100)({.items = items}),
               WithinAbs(1 - (square - n) / (n * (n - 1.0)), rounding<double>(3000)));
  }
}
