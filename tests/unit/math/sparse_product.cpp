// SPDX-License-Identifier: MIT
#include "reco/math/sparse_product.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_matrix.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

TEMPLATE_TEST_CASE("a sparse product agrees with the dense one over awkward sizes", "[math]", float, double) {
  const auto rows = GENERATE(0, 1, 7, 130);
  const auto inner = GENERATE(0, 1, 8, 100);
  const auto width = GENERATE(0, 1, 3, 4, 15, 16, 17, 63, 64, 65, 144, 200);
  CAPTURE(rows, inner, width);
  const auto table = random_matrix<TestType>(rows, inner, 0.3, 1);
  const auto x = random_matrix<TestType>(inner, width, 1, 2);
  auto y = random_matrix<TestType>(rows, width, 1, 3);
  const reco::matrix<double> exact =
      y.template cast<double>() + 0.75 * (table.template cast<double>() * x.template cast<double>());
  const reco::matrix<double> size =
      y.template cast<double>().cwiseAbs() +
      0.75 * (table.template cast<double>().cwiseAbs() * x.template cast<double>().cwiseAbs());
  reco::add_product(TestType(0.75), compressed(table), x, y);
  const reco::matrix<double> off = (y.template cast<double>() - exact).cwiseAbs();
  CHECK((off.array() <= rounding<TestType>(inner + 2) * size.array()).all());
}

TEST_CASE("a row's product has the same bits alone, in a matrix and on any number of threads") {
  const auto a = compressed(random_matrix<float>(501, 90, 0.2, 4));
  const auto x = random_matrix<float>(90, 77, 1, 5);
  const auto serial = reco::product(a, x);
  const unsigned threads = GENERATE(1U, 2U, 5U);
  reco::thread_pool pool(threads);
  CHECK(reco::product(a, x, pool) == serial);
  std::vector<float> out(77);
  reco::add_row_product(1.0F, a.row(500), x, std::span(out));
  CHECK(std::equal(out.begin(), out.end(), reco::row_of(serial, 500).begin()));
}
