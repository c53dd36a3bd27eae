// SPDX-License-Identifier: MIT
#include "reco/metrics/novelty.hpp"

#include <cmath>
#include <stdexcept>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

TEST_CASE("novelty: the worked example") {
  const reco::item_popularity popularity({8, 2, 0}, 8);
  const item_list items = {0, 1, 2};
  CHECK_THAT(reco::novelty{.popularity = &popularity}({.items = items}), WithinAbs(1.667, 5e-4));
  CHECK(reco::novelty{.popularity = &popularity}({.items = items}) == 5.0 / 3);
  CHECK(reco::novelty{.popularity = &popularity, .k = 2}({.items = items}) == 1);
  CHECK(reco::novelty{.popularity = &popularity, .k = 0}({.items = items}) == 0);
  CHECK(reco::novelty{.popularity = &popularity}({}) == 0);
}

TEST_CASE("novelty: two to the mean bits is the geometric mean of one over the shares") {
  const reco::item_popularity popularity({1, 5, 9, 10, 3}, 10);
  const item_list items = {4, 0, 2};
  const double bits = reco::novelty{.popularity = &popularity}({.items = items});
  CHECK_THAT(std::exp2(3 * bits), WithinRel(10.0 / 3 * 10.0 / 1 * 10.0 / 9, rounding<double>(40)));
}

TEST_CASE("novelty needs counts, of all items shown") {
  const item_list items = {1};
  const reco::item_popularity popularity({1}, 1), nobody({0, 0}, 0);
  CHECK_THROWS_MATCHES(reco::novelty{}({.items = items}), reco::invalid_argument,
                       Message("novelty: popularity must point to the items' counts"));
  CHECK_THROWS_AS((reco::novelty{.popularity = &popularity}({.items = items})), std::out_of_range);
  CHECK(reco::novelty{.popularity = &nobody}({.items = items}) == 0);
}
