// SPDX-License-Identifier: MIT
#include "reco/data/split_like.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"
#include "support/tolerance.hpp"

using Catch::Matchers::Message;
using namespace reco_test;

namespace {

using log_t = std::vector<reco::event>;

/// So many events of an item, each by a user of its own from `first_user` on.
void add_events(log_t& log, std::int32_t item, int events, std::int32_t first_user) {
  for (std::int32_t n = 0; n < events; ++n) log.push_back({.user = first_user + n, .item = item});
}

/// In both parts together item 0 has 64 events, item 1 has 10 and item 2 has 3; in test are 32, 2 and 1 of them. User 0
/// has one of each in train, all others a single event.
reco::log_split three_levels() {
  reco::log_split out;
  for (std::int32_t item = 0; item < 3; ++item) out.train.push_back({.user = 0, .item = item});
  const int train[] = {31, 7, 1}, test[] = {32, 2, 1};
  for (std::int32_t item = 0; item < 3; ++item) {
    add_events(out.train, item, train[item], 1 + 100 * item);
    add_events(out.test, item, test[item], 1001 + 100 * item);
  }
  return out;
}
/// The w_i of `three_levels`, by hand: half an event in each part.
std::vector<double> three_rates() {
  return {-std::log(1 - 32.5 / 65), -std::log(1 - 2.5 / 11), -std::log(1 - 1.5 / 4)};
}

/// How often each item is drawn of those that are, one after the other in proportion to their weights, by enumeration.
std::vector<double> drawn_often(const std::vector<double>& weights, int draws) {
  std::vector<double> out(weights.size());
  if (draws == 0) return out;
  double sum = 0;
  for (const double w : weights) sum += w;
  for (std::size_t first = 0; first < weights.size(); ++first) {
    const double p = weights[first] / sum;
    auto left = weights;
    left[first] = 0;
    const auto later = drawn_often(left, draws - 1);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += p * (i == first ? 1 : later[i]);
  }
  return out;
}

/// The share of a log's events that are on the first items.
double share_of_first(const log_t& log, std::int32_t items) {
  const auto of_first = std::count_if(log.begin(), log.end(), [&](const auto& e) { return e.item < items; });
  return static_cast<double>(of_first) / static_cast<double>(log.size());
}

/// 400 users have each of the first ten items with a probability of 0.8, each of 190 others with 0.15. An event is in
/// test with a probability of 0.4 in the first case, else with 0.2.
reco::log_split popular_items_in_test() {
  reco::random_engine random(11);
  reco::log_split out;
  for (std::int32_t user = 0; user < 400; ++user) {
    for (std::int32_t item = 0; item < 200; ++item) {
      const bool popular = item < 10;
      if (!reco::bernoulli(random, popular ? 0.8 : 0.15)) continue;
      const bool in_test = reco::bernoulli(random, popular ? 0.4 : 0.2);
      (in_test ? out.test : out.train).push_back({.user = user, .item = item});
    }
  }
  return out;
}

}  // namespace

TEST_CASE("each event of train lands in one part, in order of arrival, and the share is each user's") {
  const auto events = GENERATE(0, 1, 2, 9, 800);
  auto log = random_log(3, {.users = 25, .items = 30}, events, 50);
  for (std::size_t n = 0; n < log.size(); ++n) log[n].value = static_cast<double>(n);
  const auto test = random_log(4, {.users = 40, .items = 50}, 100, 50);
  const auto split = reco::split_like(log, test, {.test_share = 0.3, .seed = 7});
  log_t all(log.size());
  const auto by_place = [](const reco::event& a, const reco::event& b) { return a.value < b.value; };
  REQUIRE(split.train.size() + split.test.size() == log.size());
  std::merge(split.train.begin(), split.train.end(), split.test.begin(), split.test.end(), all.begin(), by_place);
  CHECK(all == log);
  std::map<std::int32_t, std::int64_t> total, taken;
  for (const auto& e : log) ++total[e.user];
  for (const auto& e : split.test) ++taken[e.user];
  for (const auto& [user, n] : total) CHECK(taken[user] == std::min(n - 1, (3 * n + 9) / 10));
  CHECK(reco::split_like(log, test, {.test_share = 0.3, .seed = 7}) == split);
}

TEST_CASE("an event is drawn in proportion to the rate at which such items go to test") {
  const auto draws = GENERATE(1, 2);
  const auto parts = three_levels();
  const auto expected = drawn_often(three_rates(), draws);
  constexpr int seeds = 20000;
  std::vector<double> drawn(3);
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    // Only user 0 has more than one event.
    const auto split = reco::split_like(parts.train, parts.test, {.test_share = draws / 3.0, .seed = seed});
    REQUIRE(std::ssize(split.test) == draws);
    for (const auto& e : split.test) drawn[static_cast<std::size_t>(e.item)] += 1.0 / seeds;
  }
  for (std::size_t i = 0; i < 3; ++i) CHECK_THAT(drawn[i], WithinAbs(expected[i], mean_error(0.5, seeds)));
}

TEST_CASE("popular items are as frequent in the part as in test, which an even draw does not bring about") {
  const auto parts = popular_items_in_test();
  const auto like = reco::split_like(parts.train, parts.test, {.test_share = 0.25});
  const auto even = reco::ratio_split(parts.train, {.test_share = 0.25});
  // What is drawn, against what it is drawn from.
  const auto gain = [](const log_t& drawn, const log_t& left) {
    return share_of_first(drawn, 10) - share_of_first(left, 10);
  };
  CHECK_THAT(gain(like.test, like.train), WithinAbs(gain(parts.test, parts.train), 0.04));
  CHECK_THAT(gain(even.test, even.train), WithinAbs(0, 0.04));
  CHECK(gain(parts.test, parts.train) > 0.15);
}

TEST_CASE("a test part that holds as much of every item draws evenly") {
  log_t train, test;
  for (std::int32_t item = 0; item < 5; ++item) {
    train.push_back({.user = 0, .item = item});
    add_events(train, item, 15, 1 + 100 * item);
    add_events(test, item, 4, 1001 + 100 * item);
  }
  constexpr int seeds = 20000;
  std::vector<double> drawn(5);
  for (std::uint64_t seed = 0; seed < seeds; ++seed)
    for (const auto& e : reco::split_like(train, test, {.test_share = 0.4, .seed = seed}).test)
      drawn[static_cast<std::size_t>(e.item)] += 1.0 / seeds;
  for (const double share : drawn) CHECK_THAT(share, WithinAbs(0.4, mean_error(0.5, seeds)));
}

TEST_CASE("items with about as many events go to test at one rate") {
  // Of item 0's 12 events most are in test, of item 1's 14 few; 12 and 14 are within half an octave of each other.
  log_t train = {{.user = 0, .item = 0}, {.user = 0, .item = 1}}, test;
  add_events(train, 1, 11, 1);
  add_events(test, 0, 11, 1001);
  add_events(test, 1, 2, 1101);
  constexpr int seeds = 20000;
  double first = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto drawn = reco::split_like(train, test, {.test_share = 0.5, .seed = seed}).test;
    REQUIRE(drawn.size() == 1);
    first += (drawn[0].item == 0 ? 1.0 : 0.0) / seeds;
  }
  CHECK_THAT(first, WithinAbs(0.5, mean_error(0.5, seeds)));
}

TEST_CASE("what is drawn of a user depends on other users through the items' rates alone") {
  auto parts = popular_items_in_test();
  const auto split = reco::split_like(parts.train, parts.test, {.seed = 5});
  std::stable_sort(parts.train.begin(), parts.train.end(),
                   [](const auto& a, const auto& b) { return a.user > b.user; });
  auto turned = reco::split_like(parts.train, parts.test, {.seed = 5}).test;
  std::stable_sort(turned.begin(), turned.end(), [](const auto& a, const auto& b) { return a.user < b.user; });
  CHECK(turned == split.test);
  CHECK_FALSE(reco::split_like(parts.train, parts.test, {.seed = 6}).test == turned);
}

TEST_CASE("without test, or with all of an item in test, there is still a split") {
  const log_t log = random_log(1, {.users = 5, .items = 4}, 40, 10);
  CHECK(reco::split_like(log, {}).test.size() >= 8);
  CHECK(reco::split_like({}, log) == reco::log_split{});
  CHECK(reco::split_like({}, {}) == reco::log_split{});
  const log_t single = {{.user = 3, .item = 1}};
  CHECK(reco::split_like(single, {}, {.test_share = 0.99}).test.empty());
  // Item 9 is in test alone, item 0 in train alone.
  const log_t train = {{.user = 0, .item = 0}, {.user = 0, .item = 1}}, test = {{.user = 0, .item = 9}};
  CHECK(reco::split_like(train, test, {.test_share = 0.5}).test.size() == 1);
}

TEST_CASE("a share out of range and a negative index are named") {
  const log_t log = {{.user = 0, .item = 0}};
  for (const double share : {0.0, 1.0, -0.5, std::nan("")})
    CHECK_THROWS_AS(reco::split_like(log, log, {.test_share = share}), reco::invalid_argument);
  CHECK_THROWS_MATCHES(reco::split_like(log, log, {.test_share = 1.5}), reco::invalid_argument,
                       Message("split_like: test_share must be above 0 and below 1, got 1.5"));
  CHECK_THROWS_AS(reco::split_like(log_t{{.user = -1}}, log), std::out_of_range);
  CHECK_THROWS_AS(reco::split_like(log, log_t{{.item = -1}}), std::out_of_range);
}
