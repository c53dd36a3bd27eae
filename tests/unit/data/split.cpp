// SPDX-License-Identifier: MIT
#include "reco/data/split.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

using log_t = std::vector<reco::event>;

reco::instant at(std::int64_t seconds) { return reco::instant(std::chrono::seconds(seconds)); }

/// A random log whose values say where each event stands.
log_t numbered_log(std::uint64_t seed, reco::shape s, std::int64_t events, std::int64_t moments = 50) {
  auto log = random_log(seed, s, events, moments);
  for (std::size_t n = 0; n < log.size(); ++n) log[n].value = static_cast<double>(n);
  return log;
}

std::vector<std::size_t> positions(const log_t& part) {
  std::vector<std::size_t> out;
  for (const auto& e : part) out.push_back(static_cast<std::size_t>(e.value));
  return out;
}

/// How many of n events a share of `percent` is, in whole numbers.
std::int64_t rounded_up(std::int64_t percent, std::int64_t n) {
  return std::max<std::int64_t>(0, std::min(n - 1, (percent * n + 99) / 100));
}

log_t one_user(std::int64_t events) { return numbered_log(3, {.users = 1, .items = 10}, events); }

/// What goes to test if each user's (or everyone's) events stand in a stable sort by time and `count(n)` of n
/// are cut off at the end.
std::set<std::size_t> last_by_definition(log_t log, bool per_user,
                                         const std::function<std::int64_t(std::int64_t)>& count) {
  std::map<std::int32_t, log_t> groups;
  for (const auto& e : log) groups[per_user ? e.user : 0].push_back(e);
  std::set<std::size_t> out;
  for (auto& [user, events] : groups) {
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    const auto cut = count(std::ssize(events));
    for (const auto n : positions({events.end() - cut, events.end()})) out.insert(n);
  }
  return out;
}

std::set<std::size_t> as_set(const log_t& part) {
  const auto p = positions(part);
  return {p.begin(), p.end()};
}

struct named_split {
  std::string name;
  std::function<reco::log_split(const log_t&)> split;
};
const std::vector<named_split> all_splits = {
    {"ratio per user", [](const log_t& l) { return reco::ratio_split(l, {.test_share = 0.3, .seed = 7}); }},
    {"ratio of the log", [](const log_t& l) { return reco::ratio_split(l, {.test_share = 0.3, .per_user = false}); }},
    {"leave last out", [](const log_t& l) { return reco::leave_last_out(l, {.per_user = 2}); }},
    {"leave last share", [](const log_t& l) { return reco::leave_last_share(l, {.share = 0.3}); }},
    {"time", [](const log_t& l) { return reco::time_split(l, at(20)); }},
    {"time share", [](const log_t& l) { return reco::time_split(l, {.test_share = 0.3}); }},
};

}  // namespace

TEST_CASE("every split puts each event in one part and keeps the order of arrival") {
  const auto events = GENERATE(0, 1, 2, 7, 8, 9, 1000);
  const auto log = numbered_log(1, {.users = 25, .items = 10}, events);
  for (const auto& s : all_splits) {
    CAPTURE(s.name, events);
    const auto split = s.split(log);
    const auto train = positions(split.train);
    const auto test = positions(split.test);
    CHECK(std::is_sorted(train.begin(), train.end()));
    CHECK(std::is_sorted(test.begin(), test.end()));
    std::vector<std::size_t> all;
    std::merge(train.begin(), train.end(), test.begin(), test.end(), std::back_inserter(all));
    REQUIRE(all.size() == log.size());
    for (std::size_t n = 0; n < all.size(); ++n) CHECK(all[n] == n);
    for (const auto& part : {split.train, split.test})
      for (const auto& e : part) CHECK(e == log[static_cast<std::size_t>(e.value)]);
    CHECK(s.split(log) == split);
  }
}

TEST_CASE("a user with a single event stays in train where the split is by user") {
  log_t log;
  for (std::int32_t u = 0; u < 20; ++u) log.push_back({.user = u, .time = at(u)});
  CHECK(reco::ratio_split(log, {.test_share = 0.99}).test.empty());
  CHECK(reco::leave_last_out(log).test.empty());
  CHECK(reco::leave_last_share(log, {.share = 0.99}).test.empty());
  CHECK(reco::ratio_split(log, {.test_share = 0.99, .per_user = false}).train.size() == 1);
  CHECK(reco::time_split(log, {.test_share = 0.99}).train.size() == 1);
}

TEST_CASE("a share is rounded up to whole events in decimal as a person would") {
  for (std::int64_t percent = 1; percent < 100; ++percent)
    for (const std::int64_t n : {0, 1, 2, 3, 7, 8, 9, 10, 50, 99, 100, 101}) {
      CAPTURE(percent, n);
      const double share = static_cast<double>(percent) / 100;
      const auto log = one_user(n);
      const auto expected = rounded_up(percent, n);
      CHECK(std::ssize(reco::leave_last_share(log, {.share = share}).test) == expected);
      CHECK(std::ssize(reco::ratio_split(log, {.test_share = share}).test) == expected);
      CHECK(std::ssize(reco::time_split(log, {.test_share = share}).test) == expected);
    }
}

TEST_CASE("a random split per user takes the share of each user") {
  const auto log = numbered_log(4, {.users = 40, .items = 10}, 700);
  std::map<std::int32_t, std::int64_t> total, taken;
  for (const auto& e : log) ++total[e.user];
  for (const auto& e : reco::ratio_split(log, {.test_share = 0.2, .seed = 3}).test) ++taken[e.user];
  for (const auto& [user, n] : total) CHECK(taken[user] == rounded_up(20, n));
}

TEST_CASE("a random split of the whole log takes the share of the log") {
  const auto log = numbered_log(4, {.users = 40, .items = 10}, 703);
  CHECK(reco::ratio_split(log, {.test_share = 0.2, .per_user = false, .seed = 3}).test.size() == 141);
}

TEST_CASE("every event is equally likely to be drawn for test") {
  const bool per_user = GENERATE(true, false);
  const auto log = one_user(10);
  constexpr int draws = 20000;
  std::vector<double> drawn(10);
  for (std::uint64_t seed = 0; seed < draws; ++seed)
    for (const auto n : positions(reco::ratio_split(log, {.test_share = 0.3, .per_user = per_user, .seed = seed}).test))
      drawn[n] += 1.0 / draws;
  for (const double share : drawn) CHECK_THAT(share, WithinAbs(0.3, mean_error(std::sqrt(0.21), draws)));
}

TEST_CASE("every pair of events is equally likely to be drawn together") {
  const auto log = one_user(5);
  constexpr int draws = 20000;
  std::map<std::vector<std::size_t>, double> drawn;
  for (std::uint64_t seed = 0; seed < draws; ++seed)
    drawn[positions(reco::ratio_split(log, {.test_share = 0.4, .seed = seed}).test)] += 1.0 / draws;
  CHECK(drawn.size() == 10);
  for (const auto& [two, share] : drawn) CHECK_THAT(share, WithinAbs(0.1, mean_error(std::sqrt(0.09), draws)));
}

TEST_CASE("what is drawn of a user does not depend on the others") {
  const auto log = numbered_log(5, {.users = 30, .items = 10}, 600);
  const auto of_user = [](const log_t& part, std::int32_t user) {
    log_t out;
    std::copy_if(part.begin(), part.end(), std::back_inserter(out), [&](const auto& e) { return e.user == user; });
    return out;
  };
  const reco::ratio_split_options o{.test_share = 0.25, .seed = 12};
  const auto mixed = reco::ratio_split(log, o);
  auto sorted = log;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.user < b.user; });
  const auto grouped = reco::ratio_split(sorted, o);
  for (const std::int32_t user : {0, 1, 7, 29}) {
    CHECK(of_user(grouped.test, user) == of_user(mixed.test, user));
    CHECK(reco::ratio_split(of_user(log, user), o).test == of_user(mixed.test, user));
  }
}

// From an implementation in Python's unbounded integers, written for this test: the streams of random.hpp and
// algorithm S.
TEST_CASE("a seed draws the events it always drew") {
  log_t log;
  for (std::int32_t user = 0; user < 3; ++user)
    for (std::int32_t item = 0; item < 10; ++item) log.push_back({.user = user, .item = item});
  std::vector<std::vector<std::int32_t>> drawn(3);
  for (const auto& e : reco::ratio_split(log, {.test_share = 0.3, .seed = 7}).test)
    drawn[static_cast<std::size_t>(e.user)].push_back(e.item);
  CHECK(drawn == std::vector<std::vector<std::int32_t>>{{1, 6, 7}, {0, 4, 5}, {0, 4, 7}});
}

TEST_CASE("another seed draws other events") {
  const auto log = numbered_log(6, {.users = 10, .items = 10}, 300);
  for (const bool per_user : {true, false}) {
    const auto one = reco::ratio_split(log, {.per_user = per_user, .seed = 1});
    CHECK_FALSE(one == reco::ratio_split(log, {.per_user = per_user, .seed = 2}));
  }
}

TEST_CASE("the last events are those of a stable sort by time") {
  const auto events = GENERATE(0, 1, 2, 9, 400);
  const auto moments = GENERATE(1, 4, 100000);
  CAPTURE(events, moments);
  const auto log = numbered_log(7, {.users = 15, .items = 10}, events, moments);
  for (const int keep : {1, 2, 5, 1000000}) {
    const auto count = [&](std::int64_t n) { return std::max<std::int64_t>(0, std::min<std::int64_t>(keep, n - 1)); };
    CHECK(as_set(reco::leave_last_out(log, {.per_user = keep}).test) == last_by_definition(log, true, count));
  }
  const auto fifth = [](std::int64_t n) { return rounded_up(20, n); };
  CHECK(as_set(reco::leave_last_share(log).test) == last_by_definition(log, true, fifth));
  CHECK(as_set(reco::time_split(log, {.test_share = 0.2}).test) == last_by_definition(log, false, fifth));
}

TEST_CASE("of equal times the later arrival is left out") {
  const log_t log = {{.item = 0, .time = at(9)}, {.item = 1, .time = at(9)}, {.item = 2, .time = at(3)}};
  CHECK(reco::leave_last_out(log).test == log_t{log[1]});
  CHECK(reco::time_split(log, {.test_share = 0.5}).test == log_t{log[0], log[1]});
}

TEST_CASE("a moment belongs to test") {
  const log_t log = {{.time = at(10)}, {.time = at(9)}, {.time = at(11)}, {.time = at(10)}};
  const auto split = reco::time_split(log, at(10));
  CHECK(split.train == log_t{log[1]});
  CHECK(split.test == log_t{log[0], log[2], log[3]});
  CHECK(reco::time_split(log, at(0)).train.empty());
  CHECK(reco::time_split(log, at(100)).test.empty());
}

TEST_CASE("a pair may be in both parts until seen pairs are dropped") {
  const log_t log = {{.user = 0, .item = 1, .time = at(1)}, {.user = 0, .item = 2, .time = at(2)},
                     {.user = 0, .item = 1, .time = at(3)}, {.user = 1, .item = 1, .time = at(3)},
                     {.user = 0, .item = 3, .time = at(4)}, {.user = 0, .item = 3, .time = at(5)}};
  const auto split = reco::time_split(log, at(3));
  CHECK(split.test.size() == 4);
  const auto unseen = reco::drop_seen_pairs(split);
  CHECK(unseen.train == split.train);
  CHECK(unseen.test == log_t{log[3], log[4], log[5]});
}

TEST_CASE("dropping seen pairs agrees with a naive twin") {
  const auto split = reco::ratio_split(numbered_log(8, {.users = 12, .items = 12}, 300), {.test_share = 0.5});
  log_t expected;
  for (const auto& e : split.test)
    if (std::none_of(split.train.begin(), split.train.end(),
                     [&](const auto& t) { return t.user == e.user && t.item == e.item; }))
      expected.push_back(e);
  CHECK(reco::drop_seen_pairs(split).test == expected);
  CHECK(reco::drop_seen_pairs({}) == reco::log_split{});
}

TEST_CASE("shares and counts out of range are named") {
  const double nan = std::nan("");
  const log_t log = one_user(5);
  CHECK_THROWS_MATCHES(reco::ratio_split(log, {.test_share = 1.5}), reco::invalid_argument,
                       Message("ratio_split: test_share must be above 0 and below 1, got 1.5"));
  CHECK_THROWS_MATCHES(reco::ratio_split(log, {.test_share = 0}), reco::invalid_argument,
                       Message("ratio_split: test_share must be above 0 and below 1, got 0"));
  CHECK_THROWS_MATCHES(reco::ratio_split(log, {.test_share = nan}), reco::invalid_argument,
                       Message("ratio_split: test_share must be above 0 and below 1, got nan"));
  CHECK_THROWS_MATCHES(reco::leave_last_share(log, {.share = 1}), reco::invalid_argument,
                       Message("leave_last_share: share must be above 0 and below 1, got 1"));
  CHECK_THROWS_MATCHES(reco::leave_last_out(log, {.per_user = 0}), reco::invalid_argument,
                       Message("leave_last_out: per_user must be at least 1, got 0"));
  CHECK_THROWS_MATCHES(reco::time_split(log, {.test_share = -0.1}), reco::invalid_argument,
                       Message("time_split: test_share must be above 0 and below 1, got -0.1"));
  CHECK_THROWS_AS(reco::leave_last_out(log_t{{.user = -1}}), std::out_of_range);
  CHECK_THROWS_AS(reco::ratio_split(log_t{{.user = -1}}), std::out_of_range);
}
