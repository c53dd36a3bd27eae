// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/gram.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Columns whose part outside the span of the others is below this share of their length are taken for
/// rounding: a Gram matrix in double cannot tell less.
inline constexpr double negligible_part = 1e-6;

/// Replaces the columns of a tall X by an orthonormal basis of their span, in order: the first j columns span what
/// the first j spanned. Where columns depend on each other (up to `negligible_part`) the order is lost and X
/// becomes narrower: as many columns as its rank, none for a matrix of zeros.
///
/// CholeskyQR, repeated while a pass started far from orthogonal (Yamamoto, Nakatsukasa, Yanagisawa and Fukaya,
/// "Roundoff error analysis of the CholeskyQR2 algorithm", 2015), with columns brought to length 1 first; for a
/// deficient X the eigenvectors of the Gram matrix take the place of the Cholesky factor. All work of size
/// rows · columns² is matrix products. Same bits on any number of threads.
template <class T>
void orthonormalize(matrix<T>& x, executor_ref executor = {});

/// X K by row chunks, for a small K.
template <class T>
[[nodiscard]] matrix<T> tall_product(const matrix<T>& x, const matrix<double>& k, executor_ref executor = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// K such that X K has orthonormal columns, and how far X was from it.
struct whitening {
  matrix<double> k = {};
  double smallest = 0;  ///< of the pivots: squared sine between a column and the span of those before it
};

/// A template, though T is double, so that only files which decompose something pay for compiling the solvers.
template <class T>
whitening whiten(const matrix<T>& g) {
  // C: Gram matrix of the columns at length 1.   C = R'R   K = S R^-1
  const column<T> s = g.diagonal().unaryExpr([](double d) { return d > 0 ? 1 / std::sqrt(d) : 0.0; });
  const matrix<T> c = s.asDiagonal() * g * s.asDiagonal();
  const double least = negligible_part * negligible_part;
  if (const Eigen::LLT<matrix<T>> cholesky(c); cholesky.info() == Eigen::Success) {
    const matrix<T> r = cholesky.matrixU();
    if (const double smallest = r.diagonal().cwiseAbs2().minCoeff(); smallest > least) {
      matrix<T> k = s.asDiagonal();
      r.template triangularView<Eigen::Upper>().template solveInPlace<Eigen::OnTheRight>(k);
      return {std::move(k), smallest};
    }
  }
  // C = V D V'   K = S V D^-1/2 over the eigenvalues that are not rounding, the largest first
  const Eigen::SelfAdjointEigenSolver<matrix<T>> eigen(c);
  const column<T> d = eigen.eigenvalues().reverse();
  const Eigen::Index rank = (d.array() > least * d[0]).count();
  const matrix<T> v = eigen.eigenvectors().rowwise().reverse().leftCols(rank);
  const matrix<T> k = s.asDiagonal() * v * d.head(rank).cwiseSqrt().cwiseInverse().asDiagonal();
  return {k, rank > 0 ? d[rank - 1] : 1.0};
}

}  // namespace detail

template <class T>
void orthonormalize(matrix<T>& x, executor_ref executor) {
  constexpr int most_passes = 3;
  constexpr double nearly_orthogonal = 0.1;  // above it one pass ends within a few units of rounding
  for (int pass = 0; pass < most_passes && x.cols() > 0; ++pass) {
    const auto step = detail::whiten(gram(x, executor));
    x = tall_product(x, step.k, executor);
    if (step.smallest > nearly_orthogonal) break;
  }
}

template <class T>
matrix<T> tall_product(const matrix<T>& x, const matrix<double>& k, executor_ref executor) {
  const matrix<T> narrow = k.template cast<T>();
  matrix<T> y(x.rows(), k.cols());
  for_chunks(executor, x.rows(), 512, [&](std::int64_t begin, std::int64_t end) {
    y.middleRows(begin, end - begin).noalias() = x.middleRows(begin, end - begin) * narrow;
  });
  return y;
}

}  // namespace reco
