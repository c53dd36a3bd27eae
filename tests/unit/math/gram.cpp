// SPDX-License-Identifier: MIT
#include "reco/math/gram.hpp"

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_matrix.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

TEMPLATE_TEST_CASE("a Gram matrix agrees with the product written out", "[math]", float, double) {
  const auto rows = GENERATE(0, 1, 7, 8, 9, 511, 512, 513, 20000);
  const auto width = GENERATE(0, 1, 7, 33);
  CAPTURE(rows, width);
  const auto x = random_matrix<TestType>(rows, width, 1, 6);
  const reco::matrix<double> wide = x.template cast<double>();
  const auto g = reco::gram(x);
  REQUIRE(g.rows() == width);
  REQUIRE(g.cols() == width);
  CHECK(g == g.transpose());
  const reco::matrix<double> size = wide.cwiseAbs().transpose() * wide.cwiseAbs();
  const reco::matrix<double> off = (g - wide.transpose() * wide).cwiseAbs();
  // In double even for float: the products of floats are exact there.
  CHECK((off.array() <= 2 * rounding<double>(rows + 1) * size.array()).all());
}

TEST_CASE("a Gram matrix has the same bits on any number of threads") {
  const auto x = random_matrix<float>(5000, 20, 1, 7);
  const unsigned threads = GENERATE(1U, 2U, 5U);
  reco::thread_pool pool(threads);
  CHECK(reco::gram(x, pool) == reco::gram(x));
}
