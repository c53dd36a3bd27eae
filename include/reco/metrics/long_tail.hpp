// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/item_popularity.hpp"

namespace reco::inline RECO_ABI() {

/// The share of a list that comes from the long tail (APLT of Abdollahpouri et al., "Managing popularity bias in
/// recommender systems with personalized re-ranking", 2019).
///
/// The head is the fewest most popular items (ties: the lower index) that make up `head` of all (user, item) pairs; the
/// tail is all others. In 0..1; 0 of an empty list. Worked example: items had by 6, 3, 1 and 0 users and a head of 0.8:
/// the first two are the head, and the list {0, 2, 3} has 2/3 from the tail. O(k), and O(items log items) once.
class long_tail_share {
 public:
  static constexpr std::string_view name = "long_tail";

  /// Throws `invalid_argument` for a head outside 0..1.
  explicit long_tail_share(const item_popularity& popularity, double head = 0.8, int k = 10);

  /// Throws `std::out_of_range` for an item beyond the counts.
  [[nodiscard]] double operator()(const shown_list& list) const;
  [[nodiscard]] bool in_tail(std::int32_t item) const;

  int k = 10;

 private:
  std::vector<bool> in_tail_;
};

// ---------------------------------------------------------------------------------------------------

inline long_tail_share::long_tail_share(const item_popularity& popularity, double head, int places)
    : k(places), in_tail_(popularity.counts().size(), true) {
  if (!(head >= 0 && head <= 1)) detail::fail_argument("long_tail: head must be in 0..1, got " + detail::to_text(head));
  const auto& counts = popularity.counts();
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return counts[a] > counts[b]; });
  const double enough = head * static_cast<double>(popularity.pairs());
  std::int64_t covered = 0;
  for (const auto item : order) {
    if (static_cast<double>(covered) >= enough) break;
    covered += counts[item];
    in_tail_[item] = false;
  }
}

inline bool long_tail_share::in_tail(std::int32_t item) const {
  detail::check_index("long_tail: item", item, static_cast<std::int64_t>(in_tail_.size()));
  return in_tail_[static_cast<std::size_t>(item)];
}

inline double long_tail_share::operator()(const shown_list& list) const {
  const auto shown = list.first(k);
  const auto tail = std::count_if(shown.begin(), shown.end(), [&](auto item) { return in_tail(item); });
  return shown.empty() ? 0 : static_cast<double>(tail) / static_cast<double>(shown.size());
}

static_assert(list_metric<long_tail_share>);

}  // namespace reco
