// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// out <- out + scale · row · X for one sparse row and a dense X of as many rows as the sparse row has columns;
/// `out` has X's columns. Terms are added in the order of the row's columns.
template <class T>
void add_row_product(T scale, const sparse_row<T>& row, const matrix<T>& x, std::span<T> out);

/// Y <- Y + scale · A X. Each row of Y is the work of one thread and has the bits `add_row_product` gives.
///
/// 2 · nonzeros · columns(X) operations; bound by reading one row of X for each nonzero, from whichever cache
/// holds X.
template <class T>
void add_product(T scale, const csr_matrix<T>& a, const matrix<T>& x, matrix<T>& y, executor_ref executor = {});

/// A X.
template <class T>
[[nodiscard]] matrix<T> product(const csr_matrix<T>& a, const matrix<T>& x, executor_ref executor = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Columns begin.. of `add_row_product`, `Width` at a time: their sums stay in registers over the whole row, so
/// that each number of X is read once and none of `out` in between. What is left goes to narrower tiles.
template <int Width, class T>
void add_row_tiles(T scale, const sparse_row<T>& row, const T* x, Eigen::Index columns, Eigen::Index begin, T* out) {
  using tile = Eigen::Array<T, Width, 1>;
  for (; begin + Width <= columns; begin += Width) {
    tile sum = tile::Zero();
    for (std::size_t n = 0; n < row.size(); ++n)
      sum += row.values[n] * Eigen::Map<const tile>(x + row.columns[n] * columns + begin);
    Eigen::Map<tile> to(out + begin);
    to += scale * sum;
  }
  if constexpr (Width > 1) add_row_tiles<Width / 4>(scale, row, x, columns, begin, out);
}

}  // namespace detail

template <class T>
void add_row_product(T scale, const sparse_row<T>& row, const matrix<T>& x, std::span<T> out) {
  RECO_ASSERT(static_cast<Eigen::Index>(out.size()) == x.cols());
  // Widest tile: four 64-byte lines. Wider ones spill their sums where registers are narrow; narrower ones read
  // X in pieces too short for the prefetcher.
  constexpr int widest = sizeof(T) == 4 ? 64 : 16;
  detail::add_row_tiles<widest>(scale, row, x.data(), x.cols(), 0, out.data());
}

template <class T>
void add_product(T scale, const csr_matrix<T>& a, const matrix<T>& x, matrix<T>& y, executor_ref executor) {
  RECO_ASSERT(a.columns() == x.rows() && a.rows() == y.rows() && x.cols() == y.cols());
  const auto width = static_cast<std::size_t>(x.cols());
  for_chunks(executor, a.rows(), 64, [&](std::int64_t begin, std::int64_t end) {
    for (auto r = begin; r < end; ++r)
      add_row_product(scale, a.row(static_cast<std::int32_t>(r)), x, std::span(y.data() + r * y.cols(), width));
  });
}

template <class T>
matrix<T> product(const csr_matrix<T>& a, const matrix<T>& x, executor_ref executor) {
  matrix<T> y = matrix<T>::Zero(a.rows(), x.cols());
  add_product(T(1), a, x, y, executor);
  return y;
}

}  // namespace reco
