// SPDX-License-Identifier: MIT
// The estimators of popularity/ keep the promises of check_estimator. None is excused from any.
#include <chrono>

#include "conformance/data_sets.hpp"
#include "reco/popularity/bayesian_average.hpp"
#include "reco/popularity/burst.hpp"
#include "reco/popularity/hot_rank.hpp"
#include "reco/popularity/most_popular.hpp"
#include "reco/popularity/trending.hpp"
#include "reco/popularity/wilson.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

TEST_CASE("most_popular keeps its promises", "[concurrent]") {
  using enum reco::popularity_measure;
  const auto by = GENERATE(events, users, sum, mean);
  keeps_its_promises(reco::most_popular{.by = by});
  keeps_its_promises(reco::most_popular{.by = by, .min_count = 3});
  keeps_its_promises(reco::most_popular{.by = by, .window = 24h * 7});
}

TEST_CASE("trending keeps its promises", "[concurrent]") {
  using enum reco::popularity_measure;
  const auto by = GENERATE(events, users, sum);
  keeps_its_promises(reco::trending{.by = by});
  keeps_its_promises(reco::trending{.half_life = reco::never, .by = by});
}

TEST_CASE("bayesian_average keeps its promises", "[concurrent]") {
  using enum reco::average_prior;
  const auto prior = GENERATE(events, items, fixed);
  keeps_its_promises(reco::bayesian_average{.prior = prior, .prior_mean = -1});
  keeps_its_promises(reco::bayesian_average{.prior_weight = 0, .prior = prior});
}

TEST_CASE("wilson keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::wilson{});
  keeps_its_promises(reco::wilson{.z = 1, .positive_from = 0.5});
}

TEST_CASE("the front-page ranks keep their promises", "[concurrent]") {
  keeps_its_promises(reco::hacker_news_rank{});
  keeps_its_promises(reco::reddit_hot{});
}

TEST_CASE("burst keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::burst{.exposure = GENERATE(reco::burst_exposure::traffic, reco::burst_exposure::time)});
}
