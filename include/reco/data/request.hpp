// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

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

}  // namespace reco
