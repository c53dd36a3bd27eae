// SPDX-License-Identifier: MIT
#include "reco/metrics/gini.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using counts = std::vector<std::int64_t>;

namespace {

/// Half the mean difference of two counts over the mean count.
double naive(const counts& x) {
  double differences = 0, total = 0;
  for (const auto a : x) {
    total += static_cast<double>(a);
    for (const auto b : x) differences += std::abs(static_cast<double>(a - b));
  }
  const auto n = static_cast<double>(x.size());
  return total > 0 ? differences / (n * n) / 2 / (total / n) : 0;
}

}  // namespace

TEST_CASE("gini: the worked example") {
  CHECK(reco::gini(counts{0, 0, 1, 3}) == 0.625);
  CHECK(value_of(reco::gini_of_exposure(4), {{2, 3}, {3}, {3}}) == 0.625);
}

TEST_CASE("gini is half the mean difference over the mean, whatever the order") {
  const auto seed = 63U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const std::size_t n : {1U, 2U, 7U, 8U, 9U, 300U}) {
    counts x(n);
    for (auto& v : x) v = reco::uniform_index(random, 10) * reco::uniform_index(random, 10);
    CHECK_THAT(reco::gini(x), WithinAbs(naive(x), rounding<double>(1000)));
  }
}

TEST_CASE("gini is 0 where all have the same or nothing, (n - 1) / n where one has everything") {
  CHECK(reco::gini(counts{}) == 0);
  CHECK(reco::gini(counts{0, 0}) == 0);
  CHECK(reco::gini(counts{5}) == 0);
  CHECK(reco::gini(counts(9, 4)) == 0);
  CHECK(reco::gini(counts{0, 7, 0, 0, 0}) == 0.8);
}

TEST_CASE("gini_of_exposure does not know in how many parts it was counted, and k cuts") {
  const auto lists = random_lists(64, 50);
  const reco::gini_of_exposure fresh(50, 7);
  const double whole = value_of(fresh, lists);
  for (const std::size_t chunk : {1U, 4U}) CHECK(value_of_parts(fresh, lists, chunk) == whole);
  CHECK(value_of(reco::gini_of_exposure(50, 1), lists) != whole);
}
