// SPDX-License-Identifier: MIT
#include "reco/ltr/mean_ndcg.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

namespace {

reco::ranking_data labelled(std::vector<float> labels, std::initializer_list<std::int32_t> sizes) {
  const auto n = static_cast<Eigen::Index>(labels.size());
  return {reco::ranking_features(reco::matrix<float>(reco::matrix<float>::Zero(n, 1))), std::move(labels), sizes};
}

}  // namespace

TEST_CASE("NDCG of queries is what the definition says, and ties keep their order") {
  // The first query is ranked 2, 0, 1 by score; the second has nothing relevant; the third is one tie: 1, 3.
  const auto data = labelled({2, 0, 1, 0, 0, 1, 3}, {3, 2, 2});
  const std::vector<double> scores = {0.9, 0.5, 0.1, 3, 4, 1, 1};
  const double first = (3 + 1 / 2.0) / (3 + 1 / std::log2(3)), third = (1 + 7 / std::log2(3)) / (7 + 1 / std::log2(3));
  const auto by_query = reco::ndcg_by_query(data, scores);
  CHECK_THAT(by_query[0], WithinAbs(first, 1e-12));
  CHECK(by_query[1] == -1);
  CHECK_THAT(by_query[2], WithinAbs(third, 1e-12));
  CHECK_THAT(reco::mean_ndcg(data, scores), WithinAbs((first + third) / 2, 1e-12));
  CHECK_THAT(reco::mean_ndcg(data, scores, 1), WithinAbs((1 + 1 / 7.0) / 2, 1e-12));
  CHECK_THAT(reco::mean_ndcg(data, scores, 1, reco::label_gain::linear), WithinAbs((1 + 1 / 3.0) / 2, 1e-12));
  CHECK(reco::mean_ndcg(labelled({0, 0}, {2}), std::vector<double>{1, 2}) == 0);
  CHECK(reco::mean_ndcg(reco::ranking_data(), {}) == 0);
}

TEST_CASE("scores that are none are refused") {
  const auto data = labelled({2, 0}, {2});
  CHECK_THROWS_WITH(reco::mean_ndcg(data, std::vector<double>{1}), "mean_ndcg: expected 2 scores, got 1");
  CHECK_THROWS_WITH(reco::mean_ndcg(data, std::vector<double>{1, std::numeric_limits<double>::quiet_NaN()}),
                    "mean_ndcg: document 1 has a score of nan");
}
