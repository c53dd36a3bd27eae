// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// A <- A^-1 for a symmetric positive definite A, in place, in the upper triangle: only that is read, and what stands
/// below it afterwards is of no use.
///
/// Blocks of rows are swept one after the other (Goodnight, "A tutorial on the SWEEP operator", 1979), each through
/// the Cholesky factor of its pivot block: with K the block and C = A_iK the part beside it,
///
///     A_KK = U'U     W_i = C_i U^-1     A_ij <- A_ij - W_i W_j'     A_iK <- W_i U^-T     A_KK <- -U^-1 U^-T
///
/// and -A^-1 is what stands there after the last one. These are the pivots of the Cholesky factorization and the n³
/// operations of factor, inverse factor and their product together, but all of them in one kind of step, a product
/// of thin matrices over the whole triangle, which is shared out in tiles and runs at the speed of a matrix product.
///
///     const auto bad = reco::cholesky_inverse(gram, pool);    // -1: gram is its inverse now
///
/// Returns the first row whose pivot is not above rounding, n ε times the row's diagonal element: A is not positive
/// definite there, in T, or has a NaN, and now holds nothing of use; -1 if all are. n³ operations; memory for 256 n
/// numbers beside A. Tiles depend on n alone: same bits on any number of threads.
template <class T>
[[nodiscard]] Eigen::Index cholesky_inverse(matrix<T>& a, executor_ref executor = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// D = U'U from the upper triangle, row after row; the first row whose pivot is not above its `least`, else -1.
template <class T>
Eigen::Index factor_pivot_block(matrix<T>& d, const T* least) {
  const Eigen::Index n = d.rows();
  for (Eigen::Index k = 0; k < n; ++k) {
    if (!(d(k, k) > least[k])) return k;
    d.row(k).tail(n - k) /= std::sqrt(d(k, k));
    for (Eigen::Index i = k + 1; i < n; ++i) d.row(i).tail(n - i) -= d(k, i) * d.row(k).tail(n - i);
  }
  return -1;
}

/// V = U^-1, zeros below the diagonal: row k of U V = I gives row k of V from those below it.
template <class T>
matrix<T> inverse_factor(const matrix<T>& u) {
  const Eigen::Index n = u.rows();
  matrix<T> v = matrix<T>::Zero(n, n);
  for (Eigen::Index k = n - 1; k >= 0; --k) {
    v(k, k) = 1;
    for (Eigen::Index i = k + 1; i < n; ++i) v.row(k).tail(n - i) -= u(k, i) * v.row(i).tail(n - i);
    v.row(k).tail(n - k) /= u(k, k);
  }
  return v;
}

}  // namespace detail

template <class T>
Eigen::Index cholesky_inverse(matrix<T>& a, executor_ref executor) {
  RECO_ASSERT(a.rows() == a.cols());
  const Eigen::Index n = a.rows();
  // Pivot blocks, and tiles of the update: wide ones reach the speed of a product, narrow ones waste less of the
  // triangle's diagonal.
  const Eigen::Index block = n <= 6144 ? 128 : 256;
  const Eigen::Index blocks = (n + block - 1) / block;
  const auto first = [&](Eigen::Index b) { return b * block; };
  const auto size = [&](Eigen::Index b) { return std::min(block, n - b * block); };

  std::vector<T> least(static_cast<std::size_t>(n));
  for (Eigen::Index i = 0; i < n; ++i)
    least[static_cast<std::size_t>(i)] =
        std::max(T(0), static_cast<T>(n) * std::numeric_limits<T>::epsilon() * a(i, i));

  std::vector<std::pair<Eigen::Index, Eigen::Index>> tiles;
  for (Eigen::Index i = 0; i < blocks; ++i)
    for (Eigen::Index j = i; j < blocks; ++j) tiles.push_back({i, j});

  matrix<T> w(n, std::min(block, n));
  for (Eigen::Index k = 0; k < blocks; ++k) {
    const Eigen::Index at = first(k), width = size(k);
    matrix<T> u = a.block(at, at, width, width);
    if (const auto bad = detail::factor_pivot_block(u, least.data() + at); bad >= 0) return at + bad;
    const matrix<T> v = detail::inverse_factor(u);
    a.block(at, at, width, width).noalias() = -v * v.transpose();

    executor.run(blocks, [&](std::int64_t i) {  // W_i <- C_i V   A_iK <- W_i V'
      if (i == k) return;
      auto wi = w.block(first(i), 0, size(i), width);
      if (i < k) {
        auto c = a.block(first(i), at, size(i), width);
        wi.noalias() = c * v;
        c.noalias() = wi * v.transpose();
      } else {
        auto c = a.block(at, first(i), width, size(i));
        wi.noalias() = c.transpose() * v;
        c.noalias() = v * wi.transpose();
      }
    });
    executor.run(static_cast<std::int64_t>(tiles.size()), [&](std::int64_t t) {  // A_ij <- A_ij - W_i W_j'
      const auto [i, j] = tiles[static_cast<std::size_t>(t)];
      if (i == k || j == k) return;
      a.block(first(i), first(j), size(i), size(j)).noalias() -=
          w.block(first(i), 0, size(i), width) * w.block(first(j), 0, size(j), width).transpose();
    });
  }
  for_chunks(executor, n, 64, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) a.row(i).tail(n - i) *= -1;
  });
  return -1;
}

}  // namespace reco
