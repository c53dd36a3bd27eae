// SPDX-License-Identifier: MIT
#include "reco/math/matrix.hpp"

#include <span>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

static_assert(reco::matrix<float>::IsRowMajor);
static_assert(reco::matrix<double>::IsRowMajor);
static_assert(reco::column<float>::ColsAtCompileTime == 1);

TEST_CASE("a row of a matrix is one piece of memory") {
  reco::matrix<float> m(3, 4);
  m << 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
  const auto row = reco::row_of(m, 1);
  CHECK(row.data() == m.data() + 4);
  CHECK(std::vector<float>(row.begin(), row.end()) == std::vector<float>{4, 5, 6, 7});
  CHECK(reco::row_of(reco::matrix<float>(2, 0), 1).empty());
}

TEST_CASE("a map looks into memory that belongs to someone else") {
  std::vector<double> numbers = {1, 2, 3, 4, 5, 6};
  const reco::const_matrix_map<double> seen(numbers.data(), 2, 3);
  CHECK(seen(1, 0) == 4);
  reco::matrix_map<double>(numbers.data(), 3, 2)(2, 1) = 60;
  CHECK(seen(1, 2) == 60);
}

TEST_CASE("a span serves as a column without a copy") {
  const std::vector<double> numbers = {3, 4};
  const auto v = reco::as_column(std::span<const double>(numbers));
  CHECK(v.data() == numbers.data());
  CHECK(v.norm() == 5);
  CHECK(reco::as_column(std::span<const double>()).size() == 0);
}
