// SPDX-License-Identifier: MIT
#include "reco/popularity/trending.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <numbers>
#include <utility>
#include <vector>

#include "reco/data/event_sequences.hpp"
#include "reco/model/recommend.hpp"
#include "reco/popularity/most_popular.hpp"
#include "support/catch.hpp"
#include "support/instant.hpp"
#include "support/random_log.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using namespace std::chrono_literals;
using reco::popularity_measure;

namespace {}  // namespace

TEST_CASE("a trending score is the decayed sum written out") {
  using enum popularity_measure;
  const auto by = GENERATE(events, users, sum);
  for (const reco::shape s : {reco::shape{0, 0}, {1, 1}, {1, 8}, {7, 9}, {9, 40}}) {
    const std::int64_t events_in_log = 500, now = 40;
    const auto log = random_log(23, s, events_in_log);
    const auto model =
        reco::trending{.half_life = 7s, .by = by, .now = at(now)}.fit(reco::event_sequences<double>(log, s));
    std::vector<long double> score(static_cast<std::size_t>(s.items));
    std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> newest;
    std::int64_t later = 0;
    for (const auto& e : log) {
      const std::int64_t t = e.time.time_since_epoch().count();
      if (t > now) ++later;
      if (t > now) continue;
      auto& n = newest.try_emplace({e.user, e.item}, t).first->second;
      n = std::max(n, t);
      if (by != users)
        score[static_cast<std::size_t>(e.item)] +=
            (by == sum ? e.value : 1) * std::exp2(-static_cast<long double>(now - t) / 7);
    }
    for (const auto& [pair, t] : newest)
      if (by == users)
        score[static_cast<std::size_t>(pair.second)] += std::exp2(-static_cast<long double>(now - t) / 7);
    REQUIRE(model.items() == s.items);
    CHECK(model.report().skipped == later);
    for (std::int32_t i = 0; i < s.items; ++i) {
      CAPTURE(s.users, s.items, i);
      const double error = sum_error<double>(500, 500 * 8);  // |value| <= 7.5
      CHECK_THAT(model.score(i), WithinAbs(static_cast<double>(score[static_cast<std::size_t>(i)]), error));
    }
  }
}

TEST_CASE("an event counts in full now, half after a half-life, a quarter after two") {
  const std::vector<reco::event> log = {{.user = 0, .item = 0, .value = 8, .time = at(7200)},
                                        {.user = 0, .item = 1, .value = 8, .time = at(3600)},
                                        {.user = 0, .item = 2, .value = 8, .time = at(0)}};
  const auto model = reco::trending{.half_life = 1h}.fit(reco::event_sequences<float>(log, {1, 3}));
  CHECK(model.score(0) == 8);
  CHECK(model.score(1) == 4);
  CHECK(model.score(2) == 2);
}

TEST_CASE("a half-life of never is the plain sum") {
  const reco::shape s{5, 20};
  const reco::event_sequences<double> data(random_log(3, s, 400), s);
  const auto decayed = reco::trending{.half_life = reco::never}.fit(data);
  const auto plain = reco::most_popular{.by = popularity_measure::sum}.fit(data);
  for (std::int32_t i = 0; i < s.items; ++i) CHECK(decayed.score(i) == plain.score(i));
}

TEST_CASE("a steady rate settles at rate times half-life over ln 2") {
  std::vector<reco::event> log;
  for (int t = 0; t < 20000; t += 2) log.push_back({.user = 0, .item = 0, .time = at(t)});
  const auto model = reco::trending{.half_life = 500s}.fit(reco::event_sequences<double>(log, {1, 1}));
  // The sum of q^n, q = 2^(-2/500), against its integral: q/(1-q) + 1 - 1/ln(1/q) is within 1/2 + 1/500.
  CHECK_THAT(model.score(0), WithinAbs(0.5 * 500 / std::numbers::ln2, 0.51));
}

TEST_CASE("time passing scales all scores alike") {
  const reco::shape s{4, 15};
  const reco::event_sequences<double> data(random_log(31, s, 300), s);
  const auto soon = reco::trending{.half_life = 10s, .now = at(50)}.fit(data);
  const auto later = reco::trending{.half_life = 10s, .now = at(80)}.fit(data);
  for (std::int32_t i = 0; i < s.items; ++i)
    CHECK_THAT(later.score(i), WithinAbs(soon.score(i) / 8, sum_error<double>(300, 300 * 8)));
}

TEST_CASE("one event years ahead makes the rest fade, unless the moment is stated") {
  std::vector<reco::event> log(50, {.user = 0, .item = 0, .time = at(1000)});
  log.push_back({.user = 0, .item = 1, .time = at(1000000000)});
  const reco::event_sequences<float> data(log, {1, 2});
  CHECK(reco::trending{}.fit(data).score(0) == 0);
  const auto model = reco::trending{.now = at(1000)}.fit(data);
  CHECK(model.score(0) == 50);
  CHECK(model.score(1) == 0);
  CHECK(model.report().skipped == 1);
}

TEST_CASE("trending of no events is a model of zeros") {
  const auto model = reco::trending{}.fit(reco::event_sequences<float>({}, {3, 4}));
  REQUIRE(model.items() == 4);
  for (std::int32_t i = 0; i < 4; ++i) CHECK(model.score(i) == 0);
  CHECK(reco::trending{}.fit(reco::event_sequences<float>()).items() == 0);
}

TEST_CASE("trending names the option that is out of range") {
  const reco::event_sequences<float> data({}, {1, 1});
  CHECK_THROWS_MATCHES((reco::trending{.half_life = 0s}.fit(data)), reco::invalid_argument,
                       Message("trending: half_life must be above 0s, got 0s"));
  CHECK_THROWS_MATCHES((reco::trending{.half_life = -24h}.fit(data)), reco::invalid_argument,
                       Message("trending: half_life must be above 0s, got -1d"));
  CHECK_THROWS_MATCHES((reco::trending{.by = popularity_measure::mean}.fit(data)), reco::invalid_argument,
                       Message("trending: by must be one of its named values, got an unnamed value"));
  CHECK(reco::parse_options<reco::trending>("half_life=36h,by=users").half_life == 36h);
}
