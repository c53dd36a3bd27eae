// SPDX-License-Identifier: MIT
#include "reco/popularity/item_scoring.hpp"

#include <chrono>
#include <cstdint>
#include <tuple>
#include <vector>

#include "reco/data/event_sequences.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "support/catch.hpp"
#include "support/instant.hpp"

using namespace reco_test;

namespace {

const std::vector<reco::event> log_of_two = {{.user = 1, .item = 2, .value = 5, .time = at(30)},
                                             {.user = 0, .item = 1, .value = 2, .time = at(20)},
                                             {.user = 0, .item = 1, .value = 3, .time = at(10)},
                                             {.user = 0, .item = 0, .value = 4, .time = at(40)}};

/// Timelines whose events have no times, as the concept allows.
struct timeless {
  using scalar = float;
  std::vector<std::int32_t> row = {0, 1};
  std::int32_t users() const { return 2; }
  std::int32_t items() const { return 2; }
  reco::history_view<float> timeline(std::int32_t user) const {
    if (user == 0) return {};
    return {.items = row};
  }
};
static_assert(reco::sequences<timeless>);

}  // namespace

TEST_CASE("every event of timelines is visited, every pair of a matrix") {
  using visit = std::tuple<std::int32_t, std::int32_t, double>;
  std::vector<visit> events, pairs;
  reco::detail::for_each_event(reco::event_sequences<float>(log_of_two, {2, 3}),
                               [&](auto... x) { events.emplace_back(x...); });
  reco::detail::for_each_event(reco::sparse_interactions<float>(log_of_two, {2, 3}),
                               [&](auto... x) { pairs.emplace_back(x...); });
  CHECK(events == std::vector<visit>{{0, 1, 3}, {0, 1, 2}, {0, 0, 4}, {1, 2, 5}});
  CHECK(pairs == std::vector<visit>{{0, 0, 4}, {0, 1, 5}, {1, 2, 5}});
}

TEST_CASE("looking back, each user's newest event comes first and later ones are counted only") {
  const reco::event_sequences<float> data(log_of_two, {2, 3});
  using visit = std::tuple<std::int32_t, std::int32_t, double, double>;
  std::vector<visit> seen;
  const auto later = reco::detail::for_each_event_until(
      data, at(30),
      [&](auto user, auto item, double value, auto age) { seen.emplace_back(user, item, value, age.count()); });
  CHECK(later == 1);
  CHECK(seen == std::vector<visit>{{0, 1, 2, 10}, {0, 1, 3, 20}, {1, 2, 5, 0}});
}

TEST_CASE("the moment is the one asked for, else the newest event, else 1970") {
  const reco::event_sequences<float> data(log_of_two, {2, 3}), none({}, {2, 3});
  CHECK(reco::detail::moment_of("x", data, at(15)) == at(15));
  CHECK(reco::detail::moment_of("x", data, reco::latest) == at(40));
  CHECK(reco::detail::moment_of("x", none, reco::latest) == at(0));
  const std::vector<reco::event> long_ago = {{.user = 0, .item = 0, .time = at(-500)}};
  CHECK(reco::detail::moment_of("x", reco::event_sequences<float>(long_ago, {1, 1}), reco::latest) == at(-500));
}

TEST_CASE("events without times are an error that names a user") {
  CHECK_THROWS_MATCHES(reco::detail::moment_of("trending", timeless{}, reco::latest), reco::invalid_argument,
                       Message("trending: the events must have times, those of user 1 have none"));
}

TEST_CASE("what is unknown ranks behind the worst, in float as well") {
  for (const double worst : {3.0, 0.25, 0.0, -4.0, 1e9, -1e9}) {
    reco::detail::item_scoring out(3);
    out[0] = worst;
    out[2] = worst + 1e3;
    out.rank_unknown_last([](std::int32_t i) { return i != 1; });
    const auto model = out.model<float>();
    CAPTURE(worst);
    CHECK(model.score(1) < model.score(0));
    CHECK(model.score(0) == static_cast<float>(worst));
  }
  reco::detail::item_scoring nothing(2);
  nothing.rank_unknown_last([](std::int32_t) { return false; });
  CHECK(nothing.scores == std::vector<double>{0, 0});
}
