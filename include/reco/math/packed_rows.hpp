// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {

/// A copy of rows for their inner products with many vectors. Rows stand in panels of `width`, column after column, so
/// that a column's numbers fill registers: a vector's number times those, and no sum ever crosses the lanes of a
/// register.
///
///     packed_rows<float> items(count, d, row_at);     // row_at(i) points at d numbers
///     items.inner_products(queries, begin, end, take);
///
/// Rows × d numbers of memory, rows rounded up to whole panels; O(rows d) to make. For rows that are asked often: where
/// each is read once or twice, packing costs more than it saves, and `score_rows` reads them where they are.
template <class T>
class packed_rows {
  static constexpr std::size_t lanes = detail::simd<T>::lanes;
  // Of 32 registers 24 hold sums, of 16 registers 12.
  static constexpr std::size_t registers = detail::simd<T>::bytes == 64 ? 4 : 2, queries_at_once = 6;

 public:
  static constexpr std::int64_t width = static_cast<std::int64_t>(registers * lanes);

  packed_rows() = default;
  template <class RowAt>
  packed_rows(std::int64_t rows, std::int64_t d, RowAt row_at);

  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

  /// Queries against rows begin..end-1, `begin` at the start of a panel: for each panel, panels going up, and each
  /// query q
  ///
  ///     take(q, first, scores)      scores[n] = sum over c of queries[q][c] · row(first + n)[c]
  ///
  /// summed in the order of c, each product and sum rounded as one where the machine can: a score depends on its two
  /// vectors alone, to the last bit. `scores` is a scratch of at most `width` numbers that `take` may change.
  ///
  /// Queries × rows × d multiply-adds, no memory. Many queries are bound by arithmetic: a panel stays in the
  /// first-level cache while they pass over it. One query is bound by reading the rows.
  template <class Take>
  void inner_products(std::span<const T* const> queries, std::int64_t begin, std::int64_t end, Take take) const;

 private:
  template <std::size_t query_count>
  void multiply(const T* const* queries, const T* panel, T* out) const noexcept;

  std::int64_t rows_ = 0, d_ = 0;
  Eigen::Array<T, Eigen::Dynamic, 1> panels_ = {};  // number c of row i: [i / width][c][i % width]
};

// ---------------------------------------------------------------------------------------------------

template <class T>
template <class RowAt>
packed_rows<T>::packed_rows(std::int64_t rows, std::int64_t d, RowAt row_at)
    : rows_(rows), d_(d), panels_((rows + width - 1) / width * width * d) {
  T* out = panels_.data();
  for (std::int64_t first = 0; first < rows; first += width) {
    const T* row[registers * lanes];  // the last panel is filled up with the last row
    for (std::int64_t n = 0; n < width; ++n) row[n] = row_at(std::min(first + n, rows - 1));
    for (std::int64_t c = 0; c < d; ++c, out += width)
      for (std::int64_t n = 0; n < width; ++n) out[n] = row[n][c];
  }
}

/// out[q * width + n] <- query q times row n of the panel.
template <class T>
template <std::size_t query_count>
void packed_rows<T>::multiply(const T* const* queries, const T* panel, T* out) const noexcept {
  using V = typename detail::simd<T>::type;
  V sum[query_count][registers] = {};
  const T* a[query_count];
  std::copy_n(queries, query_count, a);
  for (std::int64_t c = 0; c < d_; ++c, panel += width) {
    V x[registers];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < registers; ++r) x[r] = detail::simd<T>::load(panel + r * lanes);
#pragma GCC unroll 6
    for (std::size_t q = 0; q < query_count; ++q)
#pragma GCC unroll 4
      for (std::size_t r = 0; r < registers; ++r) sum[q][r] += a[q][c] * x[r];
  }
#pragma GCC unroll 6
  for (std::size_t q = 0; q < query_count; ++q)
#pragma GCC unroll 4
    for (std::size_t r = 0; r < registers; ++r) detail::simd<T>::store(out + (q * registers + r) * lanes, sum[q][r]);
}

template <class T>
template <class Take>
void packed_rows<T>::inner_products(std::span<const T* const> queries, std::int64_t begin, std::int64_t end,
                                    Take take) const {
  RECO_ASSERT(begin % width == 0 && end <= rows_);
  alignas(64) T scores[queries_at_once * registers * lanes];
  for (std::int64_t first = begin; first < end; first += width) {
    const auto count = static_cast<std::size_t>(std::min(width, end - first));
    const auto pass = [&]<std::size_t query_count>(std::size_t q, std::integral_constant<std::size_t, query_count>) {
      multiply<query_count>(&queries[q], panels_.data() + first * d_, scores);
      for (std::size_t j = 0; j < query_count; ++j)
        take(q + j, first, std::span<T>(scores + j * static_cast<std::size_t>(width), count));
    };
    std::size_t q = 0;
    for (; q + queries_at_once <= queries.size(); q += queries_at_once)
      pass(q, std::integral_constant<std::size_t, queries_at_once>());
    for (; q + 2 <= queries.size(); q += 2) pass(q, std::integral_constant<std::size_t, 2>());
    for (; q < queries.size(); ++q) pass(q, std::integral_constant<std::size_t, 1>());
  }
}

}  // namespace reco
