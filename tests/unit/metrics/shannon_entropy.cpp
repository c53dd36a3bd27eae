// SPDX-License-Identifier: MIT
#include "reco/metrics/shannon_entropy.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using counts = std::vector<std::int64_t>;

TEST_CASE("shannon_entropy: the worked example") {
  CHECK(reco::entropy_bits(counts{0, 1, 1, 2}) == 1.5);
  reco::shannon_entropy entropy(4);
  const std::vector<item_list> lists = {{1, 3}, {2, 3}};
  CHECK(value_of(entropy, lists) == 1.5);
  entropy.normalised = true;
  CHECK(value_of(entropy, lists) == 0.75);
}

TEST_CASE("entropy adds up: of a choice in two steps it is that of the first and the mean of the second") {
  // H(a, b, c) = H(a, b + c) + (b + c) / n H(b, c): Shannon's third requirement.
  const auto check = [](std::int64_t a, std::int64_t b, std::int64_t c) {
    const auto rest = static_cast<double>(b + c), n = static_cast<double>(a + b + c);
    const double second = reco::entropy_bits(counts{b, c});
    CHECK_THAT(reco::entropy_bits(counts{a, b, c}),
               WithinAbs(reco::entropy_bits(counts{a, b + c}) + rest / n * second, rounding<double>(30)));
  };
  check(1, 2, 3);
  check(500, 1, 1);
  check(7, 0, 9);
}

TEST_CASE("entropy is 0 for one item and log2(n) for n alike") {
  CHECK(reco::entropy_bits(counts{}) == 0);
  CHECK(reco::entropy_bits(counts{0, 0}) == 0);
  CHECK(reco::entropy_bits(counts{0, 12}) == 0);
  CHECK_THAT(reco::entropy_bits(counts(1000, 3)), WithinRel(std::log2(1000.0), rounding<double>(1010)));
  reco::shannon_entropy one(1), none(0);
  one.normalised = none.normalised = true;
  CHECK(value_of(one, {{0}}) == 0);
  CHECK(none.value() == 0);
  reco::shannon_entropy even(8);
  even.normalised = true;
  CHECK(value_of(even, {{0, 1, 2, 3}, {4, 5, 6, 7}}) == 1);
}

TEST_CASE("shannon_entropy does not know in how many parts it was counted") {
  const auto lists = random_lists(65, 50);
  const reco::shannon_entropy fresh(50, 7);
  for (const std::size_t chunk : {1U, 4U}) CHECK(value_of_parts(fresh, lists, chunk) == value_of(fresh, lists));
}
