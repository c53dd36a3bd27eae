// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Y'Y = V diag(spectrum) V', spectrum ascending.
template <class T>
struct gramian_basis {
  matrix<T> vectors = {};
  std::vector<double> spectrum = {};
};

/// Y'Y: products of blocks in T, their sums in double and in order, so that neither rounding nor the number of threads
/// shows. rows · d² operations as symmetric updates.
template <class T>
matrix<double> gramian_of(const matrix<T>& y, executor_ref executor) {
  constexpr Eigen::Index block = 256;
  const Eigen::Index d = y.cols(), chunk = std::max<Eigen::Index>(block, (y.rows() + 15) / 16);
  std::vector<matrix<double>> sums(static_cast<std::size_t>((y.rows() + chunk - 1) / chunk));
  for_chunks(executor, y.rows(), chunk, [&](std::int64_t begin, std::int64_t end) {
    matrix<double> sum = matrix<double>::Zero(d, d);
    matrix<T> part(d, d);
    for (Eigen::Index r = begin; r < end; r += block) {
      const auto rows = y.middleRows(r, std::min(block, end - r));
      part.setZero();
      part.template selfadjointView<Eigen::Lower>().rankUpdate(rows.transpose());
      sum += part.template cast<double>();
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
  const matrix<double> g = gramian_of(y, executor);  // lower triangle
  if (!g.allFinite()) fail_number("the factors are no longer finite");
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(g);
  basis.vectors = solver.eigenvectors().template cast<T>();
  for (const double value : solver.eigenvalues()) basis.spectrum.push_back(std::max(0.0, value));
  return basis;
}

/// Y <- Y V
template <class T>
void rotate(matrix<T>& y, const matrix<T>& vectors, executor_ref executor) {
  constexpr Eigen::Index block = 256;
  for_chunks(executor, y.rows(), block, [&](std::int64_t begin, std::int64_t end) {
    const matrix<T> before = y.middleRows(begin, end - begin);
    y.middleRows(begin, end - begin).noalias() = before * vectors;
  });
}

}  // namespace detail
}  // namespace reco
