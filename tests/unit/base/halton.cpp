// SPDX-License-Identifier: MIT
#include "reco/base/halton.hpp"

#include <cmath>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/tolerance.hpp"

using Catch::Matchers::Message;
using namespace reco_test;

TEST_CASE("successive points of a Halton sequence divide the interval evenly") {
  const std::uint64_t seed = GENERATE(0U, 1U, 12345U);
  const auto [dimension, base] = GENERATE(std::pair(0, 2), std::pair(1, 3), std::pair(2, 5), std::pair(5, 13));
  CAPTURE(seed, dimension);
  for (int cells = base; cells <= 200; cells *= base) {
    // From any multiple of the number of cells on.
    for (const int start : {0, 7 * cells}) {
      std::set<int> hit;
      for (int n = 0; n < cells; ++n) {
        const double x = reco::halton(seed, dimension, static_cast<std::uint64_t>(start + n));
        REQUIRE((x >= 0 && x < 1));
        hit.insert(static_cast<int>(std::floor(x * cells)));
      }
      CHECK(std::ssize(hit) == cells);
    }
  }
}

TEST_CASE("successive points of a Halton sequence fall one into each box") {
  std::set<std::pair<int, int>> hit;
  for (std::uint64_t n = 0; n < 8 * 9; ++n)
    hit.emplace(static_cast<int>(8 * reco::halton(4, 0, n)), static_cast<int>(9 * reco::halton(4, 1, n)));
  CHECK(hit.size() == 8 * 9);
}

TEST_CASE("over seeds a point of a Halton sequence is uniform") {
  constexpr int seeds = 20000;
  for (const int dimension : {0, 3}) {
    const std::uint64_t n = GENERATE(0U, 1U, 6U);
    double sum = 0, squares = 0, below_tenth = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const double x = reco::halton(seed, dimension, n);
      sum += x / seeds;
      squares += x * x / seeds;
      below_tenth += (x < 0.1 ? 1.0 : 0.0) / seeds;
    }
    CHECK_THAT(sum, WithinAbs(0.5, mean_error(std::sqrt(1.0 / 12), seeds)));
    CHECK_THAT(squares, WithinAbs(1.0 / 3, mean_error(std::sqrt(4.0 / 45), seeds)));
    CHECK_THAT(below_tenth, WithinAbs(0.1, mean_error(0.3, seeds)));
  }
}

// From an implementation in Python's fractions, written for this test: the streams and the shuffle of random.hpp.
TEST_CASE("a seed has the Halton points it always had") {
  CHECK(reco::halton(7, 0, 0) == 0.26469382250100193);
  CHECK_THAT(reco::halton(7, 1, 5), WithinAbs(0.2774938616903885, 1e-15));
  CHECK_THAT(reco::halton(7, 4, 123456789), WithinAbs(0.15732544118000416, 1e-15));
}

TEST_CASE("a negative dimension is named") {
  CHECK_THROWS_MATCHES(reco::halton(0, -1, 3), reco::invalid_argument,
                       Message("halton: dimension must be at least 0, got -1"));
}
