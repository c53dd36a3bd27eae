// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/math/lanes.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {

/// Small systems (I + P'P) z = b, one after the other in the same memory: what ridge regressions become after their
/// diagonal has been divided out. No pivot is below 1, so nothing can fail.
///
///     system.start(n);
///     system.add(p, depth, stride);     // any number of times
///     system.factor();
///     system.solve(b);
///
/// depth n² + n³/3 operations. Products and Cholesky factor are one kernel, U'U = I + P'P block row by block row, whose
/// sums stay in registers: bound by multiply-adds, at sizes where general Cholesky routines run at a tenth of them.
template <class T>
class identity_plus_gram {
 public:
  static constexpr std::int64_t lanes = static_cast<std::int64_t>(detail::simd<T>::lanes);
  static constexpr std::int64_t rows_at_once = detail::simd<T>::bytes == 64 ? 8 : 4;

  /// n rounded up to whole registers: rows of P, and b, are that long, with zeros beyond n.
  static constexpr std::int64_t padded(std::int64_t n) {
    constexpr std::int64_t unit = std::max(lanes, rows_at_once);
    return (n + unit - 1) / unit * unit;
  }

  /// For systems of up to `most` unknowns.
  explicit identity_plus_gram(std::int64_t most) { reserve(most); }
  void reserve(std::int64_t most) {
    const std::int64_t w = padded(most);
    if (u_.size() < w * w) u_.resize(w * w);
    if (inverse_.size() < w) inverse_.resize(w);
  }

  /// The identity, or another multiple of it.
  void start(std::int64_t n, T diagonal = 1);
  /// + P'P; row k of P is at `p + k stride`.
  void add(const T* p, std::int64_t depth, std::int64_t stride);
  /// Row i of the sum, from its diagonal on: before `factor`.
  [[nodiscard]] std::span<const T> row(std::int64_t i) const {
    return {u_.data() + i * width_ + i, static_cast<std::size_t>(width_ - i)};
  }
  void factor();
  /// b <- (I + P'P)^-1 b, after `factor`.
  void solve(T* b) const;

 private:
  using V = typename detail::simd<T>::type;
  static constexpr std::int64_t block = rows_at_once;
  static constexpr std::size_t size = static_cast<std::size_t>(block);

  template <int sign, std::size_t registers>
  void add_tile(const T* p, std::int64_t depth, std::int64_t stride, std::int64_t i, std::int64_t j);
  template <int sign>
  void add_block_row(const T* p, std::int64_t depth, std::int64_t stride, std::int64_t i);
  void factor_block_row(std::int64_t i);

  // Upper triangle by rows, `width_` apart; of each row also what is left of the diagonal in its register: not used.
  Eigen::Array<T, Eigen::Dynamic, 1> u_ = {}, inverse_ = {};
  std::int64_t width_ = 0;
};

// ---------------------------------------------------------------------------------------------------

template <class T>
void identity_plus_gram<T>::start(std::int64_t n, T diagonal) {
  RECO_ASSERT(padded(n) * padded(n) <= u_.size());
  width_ = padded(n);
  std::fill_n(u_.data(), width_ * width_, T(0));
  for (std::int64_t i = 0; i < width_; ++i) u_[i * width_ + i] = diagonal;
}

/// U[i..i+8)[j..j+registers) += sign · sum over k of P[k][i..]' P[k][j..], sums in registers.
template <class T>
template <int sign, std::size_t registers>
void identity_plus_gram<T>::add_tile(const T* p, std::int64_t depth, std::int64_t stride, std::int64_t i,
                                     std::int64_t j) {
  V sum[size][registers];
  T* const out = u_.data() + i * width_ + j;
#pragma GCC unroll 8
  for (std::int64_t r = 0; r < block; ++r)
#pragma GCC unroll 2
    for (std::size_t c = 0; c < registers; ++c)
      sum[r][c] = detail::simd<T>::load(out + r * width_ + static_cast<std::int64_t>(c) * lanes);
  for (std::int64_t k = 0; k < depth; ++k, p += stride) {
    V right[registers];
#pragma GCC unroll 2
    for (std::size_t c = 0; c < registers; ++c)
      right[c] = detail::simd<T>::load(p + j + static_cast<std::int64_t>(c) * lanes);
#pragma GCC unroll 8
    for (std::int64_t r = 0; r < block; ++r) {
      const T left = p[i + r];
#pragma GCC unroll 2
      for (std::size_t c = 0; c < registers; ++c) {
        if constexpr (sign > 0) sum[r][c] += left * right[c];
        else sum[r][c] -= left * right[c];
      }
    }
  }
#pragma GCC unroll 8
  for (std::int64_t r = 0; r < block; ++r)
#pragma GCC unroll 2
    for (std::size_t c = 0; c < registers; ++c)
      detail::simd<T>::store(out + r * width_ + static_cast<std::int64_t>(c) * lanes, sum[r][c]);
}

template <class T>
template <int sign>
void identity_plus_gram<T>::add_block_row(const T* p, std::int64_t depth, std::int64_t stride, std::int64_t i) {
  std::int64_t j = i / lanes * lanes;
  for (; j + 2 * lanes <= width_; j += 2 * lanes) add_tile<sign, 2>(p, depth, stride, i, j);
  for (; j < width_; j += lanes) add_tile<sign, 1>(p, depth, stride, i, j);
}

template <class T>
void identity_plus_gram<T>::add(const T* p, std::int64_t depth, std::int64_t stride) {
  // As many rows of P at a time as stay in the first-level cache.
  const std::int64_t some = std::max<std::int64_t>(16, 32768 / (width_ * std::int64_t{sizeof(T)} + 1));
  for (std::int64_t k = 0; k < depth; k += some)
    for (std::int64_t i = 0; i < width_; i += block)
      add_block_row<1>(p + k * stride, std::min(some, depth - k), stride, i);
}

template <class T>
void identity_plus_gram<T>::factor() {
  for (std::int64_t i = 0; i < width_; i += block) {
    add_block_row<-1>(u_.data(), i, width_, i);  // less what the rows above account for
    factor_block_row(i);
  }
}

template <class T>
void identity_plus_gram<T>::factor_block_row(std::int64_t i) {
  T* const rows = u_.data() + i * width_;
  T square[size][size], inverse[size];  // the block on the diagonal, number by number
  for (std::int64_t r = 0; r < block; ++r) std::copy_n(rows + r * width_ + i, block, square[r]);
  for (std::int64_t r = 0; r < block; ++r) {
    for (std::int64_t s = 0; s < r; ++s)
      for (std::int64_t c = r; c < block; ++c) square[r][c] -= square[s][r] * square[s][c];
    inverse[r] = 1 / std::sqrt(square[r][r]);
    for (std::int64_t c = r; c < block; ++c) square[r][c] *= inverse[r];
    inverse_[i + r] = inverse[r];
  }
  // The rows right of it: u_r <- (a_r - sum over s < r of u_sr u_s) / u_rr
  for (std::int64_t j = i / lanes * lanes; j < width_; j += lanes) {
    V v[size];
#pragma GCC unroll 8
    for (std::int64_t r = 0; r < block; ++r) {
      v[r] = detail::simd<T>::load(rows + r * width_ + j);
#pragma GCC unroll 8
      for (std::int64_t s = 0; s < r; ++s) v[r] -= square[s][r] * v[s];
      v[r] *= inverse[r];
    }
#pragma GCC unroll 8
    for (std::int64_t r = 0; r < block; ++r) detail::simd<T>::store(rows + r * width_ + j, v[r]);
  }
}

template <class T>
void identity_plus_gram<T>::solve(T* b) const {
  T x[size];
  for (std::int64_t i = 0; i < width_; i += block) {  // U'y = b
    const T* const rows = u_.data() + i * width_;
    for (std::int64_t r = 0; r < block; ++r) {
      x[r] = b[i + r];
      for (std::int64_t s = 0; s < r; ++s) x[r] -= rows[s * width_ + i + r] * x[s];
      x[r] *= inverse_[i + r];
    }
    for (std::int64_t j = (i + block) / lanes * lanes; j < width_; j += lanes) {
      V v = detail::simd<T>::load(b + j);
#pragma GCC unroll 8
      for (std::int64_t r = 0; r < block; ++r) v -= x[r] * detail::simd<T>::load(rows + r * width_ + j);
      detail::simd<T>::store(b + j, v);
    }
    std::copy_n(x, block, b + i);  // the register they share with the next block has been written over
  }
  constexpr auto at_once = static_cast<std::size_t>(std::min(block, lanes));
  for (std::int64_t i = width_ - block; i >= 0; i -= block) {  // U z = y
    const T* const rows = u_.data() + i * width_;
    std::copy_n(b + i, block, x);
    std::fill_n(b + i, block, T(0));
    V sums[size] = {};
    for (std::int64_t j = (i + block) / lanes * lanes; j < width_; j += lanes) {
      const V v = detail::simd<T>::load(b + j);
#pragma GCC unroll 8
      for (std::int64_t r = 0; r < block; ++r) sums[r] += v * detail::simd<T>::load(rows + r * width_ + j);
    }
    for (std::size_t r = 0; r < static_cast<std::size_t>(block); r += at_once) {
      const V total = detail::sums_of_lanes<T, at_once>(sums + r);
      for (std::size_t c = 0; c < at_once; ++c) x[r + c] -= total[c];
    }
    for (std::int64_t r = block - 1; r >= 0; --r) {
      for (std::int64_t s = r + 1; s < block; ++s) x[r] -= rows[r * width_ + i + s] * x[s];
      x[r] *= inverse_[i + r];
    }
    std::copy_n(x, block, b + i);
  }
}

}  // namespace reco
