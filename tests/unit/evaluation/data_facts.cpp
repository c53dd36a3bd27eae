// SPDX-License-Identifier: MIT
#include "reco/evaluation/data_facts.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/instant.hpp"

using Catch::Matchers::Message;
using namespace reco_test;

namespace {

using events = std::vector<reco::event>;

events pairs(const std::vector<std::pair<std::int32_t, std::int32_t>>& list) {
  events out;
  for (const auto& [user, item] : list) out.push_back({.user = user, .item = item});
  return out;
}

}  // namespace

TEST_CASE("a log's users, items, pairs, repeats, density, spreads and times") {
  auto log = pairs({{0, 0}, {0, 0}, {0, 4}, {3, 0}, {3, 4}, {3, 5}, {5, 0}});
  log[2].time = at(90);
  log[4].time = at(-5);
  const auto facts = reco::facts_of(log);
  CHECK(facts.users == 3);  // 0, 3 and 5; others have no event
  CHECK(facts.items == 3);
  CHECK(facts.events == 7);
  CHECK(facts.pairs == 6);
  CHECK(facts.repeats == 1);
  CHECK(facts.density == 6.0 / 9);
  CHECK(facts.items_per_user == reco::count_spread{.min = 1, .median = 2, .max = 3});
  CHECK(facts.users_per_item == reco::count_spread{.min = 1, .median = 2, .max = 3});
  CHECK(facts.gini_of_items == (-2.0 * 1 + 2.0 * 3) / (3 * 6));
  CHECK(facts.first == at(-5));
  CHECK(facts.last == at(90));
}

TEST_CASE("the median of an even number of counts lies between two") {
  CHECK(reco::facts_of(pairs({{0, 0}, {1, 0}, {1, 1}})).items_per_user ==
        reco::count_spread{.min = 1, .median = 1.5, .max = 2});
}

TEST_CASE("an empty log has zeros and no times") { CHECK(reco::facts_of({}) == reco::log_facts{}); }

TEST_CASE("a split's users, new items and pairs in both") {
  const auto train = pairs({{0, 0}, {1, 1}, {2, 2}});
  const auto test = pairs({{0, 1}, {0, 9}, {0, 9}, {1, 1}, {4, 0}});
  const auto facts = reco::facts_of_split(train, test);
  CHECK(facts.users_with_history == 2);
  CHECK(facts.users_without_history == 1);
  CHECK(facts.pairs == 4);
  CHECK(facts.pairs_on_new_items == 1);
  CHECK(facts.pairs_in_both == 1);
  CHECK(facts.share_on_new_items() == 0.25);
}

TEST_CASE("how much of train and of test is on the most popular hundredth of the items") {
  // Item 7 has 3 pairs in train and 2 in test (one of them twice), items 0 and 200 as many as each other.
  const auto train = pairs({{0, 7}, {1, 7}, {2, 7}, {2, 7}, {0, 0}, {0, 200}});
  const auto test = pairs({{3, 7}, {4, 7}, {4, 7}, {5, 9}});
  const auto facts = reco::facts_of_split(train, test);
  CHECK(facts.train_on_popular == 3.0 / 5);
  CHECK(facts.test_on_popular == 2.0 / 3);

  // Of 101 items two are the hundredth, rounded up; of equals the lower index, so that it is 0 and 1.
  events one_each;
  for (std::int32_t item = 0; item <= 100; ++item) one_each.push_back({.user = item, .item = item});
  const auto even = reco::facts_of_split(one_each, pairs({{300, 1}, {301, 0}, {302, 100}, {303, 99}}));
  CHECK(even.train_on_popular == 2.0 / 101);
  CHECK(even.test_on_popular == 2.0 / 4);
  CHECK(reco::facts_of_split(one_each, {}).test_on_popular == 0);
  CHECK(reco::facts_of_split({}, one_each).train_on_popular == 0);
}

TEST_CASE("best recall is what can be reached within k of what is asked for") {
  const auto train = pairs({{0, 0}, {1, 1}, {1, 2}, {1, 3}});
  const auto test = pairs({{0, 1}, {0, 2}, {0, 3}, {0, 9}, {1, 1}, {1, 0}});
  // User 0 reaches 3 of 4, user 1 one of 2, or 2 of 2 where items of train are ranked as well.
  CHECK(reco::facts_of_split(train, test, {.at = {1, 2, 10}}).best_recall ==
        std::vector<double>{(0.25 + 0.5) / 2, (0.5 + 0.5) / 2, (0.75 + 0.5) / 2});
  CHECK(reco::facts_of_split(train, test, {.at = {10}, .exclude_seen = false}).best_recall ==
        std::vector<double>{(0.75 + 1) / 2});
}

TEST_CASE("an empty test has no pairs, an empty train reaches nothing, and k is at least 1") {
  const auto some = pairs({{0, 0}});
  const auto none_asked = reco::facts_of_split(some, {}, {.at = {5}});
  CHECK(none_asked.best_recall == std::vector<double>{0});
  CHECK(none_asked.share_on_new_items() == 0);
  const auto nothing_known = reco::facts_of_split({}, some, {.at = {5}});
  CHECK(nothing_known.best_recall == std::vector<double>{0});
  CHECK(nothing_known.users_without_history == 1);
  CHECK_THROWS_MATCHES(reco::facts_of_split(some, some, {.at = {5, 0}}), reco::invalid_argument,
                       Message("facts_of_split: at must be at least 1, got 0"));
}
