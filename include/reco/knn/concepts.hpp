// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include "reco/base/config.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"

namespace reco::inline RECO_ABI() {

/// Finds the items whose vectors lie nearest to a query vector; a larger score is nearer. An index keeps to a
/// request as a model does: it may look at few items, but what `exclude` and `only` take away must not make its
/// list shorter while there are others to put in. (`exclude_seen` says nothing to an index: it knows vectors,
/// not people.)
template <class I>
concept neighbor_index = requires(const I& index, std::span<const typename I::scalar> query, const request& r) {
  typename I::scalar;
  { index.items() } -> std::same_as<std::int32_t>;
  { index.dimension() } -> std::same_as<std::int32_t>;
  { index.search(query, r) } -> std::same_as<ranked_list<typename I::scalar>>;
};

}  // namespace reco
