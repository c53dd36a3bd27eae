// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstring>

#include <Eigen/Core>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// One vector register of T, float or double, as wide as Eigen's packets are in this build (at least 16
/// bytes). It is the vector extension that g++ and clang share: arithmetic and comparisons by lane, the
/// same source for every instruction set. For the few kernels where Eigen's own do not do.
template <class T>
struct simd {
  static constexpr int bytes = std::max<int>(16, Eigen::internal::packet_traits<T>::size * sizeof(T));
  static constexpr int lanes = bytes / static_cast<int>(sizeof(T));
  typedef T type __attribute__((vector_size(bytes)));

  /// Any address will do.
  [[nodiscard]] static type load(const T* from) noexcept {
    type v;
    std::memcpy(&v, from, sizeof v);
    return v;
  }
  static void store(T* to, type v) noexcept { std::memcpy(to, &v, sizeof v); }
};

}  // namespace detail
}  // namespace reco
