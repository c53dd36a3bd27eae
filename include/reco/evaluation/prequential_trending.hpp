// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/instant.hpp"
#include "reco/base/options.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/evaluation/prequential_concepts.hpp"
#include "reco/popularity/decayed_sum.hpp"
#include "reco/popularity/trending.hpp"

namespace reco::inline RECO_ABI() {

/// `trending` that learns event by event; with a half-life of `never`, the most popular so far.
///
/// All items stand in one array in the order of their decayed sums, which only an addition changes: it moves one item
/// up, past those that it overtakes. An event costs O(log items) and the memory moved, 4 bytes an item overtaken; a
/// list costs O(k + items seen), however many items there are. 20 bytes an item.
///
/// Items whose sum is not above 0 are not listed. For one thread at a time; `streaming_trending` is for many.
template <class T>
class online_trending {
 public:
  using scalar = T;
  using snapshot = ranked_list<T>;

  /// `rule.by` may be events or sum. Throws `invalid_argument`.
  explicit online_trending(const trending& rule = {});

  /// Throws as `decayed_counts::add`.
  void learn(const event& e, const history_view<T>& before);
  [[nodiscard]] snapshot ask(const query<T>& q, int k) const;
  [[nodiscard]] std::vector<ranked_list<T>> answer(std::span<const snapshot> asked, int, executor_ref) const {
    return {asked.begin(), asked.end()};
  }

 private:
  /// The order of all items; exact.
  [[nodiscard]] bool ahead(std::int32_t a, std::int32_t b) const noexcept {
    const auto &x = sums_[static_cast<std::size_t>(a)], &y = sums_[static_cast<std::size_t>(b)];
    return y < x || (!(x < y) && a < b);
  }

  trending rule_;
  std::vector<decayed_sum> sums_ = {};
  std::vector<bool> listed_ = {};
  std::vector<std::int32_t> order_ = {};
  instant newest_ = instant::min();
};

// ---------------------------------------------------------------------------------------------------

template <class T>
online_trending<T>::online_trending(const trending& rule) : rule_(rule) {
  check_options(rule_);
  if (rule_.by == popularity_measure::users)
    detail::fail_argument("online_trending: by must be events or sum, got users");
}

template <class T>
void online_trending<T>::learn(const event& e, const history_view<T>&) {
  detail::check_addition("online_trending", e, rule_.half_life);
  const auto i = static_cast<std::size_t>(e.item);
  if (i >= sums_.size()) {
    sums_.resize(std::max(i + 1, sums_.size() * 2));
    listed_.resize(sums_.size());
  }
  const auto before = [&](std::int32_t a, std::int32_t b) { return ahead(a, b); };
  auto at = std::lower_bound(order_.begin(), order_.end(), e.item, before);
  if (!listed_[i]) at = order_.insert(at, e.item);
  listed_[i] = true;
  sums_[i].add(rule_.by == popularity_measure::sum ? e.value : 1, growth_at(e.time, rule_.half_life));
  // It stands at `at`; those on either side of it are still in order.
  if (const auto up = std::lower_bound(order_.begin(), at, e.item, before); up != at) {
    std::rotate(up, at, at + 1);
  } else {
    std::rotate(at, at + 1, std::lower_bound(at + 1, order_.end(), e.item, before));
  }
  newest_ = std::max(newest_, e.time);
}

template <class T>
ranked_list<T> online_trending<T>::ask(const query<T>& q, int k) const {
  const auto& seen = q.history.items;
  std::vector<scored_item<T>> best;
  const growth moment =
      order_.empty() ? growth{} : growth_at(std::max(q.now.value_or(newest_), newest_), rule_.half_life);
  for (const auto item : order_) {
    const auto& sum = sums_[static_cast<std::size_t>(item)];
    if (std::ssize(best) >= k || !sum.positive()) break;
    if (!std::binary_search(seen.begin(), seen.end(), item)) best.push_back({item, static_cast<T>(sum.at(moment))});
  }
  return ranked_list<T>::in_order(std::move(best));
}

static_assert(online_recommender<online_trending<float>> && online_recommender<online_trending<double>>);

}  // namespace reco
