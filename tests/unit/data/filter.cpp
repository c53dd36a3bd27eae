// SPDX-License-Identifier: MIT
#include "reco/data/filter.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

using log_t = std::vector<reco::event>;
using counts = std::map<std::int32_t, std::set<std::int32_t>>;

counts items_of_users(const log_t& log) {
  counts c;
  for (const auto& e : log) c[e.user].insert(e.item);
  return c;
}
counts users_of_items(const log_t& log) {
  counts c;
  for (const auto& e : log) c[e.item].insert(e.user);
  return c;
}

/// One look at the counts, in the words of the documentation.
log_t one_pass(const log_t& log, const reco::min_count_options& o) {
  const auto by_user = items_of_users(log);
  const auto by_item = users_of_items(log);
  log_t out;
  for (const auto& e : log)
    if (std::ssize(by_user.at(e.user)) >= o.items_per_user && std::ssize(by_item.at(e.item)) >= o.users_per_item)
      out.push_back(e);
  return out;
}

/// Takes away one user or one item at a time, any that breaks its bound, until none does.
log_t one_by_one(log_t log, const reco::min_count_options& o, std::uint64_t seed) {
  reco::random_engine random(seed);
  while (true) {
    std::vector<std::pair<bool, std::int32_t>> breaking;
    for (const auto& [user, items] : items_of_users(log))
      if (std::ssize(items) < o.items_per_user) breaking.emplace_back(true, user);
    for (const auto& [item, users] : users_of_items(log))
      if (std::ssize(users) < o.users_per_item) breaking.emplace_back(false, item);
    if (breaking.empty()) return log;
    const auto any =
        breaking[static_cast<std::size_t>(reco::uniform_index(random, static_cast<std::int64_t>(breaking.size())))];
    std::erase_if(log, [&](const auto& e) { return (any.first ? e.user : e.item) == any.second; });
  }
}

}  // namespace

TEST_CASE("one look at the counts keeps what its words say") {
  const auto events = GENERATE(0, 1, 7, 8, 9, 200, 1000);
  const auto items_per_user = GENERATE(1, 3, 6);
  const auto users_per_item = GENERATE(1, 4);
  const auto log = random_log(1, {.users = 60, .items = 50}, events);
  const reco::min_count_options o{
      .items_per_user = items_per_user, .users_per_item = users_per_item, .until_stable = false};
  CAPTURE(events, items_per_user, users_per_item);
  CHECK(reco::min_count_filter(log, o).events == one_pass(log, o));
}

TEST_CASE("the stable filter keeps the same as taking away one at a time in any order") {
  const auto events = GENERATE(0, 1, 9, 150, 300, 600);
  const auto items_per_user = GENERATE(1, 2, 4);
  const auto users_per_item = GENERATE(1, 2, 5);
  const auto log = random_log(2, {.users = 60, .items = 50}, events);
  const reco::min_count_options o{.items_per_user = items_per_user, .users_per_item = users_per_item};
  CAPTURE(events, items_per_user, users_per_item);
  const auto kept = reco::min_count_filter(log, o).events;
  CHECK(kept == one_by_one(log, o, 1));
  CHECK(kept == one_by_one(log, o, 2));
  for (const auto& [user, items] : items_of_users(kept)) CHECK(std::ssize(items) >= items_per_user);
  for (const auto& [item, users] : users_of_items(kept)) CHECK(std::ssize(users) >= users_per_item);
  CHECK(reco::min_count_filter(kept, o).events_dropped == 0);
}

TEST_CASE("what went is counted in events and users and items") {
  // User 0 has items 0 and 1, user 1 the same, user 2 only item 2 twice; user 3 and item 3 have no event.
  const log_t log = {{.user = 0, .item = 0}, {.user = 2, .item = 2}, {.user = 1, .item = 1}, {.user = 0, .item = 1},
                     {.user = 2, .item = 2}, {.user = 1, .item = 0}, {.user = 4, .item = 0}};
  const auto kept = reco::min_count_filter(log, {.items_per_user = 2, .users_per_item = 2});
  CHECK(kept.events == log_t{log[0], log[2], log[3], log[5]});
  CHECK(kept.events_dropped == 3);
  CHECK(kept.users_dropped == 2);
  CHECK(kept.items_dropped == 1);
}

TEST_CASE("a pair that occurs often counts once") {
  const log_t log(10, reco::event{.user = 0, .item = 0});
  CHECK(reco::min_count_filter(log, {.items_per_user = 2}).events.empty());
  CHECK(reco::min_count_filter(log, {.users_per_item = 2}).events.empty());
  CHECK(reco::min_count_filter(log, {}).events == log);
}

TEST_CASE("a long chain falls from its ends and a ring holds") {
  log_t chain;
  for (std::int32_t n = 0; n < 100000; ++n) {
    chain.push_back({.user = n, .item = n});
    chain.push_back({.user = n, .item = n + 1});
  }
  const reco::min_count_options two{.items_per_user = 2, .users_per_item = 2};
  CHECK(reco::min_count_filter(chain, two).events.empty());
  auto ring = chain;
  ring.back().item = 0;
  CHECK(reco::min_count_filter(ring, two).events == ring);
  // One look takes the two ends of the chain only: items 0 and 100000.
  const reco::min_count_options once{.items_per_user = 2, .users_per_item = 2, .until_stable = false};
  CHECK(reco::min_count_filter(chain, once).events_dropped == 2);
}

TEST_CASE("a bound below one is named") {
  CHECK_THROWS_MATCHES(reco::min_count_filter({}, {.items_per_user = 0}), reco::invalid_argument,
                       Message("min_count_filter: items_per_user must be at least 1, got 0"));
  CHECK_THROWS_MATCHES(reco::min_count_filter({}, {.users_per_item = -3}), reco::invalid_argument,
                       Message("min_count_filter: users_per_item must be at least 1, got -3"));
  CHECK_THROWS_AS(reco::min_count_filter(log_t{{.user = -1}}, {}), std::out_of_range);
}

TEST_CASE("values at the bound are kept and those below go") {
  const log_t log = {{.user = 0, .value = 3.5}, {.user = 1, .value = 4}, {.user = 0, .item = 1, .value = 5}};
  const auto kept = reco::min_value_filter(log, 4);
  CHECK(kept == reco::filtered_log{.events = {log[1], log[2]}, .events_dropped = 1});
  CHECK(reco::min_value_filter(log, 5) ==
        reco::filtered_log{.events = {log[2]}, .events_dropped = 2, .users_dropped = 1, .items_dropped = 1});
  CHECK(reco::min_value_filter(log, -std::numeric_limits<double>::infinity()).events == log);
  CHECK_THROWS_MATCHES(reco::min_value_filter(log, std::nan("")), reco::invalid_argument,
                       Message("min_value_filter: least must be a number, got nan"));
}

TEST_CASE("one event of each pair is kept by time and equal times by arrival") {
  const auto at = [](int s) { return reco::instant(std::chrono::seconds(s)); };
  const log_t log = {{.item = 7, .value = 1, .time = at(5)},
                     {.item = 7, .value = 2, .time = at(3)},
                     {.item = 8, .value = 3, .time = at(9)},
                     {.item = 7, .value = 4, .time = at(3)},
                     {.item = 7, .value = 5, .time = at(5)}};
  CHECK(reco::deduplicate(log, reco::occurrence::first).events == log_t{log[1], log[2]});
  const auto last = reco::deduplicate(log, reco::occurrence::last);
  CHECK(last == reco::filtered_log{.events = {log[2], log[4]}, .events_dropped = 3});
}

TEST_CASE("deduplicated logs agree with a naive twin") {
  const auto events = GENERATE(0, 1, 2, 500);
  const auto keep = GENERATE(reco::occurrence::first, reco::occurrence::last);
  const auto log = random_log(4, {.users = 8, .items = 6}, events, 5);
  std::map<std::pair<std::int32_t, std::int32_t>, std::size_t> chosen;
  for (std::size_t n = 0; n < log.size(); ++n) {
    const auto [at, is_new] = chosen.try_emplace({log[n].user, log[n].item}, n);
    if (is_new) continue;
    const auto& known = log[at->second];
    if (keep == reco::occurrence::first ? log[n].time < known.time : log[n].time >= known.time) at->second = n;
  }
  std::set<std::size_t> positions;
  for (const auto& [pair, n] : chosen) positions.insert(n);
  log_t expected;
  for (const auto n : positions) expected.push_back(log[n]);
  CHECK(reco::deduplicate(log, keep).events == expected);
}

TEST_CASE("a compact log has no gaps and leads back to the old numbers") {
  const auto log = reco::min_count_filter(random_log(5, {.users = 80, .items = 90}, 300), {.items_per_user = 4}).events;
  const auto small = reco::compact(log);
  REQUIRE(small.events.size() == log.size());
  CHECK(small.shape() == reco::shape_of(small.events));
  CHECK(items_of_users(small.events).size() == small.users.size());
  CHECK(users_of_items(small.events).size() == small.items.size());
  CHECK(std::is_sorted(small.users.begin(), small.users.end()));
  CHECK(std::is_sorted(small.items.begin(), small.items.end()));
  for (std::size_t n = 0; n < log.size(); ++n) {
    auto back = small.events[n];
    back.user = small.users.at(static_cast<std::size_t>(back.user));
    back.item = small.items.at(static_cast<std::size_t>(back.item));
    CHECK(back == log[n]);
  }
  CHECK(reco::compact(small.events).events == small.events);
  CHECK(reco::compact({}).shape() == reco::shape{});
}
