// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

// What crosses the lanes of registers: sums of them, and squares of them transposed.

/// Where lane i of "neighbors of a and b added up" finds its first (or second) summand among the lanes of a
/// and b. Neighbors are single lanes within 128 bits as long as these last, then whole 128 bits: each such
/// shuffle is one instruction.
constexpr std::size_t summand(std::size_t i, std::size_t level, std::size_t lanes, std::size_t lanes_of_128,
                              bool second) {
  const bool within = (std::size_t{1} << level) < lanes_of_128;
  const std::size_t unit = within ? 1 : lanes_of_128, group = within ? lanes_of_128 : lanes;
  const std::size_t n = i % group / unit, half = group / unit / 2;
  const std::size_t start = n < half ? 2 * n * unit : lanes + 2 * (n - half) * unit;
  return i / group * group + start + (second ? unit : 0) + i % unit;
}

template <std::size_t level, class T, class V, std::size_t... i>
[[gnu::always_inline]] inline V add_neighbors(V a, V b, std::index_sequence<i...>) noexcept {
  constexpr std::size_t lanes = sizeof...(i), lanes_of_128 = 16 / sizeof(T);
  return __builtin_shufflevector(a, b, summand(i, level, lanes, lanes_of_128, false)...) +
         __builtin_shufflevector(a, b, summand(i, level, lanes, lanes_of_128, true)...);
}

/// Lane n <- the sum of the lanes of v[n], n < count (a power of two), by a tree that is the same for all n.
template <class T, std::size_t count, std::size_t level = 0, class V>
[[gnu::always_inline]] inline V sums_of_lanes(V* v) noexcept {
  constexpr std::size_t lanes = simd<T>::lanes, left = std::max<std::size_t>(1, count / 2);
  if constexpr ((std::size_t{1} << level) == lanes) {
    return v[0];
  } else {
#pragma GCC unroll 8
    for (std::size_t n = 0; n < left; ++n)
      v[n] = add_neighbors<level, T>(v[2 * n], v[(2 * n + 1) % count], std::make_index_sequence<lanes>());
    return sums_of_lanes<T, left, level + 1>(v);
  }
}

template <class T, bool high, std::size_t... i>
[[gnu::always_inline]] inline auto zip(typename simd<T>::type a, typename simd<T>::type b, std::index_sequence<i...>) {
  constexpr std::size_t lanes = sizeof...(i), first = high ? lanes / 2 : 0;
  return __builtin_shufflevector(a, b, (first + i / 2 + (i % 2 == 0 ? 0 : lanes))...);
}

/// As many registers as they have lanes, as a square, transposed: log2(lanes) times the first half zipped with the
/// second.
template <class T>
[[gnu::always_inline]] inline void transpose_square(typename simd<T>::type* v) {
  constexpr std::size_t lanes = simd<T>::lanes;
  typename simd<T>::type w[lanes];
#pragma GCC unroll 4
  for (std::size_t stage = 1; stage < lanes; stage *= 2) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < lanes / 2; ++i) {
      w[2 * i] = zip<T, false>(v[i], v[i + lanes / 2], std::make_index_sequence<lanes>());
      w[2 * i + 1] = zip<T, true>(v[i], v[i + lanes / 2], std::make_index_sequence<lanes>());
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < lanes; ++i) v[i] = w[i];
  }
}

}  // namespace detail
}  // namespace reco
