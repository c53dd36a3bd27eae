// SPDX-License-Identifier: MIT
#include "reco/data/leak_check.hpp"

#include <cstdint>
#include <vector>

#include "reco/data/split.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

using events = std::vector<reco::event>;

reco::event read_at(std::int64_t seconds, std::int32_t user, std::int32_t item, double value = 1) {
  return {.user = user, .item = item, .value = value, .time = reco::instant(std::chrono::seconds(seconds))};
}

}  // namespace

TEST_CASE("a split by time without repeats and strangers is clean") {
  const events train = {read_at(1, 0, 0), read_at(2, 1, 1)};
  const events test = {read_at(2, 0, 1), read_at(3, 1, 0)};  // an equal time is not older
  CHECK(reco::check_leaks(train, test).clean());
  CHECK(reco::check_leaks({}, {}).clean());
  CHECK(reco::check_leaks(train, {}).clean());
}

TEST_CASE("pairs in both parts are found, and of them the same events") {
  const events train = {read_at(1, 0, 0), read_at(1, 1, 1, 2)};
  const events test = {read_at(5, 0, 0), read_at(1, 1, 1, 2), read_at(1, 1, 1, 3)};
  const auto found = reco::check_leaks(train, test);
  CHECK(found.pairs_in_both.count == 3);
  CHECK(found.pairs_in_both.examples == test);
  CHECK(found.events_in_both.count == 1);
  CHECK(found.events_in_both.examples == events{test[1]});
  CHECK(found.before_train.count == 0);
  CHECK_FALSE(found.clean());
}

TEST_CASE("test events older than train are found, of the same user and of anyone") {
  const events train = {read_at(5, 0, 0), read_at(2, 1, 1), read_at(1, 0, 1)};
  const events test = {read_at(4, 0, 2), read_at(4, 1, 2), read_at(6, 0, 3)};
  const auto found = reco::check_leaks(train, test);
  CHECK(found.before_users_train.count == 1);
  CHECK(found.before_users_train.examples == events{test[0]});
  CHECK(found.before_train.count == 2);
  CHECK(found.before_train.examples == events{test[0], test[1]});
}

TEST_CASE("users and items of test only count once each, and three are examples") {
  const events train = {read_at(1, 1, 1)};
  events test;
  for (const std::int32_t n : {9, 7, 7, 5, 3, 1}) test.push_back(read_at(2, n, n + 1));
  const auto found = reco::check_leaks(train, test);
  CHECK(found.users_unknown.count == 4);
  CHECK(found.users_unknown.examples == std::vector<std::int32_t>{3, 5, 7});
  CHECK(found.items_unknown.count == 5);
  CHECK(found.items_unknown.examples == std::vector<std::int32_t>{2, 4, 6});
  CHECK(reco::check_leaks({}, test).before_train.count == 0);
}

TEST_CASE("counts are those of a look at every pair of events") {
  const auto split = reco::ratio_split(random_log(1, {.users = 8, .items = 12}, 150), {.per_user = false});
  std::int64_t pairs = 0, same = 0, users_older = 0, older = 0;
  for (const auto& t : split.test) {
    bool pair = false, event = false, user_older = false, is_older = false;
    for (const auto& e : split.train) {
      pair = pair || (e.user == t.user && e.item == t.item);
      event = event || e == t;
      user_older = user_older || (e.user == t.user && t.time < e.time);
      is_older = is_older || t.time < e.time;
    }
    pairs += pair, same += event, users_older += user_older, older += is_older;
  }
  const auto found = reco::check_leaks(split.train, split.test);
  CHECK(found.pairs_in_both.count == pairs);
  CHECK(found.events_in_both.count == same);
  CHECK(found.before_users_train.count == users_older);
  CHECK(found.before_train.count == older);
  CHECK(pairs > 0);
  CHECK(reco::check_leaks(split.train, reco::drop_seen_pairs(split).test).pairs_in_both.count == 0);
}
