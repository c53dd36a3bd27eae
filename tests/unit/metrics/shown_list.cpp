// SPDX-License-Identifier: MIT
#include "reco/metrics/shown_list.hpp"

#include <cstdint>
#include <limits>
#include <vector>

#include "support/catch.hpp"

TEST_CASE("a shown list is cut at k, and nothing is a hit beyond what is graded") {
  const std::vector<std::int32_t> items = {7, 3, 5};
  const std::vector<double> grade = {0, 2};
  const reco::shown_list list{.items = items, .grade = grade};
  CHECK(list.first(-1).empty());
  CHECK(list.first(0).empty());
  CHECK(list.first(2).size() == 2);
  CHECK(list.first(2)[1] == 3);
  CHECK(list.first(3).size() == 3);
  CHECK(list.first(std::numeric_limits<int>::max()).size() == 3);
  CHECK_FALSE(list.hit(0));
  CHECK(list.hit(1));
  CHECK_FALSE(list.hit(2));
}

TEST_CASE("items_of keeps the order of ranks") {
  const auto list = reco::ranked_list<float>::best_of({{4, 0.5F}, {9, 2.F}, {1, 1.F}});
  CHECK(reco::items_of(list) == std::vector<std::int32_t>{9, 1, 4});
}
