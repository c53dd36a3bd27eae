// SPDX-License-Identifier: MIT
#include "reco/metrics/list_sanity.hpp"

#include "support/catch.hpp"
#include "support/shown_lists.hpp"

using namespace reco_test;

TEST_CASE("list_sanity: the worked example") {
  reco::list_sanity sanity{.k = 2};
  for (const auto& items : {item_list{4, 5}, {4, 4}, {4}, {}}) sanity.add({.items = items});
  CHECK(sanity.value() == 0.25);
  CHECK(sanity.filled() == 5.0 / 8);
  CHECK(sanity.lists == 4);
  CHECK(sanity.repeating == 1);
  CHECK(sanity.short_lists == 2);
  CHECK(sanity.empty == 1);
}

TEST_CASE("list_sanity: repeats below k do no harm, and repeats need not stand side by side") {
  CHECK(value_of(reco::list_sanity{.k = 3}, {{1, 2, 3, 1}}) == 1);
  CHECK(value_of(reco::list_sanity{.k = 4}, {{1, 2, 3, 1}}) == 0);
  CHECK(value_of(reco::list_sanity{.k = 0}, {{1, 1}, {}}) == 1);
  CHECK(reco::list_sanity{}.value() == 0);
  CHECK(reco::list_sanity{}.filled() == 0);
}

TEST_CASE("list_sanity does not know in how many parts it was counted") {
  auto lists = random_lists(67, 50);
  lists[20].push_back(lists[20][0]);  // of thirty: nothing that is not in the first ten places
  const reco::list_sanity fresh{.k = 10};
  reco::list_sanity parts = fresh;
  for (const auto& items : lists) {
    reco::list_sanity part = fresh;
    part.add({.items = items});
    parts.merge(part);
  }
  CHECK(parts.value() == 9.0 / 30);  // three of thirty items, six of ten
  CHECK(parts.filled() == 3 * (0 + 1 + 2 + 7 + 8 + 9 + 10 + 0 + 10 + 10) / 300.0);
  CHECK(parts.empty == 6);
  CHECK(parts.short_lists == 21);
  CHECK(parts.repeating == 0);
  CHECK(parts.lists == 30);
}
