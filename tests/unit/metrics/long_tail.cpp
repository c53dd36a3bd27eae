// SPDX-License-Identifier: MIT
#include "reco/metrics/long_tail.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"

using namespace reco_test;

TEST_CASE("long_tail_share: the worked example") {
  const reco::item_popularity popularity({6, 3, 1, 0}, 6);
  const item_list items = {0, 2, 3};
  const reco::long_tail_share share(popularity);
  CHECK_FALSE(share.in_tail(0));
  CHECK_FALSE(share.in_tail(1));
  CHECK(share.in_tail(2));
  CHECK(share({.items = items}) == 2.0 / 3);
  CHECK(reco::long_tail_share(popularity, 0.8, 1)({.items = items}) == 0);
  CHECK(share({}) == 0);
}

TEST_CASE("the head is the fewest items that make up the share: without the last of them it would not") {
  const auto seed = 70U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const std::size_t n : {1U, 7U, 8U, 9U, 100U}) {
    std::vector<std::int64_t> users_of_item(n);
    for (auto& users : users_of_item) users = reco::uniform_index(random, 6);
    const reco::item_popularity popularity(users_of_item, 6);
    for (const double head : {0.0, 0.2, 0.8, 1.0}) {
      const reco::long_tail_share share(popularity, head);
      std::int64_t in_head = 0, least = 100, most_in_tail = -1, last_of_head = -1, first_of_tail = 1000;
      for (std::int32_t i = 0; i < static_cast<std::int32_t>(n); ++i) {
        const auto users = popularity.count(i);
        if (share.in_tail(i)) most_in_tail = std::max(most_in_tail, users);
        else {
          in_head += users;
          least = std::min(least, users);
        }
      }
      for (std::int32_t i = 0; i < static_cast<std::int32_t>(n); ++i) {
        if (popularity.count(i) != least) continue;
        if (share.in_tail(i)) first_of_tail = std::min<std::int64_t>(first_of_tail, i);
        else last_of_head = std::max<std::int64_t>(last_of_head, i);
      }
      const double enough = head * static_cast<double>(popularity.pairs());
      CHECK(static_cast<double>(in_head) >= enough);
      if (least < 100) CHECK(static_cast<double>(in_head - least) < enough);
      CHECK(most_in_tail <= least);
      CHECK(last_of_head < first_of_tail);
    }
  }
}

TEST_CASE("long_tail_share: what cannot be is an error") {
  const reco::item_popularity popularity({1}, 1);
  CHECK_THROWS_MATCHES(reco::long_tail_share(popularity, 1.5), reco::invalid_argument,
                       Message("long_tail: head must be in 0..1, got 1.5"));
  const item_list beyond = {1};
  CHECK_THROWS_MATCHES(reco::long_tail_share(popularity)({.items = beyond}), std::out_of_range,
                       Message("long_tail: item must be in 0..0, got 1"));
}
