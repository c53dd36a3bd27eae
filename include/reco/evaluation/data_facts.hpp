// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event.hpp"
#include "reco/metrics/gini.hpp"

namespace reco::inline RECO_ABI() {

/// Smallest, middle and largest of some counts; the median of an even number is the mean of the two in the middle.
struct count_spread {
  std::int64_t min = 0;
  double median = 0;
  std::int64_t max = 0;

  friend bool operator==(const count_spread&, const count_spread&) = default;
};

/// What a log is like. Users and items are those with an event; a pair that occurs often counts once, but in `events`.
struct log_facts {
  std::int64_t users = 0;
  std::int64_t items = 0;
  std::int64_t events = 0;
  std::int64_t pairs = 0;
  std::int64_t repeats = 0;  ///< events - pairs
  double density = 0;        ///< pairs / (users items); 0 without events
  count_spread items_per_user = {};
  count_spread users_per_item = {};
  double gini_of_items = 0;           ///< of users per item
  std::optional<instant> first = {};  ///< the oldest event; nothing without events
  std::optional<instant> last = {};

  friend bool operator==(const log_facts&, const log_facts&) = default;
};

/// O(events log events).
[[nodiscard]] log_facts facts_of(std::span<const event> log);

struct split_facts_options {
  std::vector<int> at = {10, 20, 50, 100};  ///< each at least 1
  /// Items that the user has in train are not recommended, so that pairs in both parts cannot be hit.
  bool exclude_seen = true;
};

/// What a split asks for, in pairs of user and item; a pair that occurs often in test counts once.
struct split_facts {
  std::int64_t users_with_history = 0;  ///< with pairs in test and events in train
  std::int64_t users_without_history = 0;
  std::int64_t pairs = 0;               ///< of test
  std::int64_t pairs_on_new_items = 0;  ///< of these, on items that are not in train
  std::int64_t pairs_in_both = 0;       ///< of these, in train as well
  /// The share of train's and of test's pairs that is on the hundredth of all items (rounded up; ties: the lower index)
  /// with the most pairs in both parts together. If they are far apart, test was not drawn evenly; `split_like`
  /// draws a part of train to choose options on that is as uneven. 0 without pairs.
  double train_on_popular = 0;
  double test_on_popular = 0;
  /// For each k, the recall@k of a recommender that knew test but can only recommend items of train:
  ///
  ///     best(k) = mean over users of min(k, reachable pairs) / pairs
  std::vector<double> best_recall = {};

  /// pairs_on_new_items / pairs; 0 without pairs.
  [[nodiscard]] double share_on_new_items() const {
    return pairs > 0 ? static_cast<double>(pairs_on_new_items) / static_cast<double>(pairs) : 0;
  }
  friend bool operator==(const split_facts&, const split_facts&) = default;
};

/// O((train + test) log(train + test)). Throws `invalid_argument` for a k below 1.
[[nodiscard]] split_facts facts_of_split(std::span<const event> train, std::span<const event> test,
                                         const split_facts_options& o = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

using user_item = std::pair<std::int32_t, std::int32_t>;

inline std::vector<user_item> distinct_pairs(std::span<const event> log) {
  std::vector<user_item> pairs(log.size());
  std::transform(log.begin(), log.end(), pairs.begin(), [](const event& e) { return user_item(e.user, e.item); });
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

/// Counts above 0, ascending.
inline std::vector<std::int64_t> sorted_counts(std::vector<std::int64_t> counts) {
  std::erase(counts, 0);
  std::sort(counts.begin(), counts.end());
  return counts;
}

inline count_spread spread_of(std::span<const std::int64_t> sorted) {
  if (sorted.empty()) return {};
  const auto low = sorted[(sorted.size() - 1) / 2], high = sorted[sorted.size() / 2];
  return {.min = sorted.front(),
          .median = (static_cast<double>(low) + static_cast<double>(high)) / 2,
          .max = sorted.back()};
}

/// True for the hundredth of the items that have pairs, those with the most.
inline std::vector<bool> popular_items(std::span<const user_item> some, std::span<const user_item> more,
                                       std::size_t items) {
  std::vector<std::int64_t> pairs(items);
  for (const auto& part : {some, more})
    for (const auto& [user, item] : part) ++pairs[static_cast<std::size_t>(item)];
  std::vector<std::size_t> order(items);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return pairs[a] > pairs[b]; });
  const auto with_pairs = std::count_if(pairs.begin(), pairs.end(), [](auto n) { return n > 0; });
  std::vector<bool> popular(items);
  std::for_each(order.begin(), order.begin() + (with_pairs + 99) / 100, [&](auto i) { popular[i] = true; });
  return popular;
}

inline double share_on(const std::vector<bool>& items, std::span<const user_item> pairs) {
  const auto on = std::count_if(pairs.begin(), pairs.end(),
                                [&](const user_item& pair) { return items[static_cast<std::size_t>(pair.second)]; });
  return pairs.empty() ? 0 : static_cast<double>(on) / static_cast<double>(pairs.size());
}

}  // namespace detail

inline log_facts facts_of(std::span<const event> log) {
  const auto s = shape_of(log);
  const auto pairs = detail::distinct_pairs(log);
  std::vector<std::int64_t> of_user(static_cast<std::size_t>(s.users)), of_item(static_cast<std::size_t>(s.items));
  for (const auto& [user, item] : pairs) {
    ++of_user[static_cast<std::size_t>(user)];
    ++of_item[static_cast<std::size_t>(item)];
  }
  of_user = detail::sorted_counts(std::move(of_user));
  of_item = detail::sorted_counts(std::move(of_item));
  log_facts out{.users = std::ssize(of_user),
                .items = std::ssize(of_item),
                .events = std::ssize(log),
                .pairs = std::ssize(pairs),
                .repeats = std::ssize(log) - std::ssize(pairs),
                .items_per_user = detail::spread_of(of_user),
                .users_per_item = detail::spread_of(of_item),
                .gini_of_items = gini(of_item)};
  if (log.empty()) return out;
  out.density = static_cast<double>(out.pairs) / (static_cast<double>(out.users) * static_cast<double>(out.items));
  const auto [oldest, newest] =
      std::minmax_element(log.begin(), log.end(), [](const event& a, const event& b) { return a.time < b.time; });
  out.first = oldest->time;
  out.last = newest->time;
  return out;
}

inline split_facts facts_of_split(std::span<const event> train, std::span<const event> test,
                                  const split_facts_options& o) {
  for (const int k : o.at)
    if (k < 1) detail::fail_argument("facts_of_split: at must be at least 1, got " + detail::to_text(k));
  const auto of_train = shape_of(train), of_test = shape_of(test);
  std::vector<bool> user_known(static_cast<std::size_t>(std::max(of_train.users, of_test.users)));
  std::vector<bool> item_known(static_cast<std::size_t>(std::max(of_train.items, of_test.items)));
  for (const auto& e : train) {
    user_known[static_cast<std::size_t>(e.user)] = true;
    item_known[static_cast<std::size_t>(e.item)] = true;
  }
  const auto known = detail::distinct_pairs(train), asked = detail::distinct_pairs(test);

  const auto popular = detail::popular_items(known, asked, item_known.size());
  split_facts out{.pairs = std::ssize(asked),
                  .train_on_popular = detail::share_on(popular, known),
                  .test_on_popular = detail::share_on(popular, asked),
                  .best_recall = std::vector<double>(o.at.size())};
  for (auto pair = asked.begin(); pair != asked.end();) {
    const auto user = pair->first;
    std::int64_t wanted = 0, reachable = 0;
    for (; pair != asked.end() && pair->first == user; ++pair) {
      const bool is_new = !item_known[static_cast<std::size_t>(pair->second)];
      const bool in_both = std::binary_search(known.begin(), known.end(), *pair);
      ++wanted;
      out.pairs_on_new_items += is_new ? 1 : 0;
      out.pairs_in_both += in_both ? 1 : 0;
      reachable += is_new || (in_both && o.exclude_seen) ? 0 : 1;
    }
    ++(user_known[static_cast<std::size_t>(user)] ? out.users_with_history : out.users_without_history);
    for (std::size_t n = 0; n < o.at.size(); ++n)
      out.best_recall[n] +=
          static_cast<double>(std::min<std::int64_t>(o.at[n], reachable)) / static_cast<double>(wanted);
  }
  if (const auto users = out.users_with_history + out.users_without_history; users > 0)
    for (auto& recall : out.best_recall) recall /= static_cast<double>(users);
  return out;
}

}  // namespace reco
