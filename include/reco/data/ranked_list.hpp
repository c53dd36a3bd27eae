// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {

/// Items in rank order, best first. No NaN, no item twice; may be shorter than what was asked for.
template <class T>
class ranked_list {
 public:
  using scalar = T;
  using value_type = scored_item<T>;

  ranked_list() = default;
  /// Sorts: score descending, ties by lower item. Throws `invalid_argument` for a NaN or an item twice.
  [[nodiscard]] static ranked_list best_of(std::vector<scored_item<T>> items);
  /// Keeps the order given (a re-ranker's business). Throws as `best_of`.
  [[nodiscard]] static ranked_list in_order(std::vector<scored_item<T>> items);

  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] const scored_item<T>& operator[](std::size_t rank) const noexcept {
    RECO_ASSERT(rank < items_.size());
    return items_[rank];
  }
  [[nodiscard]] auto begin() const noexcept { return items_.begin(); }
  [[nodiscard]] auto end() const noexcept { return items_.end(); }
  friend bool operator==(const ranked_list&, const ranked_list&) = default;

 private:
  explicit ranked_list(std::vector<scored_item<T>> items) : items_(std::move(items)) {}
  std::vector<scored_item<T>> items_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
ranked_list<T> ranked_list<T>::best_of(std::vector<scored_item<T>> items) {
  for (const auto& s : items)  // before the sort: a NaN has no place in an order
    if (std::isnan(s.score))
      detail::fail_argument("ranked_list: the score of item " + detail::to_text(s.item) + " is not a number");
  std::sort(items.begin(), items.end(), better);
  return in_order(std::move(items));
}

template <class T>
ranked_list<T> ranked_list<T>::in_order(std::vector<scored_item<T>> items) {
  std::vector<std::int32_t> ids;
  ids.reserve(items.size());
  for (const auto& s : items) {
    if (std::isnan(s.score))
      detail::fail_argument("ranked_list: the score of item " + detail::to_text(s.item) + " is not a number");
    ids.push_back(s.item);
  }
  std::sort(ids.begin(), ids.end());
  if (const auto twice = std::adjacent_find(ids.begin(), ids.end()); twice != ids.end())
    detail::fail_argument("ranked_list: item " + detail::to_text(*twice) + " stands there twice");
  return ranked_list(std::move(items));
}

}  // namespace reco
