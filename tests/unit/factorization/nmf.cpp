// SPDX-License-Identifier: MIT
#include "reco/factorization/nmf.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/synthetic.hpp"
#include "reco/model/recommend.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

std::vector<reco::event> some_values(std::int32_t users, std::int32_t items, double density, std::uint64_t seed) {
  reco::random_engine random(seed);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < users; ++u)
    for (std::int32_t i = 0; i < items; ++i)
      if (reco::bernoulli(random, density))
        log.push_back({.user = u, .item = i, .value = static_cast<double>(1 + reco::uniform_index(random, 5))});
  return log;
}

const reco::nmf nmf_variants[] = {
    {.factors = 4, .epochs = 25, .regularization = 0.05},
    {.factors = 4, .epochs = 25, .regularization = 0.05, .solver = reco::nmf_solver::multiplicative},
    {.factors = 4, .epochs = 25, .regularization = 0.5, .missing = reco::unobserved::zero},
    {.factors = 4,
     .epochs = 25,
     .regularization = 0.5,
     .solver = reco::nmf_solver::multiplicative,
     .missing = reco::unobserved::zero}};

}  // namespace

TEST_CASE("neither solver of nmf lets the loss rise, and no number is below zero") {
  const auto variant = GENERATE(0, 1, 2, 3);
  const reco::dataset<double> data(some_values(40, 30, 0.3, 1), {40, 30});
  const auto model = nmf_variants[variant].fit(data);
  const auto& loss = model.report().loss;
  REQUIRE(loss.size() == 25);
  for (std::size_t n = 1; n < loss.size(); ++n) CHECK(loss[n] <= loss[n - 1] * (1 + 1e-12));
  CHECK(loss.back() < 0.9 * loss.front());
  for (std::int32_t u = 0; u < 40; ++u) CHECK(reco::as_column(model.user(u)).minCoeff() >= 0);
  for (std::int32_t i = 0; i < 30; ++i) CHECK(reco::as_column(model.embedding(i)).minCoeff() >= 0);
}

TEST_CASE("a user of nmf meets the conditions of a minimum with bounds at zero") {
  const bool zero = GENERATE(false, true);
  const auto log = some_values(30, 20, 0.4, 2);
  const reco::dataset<double> data(log, {30, 20});
  const auto model = reco::nmf{.factors = 5,
                               .epochs = 10,
                               .regularization = 0.1,
                               .missing = zero ? reco::unobserved::zero : reco::unobserved::unknown}
                         .fit(data);
  for (std::int32_t u = 0; u < 30; ++u) {
    const auto row = data.of(u);
    const auto x = reco::as_column(model.user(u));
    reco::column<double> gradient = 0.1 * (zero ? 1.0 : static_cast<double>(row.size())) * x;
    for (std::int32_t i = 0; i < 20; ++i) {
      const auto at = std::find(row.items.begin(), row.items.end(), i);
      if (!zero && at == row.items.end()) continue;
      const double value = at == row.items.end() ? 0 : row.values[static_cast<std::size_t>(at - row.items.begin())];
      const auto y = reco::as_column(model.embedding(i));
      gradient += (x.dot(y) - value) * y;
    }
    for (Eigen::Index f = 0; f < 5; ++f) {
      CAPTURE(u, f, x[f], gradient[f]);
      CHECK(gradient[f] > -1e-8);
      if (x[f] > 0) CHECK(std::abs(gradient[f]) < 1e-8);
    }
  }
}

TEST_CASE("nmf finds two crowds where there are two") {
  const auto blocks = reco::planted_blocks({.users = 40, .items = 24, .blocks = 2, .inside = 0.7});
  const auto solver = GENERATE(reco::nmf_solver::coordinate_descent, reco::nmf_solver::multiplicative);
  const auto model =
      reco::nmf{.factors = 2, .epochs = 200, .regularization = 0, .solver = solver, .missing = reco::unobserved::zero}
          .fit(reco::dataset<double>(blocks.events, blocks.shape));
  // Each user and each item lives on one of the two factors.
  for (std::int32_t i = 0; i < blocks.shape.items; ++i) {
    const auto y = reco::as_column(model.embedding(i));
    CHECK(y.minCoeff() < 1e-3 * y.maxCoeff());
  }
}

TEST_CASE("a history folded in gives the trained vector to the last bit, with every variant of nmf") {
  const auto variant = GENERATE(0, 1, 2, 3);
  const reco::dataset<float> data(some_values(30, 40, 0.3, 3), {31, 41});
  const auto model = nmf_variants[variant].fit(data);
  for (std::int32_t u = 0; u < 30; ++u) {
    const auto folded = model.fold_in(data.of(u));
    const auto trained = model.user(u);
    REQUIRE(std::equal(trained.begin(), trained.end(), folded.data(), folded.data() + folded.size()));
  }
}

TEST_CASE("nmf is the same bits on any number of threads", "[concurrent]") {
  const auto variant = GENERATE(0, 1, 2, 3);
  const reco::dataset<float> data(some_values(200, 70, 0.1, 4), {200, 70});
  const auto alone = nmf_variants[variant].fit(data);
  reco::thread_pool pool(3);
  const auto among = nmf_variants[variant].fit(data, {.executor = pool});
  CHECK(among.report().loss == alone.report().loss);
  for (std::int32_t u = 0; u < 200; ++u)
    REQUIRE(std::equal(alone.user(u).begin(), alone.user(u).end(), among.user(u).begin()));
}

TEST_CASE("what nmf cannot use or foretell is named") {
  const reco::dataset<double> data(std::vector<reco::event>{{0, 0, 5}, {0, 1, 3}, {1, 0, 4}}, {3, 3});
  const auto model = reco::nmf{.factors = 2}.fit(data);
  CHECK(model.predict({.user = 0}, 0).possible());
  CHECK(model.predict({.user = 2}, 0).reason == "the user has rated nothing");
  CHECK(model.predict({.user = 2}, 0).value == 4);
  CHECK(model.predict({.user = 0}, 2).reason == "the item has no ratings");
  CHECK_THROWS_AS(model.predict({.user = 0}, -1), std::out_of_range);
  const reco::dataset<double> negative(std::vector<reco::event>{{0, 0, 5}, {1, 2, -0.5}}, {3, 3});
  CHECK_THROWS_WITH(reco::nmf{}.fit(negative), "nmf: values must be at least 0, got -0.5 of user 1, item 2");
  CHECK_THROWS_WITH(reco::nmf{.factors = 0}.fit(data), "nmf: factors must be at least 1, got 0");
  const auto none = reco::nmf{.missing = reco::unobserved::zero}.fit(reco::dataset<float>({}, {2, 3}));
  CHECK_FALSE(none.can_answer({.user = 0}));
  CHECK(none.report().loss.back() == 0);
  // more factors than items, no regularization: the parts are not unique, the predictions are
  const auto wide = reco::nmf{.factors = 10, .epochs = 200, .regularization = 0}.fit(data);
  CHECK_THAT(wide.predict({.user = 0}, 1).value, WithinAbs(3, 1e-6));
}
