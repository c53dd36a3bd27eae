// SPDX-License-Identifier: MIT
#include "reco/factorization/implicit_als.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stop_token>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/synthetic.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/recommend.hpp"
#include "support/catch.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using reco::als_loss;
using reco::als_solver;
using reco::implicit_als;

namespace {

/// Some users have long histories, the last user and the last item none; values from -2 to 3 or all 1.
std::vector<reco::event> some_events(std::int32_t users, std::int32_t items, std::uint64_t seed, bool valued) {
  reco::random_engine random(seed);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u + 1 < users; ++u)
    for (std::int32_t i = 0; i + 1 < items; ++i) {
      const double chance = u % 5 == 0 ? 0.6 : 0.08;
      if (!reco::bernoulli(random, chance)) continue;
      const double value = valued ? 0.5 * static_cast<double>(reco::uniform_index(random, 11) - 4) : 1;
      log.push_back({.user = u, .item = i, .value = value});
    }
  return log;
}

/// The objective, term by term, as the doc block states it.
double loss_of(const implicit_als& o, const reco::dataset<double>& data, const reco::matrix<double>& x,
               const reco::matrix<double>& y) {
  const double w = o.unobserved_weight;
  double loss = 0;
  std::vector<double> of_item(static_cast<std::size_t>(data.items()));
  const auto lambda = [&](double n, double others) {
    return o.regularization * std::pow(n + w * others, o.regularization_exponent);
  };
  for (std::int32_t u = 0; u < data.users(); ++u) {
    const auto row = data.of(u);
    double pairs = 0;
    std::vector<double> value(static_cast<std::size_t>(data.items()));
    for (std::size_t n = 0; n < row.size(); ++n) value[static_cast<std::size_t>(row.items[n])] = row.value(n);
    for (std::int32_t i = 0; i < data.items(); ++i) {
      const double v = value[static_cast<std::size_t>(i)], score = x.row(u).dot(y.row(i)), p = v > 0 ? 1 : 0;
      if (o.loss == als_loss::one && v != 0) {
        loss += (o.alpha * std::abs(v) + w) * (score - p) * (score - p);
      } else {
        loss += o.alpha * std::abs(v) * (score - p) * (score - p) + w * score * score;
      }
      pairs += v != 0;
      of_item[static_cast<std::size_t>(i)] += v != 0;
    }
    if (pairs > 0) loss += lambda(pairs, data.items()) * x.row(u).squaredNorm();
  }
  for (std::int32_t i = 0; i < data.items(); ++i)
    if (const double n = of_item[static_cast<std::size_t>(i)]; n > 0)
      loss += lambda(n, data.users()) * y.row(i).squaredNorm();
  return loss;
}

std::vector<implicit_als> variants() {
  const implicit_als plain{.factors = 12, .epochs = 5, .regularization = 0.05, .unobserved_weight = 0.2};
  std::vector<implicit_als> all(5, plain);
  all[1].regularization_exponent = 0;
  all[2].alpha = 3;
  all[2].loss = als_loss::one;
  all[3].unobserved_weight = 0;
  all[4] = implicit_als::hu_koren_volinsky(4, 2);
  all[4].factors = 9;
  all[4].epochs = 5;
  return all;
}

}  // namespace

TEST_CASE("the loss that implicit_als reports is the objective, and never rises") {
  const bool valued = GENERATE(false, true);
  const reco::dataset<double> data(some_events(60, 45, 1, valued), {60, 45});
  for (auto o : variants())
    for (const auto solver : {als_solver::exact, als_solver::conjugate_gradient, als_solver::subspace}) {
      o.solver = solver;
      o.cg_steps = 1;
      o.block = 1;
      CAPTURE(reco::describe(o));
      const auto model = o.fit(data);
      const auto& loss = model.report().loss;
      REQUIRE(loss.size() == 5);
      for (std::size_t n = 1; n < loss.size(); ++n) CHECK(loss[n] <= loss[n - 1] * (1 + 1e-12));
      CHECK_THAT(loss.back(), WithinRel(loss_of(o, data, model.user_factors(), model.item_factors()), 1e-9));
    }
}

TEST_CASE("users solve the normal equations of their row, short or long") {
  const bool valued = GENERATE(false, true);
  const reco::dataset<double> data(some_events(60, 45, 2, valued), {60, 45});
  for (const auto& o : variants()) {
    CAPTURE(reco::describe(o));
    const auto model = o.fit(data);
    const auto& y = model.item_factors();
    const reco::matrix<double> gramian = y.transpose() * y;
    for (std::int32_t u = 0; u < 60; ++u) {
      const auto row = data.of(u);
      reco::matrix<double> a = o.unobserved_weight * gramian;
      reco::column<double> b = reco::column<double>::Zero(o.factors);
      double pairs = 0;
      for (std::size_t n = 0; n < row.size(); ++n) {
        const reco::column<double> f = y.row(row.items[n]).transpose();
        const double v = row.value(n), c = o.alpha * std::abs(v);
        a += c * f * f.transpose();
        if (v > 0) b += (c + (o.loss == als_loss::one ? o.unobserved_weight : 0)) * f;
        pairs += v != 0;
      }
      if (pairs == 0) {
        CHECK(model.user_factors().row(u).isZero(0));
        continue;
      }
      a.diagonal().array() += o.regularization * std::pow(pairs + o.unobserved_weight * 45, o.regularization_exponent);
      const reco::column<double> x = Eigen::LLT<reco::matrix<double>>(a).solve(b);
      REQUIRE((x - model.user_factors().row(u).transpose()).norm() <= 1e-9 * (1e-3 + x.norm()));
    }
  }
}

TEST_CASE("the Gramian of the items is diagonal in a model") {
  const reco::dataset<double> data(some_events(60, 45, 3, false), {60, 45});
  const auto model = implicit_als{.factors = 7}.fit(data);
  reco::matrix<double> g = model.item_factors().transpose() * model.item_factors();
  for (Eigen::Index f = 0; f < 7; ++f) g(f, f) -= model.spectrum()[static_cast<std::size_t>(f)];
  CHECK(g.norm() <= 1e-12 * model.item_factors().squaredNorm());
}

TEST_CASE("the solvers agree where they converge") {
  const reco::dataset<double> data(some_events(60, 45, 4, true), {60, 45});
  implicit_als o{.factors = 20, .epochs = 400, .regularization = 0.1, .cg_steps = 1, .block = 1};
  const double exact = o.fit(data).report().loss.back();
  o.solver = GENERATE(als_solver::conjugate_gradient, als_solver::subspace);
  CHECK_THAT(o.fit(data).report().loss.back(), WithinRel(exact, 1e-4));
}

TEST_CASE("enough steps of conjugate gradient, and one block of all coordinates, are the exact solution") {
  const reco::dataset<double> data(some_events(60, 45, 5, true), {60, 45});
  implicit_als o{.factors = 20, .epochs = 3, .regularization = 0.1};
  const auto exact = o.fit(data).report().loss;
  o.solver = als_solver::subspace;
  CHECK(o.fit(data).report().loss == exact);
  const auto model = implicit_als{.factors = 20, .epochs = 3, .regularization = 0.1}.fit(data);
  reco::exact_rows<double> exactly(20);
  reco::detail::als_cg<double> cg(exactly.row().width());
  for (std::int32_t u = 0; u < 59; ++u) {
    const auto pairs = data.of(u);
    REQUIRE(exactly.gather(pairs.items, pairs.values, model.item_factors(), model.spectrum(), model.rule()));
    if (exactly.row().size() == 0) continue;
    std::vector<double> by_steps(20, 0.1), at_once(20);
    const double loss = cg.solve(exactly.row(), 60, by_steps), least = exactly.solve(at_once) + exactly.finish();
    CHECK_THAT(least, WithinAbs(loss, 1e-9));
    for (std::size_t f = 0; f < 20; ++f) CHECK_THAT(by_steps[f], WithinAbs(at_once[f], 1e-7));
  }
}

TEMPLATE_TEST_CASE("a history folded in gives the trained vector to the last bit, whatever the solver",
                   "[factorization]", float, double) {
  const reco::dataset<TestType> data(some_events(60, 70, 6, true), {61, 72});
  const auto solver = GENERATE(als_solver::exact, als_solver::conjugate_gradient, als_solver::subspace);
  const auto model = implicit_als{.factors = 20, .epochs = 3, .solver = solver, .cg_steps = 1, .block = 16}.fit(data);
  for (std::int32_t u = 0; u < 60; ++u) {
    const auto folded = model.fold_in(data.of(u));
    const auto trained = model.user(u);
    REQUIRE(std::equal(trained.begin(), trained.end(), folded.data(), folded.data() + folded.size()));
  }
}

TEST_CASE("implicit_als is the same bits on any number of threads", "[concurrent]") {
  const reco::dataset<float> data(some_events(300, 90, 7, false), {300, 90});
  const auto solver = GENERATE(als_solver::exact, als_solver::conjugate_gradient, als_solver::subspace);
  const implicit_als o{.factors = 19, .epochs = 3, .solver = solver, .cg_steps = 2, .block = 8};
  const auto alone = o.fit(data);
  for (const unsigned threads : {2U, 5U}) {
    reco::thread_pool pool(threads);
    const auto among = o.fit(data, {.executor = pool});
    CHECK(among.report().loss == alone.report().loss);
    CHECK(among.user_factors() == alone.user_factors());
    CHECK(among.item_factors() == alone.item_factors());
  }
}

TEST_CASE("implicit_als in float is implicit_als in double, rounded") {
  const auto log = some_events(60, 45, 8, true);
  const implicit_als o{.factors = 10, .epochs = 4};
  const auto wide = o.fit(reco::dataset<double>(log, {60, 45}));
  const auto narrow = o.fit(reco::dataset<float>(log, {60, 45}));
  for (std::size_t n = 0; n < 4; ++n) CHECK_THAT(narrow.report().loss[n], WithinRel(wide.report().loss[n], 1e-4));
}

TEST_CASE("an explanation of implicit_als has a part for each item of the history, and they add up") {
  const reco::dataset<double> data(some_events(40, 45, 9, true), {40, 45});
  const auto model = implicit_als{.factors = 8}.fit(data);
  for (const std::int32_t u : {1, 5}) {
    const auto why = reco::explain(model, data.query(u), 3);
    double sum = 0;
    for (const auto& part : why.because) sum += part.score;
    CHECK_THAT(sum, WithinAbs(why.score, 1e-9));
    CHECK_THAT(why.base, WithinAbs(0, 1e-9));
    std::vector<double> scores(45);
    model.scores(data.query(u), scores);
    CHECK_THAT(why.score, WithinAbs(scores[3], 1e-12));
  }
  const auto other = reco::explain(model, {.user = 1, .history = data.of(5)}, 3);
  CHECK(std::abs(other.base) > 1e-6);  // the learned user is not made of this history
}

TEST_CASE("a new item folded in stands where its readers' factors put it") {
  const reco::dataset<double> data(some_events(60, 45, 10, false), {60, 45});
  const implicit_als o{.factors = 6, .epochs = 300, .regularization = 0.1};
  const auto model = o.fit(data);
  std::vector<std::int32_t> readers;  // of item 4
  for (std::int32_t u = 0; u < 60; ++u)
    for (const auto i : data.of(u).items)
      if (i == 4) readers.push_back(u);
  const auto y = model.fold_in_item(readers);
  CHECK((y.transpose() - model.item_factors().row(4)).norm() < 1e-3 * y.norm());  // at convergence it is the item's own
  CHECK(model.fold_in_item({}).isZero(0));
}

TEST_CASE("users are updated, added and forgotten without a new fit") {
  auto log = some_events(30, 20, 11, false);
  const auto model = implicit_als{.factors = 5, .epochs = 3}.fit(reco::dataset<double>(log, {30, 20}));
  const std::vector<reco::event> events = {{.user = 31, .item = 3}, {.user = 5, .item = 1}, {.user = 31, .item = 7}};
  log.insert(log.end(), events.begin(), events.end());
  const reco::dataset<double> later(log, {32, 20});
  const auto newer = model.updated(later, events);
  CHECK(newer.users() == 32);
  CHECK(reco::column<double>(reco::as_column(newer.user(31))) == model.fold_in(later.of(31)));
  CHECK(newer.can_answer({.user = 31}));
  CHECK_FALSE(newer.can_answer({.user = 30}));
  CHECK(newer.user_factors().row(3) == model.user_factors().row(3));
  CHECK_FALSE(newer.user_factors().row(5) == model.user_factors().row(5));
  CHECK(newer.item_factors() == model.item_factors());
  CHECK(model.updated(later, {}).user_factors().topRows(30) == model.user_factors());
  CHECK_THROWS_AS(model.updated(later, std::vector<reco::event>{{.user = 32, .item = 0}}), std::out_of_range);

  const std::int32_t gone[] = {31};
  const auto without = newer.without(gone);
  CHECK_FALSE(without.can_answer({.user = 31}));
  CHECK(without.can_answer({.user = 31, .history = later.of(31)}));
  CHECK(without.can_answer({.user = 5}));
  CHECK_THROWS_AS(newer.without(std::vector<std::int32_t>{32}), std::out_of_range);
}

TEST_CASE("a fit from a model goes on where it ended") {
  const reco::dataset<double> data(some_events(60, 45, 12, false), {60, 45});
  implicit_als o{.factors = 8, .epochs = 6};
  const auto whole = o.fit(data);
  o.epochs = 3;
  const auto first = o.fit(data);
  const auto second = o.fit_from(first, data);
  CHECK_THAT(second.report().loss.back(), WithinRel(whole.report().loss.back(), 1e-10));
  CHECK(second.report().loss.front() < first.report().loss.back());
  o.factors = 9;
  CHECK_THROWS_AS(o.fit_from(first, data), reco::invalid_argument);
}

TEST_CASE("the best epoch by a metric is the model that fit_best gives") {
  const reco::dataset<double> data(some_events(60, 45, 13, false), {60, 45});
  int asked = 0;
  const double made_up[] = {0.3, 0.5, 0.4, 0.45, 0.9};
  const auto model = implicit_als{.factors = 4, .epochs = 9}.fit_best(
      data, [&](const reco::factor_model<double>&) { return made_up[asked++]; }, 2);
  CHECK(asked == 4);
  CHECK(model.report().epochs == 2);
  CHECK(model.report().loss.size() == 4);
  CHECK(model.report().converged);
  CHECK(model.user_factors() == implicit_als{.factors = 4, .epochs = 2}.fit(data).user_factors());
}

TEST_CASE("a stopped fit of implicit_als is a whole model, and says so") {
  const reco::dataset<double> data(some_events(60, 45, 14, false), {60, 45});
  std::stop_source source;
  const auto watch = [&](const reco::progress& p) {
    if (p.epoch == 2) source.request_stop();
  };
  const auto model = implicit_als{.factors = 4, .epochs = 50, .solver = als_solver::conjugate_gradient}.fit(
      data, {.observer = watch, .stop = source.get_token()});
  CHECK(model.report().stopped);
  CHECK(model.report().epochs == 2);
  CHECK(model.report().loss.size() == 2);
  const auto folded = model.fold_in(data.of(0));
  CHECK(folded.transpose() == model.user_factors().row(0));
}

TEST_CASE("what implicit_als cannot use is named") {
  const reco::dataset<double> data(some_events(12, 6, 15, false), {12, 6});
  CHECK_THROWS_WITH(implicit_als{.factors = 0}.fit(data), "implicit_als: factors must be at least 1, got 0");
  CHECK_THROWS_WITH((implicit_als{.factors = 8, .regularization = 0}.fit(data)),
                    reco_test::ContainsSubstring("are singular; regularization above 0 helps"));
  CHECK_NOTHROW(implicit_als{.factors = 40, .epochs = 2}.fit(data));  // more factors than items
  CHECK_THROWS_WITH(implicit_als{.regularization = std::numeric_limits<double>::quiet_NaN()}.fit(data),
                    "implicit_als: regularization must be at least 0, got nan");
  const reco::dataset<float> huge(std::vector<reco::event>{{0, 0, 3e38}, {0, 1, -3e38}, {1, 0, 3e38}}, {2, 2});
  CHECK_THROWS_AS((implicit_als{.factors = 2, .alpha = 1e30}.fit(huge)), reco::numeric_error);
  const auto negative = implicit_als{.factors = 2}.fit(
      reco::dataset<double>(std::vector<reco::event>{{0, 0, -1}, {0, 1, 0}, {1, 0, 2}}, {2, 2}));
  CHECK_FALSE(negative.can_answer({.user = 0}));  // nothing but dislikes gives no direction
  CHECK(negative.can_answer({.user = 1}));
  CHECK_FALSE(implicit_als{}.fit(reco::dataset<float>({}, {3, 2})).can_answer({.user = 0}));
}
