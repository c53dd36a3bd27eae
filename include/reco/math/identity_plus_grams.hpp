// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/math/lanes.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {

/// As many very small systems (I + EE') z = b as a register has lanes, all at once: each has a lane of its own, so that
/// nothing waits for the square roots and divisions of one alone. Systems need not be of one size; the time is that of
/// the largest. Keep one a thread.
///
///     systems.start(n);                                     // unknowns of the largest
///     systems.set(s, e, rows, width, b);                    // s < systems.count; those not set are 0
///     systems.solve();
///     systems.solution(s, i)
///
/// EE' takes n² width / 2 multiply-adds a system and is most of the time; the rest n³/6 for all lanes together. A
/// system's bits depend on its own numbers alone.
template <class T>
class identity_plus_grams {
 public:
  static constexpr std::int64_t count = static_cast<std::int64_t>(detail::simd<T>::lanes);
  static constexpr std::int64_t rows_at_once = 4;

  void start(std::int64_t n);
  /// E has `rows` rows and as many more, of zeros, as make a multiple of `rows_at_once`; row i is at `e + i width`,
  /// `width` a multiple of the lanes of a register.
  void set(std::int64_t s, const T* e, std::int64_t rows, std::int64_t width, const T* b);
  void solve();
  [[nodiscard]] T solution(std::int64_t s, std::int64_t i) const { return right_[i * count + s]; }

 private:
  using V = typename detail::simd<T>::type;
  static constexpr std::size_t lanes = detail::simd<T>::lanes, side = 4, tile = side * side;

  // The lower triangle in tiles of 4 × 4, those of a block row one after the other, a tile column by column. A number
  // is a register: one of each system. Before `solve`, tiles stand system by system.
  [[nodiscard]] static std::size_t tile_at(std::size_t i, std::size_t j) {
    return (i * (i + 1) / 2 + j) * tile * lanes;
  }
  static void gram_tile(const T* rows, const T* columns, std::size_t width, T* out);
  void subtract_products(std::size_t i, std::size_t j);
  void divide(std::size_t i, std::size_t j);
  void factor_diagonal(std::size_t i);
  void substitute();

  static V load(const T* from) { return detail::simd<T>::load(from); }
  static void store(T* to, V v) { detail::simd<T>::store(to, v); }

  std::size_t blocks_ = 0;
  Eigen::Array<T, Eigen::Dynamic, 1> l_ = {}, inverse_ = {}, right_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
void identity_plus_grams<T>::start(std::int64_t n) {
  blocks_ = (static_cast<std::size_t>(n) + side - 1) / side;
  const auto numbers = static_cast<Eigen::Index>(tile_at(blocks_, 0)), rows = Eigen::Index(blocks_ * side * lanes);
  if (l_.size() < numbers) l_.resize(numbers);
  if (right_.size() < rows) {
    right_.resize(rows);
    inverse_.resize(rows);
  }
  std::fill_n(l_.data(), numbers, T(0));
  std::fill_n(right_.data(), rows, T(0));
}

/// EE' of 4 rows and 4 others, as many numbers at a time as a register has lanes: each is summed in a register of its
/// own first. Groups of numbers stand `lanes²` apart.
template <class T>
void identity_plus_grams<T>::gram_tile(const T* rows, const T* columns, std::size_t width, T* out) {
  constexpr std::size_t high = std::min(side, lanes), wide = lanes / high;
  for (std::size_t first = 0; first < tile; first += lanes) {
    const T *const a = rows + first % side * width, *const b = columns + first / side * width;
    V sums[lanes] = {};
    for (std::size_t f = 0; f < width; f += lanes) {
      V left[high];
#pragma GCC unroll 4
      for (std::size_t r = 0; r < high; ++r) left[r] = load(a + r * width + f);
#pragma GCC unroll 4
      for (std::size_t c = 0; c < wide; ++c) {
        const V right = load(b + c * width + f);
#pragma GCC unroll 4
        for (std::size_t r = 0; r < high; ++r) sums[c * high + r] += left[r] * right;
      }
    }
    store(out + first / lanes * lanes * lanes, detail::sums_of_lanes<T, lanes>(sums));
  }
}

template <class T>
void identity_plus_grams<T>::set(std::int64_t s, const T* e, std::int64_t rows, std::int64_t width, const T* b) {
  const auto system = static_cast<std::size_t>(s), w = static_cast<std::size_t>(width);
  const std::size_t blocks = (static_cast<std::size_t>(rows) + side - 1) / side;
  RECO_ASSERT(blocks <= blocks_ && w % lanes == 0);
  for (std::size_t i = 0; i < blocks; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      gram_tile(e + i * side * w, e + j * side * w, w, l_.data() + tile_at(i, j) + system * lanes);
  for (std::int64_t i = 0; i < rows; ++i) right_[i * count + s] = b[i];
}

template <class T>
void identity_plus_grams<T>::solve() {
  for (std::size_t i = 0; i < blocks_; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      T* const numbers = l_.data() + tile_at(i, j);
      for (std::size_t group = 0; group < tile * lanes; group += lanes * lanes) {  // number by number
        V v[lanes];
#pragma GCC unroll 16
        for (std::size_t n = 0; n < lanes; ++n) v[n] = load(numbers + group + n * lanes);
        detail::transpose_square<T>(v);
#pragma GCC unroll 16
        for (std::size_t n = 0; n < lanes; ++n) store(numbers + group + n * lanes, v[n]);
      }
      subtract_products(i, j);
      if (j < i) divide(i, j);
      else factor_diagonal(i);
    }
  substitute();
}

/// Tile (i, j) less what the columns left of it account for.
template <class T>
void identity_plus_grams<T>::subtract_products(std::size_t i, std::size_t j) {
  constexpr std::size_t wide = detail::simd<T>::bytes == 64 ? 4 : 2;  // what 32 registers hold, and 16
  for (std::size_t first = 0; first < side; first += wide) {
    T* const out = l_.data() + tile_at(i, j) + first * side * lanes;
    const T *a = l_.data() + tile_at(i, 0), *b = l_.data() + tile_at(j, 0) + first * lanes;
    V sums[wide * side];
#pragma GCC unroll 16
    for (std::size_t n = 0; n < wide * side; ++n) sums[n] = load(out + n * lanes);
    for (std::size_t k = 0; k < j * side; ++k, a += side * lanes, b += side * lanes) {
      V left[side];
#pragma GCC unroll 4
      for (std::size_t r = 0; r < side; ++r) left[r] = load(a + r * lanes);
#pragma GCC unroll 4
      for (std::size_t c = 0; c < wide; ++c) {
        const V right = load(b + c * lanes);
#pragma GCC unroll 4
        for (std::size_t r = 0; r < side; ++r) sums[c * side + r] -= left[r] * right;
      }
    }
#pragma GCC unroll 16
    for (std::size_t n = 0; n < wide * side; ++n) store(out + n * lanes, sums[n]);
  }
}

/// Tile (i, j) <- itself times the inverse of the transpose of tile (j, j).
template <class T>
void identity_plus_grams<T>::divide(std::size_t i, std::size_t j) {
  T* const out = l_.data() + tile_at(i, j);
  const T* const diagonal = l_.data() + tile_at(j, j);
  V v[tile];
#pragma GCC unroll 4
  for (std::size_t c = 0; c < side; ++c) {
    const V inverse = load(inverse_.data() + (j * side + c) * lanes);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < side; ++r) v[c * side + r] = load(out + (c * side + r) * lanes);
#pragma GCC unroll 4
    for (std::size_t k = 0; k < c; ++k) {
      const V factor = load(diagonal + (k * side + c) * lanes);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < side; ++r) v[c * side + r] -= v[k * side + r] * factor;
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < side; ++r) {
      v[c * side + r] *= inverse;
      store(out + (c * side + r) * lanes, v[c * side + r]);
    }
  }
}

template <class T>
void identity_plus_grams<T>::factor_diagonal(std::size_t i) {
  T* const out = l_.data() + tile_at(i, i);
  for (std::size_t c = 0; c < side; ++c) {
    for (std::size_t r = c; r < side; ++r) {
      V v = load(out + (c * side + r) * lanes);
      if (r == c) v += T(1);
      for (std::size_t k = 0; k < c; ++k) v -= load(out + (k * side + r) * lanes) * load(out + (k * side + c) * lanes);
      store(out + (c * side + r) * lanes, v);
    }
    T* const inverse = inverse_.data() + (i * side + c) * lanes;
    using register_of = Eigen::Map<Eigen::Array<T, static_cast<int>(lanes), 1>>;
    register_of{inverse} = register_of{out + (c * side + c) * lanes}.sqrt().inverse();
    for (std::size_t r = c; r < side; ++r) {
      T* const l = out + (c * side + r) * lanes;
      store(l, load(l) * load(inverse));
    }
  }
}

/// L L'z = b, in place of b.
template <class T>
void identity_plus_grams<T>::substitute() {
  V x[side];
  T* const b = right_.data();
  const auto inverse = [&](std::size_t row) { return load(inverse_.data() + row * lanes); };
  for (std::size_t i = 0; i < blocks_; ++i) {
    const T* const rows = l_.data() + tile_at(i, 0);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < side; ++r) x[r] = load(b + (i * side + r) * lanes);
    for (std::size_t k = 0; k < i * side; ++k) {
      const V y = load(b + k * lanes);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < side; ++r) x[r] -= load(rows + (k * side + r) * lanes) * y;
    }
    const T* const diagonal = l_.data() + tile_at(i, i);
    for (std::size_t r = 0; r < side; ++r) {
      for (std::size_t k = 0; k < r; ++k) x[r] -= load(diagonal + (k * side + r) * lanes) * x[k];
      x[r] *= inverse(i * side + r);
      store(b + (i * side + r) * lanes, x[r]);
    }
  }
  for (std::size_t i = blocks_; i-- > 0;) {
    const T *const rows = l_.data() + tile_at(i, 0), *const diagonal = l_.data() + tile_at(i, i);
    for (std::size_t r = side; r-- > 0;) {
      x[r] = load(b + (i * side + r) * lanes);
      for (std::size_t k = r + 1; k < side; ++k) x[r] -= load(diagonal + (r * side + k) * lanes) * x[k];
      x[r] *= inverse(i * side + r);
      store(b + (i * side + r) * lanes, x[r]);
    }
    for (std::size_t k = 0; k < i * side; ++k) {
      V y = load(b + k * lanes);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < side; ++r) y -= load(rows + (k * side + r) * lanes) * x[r];
      store(b + k * lanes, y);
    }
  }
}

}  // namespace reco
