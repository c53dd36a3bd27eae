// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/data/ranked_list.hpp"

namespace reco::inline RECO_ABI() {

/// One list as metrics beyond accuracy see it: what was shown, to whom. Spans into what the caller owns; what is not
/// known stays empty, and each metric says what it needs.
struct shown_list {
  std::span<const std::int32_t> items = {};     ///< in rank order; empty for a user who got nothing
  std::span<const double> grade = {};           ///< `judged_list::grade`: by rank, how relevant the item is
  std::span<const std::int32_t> history = {};   ///< what the user had before
  std::span<const std::int32_t> baseline = {};  ///< what a primitive recommender would have shown

  [[nodiscard]] std::span<const std::int32_t> first(int k) const noexcept {
    return items.first(std::min(items.size(), static_cast<std::size_t>(std::max(k, 0))));
  }
  [[nodiscard]] bool hit(std::size_t rank) const noexcept { return rank < grade.size() && grade[rank] > 0; }
};

/// The items of a list, in rank order.
template <class T>
[[nodiscard]] std::vector<std::int32_t> items_of(const ranked_list<T>& list) {
  std::vector<std::int32_t> items;
  items.reserve(list.size());
  for (const auto& s : list) items.push_back(s.item);
  return items;
}

}  // namespace reco
