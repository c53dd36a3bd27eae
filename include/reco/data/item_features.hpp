// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>

#include "reco/base/config.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {

/// A sparse row for each item: weights of tokens, tags, categories.
template <class D>
concept item_features = requires(const D& d, std::int32_t item) {
  typename D::scalar;
  { d.items() } -> std::same_as<std::int32_t>;
  { d.features() } -> std::same_as<std::int32_t>;
  { d.features_of(item) } -> std::same_as<sparse_row<typename D::scalar>>;
};

}  // namespace reco
