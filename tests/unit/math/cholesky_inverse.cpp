// SPDX-License-Identifier: MIT
#include "reco/math/cholesky_inverse.hpp"

#include <limits>

#include <Eigen/LU>

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_matrix.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

/// X'X + c I of rank `rank` + the identity's part.
template <class T>
reco::matrix<T> positive_definite(Eigen::Index n, Eigen::Index rank, double c) {
  const auto x = random_matrix<double>(rank, n, 1, 17);
  reco::matrix<double> a = x.transpose() * x;
  a.diagonal().array() += c;
  return a.cast<T>();
}

template <class T>
reco::matrix<T> mirrored(const reco::matrix<T>& upper) {
  reco::matrix<T> all = upper;
  all.template triangularView<Eigen::StrictlyLower>() = upper.transpose();
  return all;
}

}  // namespace

TEMPLATE_TEST_CASE("the inverse of a positive definite matrix agrees with a dense LU, around the sizes of blocks",
                   "[math]", float, double) {
  // Blocks are 128 wide.
  const auto n = GENERATE(0, 1, 2, 7, 8, 9, 127, 128, 129, 255, 256, 257, 300);
  CAPTURE(n);
  const auto a = positive_definite<TestType>(n, 20, 3);
  auto inverse = a;
  REQUIRE(reco::cholesky_inverse(inverse) == -1);
  const reco::matrix<double> exact = mirrored<double>(a.template cast<double>()).inverse();
  if (n == 0) return;
  // |A| |A^-1| bounds the condition; its square root enters each of the two factors (Higham, section 14.3).
  const double condition = a.template cast<double>().norm() * exact.norm();
  const double off = (mirrored(inverse).template cast<double>() - exact).norm();
  CHECK(off <= rounding<TestType>(4.0 * n) * condition * exact.norm());
}

TEST_CASE("only the upper triangle is read", "[math]") {
  auto a = positive_definite<float>(150, 30, 1);
  auto other = a;
  other.triangularView<Eigen::StrictlyLower>().setConstant(std::numeric_limits<float>::quiet_NaN());
  REQUIRE(reco::cholesky_inverse(a) == -1);
  REQUIRE(reco::cholesky_inverse(other) == -1);
  for (Eigen::Index i = 0; i < 150; ++i)
    for (Eigen::Index j = 0; j < 150; ++j)
      if (j >= i) REQUIRE(a(i, j) == other(i, j));
}

TEMPLATE_TEST_CASE("a matrix that is not positive definite is known by its first bad row", "[math]", float, double) {
  using T = TestType;
  const Eigen::Index n = 300, bad = GENERATE(0, 5, 127, 128, 200, 299);
  CAPTURE(bad);
  const auto good = positive_definite<T>(n, 40, 2);
  SECTION("an empty row") {
    auto a = good;
    a.row(bad).setZero();
    a.col(bad).setZero();
    CHECK(reco::cholesky_inverse(a) == bad);
  }
  SECTION("a negative diagonal element") {
    auto a = good;
    a(bad, bad) *= -1;
    CHECK(reco::cholesky_inverse(a) == bad);
  }
  SECTION("a row like the one before it") {
    const Eigen::Index copy = bad == 0 ? 1 : bad;
    auto a = good;
    a.row(copy) = a.row(copy - 1);
    a.col(copy) = a.col(copy - 1);
    a(copy, copy) = a(copy - 1, copy - 1);
    CHECK(reco::cholesky_inverse(a) == copy);
  }
  SECTION("not a number") {
    auto a = good;
    using limits = std::numeric_limits<T>;
    a(bad, bad) = GENERATE(limits::quiet_NaN(), limits::infinity());
    CHECK(reco::cholesky_inverse(a) == bad);
  }
}

TEST_CASE("an inverse has the same bits on any number of threads", "[math][concurrent]") {
  const auto a = positive_definite<float>(400, 50, 1);
  auto one = a, many = a;
  reco::thread_pool pool(GENERATE(2U, 5U));
  REQUIRE(reco::cholesky_inverse(one) == -1);
  REQUIRE(reco::cholesky_inverse(many, pool) == -1);
  CHECK(one == many);
}
