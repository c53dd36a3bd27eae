// SPDX-License-Identifier: MIT
// lambda_mart::fit_unbiased
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/ltr/lambda_mart.hpp"
#include "support/catch.hpp"
#include "support/random_ranking.hpp"
#include "support/ranking.hpp"

using namespace reco_test;
using reco::lambda_mart;
using reco::ranking_objective;

namespace {}  // namespace

TEST_CASE("from clicks on shown lists, the bias of positions is found and what is relevant is learned",
          "[concurrent]") {
  // Ten documents a query, shown by a ranking that is mostly wrong. Users look at position p with a chance of
  // 1 / (p + 1) and click on what is relevant, 4 in 5 times, and on other things 1 in 10 times.
  constexpr std::int32_t queries = 1500, shown = 10;
  const auto make = [&](std::uint64_t seed, bool clicks) {
    reco::random_engine random(seed);
    reco::matrix<float> x(queries * shown, 4);
    std::vector<float> labels;
    reco::document_notes notes;
    const std::vector<std::int32_t> sizes(queries, shown);
    for (std::int32_t q = 0; q < queries; ++q) {
      std::vector<std::pair<double, std::int32_t>> order;
      for (std::int32_t d = 0; d < shown; ++d) {
        for (Eigen::Index f = 0; f < 4; ++f) x(q * shown + d, f) = static_cast<float>(reco::normal(random));
        order.emplace_back(double{x(q * shown + d, 1)} + 0.5 * reco::normal(random), d);  // shown by feature 1
      }
      std::sort(order.begin(), order.end());
      std::vector<std::int32_t> position(shown);
      for (std::int32_t p = 0; p < shown; ++p)
        position[static_cast<std::size_t>(order[static_cast<std::size_t>(p)].second)] = p;
      for (std::int32_t d = 0; d < shown; ++d) {
        const auto p = position[static_cast<std::size_t>(d)];
        const bool relevant = double{x(q * shown + d, 0)} + 0.3 * reco::normal(random) > 0.8;
        const bool looked = reco::bernoulli(random, 1.0 / (p + 1)),
                   would = reco::bernoulli(random, relevant ? 0.8 : 0.1);
        labels.push_back(clicks ? static_cast<float>(looked && would) : static_cast<float>(relevant));
        notes.positions.push_back(p);
      }
    }
    return reco::ranking_data(reco::ranking_features(std::move(x)), std::move(labels), sizes, std::move(notes));
  };
  const auto clicks = make(1, true), truth = make(2, false);
  const lambda_mart e{.trees = 40, .leaves = 8};
  const auto found = e.fit_unbiased(clicks);
  REQUIRE(found.bias.clicked.size() == shown);
  CHECK(found.bias.clicked[0] == 1);
  for (std::size_t p = 1; p < shown; ++p) {
    CAPTURE(p, found.bias.clicked[p]);
    CHECK(std::abs(found.bias.clicked[p] - 1.0 / static_cast<double>(p + 1)) < 0.15);
  }
  const double naive = ndcg(e.fit(clicks), truth), unbiased = ndcg(found.model, truth);
  CAPTURE(naive, unbiased);
  CHECK(unbiased > naive + 0.005);

  // Fully drawn to 1, nothing is taken out; and threads change nothing.
  const auto none = e.fit_unbiased(clicks, 1e18);
  CHECK(none.bias.clicked == std::vector<double>(shown, 1));
  CHECK(same(none.model, e.fit(clicks)));
  reco::thread_pool pool(3);
  const auto threaded = e.fit_unbiased(clicks, 0, {}, {.executor = pool});
  CHECK(threaded.bias == found.bias);
  CHECK(same(threaded.model, found.model));
}

TEST_CASE("what no bias can be estimated from is named") {
  const auto train = random_ranking({.queries = 10, .features = 3});
  const auto fails = [&](const lambda_mart& e, double regularization, const reco::lambda_mart_extras& extras = {}) {
    try {
      static_cast<void>(e.fit_unbiased(train, regularization, extras));
    } catch (const reco::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(fails({}, 0) == "lambda_mart: fit_unbiased needs positions in the data");
  CHECK(fails({}, -1) == "lambda_mart: fit_unbiased needs a regularization of at least 0, got -1");
  CHECK(fails({.objective = ranking_objective::logistic}, 0) ==
        "lambda_mart: fit_unbiased needs an objective of pairs, lambdarank or pairwise");
  CHECK(fails({}, 0, {.propensities = {1}}) == "lambda_mart: fit_unbiased estimates propensities: none may be given");
}
