// SPDX-License-Identifier: MIT
#include "reco/metrics/average_popularity.hpp"

#include <stdexcept>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"

using namespace reco_test;

TEST_CASE("average_popularity: the worked example") {
  const reco::item_popularity popularity({8, 2, 0}, 8);
  const item_list items = {0, 1, 2}, beyond = {3};
  CHECK((reco::average_popularity{.popularity = &popularity}({.items = items})) == 10.0 / 3);
  CHECK((reco::average_popularity{.popularity = &popularity, .k = 1}({.items = items})) == 8);
  CHECK((reco::average_popularity{.popularity = &popularity}({})) == 0);
  CHECK_THROWS_AS((reco::average_popularity{.popularity = &popularity}({.items = beyond})), std::out_of_range);
  CHECK_THROWS_MATCHES(reco::average_popularity{}({.items = items}), reco::invalid_argument,
                       Message("average_popularity: popularity must point to the items' counts"));
}
