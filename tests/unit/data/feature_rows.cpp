// SPDX-License-Identifier: MIT
#include "reco/data/feature_rows.hpp"

#include <cstdint>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("an item's features are its row of the matrix") {
  const reco::feature_rows<float> rows(reco::csr_matrix<float>(4, {0, 2, 2, 3}, {1, 3, 0}, {0.5F, 2, 1}));
  CHECK(rows.items() == 3);
  CHECK(rows.features() == 4);
  CHECK(rows.features_of(0).size() == 2);
  CHECK(rows.features_of(0).columns[1] == 3);
  CHECK(rows.features_of(0).values[1] == 2);
  CHECK(rows.features_of(1).empty());
  CHECK(rows.by_item().nonzeros() == 3);
}

TEST_CASE("features of an item that is not there are out of range") {
  const reco::feature_rows<float> rows(reco::csr_matrix<float>(4, {0, 0}, {}, {}));
  CHECK_THROWS_MATCHES(rows.features_of(1), std::out_of_range, Message("feature_rows: item must be in 0..0, got 1"));
  CHECK_THROWS_MATCHES(reco::feature_rows<float>().features_of(0), std::out_of_range,
                       Message("feature_rows: item: there are none, got 0"));
}
