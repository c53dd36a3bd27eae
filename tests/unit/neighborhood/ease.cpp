// SPDX-License-Identifier: MIT
#include "reco/neighborhood/ease.hpp"

#include <cmath>

#include <Eigen/LU>

#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/recommend.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

template <class T>
reco::sparse_interactions<T> random_rows(std::uint64_t seed, reco::shape shape, bool ones) {
  auto log = random_log(seed, shape, shape.users * 12);
  if (ones)
    for (auto& e : log) e.value = 1;
  return {log, shape, ones ? reco::repeats::last : reco::repeats::sum};
}

}  // namespace

TEST_CASE("EASE's weights solve its normal equations and leave the diagonal 0") {
  const bool ones = GENERATE(true, false);
  const auto items = GENERATE(1, 8, 40, 150);
  CAPTURE(ones, items);
  const double lambda = 20;
  const auto x = random_rows<double>(1, {60, items}, ones);
  const auto model = reco::ease{.regularization = lambda}.fit(x);
  const auto& b = model.weights();
  CHECK(b.diagonal().isZero(0));
  // (G + λI) B - G vanishes off the diagonal: there the Lagrange multipliers stand.
  const reco::matrix<double> g = dense(x).transpose() * dense(x);
  reco::matrix<double> residual = g * b + lambda * b - g;
  residual.diagonal().setZero();
  CHECK(residual.norm() <= 1e-10 * g.norm());
}

TEMPLATE_TEST_CASE("EASE agrees with its formula written out", "", float, double) {
  const auto x = random_rows<TestType>(2, {80, 33}, GENERATE(true, false));
  const reco::matrix<double> wide = dense(x);
  reco::matrix<double> a = wide.transpose() * wide;
  a.diagonal().array() += 10;
  const reco::matrix<double> p = a.inverse();
  reco::matrix<double> b = reco::matrix<double>::Identity(33, 33) - p * p.diagonal().cwiseInverse().asDiagonal();
  const auto model = reco::ease{.regularization = 10}.fit(x);
  const double condition = a.norm() * p.norm();
  const double slack = static_cast<double>(std::numeric_limits<TestType>::epsilon()) * condition * 33;
  CHECK((model.weights().template cast<double>() - b).norm() <= slack * b.norm());

  std::vector<TestType> scores(33);
  model.scores({.history = x.of(7)}, std::span(scores));
  const reco::matrix<double> exact = wide.row(7) * b;
  for (Eigen::Index i = 0; i < 33; ++i)
    CHECK(std::abs(static_cast<double>(scores[static_cast<std::size_t>(i)]) - exact(0, i)) <=
          slack * (1 + wide.row(7).norm()) * (1 + b.norm()));
}

TEST_CASE("EASE has the same bits on any number of threads", "[concurrent]") {
  const auto x = random_rows<float>(3, {300, 270}, false);
  reco::thread_pool pool(GENERATE(2U, 5U));
  CHECK(reco::ease{}.fit(x, {.executor = pool}).weights() == reco::ease{}.fit(x).weights());
}

TEST_CASE("a catalog too large for EASE is refused with the bytes it would need") {
  const reco::event log[] = {{.user = 0, .item = 0}};
  const reco::sparse_interactions<float> x(log, {1, 2'000'000});
  CHECK_THROWS_WITH(reco::ease{}.fit(x), Equals("ease: a catalog of 2000000 items needs 1.6e+13 bytes, "
                                                "max_memory allows 8e+09"));
  const reco::sparse_interactions<float> small(log, {1, 100});
  CHECK_THROWS_AS(reco::ease{.max_memory = 39999}.fit(small), reco::invalid_argument);
  CHECK(reco::ease{.max_memory = 40000}.fit(small).items() == 100);
}

TEST_CASE("where nothing tells items apart, EASE names the item and the option") {
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < 9; ++u)
    for (const std::int32_t i : {0, 1, 2})
      if (u % (i % 2 + 2) == 0) log.push_back({.user = u, .item = i});  // items 0 and 2 are read alike
  const reco::sparse_interactions<float> alike(log, {9, 3}), unread(log, {9, 5});
  CHECK_THROWS_WITH(reco::ease{.regularization = 0}.fit(alike),
                    ContainsSubstring("ease: regularization is too small, 0: item 2"));
  CHECK_THROWS_AS(reco::ease{.regularization = 0}.fit(unread), reco::invalid_argument);
  const auto model = reco::ease{.regularization = 1}.fit(alike);
  CHECK(reco::similar_items(model, 0, {.k = 1})[0].item == 2);
}

TEST_CASE("EASE foresees the block a new reader is in") {
  // Items 0..4 are read together, and 5..9; nobody has read more than three of them.
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < 40; ++u)
    for (std::int32_t n = 0; n < 3; ++n) log.push_back({.user = u, .item = u % 2 * 5 + (u / 2 + n * (1 + u % 3)) % 5});
  const reco::dataset<float> data(log, {40, 10});
  const auto model = reco::ease{.regularization = 5}.fit(data);
  const std::int32_t history[] = {5, 6};
  const auto list = reco::recommend(model, {.history = {.items = history}}, {.k = 3});
  REQUIRE(list.size() == 3);
  for (const auto& s : list) CHECK(s.item >= 7);
}
