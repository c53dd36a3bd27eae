// SPDX-License-Identifier: MIT
#include "reco/factorization/explicit_als.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stop_token>
#include <vector>

#include <Eigen/Dense>

#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/split.hpp"
#include "reco/data/synthetic.hpp"
#include "reco/model/explain.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

std::vector<reco::event> some_ratings(std::int32_t users, std::int32_t items, double density, std::uint64_t seed) {
  reco::random_engine random(seed);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < users; ++u)
    for (std::int32_t i = 0; i < items; ++i)
      if (reco::bernoulli(random, density))
        log.push_back({.user = u, .item = i, .value = static_cast<double>(1 + reco::uniform_index(random, 5))});
  return log;
}

/// The gradient of the objective at the last user (or item) step, in each row of that side.
double steepest(const std::vector<reco::event>& log, const reco::rating_factors_model<double>& m, std::int32_t user,
                double lambda) {
  const auto d = m.factors();
  const auto x = reco::as_column(m.user(user));
  Eigen::VectorXd gradient = Eigen::VectorXd::Zero(d + 1);
  double rated = 0;
  for (const auto& e : log) {
    if (e.user != user) continue;
    ++rated;
    const auto y = reco::as_column(m.item(e.item));
    const double error = e.value - m.mean() - y[d] - x[d] - x.head(d).dot(y.head(d));
    gradient.head(d) -= 2 * error * y.head(d);
    gradient[d] -= 2 * error;
  }
  gradient += 2 * lambda * rated * x;
  return gradient.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("explicit_als leaves every user where the gradient of the objective is zero") {
  const auto log = some_ratings(40, 25, 0.3, 1);
  const auto model =
      reco::explicit_als{.factors = 6, .epochs = 7, .regularization = 0.1}.fit(reco::dataset<double>(log, {40, 25}));
  for (std::int32_t u = 0; u < 40; ++u) CHECK(steepest(log, model, u, 0.1) < 1e-10);
}

TEST_CASE("the loss of explicit_als is that of the definition and never rises") {
  const auto log = some_ratings(50, 30, 0.25, 2);
  const double exponent = GENERATE(0.0, 0.5, 1.0);
  const auto model =
      reco::explicit_als{.factors = 5, .epochs = 12, .regularization = 0.2, .regularization_exponent = exponent}.fit(
          reco::dataset<double>(log, {50, 30}));
  const auto& loss = model.report().loss;
  REQUIRE(loss.size() == 12);
  for (std::size_t n = 1; n < loss.size(); ++n) CHECK(loss[n] <= loss[n - 1] * (1 + 1e-12));

  double expected = 0;
  std::vector<double> of_user(50), of_item(30);
  for (const auto& e : log) {
    ++of_user[static_cast<std::size_t>(e.user)];
    ++of_item[static_cast<std::size_t>(e.item)];
    expected += std::pow(e.value - model.predict({.user = e.user}, e.item).value, 2);
  }
  for (std::int32_t u = 0; u < 50; ++u)
    if (const double n = of_user[static_cast<std::size_t>(u)]; n > 0)
      expected += 0.2 * std::pow(n, exponent) * reco::as_column(model.user(u)).squaredNorm();
  for (std::int32_t i = 0; i < 30; ++i)
    if (const double n = of_item[static_cast<std::size_t>(i)]; n > 0)
      expected += 0.2 * std::pow(n, exponent) * reco::as_column(model.item(i)).squaredNorm();
  CHECK_THAT(loss.back(), WithinRel(expected, 1e-10));
}

TEST_CASE("explicit_als finds the factors that ratings were made of") {
  const auto problem = reco::planted_low_rank({.users = 120, .items = 80, .rank = 3});
  const auto split = reco::ratio_split(problem.events, {.test_share = 0.2});
  const reco::dataset<double> data(split.train, problem.shape);
  const auto model = reco::explicit_als{.factors = 4, .epochs = 60, .regularization = 1e-4}.fit(data);
  double squares = 0, spread = 0;
  for (const auto& e : split.test) {
    squares += std::pow(e.value - model.predict({.user = e.user}, e.item).value, 2);
    spread += std::pow(e.value - model.mean(), 2);
  }
  CHECK(squares < 0.02 * spread);
}

TEMPLATE_TEST_CASE("a user's ratings folded in give the trained vector to the last bit", "[factorization]", float,
                   double) {
  const auto log = some_ratings(30, 200, 0.4, 3);  // longer rows than one block
  const reco::dataset<TestType> data(log, {31, 201});
  const auto model = reco::explicit_als{.factors = 7, .epochs = 3}.fit(data);
  for (std::int32_t u = 0; u < 30; ++u) {
    const auto folded = model.fold_in(data.of(u));
    const auto trained = model.user(u);
    REQUIRE(std::equal(trained.begin(), trained.end(), folded.data(), folded.data() + folded.size()));
    CHECK(model.predict({.history = data.of(u)}, 3) == model.predict({.user = u}, 3));
  }
}

TEST_CASE("explicit_als is the same bits on any number of threads", "[concurrent]") {
  const auto log = some_ratings(300, 90, 0.1, 4);
  const reco::dataset<float> data(log, {300, 90});
  const auto alone = reco::explicit_als{.factors = 9, .epochs = 4}.fit(data);
  const unsigned threads = GENERATE(2U, 5U);
  reco::thread_pool pool(threads);
  const auto among = reco::explicit_als{.factors = 9, .epochs = 4}.fit(data, {.executor = pool});
  CHECK(among.report().loss == alone.report().loss);
  for (std::int32_t u = 0; u < 300; ++u)
    REQUIRE(std::equal(alone.user(u).begin(), alone.user(u).end(), among.user(u).begin()));
}

TEST_CASE("ratings nobody could foretell are foretold with the reason why") {
  const std::vector<reco::event> log = {{0, 0, 5}, {0, 1, 3}, {1, 0, 4}};
  const reco::dataset<double> data(log, {3, 3});
  const auto model = reco::explicit_als{.factors = 0, .epochs = 5}.fit(data);
  CHECK(model.predict({.user = 0}, 1).possible());
  const auto stranger = model.predict({.user = 2}, 0);
  CHECK(stranger.reason == "the user has rated nothing");
  CHECK_THAT(stranger.value, WithinAbs(model.mean() + model.item(0).back(), 1e-15));
  CHECK(model.predict({.user = 77}, 0).reason == "the user has rated nothing");
  const auto unrated = model.predict({.user = 0}, 2);
  CHECK(unrated.reason == "the item has no ratings");
  CHECK_THAT(unrated.value, WithinAbs(model.mean() + model.user(0).back(), 1e-15));
  CHECK_THROWS_AS(model.predict({.user = 0}, 3), std::out_of_range);
  CHECK_FALSE(model.can_answer({.user = 2}));
  CHECK_FALSE(model.can_answer({}));
}

TEST_CASE("an explanation of explicit_als is what changes when a rating changes") {
  const auto log = some_ratings(20, 15, 0.5, 5);
  const reco::dataset<double> data(log, {20, 15});
  const auto model = reco::explicit_als{.factors = 3, .epochs = 6}.fit(data);
  const auto row = data.of(4);
  const auto why = reco::explain(model, {.user = 4, .history = row}, 7);
  double sum = why.base;
  for (const auto& part : why.because) sum += part.score;
  CHECK_THAT(sum, WithinAbs(why.score, 1e-12));
  CHECK_THAT(why.base, WithinAbs(model.mean() + model.item(7).back(), 1e-9));
  // r_ui is linear in the ratings: the derivative of the score by one rating is part / target.
  std::vector<double> values(row.values.begin(), row.values.end());
  values[0] += 1;
  const double moved = model.predict({.history = {.items = row.items, .values = values}}, 7).value - why.score;
  const auto part =
      std::find_if(why.because.begin(), why.because.end(), [&](auto& p) { return p.item == row.items[0]; });
  const double target = row.values[0] - model.mean() - model.item(row.items[0]).back();
  CHECK_THAT(moved, WithinAbs(part->score / target, 1e-9));
}

TEST_CASE("a stopped fit of explicit_als is a model, and says so") {
  std::stop_source source;
  const reco::dataset<double> data(some_ratings(20, 15, 0.5, 6), {20, 15});
  const auto model = reco::explicit_als{.factors = 3, .epochs = 50}.fit(data, {.observer =
                                                                                   [&](const reco::progress& p) {
                                                                                     if (p.epoch == 2)
                                                                                       source.request_stop();
                                                                                   },
                                                                               .stop = source.get_token()});
  CHECK(model.report().stopped);
  CHECK(model.report().epochs == 2);
  CHECK(model.can_answer({.user = 3}));
}

TEST_CASE("what explicit_als cannot use is named") {
  const reco::dataset<double> data(std::vector<reco::event>{{0, 0, 5}, {0, 1, 3}, {1, 0, 4}}, {2, 2});
  CHECK_THROWS_WITH(reco::explicit_als{.factors = -1}.fit(data), "explicit_als: factors must be at least 0, got -1");
  CHECK_THROWS_WITH((reco::explicit_als{.factors = 4, .regularization = 0}.fit(data)),
                    "explicit_als: the equations of user 0 are singular; regularization above 0 helps");
  CHECK_THROWS_WITH(reco::explicit_als{.regularization = std::numeric_limits<double>::quiet_NaN()}.fit(data),
                    "explicit_als: regularization must be at least 0, got nan");
  const reco::dataset<float> huge(std::vector<reco::event>{{0, 0, 3e38}, {0, 1, -3e38}, {1, 0, 3e38}}, {2, 2});
  CHECK_THROWS_AS(reco::explicit_als{}.fit(huge), reco::numeric_error);
  const auto empty = reco::explicit_als{}.fit(reco::dataset<float>({}, {2, 0}));
  CHECK_FALSE(empty.can_answer({.user = 0}));
}
