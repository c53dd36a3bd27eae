// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>

#include "reco/base/config.hpp"
#include "reco/data/history_view.hpp"

namespace reco::inline RECO_ABI() {

/// Each user's events, oldest first, repeats kept, with times: what fits that care about order and age
/// need.
template <class D>
concept sequences = requires(const D& d, std::int32_t user) {
  typename D::scalar;
  { d.users() } -> std::same_as<std::int32_t>;
  { d.items() } -> std::same_as<std::int32_t>;
  { d.timeline(user) } -> std::same_as<history_view<typename D::scalar>>;
};

}  // namespace reco
