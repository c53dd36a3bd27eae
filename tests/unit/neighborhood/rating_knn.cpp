// SPDX-License-Identifier: MIT
#include "reco/neighborhood/rating_knn.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using reco::rating_center;
using reco::rating_knn;

namespace {

using rows = reco::sparse_interactions<double>;

/// A prediction from the definition: residuals of the model's own baseline, similarities by loops over all users, all
/// rated items sorted.
double naive(const rating_knn& o, const reco::rating_baseline& b, const rows& data, std::int32_t me,
             std::int32_t item) {
  const auto items = static_cast<std::size_t>(data.items());
  std::vector<std::vector<double>> e;
  double my_bias = 0;
  for (std::int32_t u = 0; u < data.users(); ++u) {
    const auto row = data.of(u);
    e.emplace_back(items, NAN);
    double bias = 0;
    for (std::size_t n = 0; n < row.size(); ++n)
      bias += row.values[n] - b.mean - b.items[static_cast<std::size_t>(row.items[n])];
    bias /= b.user_regularization + static_cast<double>(row.size());
    if (u == me) my_bias = bias;
    for (std::size_t n = 0; n < row.size(); ++n) {
      const auto j = static_cast<std::size_t>(row.items[n]);
      e.back()[j] = (row.values[n] - b.mean - bias - b.items[j]) / b.scales[j];
    }
  }
  const auto i = static_cast<std::size_t>(item);
  std::vector<reco::scored_item<double>> rated;
  for (std::size_t j = 0; j < items; ++j) {
    double n = 0, xy = 0, xx = 0, yy = 0;
    for (const auto& user : e) {
      if (std::isnan(user[i]) || std::isnan(user[j])) continue;
      ++n;
      xy += user[i] * user[j];
      xx += user[i] * user[i];
      yy += user[j] * user[j];
    }
    if (j == i || n < o.min_overlap || xy <= 0 || xx * yy <= 1e-20) continue;
    if (std::isnan(e[static_cast<std::size_t>(me)][j])) continue;
    rated.push_back({static_cast<std::int32_t>(j), (n - 1) / (n - 1 + o.shrinkage) * xy / std::sqrt(xx * yy)});
  }
  std::sort(rated.begin(), rated.end(), reco::better);
  rated.resize(std::min(rated.size(), static_cast<std::size_t>(o.neighbors)));
  double sum = 0, weights = o.damping;
  for (const auto& r : rated) {
    sum += r.score * e[static_cast<std::size_t>(me)][static_cast<std::size_t>(r.item)];
    weights += r.score;
  }
  return b.mean + my_bias + b.items[i] + (rated.empty() ? 0 : b.scales[i] * sum / weights);
}

}  // namespace

TEST_CASE("predictions are what loops over all users and items find") {
  const reco::shape shape{25, 18};
  const rows data(random_log(5, shape, 220), shape, reco::repeats::last);
  for (const auto center : {rating_center::item_mean, rating_center::z_score, rating_center::baseline}) {
    const rating_knn o{.neighbors = 4, .center = center, .shrinkage = 3};
    CAPTURE(reco::describe(o));
    const auto model = o.fit(data);
    std::vector<double> scores(18);
    for (std::int32_t u = 0; u < shape.users; ++u) {
      if (data.of(u).empty()) continue;
      model.scores({.history = data.of(u)}, scores);
      for (std::int32_t i = 0; i < shape.items; ++i) {
        const double expected = naive(o, model.baseline(), data, u, i);
        CHECK(model.predict({.history = data.of(u)}, i).value == Approx(expected));
        CHECK(scores[static_cast<std::size_t>(i)] == Approx(expected));
      }
    }
  }
}

TEST_CASE("a prediction worked by hand") {
  // Items 0 and 1 have means 3 and 2; users 0 and 1 are above and below in both, which makes them alike: the residuals
  // of 0 are (2, -2, 0), of 1 (1, -1). User 2 rated only item 0, 0 above its mean; a stranger rates it 5, 2 above.
  const rows data(std::vector<reco::event>{{0, 0, 5}, {1, 0, 1}, {2, 0, 3}, {0, 1, 3}, {1, 1, 1}}, {3, 3});
  const rating_knn o{.center = rating_center::item_mean, .shrinkage = 1, .damping = 0.5};
  const auto model = o.fit(data);
  // Similarity: shrunk by (2 - 1) / (2 - 1 + 1), correlation 1. Prediction: 2 + 0.5 · 2 / (0.5 + 0.5).
  const std::int32_t item[] = {0};
  const double five[] = {5};
  const reco::query<double> stranger{.history = {.items = item, .values = five}};
  CHECK(model.predict(stranger, 1).value == Approx(3));
  CHECK(model.predict(stranger, 1).possible());
  const auto why = reco::explain(model, stranger, 1);
  CHECK(why.base == Approx(2));
  REQUIRE(why.because.size() == 1);
  CHECK(why.because[0].score == Approx(1));
  CHECK(reco::similar_items(model, 0)[0].score == Approx(0.5));
}

TEST_CASE("what cannot be foretold has a reason and the baseline as a stand-in") {
  const rows data(std::vector<reco::event>{{0, 0, 5}, {1, 0, 1}, {0, 1, 3}, {1, 1, 1}, {2, 2, 4}}, {4, 4});
  const auto model = rating_knn{.center = rating_center::item_mean}.fit(data);
  CHECK(model.predict({.history = data.of(3)}, 0).reason == "the user has rated nothing");
  CHECK(model.predict({.history = data.of(0)}, 3).reason == "the item has no ratings");
  CHECK(model.predict({.history = data.of(2)}, 0).reason == "no rated item is similar");
  CHECK(model.predict({.history = data.of(2)}, 0).value == Approx(3));
  CHECK_THROWS_AS(model.predict({}, 4), std::out_of_range);
}

TEST_CASE("baselines solve their least squares, and constant ratings leave nothing to compare") {
  const reco::shape shape{12, 9};
  const rows data(random_log(6, shape, 80), shape, reco::repeats::last);
  const rating_knn o{.epochs = 200};
  const auto b = o.fit(data).baseline();
  // The gradient for each item bias: sum of residuals = lambda · bias.
  std::vector<double> gradient(9);
  for (std::int32_t u = 0; u < shape.users; ++u) {
    const auto row = data.of(u);
    double bias = 0;
    for (std::size_t n = 0; n < row.size(); ++n)
      bias += row.values[n] - b.mean - b.items[static_cast<std::size_t>(row.items[n])];
    bias /= o.user_regularization + static_cast<double>(row.size());
    for (std::size_t n = 0; n < row.size(); ++n) {
      const auto i = static_cast<std::size_t>(row.items[n]);
      gradient[i] += row.values[n] - b.mean - bias - b.items[i];
    }
  }
  for (std::size_t i = 0; i < 9; ++i) CHECK(gradient[i] - o.item_regularization * b.items[i] == Approx(0).margin(1e-9));

  std::vector<reco::event> same;
  for (std::int32_t u = 0; u < 5; ++u)
    for (std::int32_t i = 0; i < 4; ++i) same.push_back({u, i, 3});
  const rows constant(same, {5, 4});
  for (const auto center : {rating_center::item_mean, rating_center::z_score, rating_center::baseline}) {
    const auto p = rating_knn{.center = center}.fit(constant).predict({.history = constant.of(0)}, 1);
    CHECK(p.value == Approx(3));
    CHECK(p.reason == "no rated item is similar");
  }
}

TEST_CASE("rating_knn has the same bits on any number of threads", "[concurrent]") {
  const reco::shape shape{60, 150};
  const reco::sparse_interactions<float> data(random_log(7, shape, 2000), shape, reco::repeats::last);
  reco::thread_pool pool(3);
  const auto alone = rating_knn{}.fit(data), together = rating_knn{}.fit(data, {.executor = pool});
  std::vector<float> a(150), b(150);
  alone.scores({.history = data.of(3)}, a);
  together.scores({.history = data.of(3)}, b);
  CHECK(a == b);
}
