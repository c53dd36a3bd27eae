// SPDX-License-Identifier: MIT
// linear_ranker and what learns one: pointwise, ranknet, listnet, listmle, coordinate_ascent.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/ltr/coordinate_ascent.hpp"
#include "reco/ltr/linear_ranker.hpp"
#include "reco/ltr/listmle.hpp"
#include "reco/ltr/listnet.hpp"
#include "reco/ltr/mean_ndcg.hpp"
#include "reco/ltr/pointwise.hpp"
#include "reco/ltr/ranknet.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// Labels 0..3 that follow a weighted sum of three of five features, and noise; features of very different sizes.
reco::ranking_data planted(std::int32_t queries, double noise, std::uint64_t seed) {
  reco::random_engine random(seed);
  constexpr std::int32_t size = 8, features = 5;
  reco::matrix<float> x(queries * size, features);
  std::vector<float> labels;
  for (Eigen::Index d = 0; d < x.rows(); ++d) {
    double score = noise * reco::normal(random);
    const double weights[features] = {1, -0.7, 0, 0.4, 0}, sizes[features] = {1, 1000, 1, 0.01, 3};
    for (Eigen::Index f = 0; f < features; ++f) {
      const double value = reco::normal(random);
      x(d, f) = static_cast<float>(sizes[f] * value + 7);
      score += weights[f] * value;
    }
    labels.push_back(static_cast<float>(std::clamp(std::floor(score + 1.5), 0.0, 3.0)));
  }
  const std::vector<std::int32_t> sizes(static_cast<std::size_t>(queries), size);
  return {reco::ranking_features(std::move(x)), std::move(labels), std::span<const std::int32_t>(sizes)};
}

double quality(const reco::linear_ranker& model, const reco::ranking_data& data) {
  return reco::mean_ndcg(data, model.predict_all(data.matrix_of_features()));
}

/// The largest difference between a gradient and the slope of its loss.
template <class Objective>
double off(const Objective& objective, std::vector<double> scores, const std::vector<float>& labels) {
  std::vector<double> gradient(scores.size()), ignored(scores.size());
  (void)objective.gradient(scores, labels, gradient);
  double worst = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    constexpr double h = 1e-6;
    const double at = scores[i];
    scores[i] = at + h;
    const double above = objective.gradient(scores, labels, ignored);
    scores[i] = at - h;
    const double below = objective.gradient(scores, labels, ignored);
    scores[i] = at;
    worst = std::max(worst, std::abs((above - below) / (2 * h) - gradient[i]));
  }
  return worst;
}

}  // namespace

TEST_CASE("gradients of ranknet, listnet and listmle are the slopes of their losses") {
  const std::vector<double> scores = {0.3, -1, 2, 0.3, 0};
  for (const auto& labels : {std::vector<float>{0, 1, 2, 1, 0}, {0, 0, 0, 0, 0}, {4, 3, 2, 1, 0.5F}}) {
    CHECK(off(reco::ranknet{.steepness = 1.7}, scores, labels) < 1e-8);
    CHECK(off(reco::listnet{}, scores, labels) < 1e-8);
    CHECK(off(reco::listmle{}, scores, labels) < 1e-8);
  }
}

TEST_CASE("losses of the ranking objectives by hand") {
  std::vector<double> g(2);
  // one pair, one point apart the wrong way: log(1 + e)
  CHECK_THAT(reco::ranknet{}.gradient(std::vector<double>{0, 1}, std::vector<float>{1, 0}, g),
             WithinAbs(std::log(1 + std::exp(1.0)), 1e-15));
  CHECK(g[0] == -g[1]);
  // scores that are the labels: nothing is lost
  CHECK_THAT(reco::listnet{}.gradient(std::vector<double>{2, 1}, std::vector<float>{2, 1}, g), WithinAbs(0, 1e-15));
  CHECK_THAT(g[0], WithinAbs(0, 1e-15));
  // drawn in this order with the chance 1/2 · 1
  CHECK_THAT(reco::listmle{}.gradient(std::vector<double>{3, 3}, std::vector<float>{1, 0}, g),
             WithinAbs(std::log(2.0) / 2, 1e-15));
  // no overflow far out
  CHECK(std::isfinite(reco::ranknet{}.gradient(std::vector<double>{-800, 800}, std::vector<float>{1, 0}, g)));
  CHECK(std::isfinite(reco::listmle{}.gradient(std::vector<double>{-300, 300}, std::vector<float>{1, 0}, g)));
}

TEST_CASE("every linear ranker finds what labels were made of, on queries it has not seen") {
  const auto train = planted(80, 0.2, 1), test = planted(60, 0.2, 2);
  CHECK(quality(reco::pointwise{}.fit(train), test) > 0.95);
  CHECK(quality(reco::pointwise{.loss = reco::pointwise_loss::logistic}.fit(train), test) > 0.93);
  CHECK(quality(reco::ranknet{}.fit(train), test) > 0.95);
  CHECK(quality(reco::listnet{}.fit(train), test) > 0.95);
  CHECK(quality(reco::listmle{}.fit(train), test) > 0.95);
  CHECK(quality(reco::coordinate_ascent{.starts = 1, .sweeps = 4}.fit(train), test) > 0.95);
  const auto weights = reco::ranknet{}.fit(train).importance();
  CHECK(std::max_element(weights.begin(), weights.end()) == weights.begin());
}

TEST_CASE("pointwise meets the normal equations, and the logistic one its own") {
  const auto train = planted(30, 0.5, 3);
  const auto scale = reco::feature_scale::of(train.matrix_of_features());
  const auto z = reco::standardised(train.matrix_of_features(), scale);
  for (const auto loss : {reco::pointwise_loss::squared, reco::pointwise_loss::logistic}) {
    const auto model = reco::pointwise{.loss = loss, .regularization = 0.01}.fit(train);
    CHECK(model.report().converged);
    const auto scores = model.predict_all(train.matrix_of_features());
    Eigen::VectorXd slope = 0.01 * static_cast<double>(train.documents()) *
                            Eigen::Map<const Eigen::VectorXd>(model.weights().data(), train.features());
    double bias = 0;
    for (Eigen::Index d = 0; d < z.rows(); ++d) {
      const auto label = static_cast<double>(train.labels()[static_cast<std::size_t>(d)]);
      const double s = scores[static_cast<std::size_t>(d)];
      const double error =
          loss == reco::pointwise_loss::squared ? s - label : 1 / (1 + std::exp(-s)) - (label >= 1 ? 1 : 0);
      slope += error * z.row(d).transpose();
      bias += error;
    }
    CHECK(slope.cwiseAbs().maxCoeff() < 1e-5);
    CHECK(std::abs(bias) < 1e-5);
  }
}

TEST_CASE("with a validation set the best epoch is kept and the fit ends early") {
  const auto train = planted(20, 1.5, 4), valid = planted(20, 1.5, 5);
  const auto model = reco::listnet{.epochs = 400, .early_stopping = 5}.fit(train, &valid);
  CHECK(model.report().converged);
  CHECK(model.report().epochs < 400);
  const auto last = reco::listnet{.epochs = model.report().epochs, .early_stopping = 0}.fit(train);
  CHECK(quality(model, valid) >= quality(last, valid));
}

TEST_CASE("coordinate ascent climbs the metric it is given") {
  const auto train = planted(30, 1, 6);
  // precision of the first place
  const auto first = [](const reco::ranking_data& data, std::span<const double> scores) {
    double right = 0;
    for (std::int32_t q = 0; q < data.queries(); ++q) {
      const auto begin = scores.begin() + data.begin_of(q);
      const auto best = std::max_element(begin, begin + data.size_of(q)) - scores.begin();
      right += data.labels()[static_cast<std::size_t>(best)] > 2 ? 1 : 0;
    }
    return right / data.queries();
  };
  const auto model = reco::coordinate_ascent{.starts = 2}.fit(train, first);
  const auto scores = model.predict_all(train.matrix_of_features());
  const auto simple = reco::pointwise{}.fit(train).predict_all(train.matrix_of_features());
  CHECK(first(train, scores) >= first(train, simple));
  CHECK_THROWS_AS(
      reco::coordinate_ascent{}.fit(train, [](auto&, auto) { return std::numeric_limits<double>::quiet_NaN(); }),
      reco::numeric_error);
}

TEST_CASE("a linear ranker passes over what is missing and refuses other features") {
  const reco::linear_ranker model({{1, 2}, {2, 1}}, {3, -1}, 0.5);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(model.predict(std::vector<float>{5, 2}) == 0.5 + 3 * 2);
  CHECK(model.predict(std::vector<float>{nan, 3}) == 0.5 - 1);
  CHECK(model.predict(std::vector<float>{nan, nan}) == 0.5);
  CHECK_THROWS_WITH(model.predict(std::vector<float>{1}), "linear_ranker: it was trained on 2 features, got 1");
  CHECK_THROWS_AS(reco::linear_ranker({{1}, {1}}, {1, 2}), reco::invalid_argument);
  CHECK_THROWS_AS(reco::linear_ranker({{1}, {1}}, {std::nan("")}), reco::numeric_error);
  const auto data = planted(90, 1, 7);
  const auto fitted = reco::pointwise{}.fit(data);
  reco::thread_pool pool(3);
  CHECK(fitted.predict_all(data.matrix_of_features(), pool) == fitted.predict_all(data.matrix_of_features()));
}

TEST_CASE("linear rankers take one document, equal labels, constant features and no data at all") {
  const reco::ranking_data one(reco::ranking_features(reco::matrix<float>{{1, 2}}), {1}, {1});
  const reco::ranking_data equal(reco::ranking_features(reco::matrix<float>{{1, 2}, {1, 3}, {1, 4}}), {1, 1, 1}, {3});
  const reco::ranking_data none;
  for (const auto* data : {&one, &equal, &none}) {
    CHECK(reco::pointwise{}.fit(*data).features() == data->features());
    CHECK(reco::pointwise{.loss = reco::pointwise_loss::logistic}.fit(*data).features() == data->features());
    CHECK(reco::ranknet{.epochs = 3}.fit(*data).features() == data->features());
    CHECK(reco::listnet{.epochs = 3}.fit(*data).features() == data->features());
    CHECK(reco::listmle{.epochs = 3}.fit(*data).features() == data->features());
    CHECK(reco::coordinate_ascent{.starts = 1}.fit(*data).features() == data->features());
  }
  CHECK_THROWS_WITH(reco::ranknet{.batch = 0}.fit(one), "ranknet: batch must be at least 1, got 0");
  CHECK_THROWS_WITH(reco::listmle{}.fit(one, &none),
                    "listmle: the validation set must have 2 features as the training set, got 0");
  CHECK_THROWS_WITH(reco::pointwise{.regularization = 0}.fit(one), "pointwise: regularization must be above 0, got 0");
}
