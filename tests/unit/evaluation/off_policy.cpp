// SPDX-License-Identifier: MIT
#include "reco/evaluation/off_policy.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using decisions = std::vector<reco::logged_decision>;

namespace {

decisions example() { return {{1, 0.5, 1, 0.5, 0.5}, {0, 0.5, 0, 0.5, 0.5}, {1, 0.25, 0.5, 0.5, 0.5}}; }

/// A bandit of two contexts and three actions whose truth is known. What the reward model says of an action is the
/// truth plus `model_error`.
struct bandit {
  static constexpr std::array<std::array<double, 3>, 2> reward = {{{0.1, 0.5, 0.9}, {0.8, 0.3, 0.2}}};
  static constexpr std::array<std::array<double, 3>, 2> logging = {{{0.5, 0.3, 0.2}, {0.2, 0.2, 0.6}}};
  static constexpr std::array<std::array<double, 3>, 2> target = {{{0.1, 0.2, 0.7}, {0.6, 0.3, 0.1}}};

  static double true_value() {
    double value = 0;
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t a = 0; a < 3; ++a) value += 0.5 * target[c][a] * reward[c][a];
    return value;
  }

  static decisions log(std::uint64_t seed, int n, double model_error = 0, double propensity_error = 1) {
    reco::random_engine random(seed, 1);
    decisions made;
    for (int i = 0; i < n; ++i) {
      const auto c = static_cast<std::size_t>(reco::uniform_index(random, 2));
      const auto a = static_cast<std::size_t>(reco::weighted_index(random, logging[c]));
      reco::logged_decision d{.reward = reco::bernoulli(random, reward[c][a]) ? 1.0 : 0.0,
                              .propensity = logging[c][a] * propensity_error,
                              .target = target[c][a],
                              .predicted = reward[c][a] + model_error};
      for (std::size_t b = 0; b < 3; ++b) d.predicted_target += target[c][b] * (reward[c][b] + model_error);
      made.push_back(d);
    }
    return made;
  }
};

}  // namespace

TEST_CASE("off-policy: the worked example") {
  const auto log = example();
  const auto ips = reco::inverse_propensity{}(log);
  CHECK_THAT(ips.value, WithinRel(4.0 / 3, rounding<double>(9)));
  CHECK_THAT(ips.effective_size, WithinRel(2.0, rounding<double>(9)));
  CHECK(ips.clipped == 0);
  CHECK_THAT(ips.standard_error, WithinRel(std::sqrt(4.0 / 3 / 3), rounding<double>(20)));  // 2, 0, 2: variance 4/3
  CHECK_THAT(reco::self_normalized{}(log).value, WithinRel(1, rounding<double>(9)));
  CHECK_THAT(reco::doubly_robust{}(log).value, WithinRel(3.5 / 3, rounding<double>(9)));
  CHECK(reco::direct_method{}(log).value == 0.5);
}

TEST_CASE("off-policy: a log of the target itself has weights 1, and its value is the mean reward") {
  auto log = bandit::log(91, 500, 0.3);
  double mean = 0;
  for (auto& d : log) {
    d.target = d.propensity;
    mean += d.reward / 500;
  }
  CHECK_THAT(reco::inverse_propensity{}(log).value, WithinRel(mean, rounding<double>(2000)));
  CHECK_THAT(reco::self_normalized{}(log).value, WithinRel(mean, rounding<double>(2000)));
  CHECK_THAT(reco::inverse_propensity{}(log).effective_size, WithinRel(500, rounding<double>(2000)));
}

TEST_CASE("off-policy: every estimator comes near the truth of a simulated bandit, and knows how near") {
  const auto seed = 92U;
  CAPTURE(seed);
  const auto log = bandit::log(seed, 20000);
  const double truth = bandit::true_value();
  for (const auto& v : {reco::inverse_propensity{}(log), reco::self_normalized{}(log), reco::doubly_robust{}(log)}) {
    CHECK_THAT(v.value, WithinAbs(truth, sigmas * v.standard_error));
    CHECK(v.standard_error < 0.02);
    CHECK(v.effective_size < 20000);
    CHECK(v.effective_size > 5000);
  }
  CHECK(reco::doubly_robust{}(log).standard_error < reco::inverse_propensity{}(log).standard_error);
}

TEST_CASE("off-policy: 95 percent of the values lie within 1.96 standard errors of the truth") {
  const int rounds = 1000;
  double ips = 0, snips = 0, dr = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto log = bandit::log(static_cast<std::uint64_t>(1000 + round), 400, 0.2);
    const auto holds = [&](const reco::policy_value& v) {
      return std::abs(v.value - bandit::true_value()) <= 1.96 * v.standard_error ? 1.0 : 0.0;
    };
    ips += holds(reco::inverse_propensity{}(log));
    snips += holds(reco::self_normalized{}(log));
    dr += holds(reco::doubly_robust{}(log));
  }
  const double tolerance = mean_error(std::sqrt(0.95 * 0.05), rounds);
  CHECK_THAT(ips / rounds, WithinAbs(0.95, tolerance));
  CHECK_THAT(snips / rounds, WithinAbs(0.95, tolerance));
  CHECK_THAT(dr / rounds, WithinAbs(0.95, tolerance));
}

TEST_CASE("off-policy: doubly robust stands a wrong model or wrong propensities, the others one of them each") {
  const double truth = bandit::true_value();
  const auto wrong_model = bandit::log(93, 20000, 0.3), wrong_propensity = bandit::log(94, 20000, 0, 0.7);
  const auto dr_model = reco::doubly_robust{}(wrong_model), dr_propensity = reco::doubly_robust{}(wrong_propensity);
  CHECK_THAT(dr_model.value, WithinAbs(truth, sigmas * dr_model.standard_error));
  CHECK_THAT(dr_propensity.value, WithinAbs(truth, sigmas * dr_propensity.standard_error));
  CHECK_THAT(reco::direct_method{}(wrong_model).value, WithinAbs(truth + 0.3, 0.01));
  CHECK_THAT(reco::inverse_propensity{}(wrong_propensity).value, WithinRel(truth / 0.7, 0.05));
}

TEST_CASE("off-policy: clipping cuts weights, and with them variance") {
  const auto log = bandit::log(95, 5000);
  const auto open = reco::inverse_propensity{}(log), cut = reco::inverse_propensity{.max_weight = 2}(log);
  double large = 0, value = 0;
  for (const auto& d : log) {
    const double w = d.target / d.propensity;
    large += w > 2 ? 1 : 0;
    value += std::min(w, 2.0) * d.reward;
  }
  CHECK_THAT(cut.clipped, WithinRel(large / 5000, rounding<double>(3)));
  CHECK(cut.clipped > 0.1);
  CHECK_THAT(cut.value, WithinRel(value / 5000, rounding<double>(20000)));
  CHECK(cut.value < open.value);
  CHECK(cut.standard_error < open.standard_error);
  CHECK(cut.effective_size > open.effective_size);
  CHECK(open.clipped == 0);
  CHECK(reco::self_normalized{.max_weight = 2}(log).clipped == cut.clipped);
  CHECK(reco::doubly_robust{.max_weight = 2}(log).clipped == cut.clipped);
  CHECK(reco::inverse_propensity{.max_weight = 3.5}(log).clipped == 0);  // the largest weight there is
}

TEST_CASE("off-policy: self-normalised values stay within the rewards, and adding to all rewards adds to the value") {
  auto log = bandit::log(96, 50);
  const double value = reco::self_normalized{}(log).value;
  CHECK(value >= 0);
  CHECK(value <= 1);
  for (auto& d : log) d.reward += 100;
  CHECK_THAT(reco::self_normalized{}(log).value, WithinAbs(value + 100, 1e-11));
  for (auto& d : log) d.target = 0;
  CHECK(reco::self_normalized{}(log).value == 0);
  CHECK(reco::self_normalized{}(log).effective_size == 0);
}

TEST_CASE("off-policy: logs that cannot be are errors") {
  const auto fails = [](const reco::logged_decision& d, const char* message) {
    const decisions log = {{}, d};
    CHECK_THROWS_MATCHES(reco::inverse_propensity{}(log), reco::invalid_argument, Message(message));
  };
  fails({.propensity = 0}, "inverse_propensity: decision 1: propensity must be above 0 and at most 1, got 0");
  fails({.propensity = 1.5}, "inverse_propensity: decision 1: propensity must be above 0 and at most 1, got 1.5");
  fails({.target = -0.1}, "inverse_propensity: decision 1: target must be in 0..1, got -0.1");
  fails({.reward = std::nan("")}, "inverse_propensity: decision 1: reward must be finite, got nan");
  fails({.predicted = std::nan("")}, "inverse_propensity: decision 1: predicted must be finite, got nan");
  const decisions none, one(1);
  CHECK_THROWS_MATCHES(reco::doubly_robust{}(none), reco::invalid_argument,
                       Message("doubly_robust: there are no decisions"));
  CHECK_THROWS_MATCHES(reco::self_normalized{.max_weight = 0}(one), reco::invalid_argument,
                       Message("self_normalized: max_weight must be above 0, got 0"));
  CHECK(reco::inverse_propensity{}(one).standard_error == 0);
}
