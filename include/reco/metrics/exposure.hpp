// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/shown_list.hpp"

namespace reco::inline RECO_ABI() {

/// How often each item was shown: in how many lists it stands in the first k places. What coverage, Gini and entropy
/// are computed from; they inherit from it, and one count can be asked for all of them (`gini(e.counts)`, …).
/// 8 bytes an item; O(k) a list.
struct exposure {
  /// Throws `invalid_argument` for a negative number of items.
  explicit exposure(std::int32_t items, int k = 10);

  /// Throws `std::out_of_range` for an item outside 0..items-1; the items before it are counted then.
  void add(const shown_list& list);
  void merge(const exposure& part);

  int k = 10;
  std::vector<std::int64_t> counts = {};
};

// ---------------------------------------------------------------------------------------------------

inline exposure::exposure(std::int32_t items, int places)
    : k(places), counts(static_cast<std::size_t>(std::max(items, 0))) {
  if (items < 0) detail::fail_argument("exposure: items must be at least 0, got " + detail::to_text(items));
}

inline void exposure::add(const shown_list& list) {
  for (const auto item : list.first(k)) {
    detail::check_index("exposure: item", item, std::ssize(counts));
    ++counts[static_cast<std::size_t>(item)];
  }
}

inline void exposure::merge(const exposure& part) {
  RECO_ASSERT(part.counts.size() == counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += part.counts[i];
}

}  // namespace reco
