// SPDX-License-Identifier: MIT
#include "reco/evaluation/any_metric.hpp"

#include <vector>

#include "reco/metrics/auc.hpp"
#include "reco/metrics/ndcg.hpp"
#include "reco/metrics/novelty.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("any metric has the label, the cutoff and the value of the metric it was made of") {
  const reco::judged_list judged{.grade = {0, 1, 1}, .ideal = {1, 1}};
  const std::vector<std::int32_t> items{0, 1};
  const reco::item_popularity popularity({8, 2}, 8);
  const reco::novelty surprise{.popularity = &popularity, .k = 2};

  const std::vector<reco::any_metric> all{reco::ndcg{.k = 3}, surprise, reco::auc{}};
  CHECK(all[0].label() == "ndcg@3");
  CHECK(all[0].k() == 3);
  CHECK(all[0](judged, {}) == reco::ndcg{.k = 3}(judged));
  CHECK(all[1].label() == "novelty@2");
  CHECK(all[1](judged, {.items = items}) == 1.0);  // (0 + 2) / 2
  CHECK(all[2].k() == reco::whole_list);
}
