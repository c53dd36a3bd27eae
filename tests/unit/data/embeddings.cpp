// SPDX-License-Identifier: MIT
#include "reco/data/embeddings.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("an item's vector is its row of the matrix") {
  reco::matrix<float> m(3, 2);
  m << 1, 2, 3, 4, 5, 6;
  const reco::embeddings<float> e(m);
  CHECK(e.items() == 3);
  CHECK(e.dimension() == 2);
  CHECK(std::vector<float>(e.vector(1).begin(), e.vector(1).end()) == std::vector<float>{3, 4});
  CHECK(e.vector(1).data() == e.rows().data() + 2);
}

TEST_CASE("a matrix that is moved in is not copied") {
  reco::matrix<float> m = reco::matrix<float>::Ones(100, 8);
  const float* const data = m.data();
  CHECK(reco::embeddings<float>(std::move(m)).rows().data() == data);
}

TEST_CASE("embeddings may have no items and no dimensions") {
  CHECK(reco::embeddings<float>().items() == 0);
  CHECK(reco::embeddings<double>(reco::matrix<double>(0, 5)).dimension() == 5);
  CHECK(reco::embeddings<double>(reco::matrix<double>(5, 0)).vector(4).empty());
}

TEST_CASE("numbers that are not finite and items outside are named") {
  reco::matrix<double> m = reco::matrix<double>::Zero(4, 3);
  m(2, 1) = std::nan("");
  CHECK_THROWS_MATCHES(reco::embeddings<double>(m), reco::invalid_argument,
                       Message("embeddings: row 2, column 1 must be finite, got nan"));
  m(2, 1) = 0;
  m(3, 2) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_MATCHES(reco::embeddings<double>(m), reco::invalid_argument,
                       Message("embeddings: row 3, column 2 must be finite, got inf"));
  m(3, 2) = 0;
  const reco::embeddings<double> e(m);
  CHECK_THROWS_MATCHES(e.vector(4), std::out_of_range, Message("embeddings: item must be in 0..3, got 4"));
  CHECK_THROWS_MATCHES(e.vector(-1), std::out_of_range, Message("embeddings: item must be in 0..3, got -1"));
}
