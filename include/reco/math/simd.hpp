// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>

#include <Eigen/Core>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// One vector register of T, float or double, as wide as Eigen's packets are in this build (at least 16
/// bytes). It is the vector extension that g++ and clang share: arithmetic and comparisons by lane, the
/// same source for every instruction set. For the few kernels where Eigen's own do not do.
template <class T>
struct simd {
  static constexpr std::size_t bytes =
      std::max<std::size_t>(16, sizeof(T) * std::size_t{Eigen::internal::packet_traits<T>::size});
  static constexpr std::size_t lanes = bytes / sizeof(T);
  typedef T type __attribute__((vector_size(bytes)));

  typedef T anywhere __attribute__((vector_size(bytes), aligned(alignof(T)), may_alias));

  /// Any address will do.
  [[nodiscard]] static type load(const T* from) noexcept { return *reinterpret_cast<const anywhere*>(from); }
  static void store(T* to, type v) noexcept { *reinterpret_cast<anywhere*>(to) = v; }
};

}  // namespace detail
}  // namespace reco
