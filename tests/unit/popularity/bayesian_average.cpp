// SPDX-License-Identifier: MIT
#include "reco/popularity/bayesian_average.hpp"

#include <cstdint>
#include <vector>

#include "reco/data/dataset.hpp"
#include "reco/popularity/most_popular.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using reco::average_prior;
using reco::popularity_measure;

namespace {

/// Item 0: 5, 5, 5. Item 1: 4.5 ten times. Item 2: 1. Item 3: nothing.
std::vector<reco::event> ratings() {
  std::vector<reco::event> log;
  for (int u = 0; u < 3; ++u) log.push_back({.user = u, .item = 0, .value = 5});
  for (int u = 0; u < 10; ++u) log.push_back({.user = u, .item = 1, .value = 4.5});
  log.push_back({.user = 0, .item = 2, .value = 1});
  return log;
}

}  // namespace

TEST_CASE("a bayesian average is the mean with the prior's events beside the item's own") {
  // Worked by hand: all values add up to 15 + 45 + 1 = 61 over 14 events; the items' means are 5, 4.5 and 1.
  const reco::event_sequences<double> data(ratings(), {10, 4});
  const double u = rounding<double>(8);
  const auto events = reco::bayesian_average{.prior_weight = 4}.fit(data);
  const double m = 61.0 / 14;
  CHECK_THAT(events.score(0), WithinRel((4 * m + 15) / 7, u));
  CHECK_THAT(events.score(1), WithinRel((4 * m + 45) / 14, u));
  CHECK_THAT(events.score(2), WithinRel((4 * m + 1) / 5, u));
  CHECK_THAT(events.score(3), WithinRel(m, u));
  const auto items = reco::bayesian_average{.prior_weight = 4, .prior = average_prior::items}.fit(data);
  CHECK_THAT(items.score(0), WithinRel((4 * 3.5 + 15) / 7, u));
  CHECK_THAT(items.score(3), WithinRel(3.5, u));
  const auto fixed =
      reco::bayesian_average{.prior_weight = 1, .prior = average_prior::fixed, .prior_mean = 3}.fit(data);
  CHECK(fixed.score(0) == 4.5);
  CHECK(fixed.score(2) == 2);
  CHECK(fixed.score(3) == 3);
}

TEST_CASE("without a prior's weight it is the mean, with more and more of it the prior") {
  const reco::shape s{9, 30};
  const reco::event_sequences<double> data(random_log(2, s, 500), s);
  const auto plain = reco::most_popular{.by = popularity_measure::mean}.fit(data);
  const auto light = reco::bayesian_average{.prior_weight = 0}.fit(data);
  const auto heavy =
      reco::bayesian_average{.prior_weight = 1e9, .prior = average_prior::fixed, .prior_mean = 2.5}.fit(data);
  for (std::int32_t i = 0; i < s.items; ++i) {
    CHECK(light.score(i) == plain.score(i));
    CHECK_THAT(heavy.score(i), WithinAbs(2.5, 1e-4));
  }
}

TEST_CASE("three fives don't beat ten of four and a half") {
  const reco::event_sequences<float> data(ratings(), {10, 4});
  const auto plain = reco::bayesian_average{.prior_weight = 0}.fit(data);
  const auto damped =
      reco::bayesian_average{.prior_weight = 10, .prior = average_prior::fixed, .prior_mean = 3}.fit(data);
  CHECK(plain.score(0) > plain.score(1));
  CHECK(damped.score(0) < damped.score(1));
}

TEST_CASE("a score lies between the item's mean and the prior's") {
  const reco::shape s{20, 40};
  const reco::event_sequences<double> data(random_log(77, s, 600), s);
  const auto mean = reco::bayesian_average{.prior_weight = 0}.fit(data);
  const auto damped =
      reco::bayesian_average{.prior_weight = 3, .prior = average_prior::fixed, .prior_mean = 1}.fit(data);
  for (std::int32_t i = 0; i < s.items; ++i) {
    CHECK(damped.score(i) >= std::min(1.0, mean.score(i)) - rounding<double>(600) * 8);
    CHECK(damped.score(i) <= std::max(1.0, mean.score(i)) + rounding<double>(600) * 8);
  }
}

TEST_CASE("repeats count each time in timelines and once in a matrix") {
  const std::vector<reco::event> log = {{.user = 0, .item = 0, .value = 1}, {.user = 0, .item = 0, .value = 3}};
  const reco::dataset<double> data(log, {1, 1});
  const reco::bayesian_average plain{.prior_weight = 0};
  CHECK(plain.fit(data).score(0) == 2);
  CHECK(plain.fit(data.matrix()).score(0) == 4);  // the matrix has their sum
}

TEST_CASE("no events: every item scores the prior's mean, 0 where that is the data's") {
  const reco::event_sequences<float> data({}, {2, 2});
  for (const auto prior : {average_prior::events, average_prior::items, average_prior::fixed}) {
    const auto model = reco::bayesian_average{.prior = prior, .prior_mean = 3}.fit(data);
    CHECK(model.score(1) == (prior == average_prior::fixed ? 3.0F : 0.0F));
  }
}

TEST_CASE("bayesian_average names the option that is out of range") {
  const reco::event_sequences<float> data({}, {1, 1});
  CHECK_THROWS_MATCHES((reco::bayesian_average{.prior_weight = -1}.fit(data)), reco::invalid_argument,
                       Message("bayesian_average: prior_weight must be at least 0, got -1"));
  CHECK_THROWS_MATCHES((reco::parse_options<reco::bayesian_average>("prior=median")), reco::invalid_argument,
                       Message("bayesian_average: prior must be one of events, items, fixed, got 'median'"));
}
