// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// Outside ids (numbers, strings) and dense indices 0..n-1: a bijection; first come, first index.
///
///     reco::id_map<std::string> readers;
///     auto u = readers.add("ann");            // 0, and 0 again the next time
///     readers.find("bob");                    // nothing: not seen
///     readers.id(u);                          // "ann"
///
/// `add`, `find` and `id` take O(1). Strings are looked up by `std::string_view` without a copy.
template <class Id>
class id_map {
  static constexpr bool text = std::same_as<Id, std::string>;

 public:
  using key_view = std::conditional_t<text, std::string_view, Id>;

  /// The index of the id, a new one if it is new. Throws `invalid_argument` past 2^31 - 1 ids.
  std::int32_t add(key_view id);
  [[nodiscard]] std::optional<std::int32_t> find(key_view id) const;
  /// Throws `std::out_of_range` unless 0 <= index < size().
  [[nodiscard]] const Id& id(std::int32_t index) const;
  [[nodiscard]] std::int32_t size() const noexcept { return static_cast<std::int32_t>(ids_.size()); }

 private:
  std::deque<Id> ids_ = {};  // a deque: its elements never move, so views of them stay valid
  std::unordered_map<key_view, std::int32_t> index_ = {};

 public:
  id_map() = default;
  id_map(const id_map& other) {
    for (const auto& id : other.ids_) add(id);
  }
  id_map(id_map&&) noexcept = default;
  id_map& operator=(id_map other) noexcept {
    ids_.swap(other.ids_);
    index_.swap(other.index_);
    return *this;
  }
  ~id_map() = default;
};

// ---------------------------------------------------------------------------------------------------

template <class Id>
std::int32_t id_map<Id>::add(key_view id) {
  if (const auto known = index_.find(id); known != index_.end()) return known->second;
  if (ids_.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    detail::fail_argument("id_map: at most 2147483647 ids fit");
  const auto index = size();
  ids_.emplace_back(id);
  try {
    index_.emplace(ids_.back(), index);
  } catch (...) {
    ids_.pop_back();
    throw;
  }
  return index;
}

template <class Id>
std::optional<std::int32_t> id_map<Id>::find(key_view id) const {
  const auto known = index_.find(id);
  return known == index_.end() ? std::nullopt : std::optional(known->second);
}

template <class Id>
const Id& id_map<Id>::id(std::int32_t index) const {
  detail::check_index("id_map: index", index, size());
  return ids_[static_cast<std::size_t>(index)];
}

}  // namespace reco
