// SPDX-License-Identifier: MIT
#include "reco/metrics/item_popularity.hpp"

#include <cstdint>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "reco/data/sparse_interactions.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

TEST_CASE("item_popularity counts users, not events") {
  const auto seed = 68U;
  CAPTURE(seed);
  for (const reco::shape s : {reco::shape{0, 0}, {1, 1}, {7, 9}, {9, 40}}) {
    const auto log = random_log(seed, s, 100);
    const reco::item_popularity popularity(reco::sparse_interactions<float>(log, s));
    std::set<std::pair<std::int32_t, std::int32_t>> pairs;
    for (const auto& e : log) pairs.insert({e.item, e.user});
    CHECK(popularity.users() == s.users);
    CHECK(popularity.pairs() == static_cast<std::int64_t>(pairs.size()));
    REQUIRE(popularity.counts().size() == static_cast<std::size_t>(s.items));
    for (std::int32_t i = 0; i < s.items; ++i) {
      std::int64_t users = 0;
      for (const auto& pair : pairs) users += pair.first == i;
      CHECK(popularity.count(i) == users);
      CHECK(popularity.known_count(i) == static_cast<double>(users == 0 ? 1 : users));
    }
  }
}

TEST_CASE("item_popularity: counts that cannot be are errors") {
  CHECK_THROWS_MATCHES(reco::item_popularity({1, 4}, 3), reco::invalid_argument,
                       Message("item_popularity: the count of item 1 must be in 0..3, got 4"));
  CHECK_THROWS_AS(reco::item_popularity({-1}, 3), reco::invalid_argument);
  const reco::item_popularity popularity({1, 2}, 3);
  CHECK(popularity.pairs() == 3);
  CHECK_THROWS_MATCHES(popularity.count(2), std::out_of_range, Message("item_popularity: item must be in 0..1, got 2"));
  CHECK_THROWS_AS(popularity.known_count(-1), std::out_of_range);
}
