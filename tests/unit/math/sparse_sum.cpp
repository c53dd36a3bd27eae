// SPDX-License-Identifier: MIT
#include "reco/math/sparse_sum.hpp"

#include <algorithm>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/random_matrix.hpp"

using namespace reco_test;

namespace {

/// Every column's sum as `for_each` tells it; fails where a column is told twice or the blocks do not ascend.
template <class T>
reco::column<T> told(const reco::sparse_sum<T>& sum, std::int32_t columns) {
  reco::column<T> all = reco::column<T>::Zero(columns);
  std::int32_t next = 0;
  sum.for_each([&](std::int32_t first, std::span<const T> sums) {
    REQUIRE(first >= next);
    for (std::size_t n = 0; n < sums.size(); ++n) all[first + static_cast<std::int32_t>(n)] = sums[n];
    next = first + static_cast<std::int32_t>(sums.size());
    REQUIRE(next <= columns);
  });
  return all;
}

}  // namespace

TEMPLATE_TEST_CASE("a sparse sum adds up rows as a dense one does, again and again", "[math]", float, double) {
  const auto columns = GENERATE(1, 63, 64, 65, 130, 1000);
  CAPTURE(columns);
  const auto m = random_matrix<TestType>(20, columns, 0.05, 4);
  const auto rows = compressed(m);
  reco::sparse_sum<TestType> sum(columns);
  for (int time = 0; time < 3; ++time) {
    reco::column<TestType> exact = reco::column<TestType>::Zero(columns);
    for (std::int32_t r = time; r < 20; r += 2) {
      const auto scale = static_cast<TestType>(r - 5);
      sum.add(scale, rows.row(r));
      exact += scale * m.row(r).transpose();
    }
    CHECK((told(sum, columns) - exact).norm() <= 1e-5 * (1 + exact.norm()));
    for (std::int32_t c = 0; c < columns; ++c) REQUIRE(sum[c] == told(sum, columns)[c]);
    sum.clear();
    CHECK(told(sum, columns).isZero(0));
    int blocks = 0;
    sum.for_each([&](std::int32_t, std::span<const TestType>) { ++blocks; });
    CHECK(blocks == 0);
  }
}
