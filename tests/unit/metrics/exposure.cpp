// SPDX-License-Identifier: MIT
#include "reco/metrics/exposure.hpp"

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"

using namespace reco_test;

TEST_CASE("exposure counts the lists with an item in the first k places, in one piece or in parts") {
  const auto seed = 61U;
  CAPTURE(seed);
  const std::int32_t items = 40;
  const auto lists = random_lists(seed, items);
  for (const int k : {0, 1, 7, 10, reco::whole_list}) {
    std::vector<std::int64_t> expected(static_cast<std::size_t>(items));
    reco::exposure whole(items, k), first(items, k), second(items, k);
    for (std::size_t n = 0; n < lists.size(); ++n) {
      for (std::size_t rank = 0; rank < lists[n].size(); ++rank)
        if (static_cast<std::int64_t>(rank) < k) ++expected[static_cast<std::size_t>(lists[n][rank])];
      whole.add({.items = lists[n]});
      (n < 11 ? first : second).add({.items = lists[n]});
    }
    CHECK(whole.counts == expected);
    first.merge(second);
    CHECK(first.counts == expected);
  }
}

TEST_CASE("exposure: items that are not there are errors") {
  reco::exposure exposure(3);
  const item_list beyond = {0, 3}, below = {-1};
  CHECK_THROWS_MATCHES(exposure.add({.items = beyond}), std::out_of_range,
                       Message("exposure: item must be in 0..2, got 3"));
  CHECK_THROWS_AS(exposure.add({.items = below}), std::out_of_range);
  CHECK_THROWS_MATCHES(reco::exposure(-1), reco::invalid_argument,
                       Message("exposure: items must be at least 0, got -1"));
}
