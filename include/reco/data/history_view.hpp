// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"

namespace reco::inline RECO_ABI() {

/// What someone did, as three spans of equal length (`values` and `times` may be empty: every value is
/// then 1, and no times are known). Lives as long as what it looks into.
template <class T>
struct history_view {
  std::span<const std::int32_t> items = {};
  std::span<const T> values = {};
  std::span<const instant> times = {};

  [[nodiscard]] std::size_t size() const noexcept { return items.size(); }
  [[nodiscard]] bool empty() const noexcept { return items.empty(); }
  [[nodiscard]] T value(std::size_t n) const noexcept { return values.empty() ? T(1) : values[n]; }
};

}  // namespace reco
