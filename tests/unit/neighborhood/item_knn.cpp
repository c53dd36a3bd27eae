// SPDX-License-Identifier: MIT
#include "reco/neighborhood/item_knn.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/math/matrix.hpp"
#include "reco/model/recommend.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using reco::item_knn;
using reco::item_similarity;

namespace {

/// All weights by the definition, from dense columns, loops over all pairs and all users; nothing is cut off at k.
reco::matrix<double> naive(const item_knn& o, const reco::sparse_interactions<double>& data) {
  const auto users = data.users(), items = data.items();
  reco::matrix<double> x = reco::matrix<double>::Zero(users, items), there = x;
  std::vector<double> w(static_cast<std::size_t>(users), 1);
  for (std::int32_t u = 0; u < users; ++u) {
    const auto row = data.of(u);
    double mean = 0;
    for (std::size_t n = 0; n < row.size(); ++n) mean += row.values[n] / static_cast<double>(row.size());
    for (std::size_t n = 0; n < row.size(); ++n) {
      there(u, row.items[n]) = 1;
      x(u, row.items[n]) = row.values[n];
      if (reco::is_of_sets(o.similarity)) x(u, row.items[n]) = row.values[n] > 0;
      if (o.similarity == item_similarity::adjusted_cosine) x(u, row.items[n]) -= mean;
    }
    if (row.size() > 0) w[static_cast<std::size_t>(u)] = std::pow(row.size(), -o.user_exponent);
  }
  reco::matrix<double> out = reco::matrix<double>::Zero(items, items);
  for (std::int32_t a = 0; a < items; ++a)
    for (std::int32_t b = 0; b < items; ++b) {
      reco::item_pair p;
      double both = 0;
      for (std::int32_t u = 0; u < users; ++u) {
        const double wu = w[static_cast<std::size_t>(u)], of_square = reco::is_cosine(o.similarity) ? 1 : wu;
        p.s += wu * x(u, a) * x(u, b);
        p.a += of_square * x(u, a) * x(u, a);
        p.b += of_square * x(u, b) * x(u, b);
        p.sum_a += wu * x(u, a);
        p.sum_b += wu * x(u, b);
        p.total += wu;
        both += there(u, a) * there(u, b);
      }
      if (a == b || both < o.min_overlap || both == 0) continue;
      double s = reco::similarity_of(o.similarity, p, {o.source_exponent, o.target_exponent, o.alpha, o.beta});
      if (s <= 1e-12) continue;
      s = std::pow(s, o.amplification) * both / (both + o.shrinkage);
      if (o.significance > 0) s *= std::min(both, o.significance) / o.significance;
      out(a, b) = s;
    }
  return out;
}

void compare_weights(const item_knn& o, const reco::sparse_interactions<double>& data) {
  CAPTURE(reco::describe(o));
  const auto expected = naive(o, data);
  const auto got = dense(o.fit(data).weights());
  REQUIRE(got.rows() == expected.rows());
  if (got.size() > 0) CHECK((got - expected).cwiseAbs().maxCoeff() < 1e-9);
}

constexpr item_similarity all[] = {item_similarity::cosine,          item_similarity::asymmetric_cosine,
                                   item_similarity::adjusted_cosine, item_similarity::pearson,
                                   item_similarity::jaccard,         item_similarity::dice,
                                   item_similarity::tversky,         item_similarity::conditional_probability,
                                   item_similarity::log_likelihood,  item_similarity::euclidean};

}  // namespace

TEST_CASE("every similarity is what loops over all pairs and users find") {
  for (const auto items : {1, 2, 63, 64, 65, 130}) {
    const reco::shape shape{23, items};
    const reco::sparse_interactions<double> data(positive(random_log(5, shape, 9 * items)), shape);
    for (const auto kind : all) {
      compare_weights({.similarity = kind, .user_exponent = 0, .alpha = 0.3, .beta = 0.8}, data);
      compare_weights({.similarity = kind, .user_exponent = 0.7, .alpha = 0.3, .beta = 0.8}, data);
    }
  }
}

TEST_CASE("shrinkage, significance, overlap and amplification are what their formulas say") {
  const reco::shape shape{40, 30};
  const reco::sparse_interactions<double> data(positive(random_log(6, shape, 400)), shape);
  for (const auto kind : {item_similarity::cosine, item_similarity::jaccard}) {
    compare_weights({.similarity = kind, .shrinkage = 7}, data);
    compare_weights({.similarity = kind, .significance = 5}, data);
    compare_weights({.similarity = kind, .min_overlap = 4}, data);
    compare_weights({.similarity = kind, .amplification = 2.5}, data);
    compare_weights({.similarity = kind, .shrinkage = 1, .significance = 9, .min_overlap = 2, .amplification = 0.5},
                    data);
  }
}

TEST_CASE("values below 0 are fine for cosines and refused by similarities of sets and by weightings") {
  const reco::shape shape{12, 9};
  const reco::sparse_interactions<double> data(random_log(7, shape, 90), shape);
  compare_weights({.similarity = item_similarity::cosine}, data);
  compare_weights({.similarity = item_similarity::pearson}, data);
  CHECK_THROWS_WITH((item_knn{.similarity = item_similarity::jaccard}.fit(data)), ContainsSubstring("item_knn: user"));
  CHECK_THROWS_AS((item_knn{.weighting = reco::interaction_weighting::bm25}.fit(data)), reco::invalid_argument);
}

TEST_CASE("a user's exponent weighs what items share, not how long their columns are") {
  // Users 0 and 1 have items 0 and 1, user 2 has item 0 and two more: 2 · 2^-1 shared, 3 and 2 users.
  const reco::sparse_interactions<double> data(
      std::vector<reco::event>{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {2, 2}, {2, 3}}, {3, 4});
  const auto w =
      dense(item_knn{.user_exponent = 1, .source_exponent = 0.5, .target_exponent = 0.25}.fit(data).weights());
  CHECK(w(0, 1) == Approx(1 / (std::pow(3, 0.5) * std::pow(2, 0.25))));
  CHECK(w(1, 0) == Approx(1 / (std::pow(2, 0.5) * std::pow(3, 0.25))));
  CHECK(w(0, 2) == Approx(1 / 3. / std::pow(3, 0.5)));
}

TEST_CASE("k is kept of each source or of each target, ties by the lower item") {
  const reco::shape shape{60, 40};
  const reco::sparse_interactions<double> data(positive(random_log(8, shape, 500)), shape);
  const std::int32_t k = 7;
  const auto whole = naive({}, data);
  for (const auto side : {reco::neighbor_side::source, reco::neighbor_side::target}) {
    const auto got = dense(item_knn{.neighbors = k, .keep = side}.fit(data).weights());
    for (std::int32_t i = 0; i < shape.items; ++i) {
      std::vector<reco::scored_item<double>> best;
      for (std::int32_t j = 0; j < shape.items; ++j)
        best.push_back({j, side == reco::neighbor_side::source ? whole(i, j) : whole(j, i)});
      std::sort(best.begin(), best.end(), reco::better);
      for (std::size_t n = 0; n < best.size(); ++n) {
        const auto j = best[n].item;
        const double w = side == reco::neighbor_side::source ? got(i, j) : got(j, i);
        CHECK(w == Approx(n < static_cast<std::size_t>(k) ? best[n].score : 0.0));
      }
    }
  }
}

TEST_CASE("normalized weights of an item sum to 1") {
  const reco::shape shape{30, 20};
  const reco::sparse_interactions<double> data(positive(random_log(9, shape, 200)), shape);
  const auto model = item_knn{.neighbors = 5, .normalize = true}.fit(data);
  for (std::int32_t i = 0; i < shape.items; ++i) {
    double sum = 0;
    for (const auto v : model.weights().row(i).values) sum += v;
    CHECK(sum == Approx(1));
  }
}

TEST_CASE("tfidf and bm25 count what their formulas say") {
  // User 0 has items 0, 1; user 1 has 0, 1, 2. With exponents 0 a weight is the sum of products.
  const reco::sparse_interactions<double> data(
      std::vector<reco::event>{{0, 0, 4}, {0, 1, 1}, {1, 0, 9}, {1, 1, 4}, {1, 2, 1}}, {2, 3});
  const item_knn plain{.user_exponent = 0, .source_exponent = 0, .target_exponent = 0};
  auto o = plain;
  o.weighting = reco::interaction_weighting::tfidf;
  const double rare0 = std::log(4 / 3.), rare1 = std::log(4 / 4.);
  CHECK(dense(o.fit(data).weights())(0, 1) == Approx(2 * rare0 * 1 * rare0 + 3 * rare1 * 2 * rare1));
  o.weighting = reco::interaction_weighting::bm25;
  o.bm25_k1 = 2;
  o.bm25_b = 0.5;
  const double mean = 19 / 3.;
  const auto bm25 = [&](double x, double length, double rare) {
    return x * 3 / (x + 2 * (0.5 + 0.5 * length / mean)) * rare;
  };
  CHECK(dense(o.fit(data).weights())(0, 1) == Approx(bm25(4, 13, rare0) * bm25(1, 5, rare0)));
}

TEST_CASE("what is a half-life old counts half, and a half-life without times is refused") {
  using std::chrono::hours;
  const std::vector<reco::event> log = {{0, 0, 1, reco::instant(hours(24))},
                                        {0, 1, 1, reco::instant(hours(0))},
                                        {1, 0, 1, reco::instant(hours(24))},
                                        {1, 2, 1, reco::instant(hours(24))}};
  const reco::dataset<double> data(log, {2, 3});
  const item_knn o{.user_exponent = 0, .source_exponent = 0, .target_exponent = 0, .half_life = hours(24)};
  const auto w = dense(o.fit(data).weights());
  CHECK(w(0, 1) == Approx(0.5));
  CHECK(w(0, 2) == Approx(1));
  CHECK_THROWS_WITH(o.fit(data.matrix()), ContainsSubstring("half_life"));
}

TEST_CASE("users and items without interactions, and k beyond the catalog, do no harm") {
  const reco::sparse_interactions<float> data(std::vector<reco::event>{{1, 1, 1}, {1, 3, 1}}, {4, 6});
  const auto model = item_knn{.neighbors = 1000}.fit(data);
  CHECK(model.weights().nonzeros() == 2);
  const auto list = reco::recommend(model, {.history = data.of(1)}, {.exclude_seen = false});
  CHECK(list.size() == 6);
  CHECK_FALSE(model.can_answer({.history = data.of(0)}));
}

TEST_CASE("constant ratings have no variance and give Pearson and adjusted cosine nothing to say") {
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < 6; ++u)
    for (std::int32_t i = 0; i < 4; ++i) log.push_back({u, i, 3});
  const reco::sparse_interactions<float> data(log, {6, 4});
  CHECK(item_knn{.similarity = item_similarity::pearson}.fit(data).weights().nonzeros() == 0);
  CHECK(item_knn{.similarity = item_similarity::adjusted_cosine}.fit(data).weights().nonzeros() == 0);
}

TEST_CASE("item_knn has the same bits on any number of threads", "[concurrent]") {
  const reco::shape shape{200, 300};
  const reco::sparse_interactions<float> data(positive(random_log(10, shape, 4000)), shape);
  for (const item_knn& o : {item_knn{.neighbors = 20}, item_knn{.neighbors = 20, .shrinkage = 3}}) {
    const auto alone = o.fit(data).weights();
    reco::thread_pool pool(3);
    CHECK(o.fit(data, {.executor = pool}).weights() == alone);
  }
}
