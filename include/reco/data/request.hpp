// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// What a list may hold; every model keeps to it.
///
/// A list is shorter than k only if fewer items are allowed and scored; k = 0 gives an empty list.
/// Items a model does not know (newer than its fit) are passed over wherever they stand, in `exclude`,
/// in `only`, in a history; a negative item is `std::out_of_range`, a negative k `invalid_argument`.
struct request {
  int k = 10;
  bool exclude_seen = true;                                ///< leave out the items of the query's history and session
  std::span<const std::int32_t> exclude = {};              ///< leave these out as well; any order, repeats are fine
  std::optional<std::span<const std::int32_t>> only = {};  ///< if given, nothing but these; empty: nothing passes
};

/// Throws `invalid_argument` for a negative k.
inline void check_request(const request& r) {
  if (r.k < 0) detail::fail_argument("request: k must be at least 0, got " + detail::to_text(r.k));
}

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Sorted, without repeats, without items the model does not know.
inline void make_item_set(std::vector<std::int32_t>& items, std::int32_t count) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  if (!items.empty() && items.front() < 0) fail_range("item", items.front(), count);
  items.erase(std::lower_bound(items.begin(), items.end(), count), items.end());
}

/// What `only` lets through, less what is excluded.
inline std::vector<std::int32_t> allowed_items(std::span<const std::int32_t> only,
                                               std::span<const std::int32_t> excluded, std::int32_t count) {
  std::vector<std::int32_t> wanted(only.begin(), only.end()), out;
  make_item_set(wanted, count);
  std::set_difference(wanted.begin(), wanted.end(), excluded.begin(), excluded.end(), std::back_inserter(out));
  return out;
}

}  // namespace detail

}  // namespace reco
