// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/identity_plus_gram.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/packed_rows.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Y'Y = V diag(spectrum) V', spectrum ascending.
template <class T>
struct gramian_basis {
  packed_rows<T> vectors = {};  // V'
  std::vector<double> spectrum = {};
};

/// Y'Y, the upper triangle: products of blocks in T, their sums in double and in order, so that neither rounding nor
/// the number of threads shows. rows · d² / 2 multiply-adds.
template <class T>
matrix<double> gramian_of(const matrix<T>& y, executor_ref executor) {
  constexpr Eigen::Index block = 256;
  const Eigen::Index d = y.cols(), width = identity_plus_gram<T>::padded(d);
  const Eigen::Index chunk = std::max<Eigen::Index>(block, (y.rows() + 15) / 16);
  std::vector<matrix<double>> sums(static_cast<std::size_t>((y.rows() + chunk - 1) / chunk));
  for_chunks(executor, y.rows(), chunk, [&](std::int64_t begin, std::int64_t end) {
    matrix<double> sum = matrix<double>::Zero(d, d);
    identity_plus_gram<T> part(d);
    matrix<T> whole;  // rows filled up with zeros, where they do not fill registers
    if (width > d) whole.setZero(block, width);
    for (Eigen::Index r = begin; r < end; r += block) {
      const Eigen::Index rows = std::min(block, end - r);
      if (width > d) whole.topLeftCorner(rows, d) = y.middleRows(r, rows);
      part.start(d, 0);
      part.add(width > d ? whole.data() : y.data() + r * d, rows, width);
      for (Eigen::Index i = 0; i < d; ++i)
        sum.row(i).tail(d - i) +=
            Eigen::Map<const Eigen::Matrix<T, 1, Eigen::Dynamic>>(part.row(i).data(), d - i).template cast<double>();
    }
    sums[static_cast<std::size_t>(begin / chunk)] = std::move(sum);
  });
  matrix<double> g = matrix<double>::Zero(d, d);
  for (const auto& sum : sums) g += sum;
  return g;
}

/// The eigenbasis of Y'Y. Throws `numeric_error` where the numbers of Y are not finite.
template <class T>
gramian_basis<T> diagonalize(const matrix<T>& y, executor_ref executor) {
  gramian_basis<T> basis;
  if (y.cols() == 0) return basis;
  const Eigen::MatrixXd g = gramian_of(y, executor).transpose();  // lower triangle
  if (!g.allFinite()) fail_number("the factors are no longer finite");
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(g);
  const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic> v = solver.eigenvectors().template cast<T>();
  basis.vectors = packed_rows<T>(v.cols(), v.rows(), [&](std::int64_t n) { return v.data() + n * v.rows(); });
  for (const double value : solver.eigenvalues()) basis.spectrum.push_back(std::max(0.0, value));
  return basis;
}

/// y <- y V, of rows begin..end-1; `before` has room for them.
template <class T>
void rotate_rows(matrix<T>& y, std::int64_t begin, std::int64_t end, const packed_rows<T>& vectors, matrix<T>& before) {
  before.topRows(end - begin) = y.middleRows(begin, end - begin);
  std::vector<const T*> rows;
  for (std::int64_t r = begin; r < end; ++r) rows.push_back(before.data() + (r - begin) * before.cols());
  vectors.inner_products(std::span<const T* const>(rows), 0, vectors.rows(),
                         [&](std::size_t r, std::int64_t first, std::span<const T> products) {
                           T* const to = y.data() + (begin + static_cast<std::int64_t>(r)) * y.cols() + first;
                           std::copy(products.begin(), products.end(), to);
                         });
}

/// Y <- Y V
template <class T>
void rotate(matrix<T>& y, const packed_rows<T>& vectors, executor_ref executor) {
  constexpr Eigen::Index block = 64;
  for_chunks(executor, y.rows(), block, [&](std::int64_t begin, std::int64_t end) {
    matrix<T> before(end - begin, y.cols());
    rotate_rows(y, begin, end, vectors, before);
  });
}

}  // namespace detail
}  // namespace reco
