// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {

/// A few dense vectors of one length side by side: number i of all of them lies in one piece of `Registers` vector
/// registers, so that a sparse matrix is read once for all of them.
///
/// What becomes of one vector does not depend on the others nor on `Registers`, to the last bit: each has a lane of
/// its own. One vector by itself is worked on as one register with idle lanes.
template <class T, int Registers>
class vector_block {
 public:
  static constexpr std::size_t width = static_cast<std::size_t>(Registers) * detail::simd<T>::lanes;  ///< vectors

  vector_block() = default;
  explicit vector_block(std::int32_t length) : numbers_(static_cast<std::size_t>(length) * width) {}

  [[nodiscard]] T& operator()(std::int32_t i, std::size_t vector) noexcept { return at(i)[vector]; }
  [[nodiscard]] T operator()(std::int32_t i, std::size_t vector) const noexcept { return at(i)[vector]; }
  [[nodiscard]] T* at(std::int32_t i) noexcept { return numbers_.data() + static_cast<std::size_t>(i) * width; }
  [[nodiscard]] const T* at(std::int32_t i) const noexcept {
    return numbers_.data() + static_cast<std::size_t>(i) * width;
  }
  void clear() { numbers_.assign(numbers_.size(), T(0)); }

 private:
  std::vector<T> numbers_ = {};
};

/// y <- keep · y + scale · A x, for each of the vectors. Terms are added in the order of A's columns.
template <class T, int Registers>
void add_product(T keep, T scale, const csr_matrix<T>& a, const vector_block<T, Registers>& x,
                 vector_block<T, Registers>& y);

/// y <- y + A z for a dense A, z of A's columns. Terms are added in the order of A's columns.
template <class T, int Registers>
void add_product(const matrix<T>& a, const vector_block<T, Registers>& z, vector_block<T, Registers>& y);

// ---------------------------------------------------------------------------------------------------

template <class T, int Registers>
void add_product(T keep, T scale, const csr_matrix<T>& a, const vector_block<T, Registers>& x,
                 vector_block<T, Registers>& y) {
  using simd = detail::simd<T>;
  using V = typename simd::type;
  constexpr std::size_t registers = Registers;
  for (std::int32_t r = 0; r < a.rows(); ++r) {
    const auto row = a.row(r);
    V sums[registers] = {};
    for (std::size_t n = 0; n < row.size(); ++n) {
      const T* const from = x.at(row.columns[n]);
#pragma GCC unroll 4
      for (std::size_t v = 0; v < registers; ++v) sums[v] += row.values[n] * simd::load(from + v * simd::lanes);
    }
    T* const to = y.at(r);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < registers; ++v) {
      const V kept = keep * simd::load(to + v * simd::lanes);
      simd::store(to + v * simd::lanes, kept + scale * sums[v]);
    }
  }
}

template <class T, int Registers>
void add_product(const matrix<T>& a, const vector_block<T, Registers>& z, vector_block<T, Registers>& y) {
  using simd = detail::simd<T>;
  using V = typename simd::type;
  constexpr std::size_t registers = Registers, at_once = 4;  // rows, so that additions need not wait for each other
  const auto rows = static_cast<std::size_t>(a.rows()), columns = static_cast<std::size_t>(a.cols());
  const auto pass = [&]<std::size_t count>(std::size_t r, std::integral_constant<std::size_t, count>) {
    V sums[count * registers] = {};
    const T* const from = a.data() + r * columns;
    for (std::size_t c = 0; c < columns; ++c) {
      const T* const numbers = z.at(static_cast<std::int32_t>(c));
#pragma GCC unroll 4
      for (std::size_t n = 0; n < count; ++n)
#pragma GCC unroll 4
        for (std::size_t v = 0; v < registers; ++v)
          sums[n * registers + v] += from[n * columns + c] * simd::load(numbers + v * simd::lanes);
    }
    for (std::size_t n = 0; n < count; ++n)
      for (std::size_t v = 0; v < registers; ++v) {
        T* const to = y.at(static_cast<std::int32_t>(r + n)) + v * simd::lanes;
        simd::store(to, simd::load(to) + sums[n * registers + v]);
      }
  };
  std::size_t r = 0;
  for (; r + at_once <= rows; r += at_once) pass(r, std::integral_constant<std::size_t, at_once>());
  for (; r < rows; ++r) pass(r, std::integral_constant<std::size_t, 1>());
}

}  // namespace reco
