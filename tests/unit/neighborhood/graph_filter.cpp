// SPDX-License-Identifier: MIT
#include "reco/neighborhood/graph_filter.hpp"

#include <cmath>
#include <vector>

#include <Eigen/SVD>

#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/model/recommend.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

/// The items × items filter that is never written down, written down.
reco::matrix<double> naive(const reco::matrix<double>& x, const reco::graph_filter& o) {
  const auto power = [](double degree, double e) { return degree > 0 ? std::pow(degree, e) : 0.0; };
  reco::column<double> du(x.rows()), di(x.cols()), di_back(x.cols());
  for (Eigen::Index u = 0; u < x.rows(); ++u) du[u] = power(x.row(u).cwiseAbs().sum(), -o.user_exponent);
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    di[i] = power(x.col(i).cwiseAbs().sum(), -o.item_exponent);
    di_back[i] = power(x.col(i).cwiseAbs().sum(), o.item_exponent);
  }
  const Eigen::MatrixXd r = du.asDiagonal() * x * di.asDiagonal();
  const Eigen::MatrixXd p = r.transpose() * r;
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(r, Eigen::ComputeThinV);
  const auto rank = std::min<Eigen::Index>(o.factors, (svd.singularValues().array() > 1e-6).count());
  const Eigen::MatrixXd v = svd.matrixV().leftCols(rank);
  const Eigen::MatrixXd low = o.low_pass_share * (di.asDiagonal() * v * v.transpose() * di_back.asDiagonal());
  Eigen::MatrixXd s = p;
  if (!o.low_pass_late) s += low;
  if (o.sharpening > 0)
    for (int n = 0; n < o.sharpening_steps; ++n) s -= (o.sharpening / o.sharpening_steps) * (s * p);
  if (o.low_pass_late) s += low;
  return s;
}

}  // namespace

TEST_CASE("graph filters agree with the filter written down as a dense matrix") {
  const reco::sparse_interactions<double> data(random_log(3, {60, 40}, 500), {61, 42});
  const auto x = dense(data);
  const auto o = GENERATE(reco::graph_filter{.factors = 5, .iterations = 60},
                          reco::graph_filter{.factors = 500, .low_pass_share = 0.7},
                          reco::graph_filter{.low_pass_share = 0, .user_exponent = 0.2, .item_exponent = 0.9},
                          reco::graph_filter{.factors = 4, .sharpening = 0.8, .iterations = 60},
                          reco::graph_filter{.factors = 4, .sharpening = 2, .sharpening_steps = 3, .iterations = 60},
                          reco::graph_filter{.factors = 4,
                                             .item_exponent = 0.3,
                                             .sharpening = 1,
                                             .sharpening_steps = 2,
                                             .low_pass_late = true,
                                             .iterations = 60});
  CAPTURE(reco::describe(o));
  const auto model = o.fit(data);
  const auto s = naive(x, o);
  std::vector<double> scores(42);
  for (std::int32_t u = 0; u < 61; ++u) {
    const reco::query<double> q{.history = data.of(u)};
    model.scores(q, std::span(scores));
    const reco::matrix<double> exact = x.row(u) * s;
    // The SVD ends when its values rest to 1e-3; their vectors are known to some 1e-3 then.
    for (std::int32_t i = 0; i < 42; ++i)
      REQUIRE(std::abs(scores[static_cast<std::size_t>(i)] - exact(0, i)) <= 5e-3 * (1 + exact.norm()));
  }
}

TEST_CASE("GF-CF by hand: two users, three items") {
  // User 0 read items 0 and 1, user 1 item 1 and 2.  R = X / sqrt(2 d_i).
  const reco::event log[] = {
      {.user = 0, .item = 0}, {.user = 0, .item = 1}, {.user = 1, .item = 1}, {.user = 1, .item = 2}};
  const reco::sparse_interactions<double> data(log, {2, 3});
  const auto model = reco::graph_filter{.low_pass_share = 0}.fit(data);
  const std::int32_t first[] = {0};
  std::vector<double> scores(3);
  model.scores({.history = {.items = first}}, std::span(scores));
  CHECK(scores[0] == Approx(0.5));
  CHECK(scores[1] == Approx(0.5 / std::sqrt(2.0)));
  CHECK(scores[2] == 0);
  CHECK(model.factors() == 0);
  const auto like = reco::similar_items(model, 0);
  REQUIRE(like.size() == 1);
  CHECK(like[0].item == 1);
}

TEST_CASE("many queries of a graph filter get the lists of single ones, to the last bit", "[concurrent]") {
  const reco::shape shape{150, 90};
  const reco::sparse_interactions<float> data(random_log(8, shape, 1500), shape);
  const auto model = reco::graph_filter{.factors = 11, .sharpening = 0.5}.fit(data);
  std::vector<reco::query<float>> queries(1);
  for (std::int32_t u = 0; u < data.users(); ++u) queries.push_back({.history = data.of(u)});
  reco::thread_pool pool(3);
  const auto lists = reco::recommend_all(model, std::span<const reco::query<float>>(queries), {.k = 20}, pool);
  for (std::size_t n = 0; n < queries.size(); ++n) REQUIRE(lists[n] == reco::recommend(model, queries[n], {.k = 20}));
  CHECK(lists[0].empty());
}

TEST_CASE("a graph filter passes over items it does not know") {
  const reco::event log[] = {{.user = 0, .item = 0}, {.user = 0, .item = 1}};
  const auto model = reco::graph_filter{}.fit(reco::sparse_interactions<float>(log, {1, 3}));
  const std::int32_t unknown[] = {7}, mixed[] = {0, 7}, known[] = {0}, negative[] = {-2};
  CHECK_FALSE(model.can_answer({.history = {.items = unknown}}));
  CHECK(reco::recommend(model, {.history = {.items = mixed}}, {}) ==
        reco::recommend(model, {.history = {.items = known}}, {}));
  CHECK_THROWS_AS(model.can_answer({.history = {.items = negative}}), std::out_of_range);
}
