// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Of which items new events change what they say about others. X, users × items, has the events in it already.
class changed_rows {
 public:
  /// Throws `invalid_argument` where X has fewer than `items` items, `std::out_of_range` for an event outside of X.
  template <class T>
  changed_rows(std::string_view who, const csr_matrix<T>& x, std::int32_t items, std::span<const event> events);

  /// The items of the events.
  [[nodiscard]] const std::vector<bool>& fresh() const noexcept { return fresh_; }
  /// These and all else that the events' users have: items whose sums with others change.
  [[nodiscard]] const std::vector<bool>& touched() const noexcept { return touched_; }
  /// Whether all that a user has may be new, so that the number of users with anything may have changed.
  [[nodiscard]] bool new_users() const noexcept { return new_users_; }
  /// The touched items, and those that share a user with one of `changed`, whose own sums change.
  template <class T>
  [[nodiscard]] std::vector<bool> with_neighbors(const std::vector<bool>& changed, const csr_matrix<T>& x,
                                                 const csr_matrix<T>& by_item) const;

 private:
  std::vector<bool> fresh_, touched_;
  bool new_users_ = false;
};

// ---------------------------------------------------------------------------------------------------

template <class T>
changed_rows::changed_rows(std::string_view who, const csr_matrix<T>& x, std::int32_t items,
                           std::span<const event> events)
    : fresh_(static_cast<std::size_t>(x.columns())), touched_(fresh_.size()) {
  if (x.columns() < items)
    fail_argument(std::string(who) + ": data must have the model's " + to_text(items) + " items, got " +
                  to_text(x.columns()));
  std::vector<std::vector<std::int32_t>> of_user(static_cast<std::size_t>(x.rows()));
  for (const auto& e : events) {
    check_index("updated: user", e.user, x.rows());
    check_index("updated: item", e.item, x.columns());
    fresh_[static_cast<std::size_t>(e.item)] = true;
    touched_[static_cast<std::size_t>(e.item)] = true;
    of_user[static_cast<std::size_t>(e.user)].push_back(e.item);
  }
  for (std::int32_t u = 0; u < x.rows(); ++u) {
    auto& mine = of_user[static_cast<std::size_t>(u)];
    if (mine.empty()) continue;
    std::sort(mine.begin(), mine.end());
    bool all_fresh = true;
    for (const auto i : x.row(u).columns) {
      touched_[static_cast<std::size_t>(i)] = true;
      all_fresh = all_fresh && std::binary_search(mine.begin(), mine.end(), i);
    }
    new_users_ = new_users_ || all_fresh;
  }
}

template <class T>
std::vector<bool> changed_rows::with_neighbors(const std::vector<bool>& changed, const csr_matrix<T>& x,
                                               const csr_matrix<T>& by_item) const {
  std::vector<bool> out = touched_, read(static_cast<std::size_t>(x.rows()));
  for (std::int32_t i = 0; i < by_item.rows(); ++i) {
    if (!changed[static_cast<std::size_t>(i)]) continue;
    for (const auto u : by_item.row(i).columns) {
      if (read[static_cast<std::size_t>(u)]) continue;
      read[static_cast<std::size_t>(u)] = true;
      for (const auto j : x.row(u).columns) out[static_cast<std::size_t>(j)] = true;
    }
  }
  return out;
}

}  // namespace detail
}  // namespace reco
