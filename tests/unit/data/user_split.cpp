// SPDX-License-Identifier: MIT
#include "reco/data/user_split.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <vector>

#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using Catch::Matchers::Message;

namespace {

std::vector<reco::event> of(const std::vector<reco::event>& log, std::int32_t user) {
  std::vector<reco::event> out;
  std::copy_if(log.begin(), log.end(), std::back_inserter(out), [&](const reco::event& e) { return e.user == user; });
  return out;
}

}  // namespace

TEST_CASE("every event lands in one part, and held-out users have none in train") {
  const auto log = random_log(1, {.users = 20, .items = 9}, 300);
  for (const auto rule :
       {reco::history_rule::random_share, reco::history_rule::last_share, reco::history_rule::last_events}) {
    const auto split = reco::hold_out_users(log, {.user_share = 0.25, .history = rule});
    CHECK(split.users.size() == 5);
    CHECK(std::is_sorted(split.users.begin(), split.users.end()));
    CHECK(split.train.size() + split.held_out.train.size() + split.held_out.test.size() == log.size());
    for (std::int32_t user = 0; user < 20; ++user) {
      const bool held_out = std::binary_search(split.users.begin(), split.users.end(), user);
      CHECK(of(split.train, user) == (held_out ? std::vector<reco::event>{} : of(log, user)));
      CHECK(of(split.held_out.train, user).empty() != held_out);
      CHECK(of(split.held_out.test, user).empty() != held_out);
    }
  }
}

TEST_CASE("a held-out user's last events are asked for") {
  const auto log = random_log(2, {.users = 10, .items = 9}, 200);
  const auto split =
      reco::hold_out_users(log, {.user_share = 0.5, .history = reco::history_rule::last_events, .test_events = 3});
  for (const auto user : split.users) {
    const auto alone = reco::leave_last_out(of(log, user), {.per_user = 3});
    CHECK(of(split.held_out.train, user) == alone.train);
    CHECK(of(split.held_out.test, user) == alone.test);
  }
  const auto shares =
      reco::hold_out_users(log, {.user_share = 0.5, .history = reco::history_rule::last_share, .test_share = 0.4});
  CHECK(shares.users == split.users);
  for (const auto user : shares.users)
    CHECK(of(shares.held_out.test, user) == reco::leave_last_share(of(log, user), {.share = 0.4}).test);
}

TEST_CASE("a held-out user's parts do not depend on the events of others") {
  const auto log = random_log(3, {.users = 10, .items = 9}, 200);
  const auto all = reco::hold_out_users(log, {.user_share = 0.5});
  auto fewer = log;  // others keep their first event only
  std::set<std::int32_t> seen;
  const auto user = all.users.front();
  std::erase_if(fewer, [&](const reco::event& e) { return e.user != user && !seen.insert(e.user).second; });
  const auto part = reco::hold_out_users(fewer, {.user_share = 0.5});
  REQUIRE(part.users == all.users);
  CHECK(of(part.held_out.train, user) == of(all.held_out.train, user));
  CHECK(of(part.held_out.test, user) == of(all.held_out.test, user));
}

TEST_CASE("the same seed holds out the same users, other seeds reach every user") {
  const auto log = random_log(4, {.users = 10, .items = 9}, 200);
  CHECK(reco::hold_out_users(log, {.seed = 5}) == reco::hold_out_users(log, {.seed = 5}));
  std::set<std::int32_t> held_out;
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (const auto user : reco::hold_out_users(log, {.seed = seed}).users) held_out.insert(user);
  CHECK(held_out.size() == 10);
}

TEST_CASE("users without events are not held out, and one user stays in train") {
  const std::vector<reco::event> log = {{.user = 3, .item = 1}, {.user = 8, .item = 2}};
  const auto split = reco::hold_out_users(log, {.user_share = 0.99});
  REQUIRE(split.users.size() == 1);
  CHECK((split.users[0] == 3 || split.users[0] == 8));
  CHECK(split.train.size() == 1);
  CHECK(split.held_out.train.size() == 1);  // a single event is history
  CHECK(split.held_out.test.empty());
  CHECK(reco::hold_out_users(std::vector<reco::event>{{.user = 4}}).users.empty());
  CHECK(reco::hold_out_users({}) == reco::user_split{});
}

TEST_CASE("options out of range are errors that name them") {
  CHECK_THROWS_MATCHES(reco::hold_out_users({}, {.user_share = 0}), reco::invalid_argument,
                       Message("hold_out_users: user_share must be above 0 and below 1, got 0"));
  CHECK_THROWS_MATCHES(reco::hold_out_users({}, {.test_share = 1}), reco::invalid_argument,
                       Message("hold_out_users: test_share must be above 0 and below 1, got 1"));
  CHECK_THROWS_MATCHES(reco::hold_out_users({}, {.history = reco::history_rule::last_events, .test_events = 0}),
                       reco::invalid_argument, Message("hold_out_users: test_events must be at least 1, got 0"));
}
