// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/data/history_view.hpp"

namespace reco::inline RECO_ABI() {

/// Who asks, what they did, and when. Every part may be missing: an unknown user is a normal query.
///
///     reco::recommend(model, {.user = 7, .history = train.of(7)});
template <class T>
struct query {
  std::optional<std::int32_t> user = {};  ///< as numbered in the data the model was fitted on
  history_view<T> history = {};           ///< a matrix row: ascending by item, no repeats
  history_view<T> session = {};           ///< oldest first, repeats kept
  std::optional<instant> now = {};        ///< the moment of asking; a model that fades things needs it
};

}  // namespace reco
