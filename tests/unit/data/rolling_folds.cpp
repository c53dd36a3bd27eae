// SPDX-License-Identifier: MIT
#include "reco/data/rolling_folds.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using namespace std::chrono_literals;
using Catch::Matchers::Message;

namespace {

reco::event read_at(std::int64_t seconds, std::int32_t item = 0) {
  return {.item = item, .time = reco::instant(std::chrono::seconds(seconds))};
}

using events = std::vector<reco::event>;

}  // namespace

TEST_CASE("test periods follow on each other up to the last event, train is what came before") {
  const events log = {read_at(9), read_at(0), read_at(4), read_at(5), read_at(2), read_at(7)};
  const auto folds = reco::rolling_folds(log, {.folds = 2, .period = 3s});  // 4..6 and 7..9
  REQUIRE(folds.size() == 2);
  CHECK(folds[0].train == events{read_at(0), read_at(2)});
  CHECK(folds[0].test == events{read_at(4), read_at(5)});
  CHECK(folds[1].train == events{read_at(0), read_at(4), read_at(5), read_at(2)});
  CHECK(folds[1].test == events{read_at(9), read_at(7)});
}

TEST_CASE("a window slides along and leaves out what is older") {
  const events log = {read_at(0), read_at(2), read_at(4), read_at(5), read_at(7), read_at(9)};
  const auto folds = reco::rolling_folds(log, {.folds = 2, .period = 3s, .window = 2s});
  CHECK(folds[0].train == events{read_at(2)});
  CHECK(folds[1].train == events{read_at(5)});
  CHECK(folds[1].test == events{read_at(7), read_at(9)});
}

TEST_CASE("events of equal time stay together, in order of arrival") {
  const events log = {read_at(5, 3), read_at(4, 2), read_at(5, 1), read_at(4, 0)};
  const auto folds = reco::rolling_folds(log, {.folds = 1, .period = 1s});
  CHECK(folds[0].train == events{read_at(4, 2), read_at(4, 0)});
  CHECK(folds[0].test == events{read_at(5, 3), read_at(5, 1)});
}

TEST_CASE("without a window every event of the folds' time is test once and nothing is lost") {
  const auto log = random_log(1, {.users = 5, .items = 7}, 200, 40);
  const auto folds = reco::rolling_folds(log, {.folds = 4, .period = 5s});
  auto so_far = folds[0].train.size();
  for (const auto& fold : folds) {
    CHECK(fold.train.size() == so_far);
    so_far += fold.test.size();
    for (const auto& a : fold.train)
      for (const auto& b : fold.test) REQUIRE(a.time < b.time);
  }
  CHECK(so_far == log.size());
}

TEST_CASE("folds that reach back before the log are empty") {
  const auto folds = reco::rolling_folds(events{read_at(100)}, {.folds = 3, .period = 1s});
  CHECK(folds[0] == reco::log_split{});
  CHECK(folds[1] == reco::log_split{});
  CHECK(folds[2] == reco::log_split{.train = {}, .test = {read_at(100)}});
}

TEST_CASE("options out of range and an empty log are errors that name them") {
  const events log = {read_at(1)};
  CHECK_THROWS_MATCHES(reco::rolling_folds({}), reco::invalid_argument,
                       Message("rolling_folds: log must have an event"));
  CHECK_THROWS_MATCHES(reco::rolling_folds(log, {.folds = 0}), reco::invalid_argument,
                       Message("rolling_folds: folds must be at least 1, got 0"));
  CHECK_THROWS_AS(reco::rolling_folds(log, {.period = 0s}), reco::invalid_argument);
  CHECK_THROWS_AS(reco::rolling_folds(log, {.period = std::chrono::seconds::max()}), reco::invalid_argument);
  CHECK_THROWS_AS(reco::rolling_folds(log, {.window = -1s}), reco::invalid_argument);
  CHECK_THROWS_AS(reco::rolling_folds(log, {.window = std::chrono::seconds::max()}), reco::invalid_argument);
}
