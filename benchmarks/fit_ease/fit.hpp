// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "fit_ease/histories.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

// The task: the weights of EASE, items × items, from histories.

namespace fit_ease {

inline constexpr double regularization = 250;

/// The set of a run, made once; the large one only where RECO_BENCH_LARGE is set: it takes minutes and 5 GB.
inline const reco::sparse_interactions<float>* histories(benchmark::State& state, bool large) {
  static reco::sparse_interactions<float> small_set, large_set;
  auto& set = large ? large_set : small_set;
  if (large && std::getenv("RECO_BENCH_LARGE") == nullptr) {
    state.SkipWithError("20,108 items: set RECO_BENCH_LARGE");
    return nullptr;
  }
  if (set.users() == 0) set = make_histories(large ? ml20m : ml1m);
  return &set;
}

/// X'X by the textbook: a sparse product row by row, each with a dense array of sums and a linked list of the items
/// met, made dense afterwards. As SciPy's `X.T @ X`.
reco::matrix<float> textbook_gram(const reco::csr_matrix<float>& x);

#if defined(RECO_HAVE_OPENBLAS)
/// The Gram matrix and LAPACK's inverse of it by its Cholesky factor, spotrf and spotri.
reco::matrix<float> lapack_weights(const reco::csr_matrix<float>& x, int threads);
/// A <- A^-1, both triangles.
void lapack_inverse(reco::matrix<float>& a, int threads);
#endif

/// B = I - P diag(1 / diag P).
inline void weights_of(reco::matrix<float>& p) {
  const reco::column<float> inverse = p.diagonal().cwiseInverse();
  for (Eigen::Index i = 0; i < p.rows(); ++i) p.row(i).array() *= -inverse.transpose().array();
  p.diagonal().setZero();
}

/// Relative distance, by the largest weights.
inline double difference(const reco::matrix<float>& a, const reco::matrix<float>& b) {
  return static_cast<double>((a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff());
}

}  // namespace fit_ease
