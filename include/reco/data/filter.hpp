// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/data/event.hpp"

namespace reco::inline RECO_ABI() {

/// What a filter left of a log, in order of arrival, and what went. Users and items keep their numbers,
/// so the shape of the log stays what it was; `compact` closes the gaps.
struct filtered_log {
  std::vector<event> events = {};
  std::int64_t events_dropped = 0;
  std::int32_t users_dropped = 0;  ///< had an event before and have none now
  std::int32_t items_dropped = 0;

  friend bool operator==(const filtered_log&, const filtered_log&) = default;
};

struct min_count_options {
  int items_per_user = 1;  ///< distinct items a user must have, >= 1
  int users_per_item = 1;  ///< distinct users an item must have, >= 1
  /// Dropping items takes items from users and the other way round. true: go on until all that is left
  /// meets both bounds. false: one look at the counts of the log as given; less may be left than asked.
  bool until_stable = true;

  static constexpr std::string_view name = "min_count_filter";
  static constexpr auto options() {
    return std::tuple{at_least("items_per_user", &min_count_options::items_per_user, 1),
                      at_least("users_per_item", &min_count_options::users_per_item, 1),
                      any_value("until_stable", &min_count_options::until_stable)};
  }
  friend bool operator==(const min_count_options&, const min_count_options&) = default;
};
static_assert(options_are_complete<min_count_options>);

/// Keeps the events of users with enough distinct items and of items with enough distinct users; a pair
/// that occurs often counts once. Until stable with both bounds k this is the k-core of the graph of users
/// and items: the largest part of the log in which every bound holds, the same in whatever order one
/// gets there (Batagelj and Zaversnik, "An O(m) algorithm for cores decomposition of networks", 2003).
/// O(events log events). Throws `invalid_argument` for a bound below 1.
///
///     auto core = reco::min_count_filter(log, {.items_per_user = 5, .users_per_item = 5});
[[nodiscard]] filtered_log min_count_filter(std::span<const event> log, const min_count_options& o);

/// Keeps the events whose value is `least` or more: ratings of 4 and 5, reads of ten seconds or longer.
[[nodiscard]] filtered_log min_value_filter(std::span<const event> log, double least);

enum class occurrence { first, last };

/// Keeps one event of each pair, the first or the last by time (of equal times, by order of arrival).
/// O(events log events).
[[nodiscard]] filtered_log deduplicate(std::span<const event> log, occurrence keep);

/// A log whose users and items are numbered without gaps, and what they were called before: new user u
/// is old user `users[u]`. The order of the numbers stays, and with it what ties by lower index mean.
struct compact_log {
  std::vector<event> events = {};
  std::vector<std::int32_t> users = {};
  std::vector<std::int32_t> items = {};

  [[nodiscard]] reco::shape shape() const noexcept {
    return {.users = static_cast<std::int32_t>(users.size()), .items = static_cast<std::int32_t>(items.size())};
  }
};

/// Leaves out the numbers that no event mentions. O(events + users + items).
[[nodiscard]] compact_log compact(std::span<const event> log);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Users and items that some event mentions.
struct mentioned {
  std::vector<bool> users, items;

  mentioned(std::span<const event> log, shape s)
      : users(static_cast<std::size_t>(s.users)), items(static_cast<std::size_t>(s.items)) {
    for (const auto& e : log) {
      users[static_cast<std::size_t>(e.user)] = true;
      items[static_cast<std::size_t>(e.item)] = true;
    }
  }
};

/// Copies the events that `keep(event, position)` wants and counts what goes.
template <class Keep>
filtered_log keep_events(std::span<const event> log, Keep keep) {
  const auto s = shape_of(log);
  filtered_log out;
  for (std::size_t n = 0; n < log.size(); ++n)
    if (keep(log[n], n)) out.events.push_back(log[n]);
  out.events_dropped = static_cast<std::int64_t>(log.size() - out.events.size());
  const mentioned before(log, s), after(out.events, s);
  const auto fewer = [](const std::vector<bool>& was, const std::vector<bool>& is) {
    return static_cast<std::int32_t>(std::count(was.begin(), was.end(), true) - std::count(is.begin(), is.end(), true));
  };
  out.users_dropped = fewer(before.users, after.users);
  out.items_dropped = fewer(before.items, after.items);
  return out;
}

/// The distinct pairs of a log as a graph: nodes are the users, then the items.
struct pair_graph {
  std::vector<std::int64_t> offsets;    // of each node's neighbors; one more than nodes
  std::vector<std::int64_t> neighbors;  // nodes of the other kind

  pair_graph(std::span<const event> log, shape s)
      : offsets(static_cast<std::size_t>(s.users) + static_cast<std::size_t>(s.items) + 1) {
    std::vector<std::pair<std::int32_t, std::int32_t>> pairs(log.size());
    std::transform(log.begin(), log.end(), pairs.begin(), [](const event& e) { return std::pair(e.user, e.item); });
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    const auto item_node = [&](std::int32_t item) {
      return static_cast<std::size_t>(s.users) + static_cast<std::size_t>(item);
    };
    for (const auto& [user, item] : pairs) {
      ++offsets[static_cast<std::size_t>(user) + 1];
      ++offsets[item_node(item) + 1];
    }
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    neighbors.resize(2 * pairs.size());
    auto next = offsets;
    const auto link = [&](std::size_t from, std::size_t to) {
      neighbors[static_cast<std::size_t>(next[from]++)] = static_cast<std::int64_t>(to);
    };
    for (const auto& [user, item] : pairs) {
      link(static_cast<std::size_t>(user), item_node(item));
      link(item_node(item), static_cast<std::size_t>(user));
    }
  }
  [[nodiscard]] std::span<const std::int64_t> of(std::int64_t node) const {
    const auto n = static_cast<std::size_t>(node);
    return std::span(neighbors).subspan(static_cast<std::size_t>(offsets[n]),
                                        static_cast<std::size_t>(offsets[n + 1] - offsets[n]));
  }
};

}  // namespace detail

inline filtered_log min_count_filter(std::span<const event> log, const min_count_options& o) {
  check_options(o);
  const auto s = shape_of(log);
  const detail::pair_graph graph(log, s);
  const auto nodes = std::ssize(graph.offsets) - 1;
  const auto bound = [&](std::int64_t node) { return node < s.users ? o.items_per_user : o.users_per_item; };
  // Take away nodes with too few neighbors; each takes one from its own neighbors, of which some fall in turn.
  std::vector<std::int64_t> degree(static_cast<std::size_t>(nodes));
  std::vector<bool> gone(static_cast<std::size_t>(nodes));
  std::vector<std::int64_t> open;
  for (std::int64_t node = 0; node < nodes; ++node) {
    const auto n = static_cast<std::size_t>(node);
    degree[n] = std::ssize(graph.of(node));
    gone[n] = degree[n] < bound(node);
    if (gone[n]) open.push_back(node);
  }
  while (o.until_stable && !open.empty()) {
    const auto fallen = open.back();
    open.pop_back();
    for (const auto neighbor : graph.of(fallen)) {
      const auto n = static_cast<std::size_t>(neighbor);
      if (gone[n] || --degree[n] >= bound(neighbor)) continue;
      gone[n] = true;
      open.push_back(neighbor);
    }
  }
  return detail::keep_events(log, [&](const event& e, std::size_t) {
    return !gone[static_cast<std::size_t>(e.user)] &&
           !gone[static_cast<std::size_t>(s.users) + static_cast<std::size_t>(e.item)];
  });
}

inline filtered_log min_value_filter(std::span<const event> log, double least) {
  if (std::isnan(least)) detail::fail_argument("min_value_filter: least must be a number, got nan");
  return detail::keep_events(log, [&](const event& e, std::size_t) { return e.value >= least; });
}

inline filtered_log deduplicate(std::span<const event> log, occurrence keep) {
  std::vector<const event*> order(log.size());
  std::transform(log.begin(), log.end(), order.begin(), [](const event& e) { return &e; });
  std::sort(order.begin(), order.end(), [](const event* a, const event* b) {
    return std::tie(a->user, a->item, a->time, a) < std::tie(b->user, b->item, b->time, b);
  });
  std::vector<bool> kept(log.size());
  for (std::size_t n = 0; n < order.size(); ++n) {
    const auto other = keep == occurrence::first ? n - 1 : n + 1;  // wraps round past an end
    const bool edge =
        other >= order.size() || order[other]->user != order[n]->user || order[other]->item != order[n]->item;
    if (edge) kept[static_cast<std::size_t>(order[n] - log.data())] = true;
  }
  return detail::keep_events(log, [&](const event&, std::size_t n) { return kept[n]; });
}

inline compact_log compact(std::span<const event> log) {
  const detail::mentioned used(log, shape_of(log));
  const auto number = [](const std::vector<bool>& is_used, std::vector<std::int32_t>& old_of_new) {
    std::vector<std::int32_t> new_of_old(is_used.size());
    for (std::size_t n = 0; n < is_used.size(); ++n) {
      if (!is_used[n]) continue;
      new_of_old[n] = static_cast<std::int32_t>(old_of_new.size());
      old_of_new.push_back(static_cast<std::int32_t>(n));
    }
    return new_of_old;
  };
  compact_log out;
  const auto user = number(used.users, out.users);
  const auto item = number(used.items, out.items);
  out.events.assign(log.begin(), log.end());
  for (auto& e : out.events) {
    e.user = user[static_cast<std::size_t>(e.user)];
    e.item = item[static_cast<std::size_t>(e.item)];
  }
  return out;
}

}  // namespace reco
