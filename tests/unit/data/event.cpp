// SPDX-License-Identifier: MIT
#include "reco/data/event.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

TEST_CASE("the shape of a log is the smallest that holds every event") {
  CHECK(reco::shape_of({}) == reco::shape{});
  const std::vector<reco::event> log = {{.user = 2, .item = 0}, {.user = 0, .item = 7}};
  CHECK(reco::shape_of(log) == reco::shape{.users = 3, .items = 8});
}

TEST_CASE("a log with an index that cannot be counted has no shape") {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  const auto shape = [](reco::event e) { return reco::shape_of(std::vector{e}); };
  CHECK(shape({.user = most - 1, .item = 0}).users == most);
  CHECK_THROWS_MATCHES(shape({.user = most}), std::out_of_range,
                       Message("shape_of: user must be in 0..2147483646, got 2147483647"));
  CHECK_THROWS_MATCHES(shape({.item = -1}), std::out_of_range,
                       Message("shape_of: item must be in 0..2147483646, got -1"));
}

TEST_CASE("a log is checked against a shape and the first bad event is named") {
  const reco::shape s{.users = 3, .items = 4};
  const auto check = [&](reco::event bad) {
    const std::vector<reco::event> log = {{.user = 2, .item = 3}, bad, {.user = 9, .item = 9}};
    reco::detail::check_log("who", log, s);
  };
  CHECK_THROWS_MATCHES(check({.user = 3}), std::out_of_range, Message("who: event 1: user must be in 0..2, got 3"));
  CHECK_THROWS_MATCHES(check({.user = -1}), std::out_of_range, Message("who: event 1: user must be in 0..2, got -1"));
  CHECK_THROWS_MATCHES(check({.item = 4}), std::out_of_range, Message("who: event 1: item must be in 0..3, got 4"));
  CHECK_THROWS_MATCHES(check({.item = -7}), std::out_of_range, Message("who: event 1: item must be in 0..3, got -7"));
  CHECK_THROWS_MATCHES(check({.value = std::nan("")}), reco::invalid_argument,
                       Message("who: event 1: value must be finite, got nan"));
  CHECK_THROWS_MATCHES(check({.value = -std::numeric_limits<double>::infinity()}), reco::invalid_argument,
                       Message("who: event 1: value must be finite, got -inf"));
  CHECK_THROWS_MATCHES(check({}), std::out_of_range, Message("who: event 2: user must be in 0..2, got 9"));
  CHECK_THROWS_MATCHES(reco::detail::check_log("who", {}, {.users = -1, .items = 2}), reco::invalid_argument,
                       Message("who: users and items must be at least 0, got -1 and 2"));
  CHECK_NOTHROW(reco::detail::check_log("who", {}, {}));
}

TEST_CASE("sorting a log into its users keeps the order of arrival") {
  const auto events = GENERATE(0, 1, 7, 8, 9, 1000);
  const auto log = random_log(1, {.users = 12, .items = 5}, events);
  reco::detail::events_by_user rows(log, 12);
  CHECK(rows.users() == 12);
  std::size_t total = 0;
  for (std::int32_t u = 0; u < 12; ++u) {
    const auto row = rows.of(u);
    total += row.size();
    CHECK(std::is_sorted(row.begin(), row.end()));
    CHECK(std::all_of(row.begin(), row.end(), [&](const reco::event* e) { return e->user == u; }));
  }
  CHECK(total == log.size());
}

TEST_CASE("the order of time puts equal times in order of arrival") {
  const reco::instant late(std::chrono::seconds(9));
  const std::vector<reco::event> log = {{.time = late}, {.item = 1}, {.item = 2}};
  CHECK(reco::detail::earlier(&log[1], &log[0]));
  CHECK_FALSE(reco::detail::earlier(&log[0], &log[1]));
  CHECK(reco::detail::earlier(&log[1], &log[2]));
  CHECK_FALSE(reco::detail::earlier(&log[1], &log[1]));
}
