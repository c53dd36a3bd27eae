// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>

#include "reco/base/config.hpp"
#include "reco/data/history_view.hpp"

namespace reco::inline RECO_ABI() {

/// Users × items with one value for each pair that occurred: what matrix models fit on.
///
/// The four kinds of input have different member names on purpose. A row merged by item and a timeline
/// with its repeats have the same type, and a model that is given the wrong one answers without a
/// complaint and wrongly; `of` and `timeline` cannot be confused.
template <class D>
concept interactions = requires(const D& d, std::int32_t user) {
  typename D::scalar;
  { d.users() } -> std::same_as<std::int32_t>;
  { d.items() } -> std::same_as<std::int32_t>;
  { d.of(user) } -> std::same_as<history_view<typename D::scalar>>;  // ascending by item, no repeats, no times
};

}  // namespace reco
