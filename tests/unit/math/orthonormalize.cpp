// SPDX-License-Identifier: MIT
#include "reco/math/orthonormalize.hpp"

#include <cmath>

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_matrix.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

/// Largest part of a column of X outside the span of the orthonormal Q, as a share of the column.
template <class T>
double part_outside(const reco::matrix<T>& x, const reco::matrix<T>& q) {
  const reco::matrix<double> wide = x.template cast<double>(), basis = q.template cast<double>();
  const reco::matrix<double> rest = wide - basis * (basis.transpose() * wide);
  double most = 0;
  for (Eigen::Index c = 0; c < x.cols(); ++c)
    if (wide.col(c).norm() > 0) most = std::max(most, rest.col(c).norm() / wide.col(c).norm());
  return most;
}

}  // namespace

TEMPLATE_TEST_CASE("a tall matrix becomes an orthonormal basis of its columns in their order", "[math]", float,
                   double) {
  const auto rows = GENERATE(9, 64, 1000);
  const auto width = GENERATE(0, 1, 7, 8, 9);
  CAPTURE(rows, width);
  const auto x = random_matrix<TestType>(rows, width, 1, 8);
  auto q = x;
  reco::orthonormalize(q);
  REQUIRE(q.cols() == width);
  const double bound = 10 * width * rounding<TestType>(1) + 1e-15;
  CHECK(departure_from_orthonormal(q) < bound);
  for (Eigen::Index j = 1; j <= width; ++j) CHECK(part_outside<TestType>(x.leftCols(j), q.leftCols(j)) < 100 * bound);
}

TEMPLATE_TEST_CASE("columns may differ in length and be nearly parallel", "[math]", float, double) {
  // Lengths over twelve decades, and each column the first one plus a hundredth of something else.
  auto x = random_matrix<TestType>(300, 12, 1, 9);
  for (Eigen::Index c = 1; c < 12; ++c) x.col(c) = x.col(0) + TestType(0.01) * x.col(c);
  for (Eigen::Index c = 0; c < 12; ++c) x.col(c) *= static_cast<TestType>(std::pow(10.0, c - 6));
  auto q = x;
  reco::orthonormalize(q);
  REQUIRE(q.cols() == 12);
  CHECK(departure_from_orthonormal(q) < 200 * rounding<TestType>(1));
  CHECK(part_outside(x, q) < 200 * rounding<TestType>(1));
}

TEMPLATE_TEST_CASE("dependent columns leave as many as the rank", "[math]", float, double) {
  const auto rank = GENERATE(0, 1, 3, 7);
  CAPTURE(rank);
  const reco::matrix<TestType> x = random_matrix<TestType>(200, rank, 1, 10) * random_matrix<TestType>(rank, 10, 1, 11);
  auto q = x;
  reco::orthonormalize(q);
  CHECK(q.rows() == 200);
  CHECK(q.cols() == rank);
  CHECK(departure_from_orthonormal(q) < 200 * rounding<TestType>(1));
  CHECK(part_outside(x, q) < 1e-5);
}

TEST_CASE("a column of zeros and a repeated column are left out") {
  auto x = random_matrix<double>(50, 4, 1, 12);
  x.col(1).setZero();
  x.col(3) = -2 * x.col(0);
  auto q = x;
  reco::orthonormalize(q);
  CHECK(q.cols() == 2);
  CHECK(departure_from_orthonormal(q) < 1e-14);
  CHECK(part_outside(x, q) < 1e-7);
}

TEST_CASE("an orthonormal basis has the same bits on any number of threads") {
  const auto x = random_matrix<float>(3000, 24, 1, 13);
  auto serial = x;
  reco::orthonormalize(serial);
  const unsigned threads = GENERATE(1U, 2U, 5U);
  reco::thread_pool pool(threads);
  auto q = x;
  reco::orthonormalize(q, pool);
  CHECK(q == serial);
}

TEST_CASE("a tall product agrees with the product written out") {
  const auto rows = GENERATE(0, 1, 511, 513);
  const auto x = random_matrix<double>(rows, 5, 1, 14);
  const auto k = random_matrix<double>(5, 3, 1, 15);
  const auto y = reco::tall_product(x, k);
  REQUIRE(y.rows() == rows);
  REQUIRE(y.cols() == 3);
  CHECK((rows == 0 || (y - x * k).cwiseAbs().maxCoeff() < 1e-13));
}
