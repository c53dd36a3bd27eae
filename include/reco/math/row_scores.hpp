// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "reco/base/config.hpp"
#include "reco/math/lanes.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {

/// How near two vectors are, as a sum over their numbers: what one pair of numbers adds. Larger is nearer.
struct inner_product_sum {
  template <class V>
  static V add(V sum, V a, V b) noexcept {
    return sum + a * b;
  }
};
/// -|a - b|^2. Summed from the differences: of |a|^2 + |b|^2 - 2ab, what is near would lose most digits.
struct negative_square_sum {
  template <class V>
  static V add(V sum, V a, V b) noexcept {
    const V difference = a - b;
    return sum - difference * difference;
  }
};

/// Scores of queries against rows begin..end-1, a block of rows at a time: for each query q and each block,
/// blocks going up,
///
///     take(q, first, scores)      scores[n] = sum over c of Sum::add(queries[q][c], row_at(first + n)[c])
///
/// `queries[q]` and `row_at(i)` point at d numbers. `scores` is a scratch that `take` may change. It stays in
/// the cache: nothing the size of queries × rows is ever written.
///
/// A score depends on its two vectors alone, to the last bit: not on the other queries and rows of the call.
/// (The numbers are summed in the lanes of a register and these in one tree; with another instruction set there
/// are more or fewer lanes, and other last digits.)
///
/// Queries × rows × d multiplications, no memory of its own. Many queries are bound by arithmetic: a block of
/// rows stays in the first-level cache while all queries pass over it. One query is bound by reading the rows.
template <class Sum, class T, class RowAt, class Take>
void score_rows(std::span<const T* const> queries, std::int64_t begin, std::int64_t end, RowAt row_at, std::int64_t d,
                Take take);

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline constexpr std::size_t rows_at_once = 8;

/// out[q * stride + r] <- score of query q and row r, 8 rows, d >= lanes. The sums of all pairs, a register of
/// lanes each, stay in registers.
template <class Sum, std::size_t query_count, class T>
void score_8_rows(const T* const* queries, const T* const* rows, std::size_t d, T* out, std::size_t stride) noexcept {
  using V = typename simd<T>::type;
  constexpr std::size_t lanes = simd<T>::lanes, pairs = query_count * rows_at_once, at_once = std::min(lanes, pairs);
  V sums[pairs] = {};
  const T *a[query_count], *x[rows_at_once];
  std::copy_n(queries, query_count, a);
  std::copy_n(rows, rows_at_once, x);

  std::size_t c = 0;
  if constexpr (query_count == 1) {  // row after row, as memory lies: 1.2 times faster than eight rows side by side
    const std::size_t whole = d / lanes * lanes;
#pragma GCC unroll 8
    for (std::size_t r = 0; r < rows_at_once; ++r) {
      V sum = {};
      for (c = 0; c < whole; c += lanes) {
        __builtin_prefetch(x[r] + c + rows_at_once * d);  // where the next eight rows are likely to lie
        sum = Sum::add(sum, simd<T>::load(a[0] + c), simd<T>::load(x[r] + c));
      }
      sums[r] = sum;
    }
  } else {
    for (; c + lanes <= d; c += lanes) {
#pragma GCC unroll 8
      for (std::size_t r = 0; r < rows_at_once; ++r) {
        V v = simd<T>::load(x[r] + c);
        asm("" : "+v"(v));  // or g++ 12 reads it anew for each query: 1.2 times slower
#pragma GCC unroll 2
        for (std::size_t q = 0; q < query_count; ++q)
          sums[q * rows_at_once + r] = Sum::add(sums[q * rows_at_once + r], simd<T>::load(a[q] + c), v);
      }
    }
  }
  if (c < d) {  // the last register of numbers once more, without what has been added
    V lane;
    for (std::size_t i = 0; i < lanes; ++i) lane[i] = static_cast<T>(i);
    const auto fresh = lane >= static_cast<T>(lanes - (d - c));
    c = d - lanes;
#pragma GCC unroll 8
    for (std::size_t r = 0; r < rows_at_once; ++r) {
      const V v = fresh ? simd<T>::load(x[r] + c) : V{};
#pragma GCC unroll 2
      for (std::size_t q = 0; q < query_count; ++q)
        sums[q * rows_at_once + r] = Sum::add(sums[q * rows_at_once + r], fresh ? simd<T>::load(a[q] + c) : V{}, v);
    }
  }
  T scores[std::max(lanes, pairs)];
#pragma GCC unroll 8
  for (std::size_t n = 0; n < pairs; n += at_once) simd<T>::store(scores + n, sums_of_lanes<T, at_once>(sums + n));
#pragma GCC unroll 2
  for (std::size_t q = 0; q < query_count; ++q) std::copy_n(scores + q * rows_at_once, rows_at_once, out + q * stride);
}

/// The same for d < lanes, one number after the other.
template <class Sum, std::size_t query_count, class T>
void score_8_short_rows(const T* const* queries, const T* const* rows, std::size_t d, T* out,
                        std::size_t stride) noexcept {
  for (std::size_t q = 0; q < query_count; ++q)
    for (std::size_t r = 0; r < rows_at_once; ++r) {
      T sum = 0;
      for (std::size_t c = 0; c < d; ++c) sum = Sum::add(sum, queries[q][c], rows[r][c]);
      out[q * stride + r] = sum;
    }
}

/// Blocks that many queries pass over are to stay in the first-level cache (24 KiB of 32 or 48).
template <class T>
std::size_t rows_in_block(std::size_t queries, std::size_t d, std::size_t most) {
  constexpr std::size_t numbers = 24 * 1024 / sizeof(T);
  if (queries < 8) return most;
  return std::clamp(numbers / std::max<std::size_t>(1, d) / rows_at_once * rows_at_once, rows_at_once, most);
}

}  // namespace detail

template <class Sum, class T, class RowAt, class Take>
void score_rows(std::span<const T* const> queries, std::int64_t begin, std::int64_t end, RowAt row_at, std::int64_t d,
                Take take) {
  constexpr std::size_t eight = detail::rows_at_once, lanes = detail::simd<T>::lanes, most = 128;
  constexpr std::size_t many = detail::simd<T>::bytes == 64 ? 2 : 1;  // queries at once, of 32 registers and of 16
  const auto numbers = static_cast<std::size_t>(d), block = detail::rows_in_block<T>(queries.size(), numbers, most);
  const T* rows[most];
  alignas(64) T scores[many * most];
  for (std::int64_t first = begin; first < end; first += static_cast<std::int64_t>(block)) {
    const std::size_t count = std::min(block, static_cast<std::size_t>(end - first));
    // A number of rows that is no multiple of 8 is filled up with the last row.
    for (std::size_t r = 0; r < (count + eight - 1) / eight * eight; ++r)
      rows[r] = row_at(first + static_cast<std::int64_t>(std::min(r, count - 1)));
    const auto pass = [&]<std::size_t query_count>(std::size_t q, std::integral_constant<std::size_t, query_count>) {
      for (std::size_t r = 0; r < count; r += eight) {
        if (numbers < lanes)
          detail::score_8_short_rows<Sum, query_count>(&queries[q], rows + r, numbers, scores + r, most);
        else detail::score_8_rows<Sum, query_count>(&queries[q], rows + r, numbers, scores + r, most);
      }
      for (std::size_t j = 0; j < query_count; ++j) take(q + j, first, std::span<T>(scores + j * most, count));
    };
    std::size_t q = 0;
    for (; q + many <= queries.size(); q += many) pass(q, std::integral_constant<std::size_t, many>());
    for (; q < queries.size(); ++q) pass(q, std::integral_constant<std::size_t, 1>());
  }
}

}  // namespace reco
