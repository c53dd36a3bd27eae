// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// A dense vector for each item, all of one dimension: embeddings, made here or elsewhere.
template <class D>
concept item_vectors = requires(const D& d, std::int32_t item) {
  typename D::scalar;
  { d.items() } -> std::same_as<std::int32_t>;
  { d.dimension() } -> std::same_as<std::int32_t>;
  { d.vector(item) } -> std::same_as<std::span<const typename D::scalar>>;
};

}  // namespace reco
