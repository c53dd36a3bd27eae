// SPDX-License-Identifier: MIT
#include "reco/popularity/burst.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/event_sequences.hpp"
#include "support/catch.hpp"
#include "support/instant.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

/// A Poisson count, from exponential gaps.
double poisson(reco::random_engine& random, double mean) {
  double n = 0;
  for (double t = reco::exponential(random); t < mean; t += reco::exponential(random)) n += 1;
  return n;
}

}  // namespace

TEST_CASE("the significance of Li and Ma as Gammapy gives it") {
  // The example of Gammapy's documentation: 18 counts on, 97 off, ten times the exposure off: 2.2421704424844875.
  CHECK_THAT(reco::rate_change(18, 97, 1, 10), WithinRel(2.2421704424844875, 1e-14));
  // Equation 17 with 40 digits.
  CHECK_THAT(reco::rate_change(5, 1, 1, 1), WithinRel(1.7061745691234785, 1e-14));
  CHECK_THAT(reco::rate_change(1, 0, 1, 7), WithinRel(2.0393339803376179, 1e-14));
  CHECK_THAT(reco::rate_change(0, 7, 1, 1), WithinRel(-3.1151341107309063, 1e-14));
}

TEST_CASE("the same rate is no change, whatever the exposures, and exchange turns the sign") {
  for (const double n : {1.0, 7.0, 1000.0}) {
    CHECK_THAT(reco::rate_change(n, 6 * n, 2, 12), WithinAbs(0, 1e-5 * std::sqrt(n)));
    CHECK_THAT(reco::rate_change(n, 3, 5, 2), WithinAbs(-reco::rate_change(3, n, 2, 5), 1e-12 * n));
  }
  CHECK(reco::rate_change(0, 0, 1, 1) == 0);
  CHECK(reco::rate_change(3, 0, 1, 0) == 0);  // nothing to compare with
  CHECK(reco::rate_change(3, 0, 0, 0) == 0);
}

TEST_CASE("of counts with an unchanged rate the score is about standard normal") {
  const std::uint64_t seed = 5;
  CAPTURE(seed);
  reco::random_engine random(seed);
  double sum = 0, squares = 0;
  const int draws = 4000;
  for (int n = 0; n < draws; ++n) {
    const double s = reco::rate_change(poisson(random, 20), poisson(random, 140), 1, 7);
    sum += s;
    squares += s * s;
  }
  // The mean of a signed root is off by less than 1 / (6 sqrt(20)); a variance of 1 scatters by sqrt(2 / draws).
  CHECK_THAT(sum / draws, WithinAbs(0, 1 / (6 * std::sqrt(20.0)) + mean_error(1, draws)));
  CHECK_THAT(squares / draws, WithinAbs(1, 0.05 + mean_error(std::sqrt(2.0), draws)));
}

TEST_CASE("the windows are half open and lie end to end") {
  // recent (900, 1000], baseline (600, 900]
  const std::vector<reco::event> log = {
      {.user = 0, .item = 0, .time = at(1000)}, {.user = 0, .item = 0, .time = at(901)},
      {.user = 0, .item = 0, .time = at(900)},  {.user = 0, .item = 0, .time = at(601)},
      {.user = 0, .item = 0, .time = at(600)},  {.user = 0, .item = 0, .time = at(1001)},
      {.user = 0, .item = 1, .time = at(700)},  {.user = 0, .item = 1, .time = at(50)}};
  const reco::event_sequences<double> data(log, {1, 3});
  const reco::burst rule{.recent = 100s, .baseline = 300s, .exposure = reco::burst_exposure::time, .now = at(1000)};
  const auto by_time = rule.fit(data);
  CHECK(by_time.score(0) == reco::rate_change(2, 2, 100, 300));
  CHECK(by_time.score(1) == reco::rate_change(0, 1, 100, 300));
  CHECK(by_time.score(2) == 0);
  CHECK(by_time.report().skipped == 1);
  auto other = rule;
  other.exposure = reco::burst_exposure::traffic;
  const auto by_traffic = other.fit(data);
  CHECK(by_traffic.score(0) == reco::rate_change(2, 2, 2, 3));
  CHECK(by_traffic.score(1) == reco::rate_change(0, 1, 2, 3));
}

TEST_CASE("a rush of everything is a burst of each item by time and of none by traffic") {
  std::vector<reco::event> log;
  for (int i = 0; i < 4; ++i) {
    for (int n = 0; n < 70; ++n) log.push_back({.user = 0, .item = i, .time = at(1000 * n)});
    for (int n = 0; n < 40; ++n) log.push_back({.user = 0, .item = i, .time = at(70000 + 250 * n)});
  }
  log.push_back({.user = 0, .item = 4, .time = at(80000)});
  const reco::event_sequences<double> data(log, {1, 5});
  const auto by_time =
      reco::burst{.recent = 10000s, .baseline = 70000s, .exposure = reco::burst_exposure::time}.fit(data);
  const auto by_traffic = reco::burst{.recent = 10000s, .baseline = 70000s}.fit(data);
  for (int i = 0; i < 4; ++i) {
    CHECK(by_time.score(i) > 3);
    CHECK(std::abs(by_traffic.score(i)) < 0.2);
  }
}

TEST_CASE("a burst among evergreens is found, and many events beat few of the same ratio") {
  std::vector<reco::event> log;
  const auto add = [&](int item, int before, int recent) {
    for (int n = 0; n < before; ++n) log.push_back({.user = 0, .item = item, .time = at(n % 600000)});
    for (int n = 0; n < recent; ++n) log.push_back({.user = 0, .item = item, .time = at(604800 + n)});
  };
  add(0, 70000, 10000);  // evergreen
  add(1, 70, 60);        // burst
  add(2, 7, 6);          // the same ratio, a tenth of the events
  add(3, 700, 50);       // fading
  log.push_back({.user = 0, .item = 4, .time = at(691199)});
  const auto model = reco::burst{.recent = 24h}.fit(reco::event_sequences<double>(log, {1, 5}));
  CHECK(model.score(1) > model.score(2));
  CHECK(model.score(2) > model.score(0));
  CHECK(model.score(0) > model.score(3));
  CHECK(model.score(3) < 0);
}

TEST_CASE("no events give zeros, and bad windows are named") {
  const reco::event_sequences<float> data({}, {1, 2});
  CHECK(reco::burst{}.fit(data).score(1) == 0);
  CHECK_THROWS_MATCHES((reco::burst{.recent = 0s}.fit(data)), reco::invalid_argument,
                       Message("burst: recent must be above 0s, got 0s"));
  CHECK_THROWS_MATCHES((reco::burst{.baseline = -1h}.fit(data)), reco::invalid_argument,
                       Message("burst: baseline must be above 0s, got -1h"));
  CHECK_THROWS_MATCHES((reco::burst{.baseline = reco::never}.fit(data)), reco::invalid_argument,
                       Message("burst: baseline must be at most 36500d, got never"));
}
