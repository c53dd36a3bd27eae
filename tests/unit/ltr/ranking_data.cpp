// SPDX-License-Identifier: MIT
#include "reco/ltr/ranking_data.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"
#include "support/ranking.hpp"

using namespace reco_test;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

reco::ranking_features five_rows() {
  return reco::ranking_features(reco::matrix<float>{{0, 1}, {2, 3}, {4, 5}, {6, not_a_number}, {8, 9}});
}

/// Documents {5 at 1}, {}, {7 at 0, 0 at 2}.
reco::ranking_features sparse_rows(reco::absent_value absent = reco::absent_value::zero) {
  return {3, {0, 1, 1, 3}, {1, 0, 2}, {5, 7, 0}, absent};
}

std::vector<float> row_of(const reco::ranking_features& features, std::int32_t document) {
  std::vector<float> scratch(static_cast<std::size_t>(features.features()), -1.0F);
  const auto row = features.row(document, scratch);
  return {row.begin(), row.end()};
}

}  // namespace

TEST_CASE("queries are runs of documents, in order") {
  const reco::ranking_data data(five_rows(), {2, 0, 1, 0, 3.5F}, {3, 2}, {.weights = {1, 2, 1, 0, 1}});
  CHECK(data.documents() == 5);
  CHECK(data.queries() == 2);
  CHECK(data.features() == 2);
  CHECK(data.begin_of(1) == 3);
  CHECK(data.size_of(0) == 3);
  CHECK(data.size_of(1) == 2);
  CHECK(data.labels()[4] == 3.5F);
  CHECK(data.weights()[1] == 2);
  CHECK(data.positions().empty());
  CHECK(data.row(2, {})[1] == 5);
  CHECK(std::isnan(data.row(3, {})[1]));

  const reco::ranking_data none;
  CHECK(none.documents() == 0);
  CHECK(none.queries() == 0);
}

TEST_CASE("a sparse row is filled with what its absent entries stand for") {
  CHECK(row_of(sparse_rows(), 0) == std::vector<float>{0, 5, 0});
  CHECK(row_of(sparse_rows(), 1) == std::vector<float>{0, 0, 0});
  CHECK(row_of(sparse_rows(), 2) == std::vector<float>{7, 0, 0});
  const auto row = row_of(sparse_rows(reco::absent_value::missing), 2);
  CHECK(row[0] == 7);
  CHECK(std::isnan(row[1]));
  CHECK(row[2] == 0);
}

TEST_CASE("some queries make a set of their own, dense or sparse") {
  const reco::ranking_data data(five_rows(), {2, 0, 1, 0, 3}, {3, 1, 1}, {.positions = {0, 1, 2, 0, 0}});
  const std::int32_t pick[] = {2, 0};
  const auto some = data.select(pick);
  CHECK(some.queries() == 2);
  CHECK(some.documents() == 4);
  CHECK(some.size_of(0) == 1);
  CHECK(some.row(0, {})[0] == 8);
  CHECK(some.row(3, {})[1] == 5);
  CHECK(std::vector<float>(some.labels().begin(), some.labels().end()) == std::vector<float>{3, 2, 0, 1});
  CHECK(some.positions()[3] == 2);
  CHECK(some.weights().empty());

  const std::int32_t documents[] = {2, 2, 1};
  const auto sparse = sparse_rows(reco::absent_value::missing).select(documents);
  CHECK(sparse.documents() == 3);
  CHECK(row_of(sparse, 1)[0] == 7);
  CHECK(std::isnan(row_of(sparse, 2)[0]));
  const std::int32_t beyond[] = {3};
  CHECK_THROWS_AS(data.select(beyond), std::out_of_range);
}

TEST_CASE("features that are none are refused with document and feature") {
  CHECK_THROWS_WITH(reco::ranking_features(reco::matrix<float>{{0, 1}, {infinity, 1}}),
                    "ranking_features: document 1, feature 0: must be finite, or NaN where it is missing, got inf");
  CHECK_THROWS_WITH(reco::ranking_features(3, {0, 2}, {2, 1}, {1, 1}),
                    "ranking_features: document 0, feature 1: features must ascend without repeats, it comes after 2");
  CHECK_THROWS_WITH(reco::ranking_features(3, {0, 1, 3}, {0, 1, 1}, {1, 1, 1}),
                    "ranking_features: document 1, feature 1: features must ascend without repeats, it comes after 1");
  CHECK_THROWS_WITH(reco::ranking_features(3, {0, 1}, {3}, {1}),
                    "ranking_features: document 0, feature 3: there are 3 features");
  CHECK_THROWS_WITH(reco::ranking_features(3, {0, 1}, {0}, {-infinity}),
                    "ranking_features: document 0, feature 0: must be finite, or NaN where it is missing, got -inf");
  CHECK_THROWS_WITH(reco::ranking_features(3, {0, 2, 1}, {0}, {1}),
                    "ranking_features: document 0: offsets must not fall");
  CHECK_THROWS_AS(reco::ranking_features(3, {0, 2}, {0}, {1}), reco::invalid_argument);
  CHECK_THROWS_AS(reco::ranking_features(3, {}, {}, {}), reco::invalid_argument);
}

TEST_CASE("group sizes that do not add up say by how much and where") {
  const std::vector<float> labels = {2, 0, 1, 0, 3};
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), labels, {2, 2}),
                    "ranking_data: the sizes of 2 groups add up to 4, but there are 5 documents: the last 1 belong to "
                    "no query");
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), labels, {3, 2, 4, 1}),
                    "ranking_data: group 2 of 4 documents begins at document 5 and passes the last by 4; there are 5");
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), labels, {3, 0, 2}),
                    "ranking_data: group 1: a query must have at least 1 document, got 0");
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), labels, {3, 2147483647}),
                    "ranking_data: group 1 of 2147483647 documents begins at document 3 and passes the last by "
                    "2147483645; there are 5");
}

TEST_CASE("labels, weights and positions are one for each document and not below 0") {
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), {1, 2}, {5}),
                    "ranking_data: expected 5 labels, one for each document, got 2");
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), {1, 2, not_a_number, 0, 0}, {5}),
                    "ranking_data: document 2: the label must be a number not below 0, got nan");
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), {1, 2, 0, -1, 0}, {5}),
                    "ranking_data: document 3: the label must be a number not below 0, got -1");
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), {1, 2, infinity, 0, 0}, {5}),
                    "ranking_data: document 2: the label must be a number not below 0, got inf");
  const std::vector<float> labels = {2, 0, 1, 0, 3};
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), labels, {5}, {.weights = {1}}),
                    "ranking_data: expected 5 weights, one for each document, got 1");
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), labels, {5}, {.weights = {1, 1, 1, 1, -1}}),
                    "ranking_data: document 4: the weight must be a number not below 0, got -1");
  CHECK_THROWS_WITH(reco::ranking_data(five_rows(), labels, {5}, {.positions = {0, 1, -2, 0, 0}}),
                    "ranking_data: document 2: the position must be a number not below 0, got -2");
}
