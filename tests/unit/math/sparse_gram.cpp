// SPDX-License-Identifier: MIT
#include "reco/math/sparse_gram.hpp"

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_matrix.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

TEMPLATE_TEST_CASE("a sparse Gram matrix agrees with the dense product, and is 0 below its diagonal", "[math]", float,
                   double) {
  const auto rows = GENERATE(0, 1, 7, 8, 9, 300);
  const auto width = GENERATE(0, 1, 7, 8, 9, 65);
  const auto density = GENERATE(0.0, 0.1, 1.0);
  CAPTURE(rows, width, density);
  const auto x = random_matrix<TestType>(rows, width, density, 5);
  const auto g = reco::sparse_gram(compressed(x));
  REQUIRE(g.rows() == width);
  REQUIRE(g.cols() == width);
  const reco::matrix<double> wide = x.template cast<double>(), size = wide.cwiseAbs().transpose() * wide.cwiseAbs();
  const reco::matrix<double> exact = wide.transpose() * wide;
  for (Eigen::Index i = 0; i < width; ++i)
    for (Eigen::Index j = 0; j < width; ++j) {
      if (j < i) REQUIRE(g(i, j) == 0);
      else REQUIRE(std::abs(g(i, j) - exact(i, j)) <= sum_error<TestType>(rows + 1, size(i, j)));
    }
}

TEMPLATE_TEST_CASE("where all values are 1 a sparse Gram matrix counts, exactly", "[math]", float, double) {
  reco::matrix<TestType> x = random_matrix<TestType>(500, 40, 0.3, 8);
  x = (x.array() != 0).template cast<TestType>();
  const reco::matrix<TestType> exact = x.transpose() * x;  // small integers: no rounding
  const auto g = reco::sparse_gram(compressed(x));
  for (Eigen::Index i = 0; i < 40; ++i)
    for (Eigen::Index j = i; j < 40; ++j) REQUIRE(g(i, j) == exact(i, j));
  x(3, 3) = 2;  // one value that is no 1: all are read
  const reco::matrix<TestType> doubled = x.transpose() * x;
  CHECK(reco::sparse_gram(compressed(x))(3, 3) == doubled(3, 3));
}

TEST_CASE("a sparse Gram matrix has the same bits on any number of threads", "[math][concurrent]") {
  const auto x = compressed(random_matrix<float>(400, 77, 0.2, 9));
  reco::thread_pool pool(GENERATE(1U, 2U, 5U));
  CHECK(reco::sparse_gram(x, pool) == reco::sparse_gram(x));
}
