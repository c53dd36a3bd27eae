// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>
#include <utility>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include "reco/base/config.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/random.hpp"
#include "reco/base/training.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/gram.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/orthonormalize.hpp"
#include "reco/math/sparse_product.hpp"

namespace reco::inline RECO_ABI() {

/// The leading singular triplets of a matrix: A ~ left · diag(singular_values) · right'.
/// Values descend and are above 0; vectors are orthonormal columns; the largest component of each right vector
/// (the first of equals) is positive.
template <class T>
struct truncated_svd {
  matrix<T> left = {};             ///< rows × rank
  column<T> singular_values = {};  ///< rank
  matrix<T> right = {};            ///< columns × rank
  fit_report report = {};          ///< epochs: products with AA'; loss: |A|² - sum of values², after each projection

  [[nodiscard]] std::int32_t rank() const noexcept { return static_cast<std::int32_t>(singular_values.size()); }
};

/// Randomized truncated SVD of a sparse matrix: subspace iteration that starts from a random sketch,
///
///     Q <- orth(A Omega);   repeat  Q <- orth(p(AA') Q);   A ~ Q (Q'A)
///
/// (Halko, Martinsson and Tropp, "Finding structure with randomness", 2011). There p(x) = x; here it is the
/// Chebyshev polynomial that stays small on [0, a], the squares of the singular values nobody asked for, and grows
/// fastest above (Rutishauser, "Simultaneous iteration method for symmetric matrices", 1970). a is the smallest
/// eigenvalue of Q'AA'Q, which rises to its place as Q improves; the degree is as high as one orthonormalization
/// bears. Both matter on text, where singular values crowd together (plain powers need four times as many products
/// with A for the same error) and where rows are so short that those products are cheaper than orthonormalizing.
///
///     const auto svd = reco::randomized_svd{.rank = 128}.decompose(weights, {.executor = pool});
///
/// Fewer than `rank` triplets come back where the matrix has no more: singular values below 1e-6 of the largest
/// count as zero. O(iterations (nonzeros w + (rows + columns) w²)) time, w = rank + oversampling; memory for
/// (columns + 3 rows) w numbers (of the two the smaller counts as rows) beside a transposed copy of the matrix. The
/// w × w problems are solved in double, for float matrices too. Same bits on any number of threads. Not for a large
/// share of all singular values: a dense SVD is faster then.
struct randomized_svd {
  std::int32_t rank = 128;         ///< k >= 1
  std::int32_t oversampling = 10;  ///< p >= 0; the block is k + p wide, rounded up to a multiple of 16
  std::int32_t iterations = 16;    ///< q >= 0; products with AA' at most
  double tolerance = 1e-3;         ///< ends when no singular value rose by more than this share of itself
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "randomized_svd";
  static constexpr auto options() {
    return std::tuple{at_least("rank", &randomized_svd::rank, 1),
                      at_least("oversampling", &randomized_svd::oversampling, 0),
                      at_least("iterations", &randomized_svd::iterations, 0),
                      at_least("tolerance", &randomized_svd::tolerance, 0), any_value("seed", &randomized_svd::seed)};
  }
  friend bool operator==(const randomized_svd&, const randomized_svd&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <class T>
  [[nodiscard]] truncated_svd<T> decompose(const csr_matrix<T>& a, const training& how = {}) const;
};
static_assert(options_are_complete<randomized_svd>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// How many steps may follow each other before the block must be made orthonormal again. A step makes the strongest
/// direction grow over those at `low` by x + sqrt(x² - 1), x = 2 top / low - 1; past 1e5 in all, the weakest would
/// come near to what `orthonormalize` takes for rounding.
inline int chebyshev_degree(double top, double low, int most) {
  const double x = std::max(1.0, 2 * top / std::max(low, 1e-12 * top) - 1);
  const double steps = std::log(1e5) / std::log(x + std::sqrt(x * x - 1));
  return steps < most ? std::max(1, static_cast<int>(steps)) : most;
}

/// The sketch: independent numbers in [-1, 1), a stream for each row. As good as normal ones and cheaper (Szlam,
/// Kluger and Tygert, "An implementation of a randomized algorithm for principal component analysis", 2016).
template <class T>
matrix<T> random_block(Eigen::Index rows, Eigen::Index width, std::uint64_t seed, executor_ref executor) {
  matrix<T> omega(rows, width);
  for_chunks(executor, rows, 256, [&](std::int64_t begin, std::int64_t end) {
    for (auto r = begin; r < end; ++r) {
      random_engine random(seed, static_cast<std::uint64_t>(r) + 1);
      for (Eigen::Index c = 0; c < width; ++c) omega(r, c) = static_cast<T>(2 * uniform_real(random) - 1);
    }
  });
  return omega;
}

/// y <- alpha x + beta y, by row chunks.
template <class T>
void combine(T alpha, const matrix<T>& x, T beta, matrix<T>& y, executor_ref executor) {
  for_chunks(executor, x.rows(), 256, [&](std::int64_t begin, std::int64_t end) {
    y.middleRows(begin, end - begin) =
        alpha * x.middleRows(begin, end - begin) + beta * y.middleRows(begin, end - begin);
  });
}

}  // namespace detail

template <class T>
truncated_svd<T> randomized_svd::decompose(const csr_matrix<T>& a, const training& how) const {
  check_options(*this);
  // B: n × m, A or A', with n <= m    Q: n × w orthonormal    Z = B'Q: m × w    H = Z'Z, its eigenvalues ascend
  // All of it for B at a scale where the largest entry is 1, so that no power of it over- or underflows.
  const auto start = std::chrono::steady_clock::now();
  const auto executor = how.executor;
  const bool wide = a.rows() <= a.columns();
  const auto at = a.transposed();
  const auto& b = wide ? a : at;
  const auto& bt = wide ? at : a;
  double largest = 0, squares = 0;
  for (const auto v : a.values()) largest = std::max(largest, std::abs(static_cast<double>(v)));
  truncated_svd<T> svd{.left = matrix<T>(a.rows(), 0), .right = matrix<T>(a.columns(), 0)};
  if (largest < static_cast<double>(std::numeric_limits<T>::min())) return svd;
  for (const auto v : a.values()) squares += std::pow(static_cast<double>(v) / largest, 2);
  const auto scale = static_cast<T>(1 / largest);

  const std::int64_t asked = (std::int64_t{rank} + oversampling + 15) / 16 * 16;  // whole tiles of the kernel
  const auto width = static_cast<Eigen::Index>(std::min<std::int64_t>(asked, b.rows()));
  matrix<T> q = matrix<T>::Zero(b.rows(), width), z = detail::random_block<T>(b.columns(), width, seed, executor);
  matrix<T> before(b.rows(), width);
  add_product(scale, b, z, q, executor);  // Q <- orth(B Omega)
  orthonormalize(q, executor);

  auto& report = svd.report;
  column<double> lambda, last;  // of H: squared singular values, the largest first
  matrix<double> h;
  Eigen::Index k = 0;
  const auto project = [&] {  // Z <- B'Q
    z.setZero(b.columns(), q.cols());
    add_product(scale, bt, q, z, executor);
  };
  while (true) {
    project();
    h = gram(z, executor);
    lambda = h.selfadjointView<Eigen::Lower>().eigenvalues().reverse().cwiseMax(0);
    k = std::min<Eigen::Index>(rank, (lambda.array() > std::pow(negligible_part, 2) * lambda[0]).count());
    report.loss.push_back(std::max(0.0, squares - lambda.head(k).sum()) * largest * largest);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (how.observer) how.observer({report.epochs, iterations, report.loss.back(), report.seconds});
    report.converged =
        last.size() > 0 && ((lambda.head(k).array() / last.head(k).array()).sqrt() <= 1 + tolerance).all();
    report.stopped = how.stop.stop_requested();
    if (report.converged || report.stopped || report.epochs >= iterations) break;

    // Q <- orth(U_d(2/low BB' - 1) Q) by U_j+1(x) = 2 x U_j(x) - U_j-1(x), each step divided by 4 top/low
    const double top = lambda[0], low = lambda[lambda.size() - 1];
    // At first `low` is far from its place: no more steps with it than were made before.
    const int degree = detail::chebyshev_degree(top, low, std::min(iterations - report.epochs, report.epochs + 1));
    before.setZero(q.rows(), q.cols());
    for (int j = 0; j < degree; ++j) {
      if (j > 0) project();
      detail::combine(static_cast<T>(-low / (2 * top)), q, static_cast<T>(-std::pow(low / (4 * top), 2)), before,
                      executor);
      add_product(static_cast<T>(scale / top), b, z, before, executor);
      std::swap(q, before);
    }
    orthonormalize(q, executor);
    report.epochs += degree;
    last = lambda;
  }

  // H = W diag(lambda) W'   B ~ (Q W) diag(sqrt(lambda)) (Z W diag(lambda)^-1/2)'
  const Eigen::SelfAdjointEigenSolver<matrix<double>> eigen(h);
  const matrix<double> w = eigen.eigenvectors().rowwise().reverse().leftCols(k);
  const column<double> sigma = lambda.head(k).cwiseSqrt();
  (wide ? svd.left : svd.right) = tall_product(q, w, executor);
  (wide ? svd.right : svd.left) = tall_product<T>(z, w * sigma.cwiseInverse().asDiagonal(), executor);
  svd.singular_values = (largest * sigma).template cast<T>();
  for (Eigen::Index j = 0; j < k; ++j) {
    Eigen::Index longest = 0;
    svd.right.col(j).cwiseAbs().maxCoeff(&longest);
    if (svd.right(longest, j) > 0) continue;
    svd.right.col(j) *= -1;
    svd.left.col(j) *= -1;
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return svd;
}

}  // namespace reco
