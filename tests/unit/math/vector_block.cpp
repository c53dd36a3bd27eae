// SPDX-License-Identifier: MIT
#include "reco/math/vector_block.hpp"

#include "support/catch.hpp"
#include "support/random_matrix.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

template <class T, int registers>
reco::vector_block<T, registers> block_of(const reco::matrix<T>& columns) {
  reco::vector_block<T, registers> block(static_cast<std::int32_t>(columns.rows()));
  for (std::int32_t i = 0; i < columns.rows(); ++i)
    for (Eigen::Index c = 0; c < columns.cols(); ++c) block(i, static_cast<std::size_t>(c)) = columns(i, c);
  return block;
}

/// Element by element: Eigen's `col` of a matrix without rows is an offset to a null pointer.
template <class T>
reco::matrix<T> column_of(const reco::matrix<T>& m, Eigen::Index v) {
  reco::matrix<T> column(m.rows(), 1);
  for (Eigen::Index i = 0; i < m.rows(); ++i) column(i, 0) = m(i, v);
  return column;
}

}  // namespace

TEMPLATE_TEST_CASE("products with a block of vectors agree with dense ones, each vector for itself to the last bit",
                   "[math]", float, double) {
  using T = TestType;
  using wide = reco::vector_block<T, 4>;
  const auto rows = GENERATE(1, 3, 4, 5, 40), columns = GENERATE(0, 1, 7, 33);
  CAPTURE(rows, columns);
  const auto a = random_matrix<T>(rows, columns, 0.4, 1);
  const auto sparse = compressed(a);
  const auto x = random_matrix<T>(columns, static_cast<Eigen::Index>(wide::width), 1, 2);
  const auto y = random_matrix<T>(rows, static_cast<Eigen::Index>(wide::width), 1, 3);
  const T keep = T(0.5), scale = T(-2);
  const reco::matrix<T> exact_sparse = keep * y + scale * (a * x), exact_dense = y + a * x;
  const reco::matrix<T> size = y.cwiseAbs() + 2 * (a.cwiseAbs() * x.cwiseAbs());

  auto y_sparse = block_of<T, 4>(y), y_dense = y_sparse;
  const auto x_block = block_of<T, 4>(x);
  reco::add_product(keep, scale, sparse, x_block, y_sparse);
  reco::add_product(a, x_block, y_dense);
  for (Eigen::Index v = 0; v < x.cols(); ++v) {
    auto alone_sparse = block_of<T, 1>(column_of(y, v)), alone_dense = alone_sparse;
    const auto alone = block_of<T, 1>(column_of(x, v));
    reco::add_product(keep, scale, sparse, alone, alone_sparse);
    reco::add_product(a, alone, alone_dense);
    for (std::int32_t i = 0; i < rows; ++i) {
      const auto n = static_cast<std::size_t>(v);
      const double slack = 4 * sum_error<T>(columns + 2, size(i, v));
      REQUIRE(std::abs(static_cast<double>(y_sparse(i, n) - exact_sparse(i, v))) <= slack);
      REQUIRE(std::abs(static_cast<double>(y_dense(i, n) - exact_dense(i, v))) <= slack);
      REQUIRE(alone_sparse(i, 0) == y_sparse(i, n));
      REQUIRE(alone_dense(i, 0) == y_dense(i, n));
    }
  }
}
