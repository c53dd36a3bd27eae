// SPDX-License-Identifier: MIT
#include "reco/metrics/user_coverage.hpp"

#include "support/catch.hpp"
#include "support/shown_lists.hpp"

using namespace reco_test;

TEST_CASE("user_coverage: the worked example") {
  const std::vector<item_list> lists = {{}, {4}, {1, 2, 3}};
  CHECK(value_of(reco::user_coverage{}, lists) == 2.0 / 3);
  CHECK(value_of(reco::user_coverage{.at_least = 2}, lists) == 1.0 / 3);
  CHECK(value_of(reco::user_coverage{.at_least = 4}, lists) == 0);
  CHECK(reco::user_coverage{}.value() == 0);
}

TEST_CASE("user_coverage does not know in how many parts it was counted") {
  const auto lists = random_lists(66, 50);  // per three lengths: 0 1 2 7 8 9 30 0 10 10
  for (const std::size_t chunk : {1U, 4U, 100U})
    CHECK(value_of_parts(reco::user_coverage{.at_least = 8}, lists, chunk) == 15.0 / 30);
}
