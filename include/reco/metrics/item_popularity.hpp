// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/interactions.hpp"

namespace reco::inline RECO_ABI() {

/// How many users had each item before: what novelty is measured against. Metrics keep a pointer to it.
///
///     const reco::item_popularity popularity(train);
///     auto surprise = reco::mean_over_lists(reco::novelty{.popularity = &popularity});
class item_popularity {
 public:
  /// A user counts once an item, whatever the value; users without history count among the users. O(pairs).
  template <interactions D>
  explicit item_popularity(const D& data);
  /// Throws `invalid_argument` for a count below 0 or above the number of users.
  item_popularity(std::vector<std::int64_t> users_of_item, std::int64_t users);

  [[nodiscard]] std::int64_t users() const noexcept { return users_; }
  /// All (user, item) pairs.
  [[nodiscard]] std::int64_t pairs() const noexcept { return pairs_; }
  /// Users who had each item.
  [[nodiscard]] const std::vector<std::int64_t>& counts() const noexcept { return counts_; }
  /// Users who had this item. Throws `std::out_of_range`.
  [[nodiscard]] std::int64_t count(std::int32_t item) const {
    detail::check_index("item_popularity: item", item, std::ssize(counts_));
    return counts_[static_cast<std::size_t>(item)];
  }
  /// The same, but an item that nobody had counts as if one user had: the rarest that can be told apart. That keeps
  /// logarithms finite.
  [[nodiscard]] double known_count(std::int32_t item) const {
    return static_cast<double>(std::max<std::int64_t>(count(item), 1));
  }

 private:
  std::vector<std::int64_t> counts_ = {};
  std::int64_t users_ = 0;
  std::int64_t pairs_ = 0;
};

// ---------------------------------------------------------------------------------------------------

template <interactions D>
item_popularity::item_popularity(const D& data)
    : counts_(static_cast<std::size_t>(data.items())), users_(data.users()) {
  for (std::int32_t u = 0; u < data.users(); ++u) {
    const auto row = data.of(u).items;
    for (const auto item : row) ++counts_[static_cast<std::size_t>(item)];
    pairs_ += std::ssize(row);
  }
}

inline item_popularity::item_popularity(std::vector<std::int64_t> users_of_item, std::int64_t users)
    : counts_(std::move(users_of_item)), users_(users) {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] < 0 || counts_[i] > users)
      detail::fail_argument("item_popularity: the count of item " + detail::to_text(i) + " must be in 0.." +
                            detail::to_text(users) + ", got " + detail::to_text(counts_[i]));
    pairs_ += counts_[i];
  }
}

namespace detail {

/// The popularity that a metric was given; without one there is nothing to measure.
inline const item_popularity& given(std::string_view metric, const item_popularity* popularity) {
  if (popularity == nullptr) fail_argument(std::string(metric) + ": popularity must point to the items' counts");
  return *popularity;
}

}  // namespace detail

}  // namespace reco
