// SPDX-License-Identifier: MIT
#include "reco/ltr/lambda_mart.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_ranking.hpp"
#include "support/ranking.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using reco::lambda_mart;
using reco::ranking_objective;

namespace {

const reco::ranking_data& train() {
  static const auto data = random_ranking({.queries = 150, .most_documents = 30, .features = 8, .missing = 0.05});
  return data;
}
const reco::ranking_data& test() {
  static const auto data =
      random_ranking({.queries = 100, .most_documents = 30, .features = 8, .missing = 0.05, .seed = 77});
  return data;
}

}  // namespace

TEST_CASE("each objective learns an order that holds for other queries") {
  const auto objective = GENERATE(ranking_objective::lambdarank, ranking_objective::rank_xendcg,
                                  ranking_objective::pairwise, ranking_objective::squared_error);
  const auto target = GENERATE(reco::lambda_target::ndcg, reco::lambda_target::map, reco::lambda_target::mrr);
  const double level = reco::mean_ndcg(test(), std::vector<double>(static_cast<std::size_t>(test().documents())));
  const auto trees = lambda_mart{.objective = objective, .trees = 25, .leaves = 8, .target = target}.fit(train());
  CHECK(level < 0.65);
  CHECK(ndcg(trees, test()) > 0.86);
  CHECK(trees.trees() == 25);
  CHECK(trees.report().epochs == 25);
  const auto importance = trees.importance();  // of features 0, 1, 2 the labels know
  for (std::size_t f = 3; f < 8; ++f) CHECK(importance[f] < importance[0] / 4);
}

TEST_CASE("logistic trees foretell the chance of a click") {
  reco::random_engine random(4);
  reco::matrix<float> x(4000, 2);
  std::vector<float> clicks;
  for (Eigen::Index i = 0; i < 4000; ++i) {
    x(i, 0) = static_cast<float>(reco::uniform_index(random, 4));
    x(i, 1) = static_cast<float>(reco::uniform_index(random, 2));
    clicks.push_back(
        reco::bernoulli(random, 0.1 + 0.2 * static_cast<double>(x(i, 0)) * static_cast<double>(x(i, 1))) ? 1.0F : 0.0F);
  }
  const reco::ranking_data data(reco::ranking_features(x), clicks, {4000});
  const auto trees = lambda_mart{.objective = ranking_objective::logistic, .trees = 60, .leaves = 8}.fit(data);
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 2; ++b) {
      const float row[] = {static_cast<float>(a), static_cast<float>(b)};
      const double p = 1 / (1 + std::exp(-trees.predict(row))), truth = 0.1 + 0.2 * a * b;
      CHECK_THAT(p, WithinAbs(truth, mean_error(0.5, 500)));
    }
}

TEST_CASE("a fit has the same bits on any number of threads, whatever is drawn", "[concurrent]") {
  const lambda_mart estimators[] = {{.trees = 6},
                                    {.objective = ranking_objective::rank_xendcg, .trees = 6},
                                    {.trees = 6, .row_share = 0.5, .feature_share = 0.4, .seed = 3},
                                    {.trees = 16, .learning_rate = 0.3, .top_share = 0.2, .other_share = 0.2}};
  for (const auto& e : estimators) {
    const auto expected = e.fit(train());
    CHECK(expected.trees() == e.trees);
    for (const unsigned threads : {1U, 2U, 5U}) {
      reco::thread_pool pool(threads);
      CHECK(same(e.fit(train(), reco::training{.executor = pool}), expected));
    }
  }
}

TEST_CASE("what is drawn depends on the seed, and still learns") {
  for (auto e : {lambda_mart{.trees = 25, .leaves = 8, .row_share = 0.5},
                 lambda_mart{.trees = 25, .leaves = 8, .feature_share = 0.5},
                 lambda_mart{.trees = 25, .leaves = 8, .top_share = 0.3, .other_share = 0.2}}) {
    const auto one = e.fit(train());
    CHECK(ndcg(one, test()) > 0.84);
    e.seed = 1;
    CHECK_FALSE(same(e.fit(train()), one));
    CHECK(same(e.fit(train()), e.fit(train())));
  }
  CHECK(same(lambda_mart{.trees = 3}.fit(train()), lambda_mart{.trees = 3, .seed = 1}.fit(train())));
}

TEST_CASE("GOSS keeps the large gradients, and those drawn from the others stand for all of them") {
  reco::random_engine random(8);
  std::vector<float> g, h;
  for (int i = 0; i < 20000; ++i) {
    g.push_back(static_cast<float>(reco::normal(random)));
    h.push_back(1.0F);
  }
  auto kept_g = g, kept_h = h;
  const lambda_mart e{.learning_rate = 0.5, .top_share = 0.2, .other_share = 0.1};
  CHECK(reco::detail::draw_rows(e, 1, kept_g, kept_h).empty());  // all rows at first
  CHECK(kept_g == g);
  const auto rows = reco::detail::draw_rows(e, 2, kept_g, kept_h);
  CHECK_THAT(static_cast<double>(rows.size()), WithinAbs(0.3 * 20000, 5 * std::sqrt(20000 * 0.1)));
  double sum = 0, weight = 0, others = 0;
  for (const auto r : rows) {
    if (std::abs(g[r]) > 1.4F) CHECK(kept_g[r] == g[r]);
    weight += double{kept_h[r]};
    if (std::abs(g[r]) < 1.2F) sum += double{kept_g[r]};
  }
  for (const float v : g) others += std::abs(v) < 1.2F ? double{v} : 0;
  CHECK_THAT(weight, WithinAbs(20000, 5 * 8 * std::sqrt(20000 * 0.1)));  // each of some 2,000 counts 8
  CHECK_THAT(sum, WithinAbs(others, 5 * 8 * std::sqrt(20000 * 0.1)));
}

TEST_CASE("monotone features are monotone everywhere") {
  reco::lambda_mart_extras extras;
  extras.monotone = {1, -1, 0, 1, 0, 0, 0, 0};
  const auto trees = lambda_mart{.trees = 30, .leaves = 31, .min_leaf_rows = 5}.fit(train(), extras);
  reco::random_engine random(5);
  const auto free = lambda_mart{.trees = 30, .leaves = 31, .min_leaf_rows = 5}.fit(train());
  bool free_breaks = false;
  for (int n = 0; n < 200; ++n) {
    std::vector<float> row;
    for (int f = 0; f < 8; ++f) row.push_back(static_cast<float>(reco::normal(random)));
    for (std::size_t f = 0; f < 8; ++f) {
      if (extras.monotone[f] == 0) continue;
      auto moved = row;
      double before = -extras.monotone[f] * std::numeric_limits<double>::infinity(), free_before = before;
      for (float v = -3; v <= 3; v += 0.25F) {
        moved[f] = v;
        const double s = trees.predict(moved), free_s = free.predict(moved);
        REQUIRE(extras.monotone[f] * (s - before) >= -1e-12);
        free_breaks |= extras.monotone[f] * (free_s - free_before) < -1e-6;
        before = s;
        free_before = free_s;
      }
    }
  }
  CHECK(free_breaks);
}

TEST_CASE("a categorical feature parts categories that no threshold parts") {
  reco::random_engine random(6);
  reco::matrix<float> x(2000, 2);
  std::vector<float> labels;
  const bool good[] = {true, false, true, false, false, true, false, true};
  for (Eigen::Index i = 0; i < 2000; ++i) {
    const auto c = static_cast<std::size_t>(reco::uniform_index(random, 8));
    x(i, 0) = static_cast<float>(40 * c);
    x(i, 1) = static_cast<float>(reco::normal(random));
    labels.push_back(good[c] ? 1.0F : 0.0F);
  }
  const reco::ranking_data data(reco::ranking_features(x), labels, {2000});
  const lambda_mart stump{.objective = ranking_objective::squared_error, .trees = 1, .learning_rate = 1, .leaves = 2};
  reco::lambda_mart_extras extras;
  extras.categorical = {0};
  const auto trees = stump.fit(data, extras);
  for (std::size_t c = 0; c < 8; ++c) {
    const float row[] = {static_cast<float>(40 * c), 0};
    CHECK_THAT(trees.predict(row), WithinAbs(good[c] ? 1 : 0, 1e-4));
  }
  const float unknown[] = {7, 0}, missing[] = {std::numeric_limits<float>::quiet_NaN(), 0};
  CHECK(trees.predict(unknown) == trees.predict(missing));
  const float first[] = {0, 0}, second[] = {40, 0};
  const auto numerical = stump.fit(data);
  CHECK(std::abs(numerical.predict(first) - numerical.predict(second)) < 0.8);
}

TEST_CASE("missing values go where they do good") {
  // The label says whether the feature is missing.
  reco::random_engine random(7);
  reco::matrix<float> x(1000, 1);
  std::vector<float> labels;
  for (Eigen::Index i = 0; i < 1000; ++i) {
    const bool missing = reco::bernoulli(random, 0.3);
    x(i, 0) = missing ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(reco::normal(random));
    labels.push_back(missing || x(i, 0) < -1 ? 1.0F : 0.0F);
  }
  const reco::ranking_data data(reco::ranking_features(x), labels, {1000});
  const auto trees =
      lambda_mart{.objective = ranking_objective::squared_error, .trees = 1, .learning_rate = 1, .leaves = 2}.fit(data);
  const float missing[] = {std::numeric_limits<float>::quiet_NaN()}, low[] = {-2}, high[] = {0};
  CHECK_THAT(trees.predict(missing), WithinAbs(1, 0.02));
  CHECK_THAT(trees.predict(low), WithinAbs(1, 0.02));
  CHECK_THAT(trees.predict(high), WithinAbs(0, 0.02));
}

TEST_CASE("early stopping keeps the trees up to the best on the validation set") {
  const auto small = random_ranking({.queries = 30, .most_documents = 15, .features = 8});
  reco::lambda_mart_extras extras;
  extras.validation = &test();
  std::vector<double> seen;
  const auto trees = lambda_mart{.trees = 400, .learning_rate = 0.3, .early_stopping = 10}.fit(
      small, extras, {.observer = [&](const reco::progress& p) { seen.push_back(p.loss); }});
  const auto& report = trees.report();
  CHECK(report.converged);
  CHECK(report.epochs < 400);
  CHECK(seen == report.loss);
  const auto best = std::min_element(report.loss.begin(), report.loss.end()) - report.loss.begin();
  CHECK(trees.trees() == best + 1);
  CHECK(report.epochs == trees.trees() + 10);
  CHECK_THAT(1 - ndcg(trees, test()), WithinAbs(report.loss[static_cast<std::size_t>(best)], 1e-9));
}

TEST_CASE("a stop ends the fit after the tree under way") {
  std::stop_source source;
  const auto trees = lambda_mart{.trees = 50}.fit(train(), reco::training{.observer =
                                                                              [&](const reco::progress& p) {
                                                                                if (p.epoch == 3) source.request_stop();
                                                                              },
                                                                          .stop = source.get_token()});
  CHECK(trees.trees() == 3);
  CHECK(trees.report().stopped);
  CHECK(same(trees, lambda_mart{.trees = 3}.fit(train())));
}

TEST_CASE("data that teach nothing give a model that says so") {
  const reco::matrix<float> x = reco::matrix<float>::Random(50, 3), constant = reco::matrix<float>::Ones(50, 3);
  const std::vector<float> level(50, 2.0F);
  std::vector<float> mixed(level);
  mixed[7] = 0;
  const std::vector<std::int32_t> alone(50, 1);
  const lambda_mart e{.trees = 5, .min_leaf_rows = 1};
  const auto equal = e.fit({reco::ranking_features(x), level, {30, 20}});
  CHECK(equal.trees() == 0);
  CHECK(equal.report().converged);
  CHECK(equal.predict(reco::row_of(x, 0)) == 0);
  CHECK(e.fit({reco::ranking_features(x), mixed, alone}).trees() == 0);
  CHECK(e.fit({reco::ranking_features(constant), mixed, {50}}).trees() == 0);
  CHECK(e.fit({reco::ranking_features(x), mixed, {50}}).trees() == 5);
  const auto mean =
      lambda_mart{.objective = ranking_objective::squared_error}.fit({reco::ranking_features(constant), mixed, {50}});
  CHECK_THAT(mean.predict(reco::row_of(constant, 0)), WithinAbs(2 * 49 / 50.0, 1e-6));
}

TEST_CASE("eight threads that predict at once agree with one", "[concurrent]") {
  const auto trees = lambda_mart{.trees = 20}.fit(train());
  const auto& rows = test().matrix_of_features();
  const auto expected = trees.predict_all(rows);
  std::vector<int> wrong(8);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (std::int32_t d = 0; d < rows.documents(); ++d)
        wrong[t] += trees.predict(rows.row(d, {})) != expected[static_cast<std::size_t>(d)];
    });
  for (auto& t : threads) t.join();
  CHECK(wrong == std::vector<int>(8, 0));
}

TEST_CASE("bad options and extras are named") {
  const auto fails = [](const lambda_mart& e, const reco::lambda_mart_extras& extras = {}) {
    try {
      static_cast<void>(e.fit(train(), extras));
    } catch (const reco::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(fails({.trees = 0}) == "lambda_mart: trees must be at least 1, got 0");
  CHECK(fails({.learning_rate = 0}) == "lambda_mart: learning_rate must be above 0, got 0");
  CHECK(fails({.leaves = 1}) == "lambda_mart: leaves must be at least 2, got 1");
  CHECK(fails({.bins = 256}) == "lambda_mart: bins must be at most 255, got 256");
  CHECK(fails({.row_share = 0}) == "lambda_mart: row_share must be above 0, got 0");
  CHECK(fails({.feature_share = 1.5}) == "lambda_mart: feature_share must be at most 1, got 1.5");
  CHECK(fails({.row_share = 0.5, .top_share = 0.2}) == "lambda_mart: top_share and row_share exclude each other");
  CHECK(fails({.top_share = 0.5, .other_share = 0.6}) ==
        "lambda_mart: top_share and other_share must not add up to more than 1, got 1.1");
  CHECK(fails({.early_stopping = 5}) == "lambda_mart: early_stopping needs a validation set");
  CHECK(fails({}, {.monotone = {1}}) == "lambda_mart: monotone must say -1, 0 or 1 for each of 8 features, got 1");
  CHECK(fails({}, {.monotone = {0, 2, 0, 0, 0, 0, 0, 0}}) ==
        "lambda_mart: monotone must say -1, 0 or 1, got 2 for feature 1");
  CHECK(fails({}, {.categorical = {1}, .monotone = {0, 1, 0, 0, 0, 0, 0, 0}}) ==
        "lambda_mart: feature 1 is categorical and cannot be monotone");
  const auto narrow = random_ranking({.queries = 3, .features = 7});
  CHECK(fails({}, {.validation = &narrow}) ==
        "lambda_mart: the validation set must have 8 features, as the data, got 7");
  CHECK_THROWS_WITH(lambda_mart{}.fit(reco::ranking_data()), "lambda_mart: there are no documents to learn from");
  CHECK(reco::describe(reco::parse_options<lambda_mart>("trees=500,objective=rank_xendcg,seed=3")) ==
        "lambda_mart:objective=rank_xendcg,trees=500,seed=3");
}
