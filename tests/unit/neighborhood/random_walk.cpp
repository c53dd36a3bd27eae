// SPDX-License-Identifier: MIT
#include "reco/neighborhood/random_walk.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/math/matrix.hpp"
#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

template <class T = double>
reco::sparse_interactions<T> random_baskets(std::uint64_t seed, reco::shape shape, std::int64_t events) {
  return {random_log(seed, shape, events), shape};
}

/// The walk's weights from dense matrices: the whole of W, its diagonal too.
reco::matrix<double> naive(const reco::sparse_interactions<double>& data, double alpha, double beta) {
  reco::matrix<double> x = reco::matrix<double>::Zero(data.users(), data.items());
  for (std::int32_t u = 0; u < data.users(); ++u)
    for (std::size_t n = 0; n < data.of(u).size(); ++n) x(u, data.of(u).items[n]) = std::max(0.0, data.of(u).values[n]);
  reco::matrix<double> from_user = x, from_item = x.transpose();
  for (auto* p : {&from_user, &from_item})
    for (Eigen::Index r = 0; r < p->rows(); ++r)
      for (Eigen::Index c = 0; c < p->cols(); ++c) {
        const double sum = (p == &from_user ? x.row(r).sum() : x.col(r).sum());
        if ((*p)(r, c) > 0) (*p)(r, c) = std::pow((*p)(r, c) / sum, alpha);
      }
  reco::matrix<double> w = from_item * from_user;
  for (Eigen::Index j = 0; j < w.cols(); ++j) w.col(j) *= x.col(j).sum() > 0 ? std::pow(x.col(j).sum(), -beta) : 0.0;
  return w;
}

}  // namespace

TEST_CASE("the walk's steps are probabilities: a row of P3 sums to 1, the walk back to its start included") {
  const auto data = random_baskets(1, {30, 20}, 200);
  const auto model = reco::p3alpha{.alpha = 1, .neighbors = 100}.fit(data);
  const auto whole = naive(data, 1, 0);
  for (std::int32_t i = 0; i < 20; ++i) {
    double sum = 0;
    for (const auto v : model.weights().row(i).values) sum += v;
    CHECK(sum + whole(i, i) == Approx(1));
    CHECK(weight(model.weights(), i, i) == 0);
  }
}

TEST_CASE("P3 by hand: one reader of two items, one of one") {
  // Item 0 is read by users 0 and 1, item 1 by user 0: 0 -> user 0 (1/2) -> item 1 (1/2).
  const reco::event log[] = {{.user = 0, .item = 0}, {.user = 0, .item = 1}, {.user = 1, .item = 0}};
  const reco::sparse_interactions<double> data(log, {2, 2});
  CHECK(weight(reco::p3alpha{}.fit(data).weights(), 0, 1) == Approx(0.25));
  CHECK(weight(reco::p3alpha{}.fit(data).weights(), 1, 0) == Approx(0.5));
  CHECK(weight(reco::p3alpha{.alpha = 2}.fit(data).weights(), 1, 0) == Approx(0.25));
  // Item 0 has two readers: halved where popular ends are divided by what they have.
  CHECK(weight(reco::rp3beta{.alpha = 1, .beta = 1}.fit(data).weights(), 1, 0) == Approx(0.25));
  CHECK(weight(reco::rp3beta{.alpha = 1, .beta = 1}.fit(data).weights(), 0, 1) == Approx(0.25));
}

TEST_CASE("walks agree with products of dense matrices, and keep each item's strongest neighbors") {
  const double alpha = GENERATE(0.5, 1.0, 1.7), beta = GENERATE(0.0, 0.6);
  const int neighbors = GENERATE(1, 5, 1000);
  CAPTURE(alpha, beta, neighbors);
  const auto data = random_baskets(2, {40, 150}, 500);  // more items than a block of sums
  const auto whole = naive(data, alpha, beta);
  const auto w = reco::rp3beta{.alpha = alpha, .beta = beta, .neighbors = neighbors}.fit(data).weights();
  for (std::int32_t i = 0; i < 150; ++i) {
    const auto row = w.row(i);
    int possible = 0;
    double least = INFINITY, best_left_out = 0;
    for (std::int32_t j = 0; j < 150; ++j) {
      if (j == i || whole(i, j) == 0) {
        REQUIRE(weight(w, i, j) == 0);
        continue;
      }
      ++possible;
      const double kept = weight(w, i, j);
      if (kept > 0) REQUIRE(kept == Approx(whole(i, j)).epsilon(1e-12));
      if (kept > 0) least = std::min(least, kept);
      else best_left_out = std::max(best_left_out, whole(i, j));
    }
    REQUIRE(static_cast<int>(row.size()) == std::min(possible, neighbors));
    REQUIRE(best_left_out <= least * (1 + 1e-12));
  }
}

TEST_CASE("normalized walks: every item's weights sum to 1") {
  const auto data = random_baskets(3, {40, 30}, 300);
  const auto w = reco::rp3beta{.neighbors = 7, .normalize = true}.fit(data).weights();
  for (std::int32_t i = 0; i < 30; ++i) {
    double sum = 0;
    for (const auto v : w.row(i).values) sum += v;
    CHECK(sum == Approx(1));
  }
}

TEST_CASE("pairs of value 0 or less are no edges, and items without any have no neighbors") {
  const reco::event log[] = {{.user = 0, .item = 0, .value = 1}, {.user = 0, .item = 1, .value = -1},
                             {.user = 0, .item = 2, .value = 2}, {.user = 1, .item = 1, .value = 0},
                             {.user = 1, .item = 2, .value = 1}, {.user = 2, .item = 3, .value = 1}};
  const reco::sparse_interactions<double> data(log, {4, 6});
  const auto w = reco::p3alpha{}.fit(data).weights();
  CHECK(weight(w, 0, 2) == Approx(1.0 * 2 / 3));
  CHECK(w.row(0).size() == 1);
  CHECK(w.row(1).empty());
  CHECK(w.row(3).empty());
  CHECK(w.row(5).empty());
}

TEST_CASE("walks have the same bits on any number of threads", "[concurrent]") {
  const auto data = random_baskets<float>(5, {100, 300}, 3000);
  reco::thread_pool pool(GENERATE(2U, 5U));
  CHECK(reco::rp3beta{}.fit(data, {.executor = pool}).weights() == reco::rp3beta{}.fit(data).weights());
}
