// SPDX-License-Identifier: MIT
#include "reco/data/event_sequences.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

TEMPLATE_TEST_CASE("a timeline is the user's events in a stable sort by time", "", float, double) {
  const auto events = GENERATE(0, 1, 7, 8, 9, 1000);
  const auto moments = GENERATE(1, 3, 100000);
  CAPTURE(events, moments);
  const reco::shape s{.users = 10, .items = 30};
  const auto log = random_log(8, s, events, moments);
  const reco::event_sequences<TestType> data(log, s);
  CHECK(data.users() == 10);
  CHECK(data.items() == 30);
  CHECK(data.events() == events);
  for (std::int32_t u = 0; u < s.users; ++u) {
    std::vector<reco::event> expected;
    std::copy_if(log.begin(), log.end(), std::back_inserter(expected), [&](const auto& e) { return e.user == u; });
    std::stable_sort(expected.begin(), expected.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    const auto timeline = data.timeline(u);
    REQUIRE(timeline.size() == expected.size());
    REQUIRE(timeline.values.size() == expected.size());
    REQUIRE(timeline.times.size() == expected.size());
    for (std::size_t n = 0; n < expected.size(); ++n) {
      CHECK(timeline.items[n] == expected[n].item);
      CHECK(timeline.values[n] == static_cast<TestType>(expected[n].value));
      CHECK(timeline.times[n] == expected[n].time);
    }
  }
}

TEST_CASE("times before 1970 are times like others") {
  using std::chrono::seconds;
  const std::vector<reco::event> log = {{.item = 1}, {.item = 0, .time = reco::instant(seconds(-100))}};
  const reco::event_sequences<float> data(log, {.users = 1, .items = 2});
  CHECK(data.timeline(0).items[0] == 0);
}

TEST_CASE("no sequences have no users") {
  const reco::event_sequences<float> none;
  CHECK(none.users() == 0);
  CHECK(none.events() == 0);
  CHECK_THROWS_MATCHES(none.timeline(0), std::out_of_range, Message("event_sequences: user: there are none, got 0"));
}

TEST_CASE("users outside the shape and bad events of a timeline are named") {
  const reco::shape s{.users = 2, .items = 2};
  const auto build = [&](std::vector<reco::event> log) { return reco::event_sequences<float>(log, s); };
  CHECK_THROWS_MATCHES(build({}).timeline(2), std::out_of_range,
                       Message("event_sequences: user must be in 0..1, got 2"));
  CHECK_THROWS_MATCHES(build({{.item = 2}}), std::out_of_range,
                       Message("event_sequences: event 0: item must be in 0..1, got 2"));
  CHECK_THROWS_MATCHES(build({{.value = std::nan("")}}), reco::invalid_argument,
                       Message("event_sequences: event 0: value must be finite, got nan"));
  CHECK_THROWS_MATCHES(build({{.user = 1, .value = 1e300}}), reco::invalid_argument,
                       Message("event_sequences: user 1, item 0: value does not fit the scalar, got 1e+300"));
  CHECK_THROWS_MATCHES(reco::event_sequences<float>({}, {.users = -1}), reco::invalid_argument,
                       Message("event_sequences: users and items must be at least 0, got -1 and 0"));
}
