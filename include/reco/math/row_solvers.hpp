// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// The normal equations of one row of a factorization, and its two solutions: A = Z'Z + l I, b = Z't, where Z has a
/// row for each observation and t its target. Keep one a thread: nothing is allocated after the longest row has passed.
///
///     rows.start(lambda);
///     for (…) rows.add(factors_of_item, target);
///     rows.ridge(x) / rows.nonnegative(x, sweeps, tolerance)
///
/// Observations are gathered into a block that stays in the first- or second-level cache; h d² operations as symmetric
/// rank updates of a block, d³/3 for the Cholesky factorization, d² a sweep of coordinate descent. A row's result
/// depends on its own observations and their order alone.
template <class T>
class row_equations {
 public:
  explicit row_equations(Eigen::Index d) : a_(d, d), b_(d), block_(rows_in_block, d), targets_(rows_in_block) {}

  void start(T lambda);
  /// z' z is added to A, target · z to b. `z(out)` writes the d numbers of the observation.
  template <class Fill>
  void add(Fill z, T target);
  /// The same where A is known from elsewhere (one for all rows): only b changes.
  void start_from(const matrix<T>& a, T lambda);
  template <class Z>
  void add_target(const Z& z, T target) {
    b_ += target * z;
  }

  /// x <- A^-1 b. False, and x untouched, where A is singular to rounding.
  [[nodiscard]] bool ridge(Eigen::Ref<column<T>> x);
  /// x <- argmin over x >= 0 of x'Ax / 2 - b'x by coordinate descent from the x given; ends when no number moves by
  /// more than `tolerance` of the largest.
  void nonnegative(Eigen::Ref<column<T>> x, int sweeps, T tolerance);
  /// A^-1 v, after `ridge`.
  [[nodiscard]] column<T> solve(const column<T>& v) const { return cholesky_.solve(v); }

  [[nodiscard]] const matrix<T>& a() {
    flush();
    return a_;
  }
  [[nodiscard]] const column<T>& b() {
    flush();
    return b_;
  }

 private:
  static constexpr Eigen::Index rows_in_block = 64;
  void flush();

  matrix<T> a_;  // lower triangle until it is complete
  column<T> b_;
  matrix<T> block_;
  column<T> targets_;
  Eigen::Index filled_ = 0;
  bool mirrored_ = false;
  Eigen::LLT<matrix<T>> cholesky_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
void row_equations<T>::start(T lambda) {
  a_.setZero();
  a_.diagonal().setConstant(lambda);
  b_.setZero();
  filled_ = 0;
  mirrored_ = false;
}

template <class T>
void row_equations<T>::start_from(const matrix<T>& a, T lambda) {
  a_ = a;
  a_.diagonal().array() += lambda;
  b_.setZero();
  filled_ = 0;
  mirrored_ = true;
}

template <class T>
template <class Fill>
void row_equations<T>::add(Fill z, T target) {
  if (filled_ == rows_in_block) flush();
  z(std::span<T>(block_.data() + filled_ * block_.cols(), static_cast<std::size_t>(block_.cols())));
  targets_[filled_++] = target;
}

template <class T>
void row_equations<T>::flush() {
  if (filled_ > 0) {
    const auto z = block_.topRows(filled_);
    a_.template selfadjointView<Eigen::Lower>().rankUpdate(z.transpose());
    b_.noalias() += z.transpose() * targets_.head(filled_);
    filled_ = 0;
    mirrored_ = false;
  }
  if (mirrored_) return;
  a_.template triangularView<Eigen::StrictlyUpper>() = a_.transpose();
  mirrored_ = true;
}

template <class T>
bool row_equations<T>::ridge(Eigen::Ref<column<T>> x) {
  flush();
  cholesky_.compute(a_);
  if (cholesky_.info() != Eigen::Success) return false;
  const auto pivots = cholesky_.matrixLLT().diagonal().array();
  if (pivots.size() > 0 && !(pivots.minCoeff() > Eigen::NumTraits<T>::epsilon() * pivots.maxCoeff())) return false;
  x = cholesky_.solve(b_);
  return true;
}

template <class T>
void row_equations<T>::nonnegative(Eigen::Ref<column<T>> x, int sweeps, T tolerance) {
  flush();
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    T moved = 0, largest = 0;
    for (Eigen::Index f = 0; f < x.size(); ++f) {
      if (!(a_(f, f) > 0)) continue;  // a direction without observations and without regularization
      // x_f <- max(0, x_f + (b_f - (A x)_f) / A_ff)
      const T value = std::max(T(0), x[f] + (b_[f] - a_.row(f).dot(x)) / a_(f, f));
      moved = std::max(moved, std::abs(value - x[f]));
      largest = std::max(largest, value);
      x[f] = value;
    }
    if (moved <= tolerance * largest) break;
  }
}

}  // namespace reco
