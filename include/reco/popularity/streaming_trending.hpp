// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/instant.hpp"
#include "reco/base/options.hpp"
#include "reco/data/event.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/model/item_scores_model.hpp"
#include "reco/model/recommend.hpp"
#include "reco/popularity/decayed_counts.hpp"
#include "reco/popularity/trending.hpp"

namespace reco::inline RECO_ABI() {

/// `trending` for a stream that never ends: exact exponentially decayed counts, O(1) an event, for the whole
/// stream and for segments of it (a category, a region, both), read while events arrive.
///
///     reco::streaming_trending live({.half_life = std::chrono::hours(6)});
///     live.observe({.item = 7, .time = now});                            // any thread
///     live.observe({.item = 7, .time = now}, std::array{sports, europe});   // and in two segments
///     auto list = live.top({.k = 10}, now);                              // any thread
///     auto here = live.top({.k = 10}, now, europe);
///
/// Nothing is rescaled, nothing overflows after any number of years, and no accuracy is lost with time: in a steady
/// stream a count of N is right to a relative N 2^-53 or better (`decayed_sum` has the exact bound). Events may come
/// in any order; late ones enter with what is left of them. Values below 0 take back. An item's segments are named with
/// each event; items and segments need not be announced.
///
/// Threads: every member may be called from any thread at any time. The whole and each segment have a lock of
/// their own, held for an addition, or for a list of `leaders` items: a microsecond or so. Such a list is exact
/// as of one moment: it has every event whose `observe` returned before the call and knows no event half. What
/// reads all items (`model`, and `top` where it needs more than the leaders) takes 4,096 slots at a time and lets
/// writers in between: each count is exact as of some moment during the call. Events of a segment reach the whole
/// first. Under contention, hand in events by the hundred: one lock for all of them.
///
/// Memory: 32 to 64 bytes an item in the whole, and the same in each segment that it occurs in; `forget` frees
/// what has faded away. While a table doubles, which is amortized, its writers wait: `reserve` avoids it.
class streaming_trending {
 public:
  /// `rule.by` may be events or sum; `rule.now` plays no part and must be left out. Lists of up to `leaders` items
  /// are the fast ones. Throws `invalid_argument`.
  explicit streaming_trending(const trending& rule = {}, int leaders = 128);

  /// Counts an event; its user plays no part. False if it is later than the clock (see `advance`): it is then left
  /// out. Throws `std::out_of_range` for an item or a segment below 0, `invalid_argument` for a value that is NaN or
  /// beyond 1e250 and a time out of all bounds; nothing has changed then. O(1) for the whole and for each segment.
  bool observe(const event& e) { return observe(e, std::span<const std::int32_t>()); }
  bool observe(const event& e, std::int32_t segment) { return observe(e, std::span(&segment, 1)); }
  bool observe(const event& e, std::span<const std::int32_t> segments);
  /// Counts many under one lock, faster than one by one. Returns how many were not left out. One bad event, which
  /// the message names, and none is counted.
  std::int64_t observe(std::span<const event> events, std::optional<std::int32_t> segment = {});

  /// Sets the stream's clock: events later than it, of senders whose clocks are wrong, are left out and counted as
  /// `skipped`. Without a clock every time is believed, and one event dated years ahead leads for years.
  void advance(instant now) noexcept { clock_.store(now.time_since_epoch().count(), std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t skipped() const noexcept { return skipped_.load(std::memory_order_relaxed); }

  /// The items with the largest counts, best first, equal ones by lower item, with what is left of their counts at
  /// `now` (if events later than that were counted: at the newest). Items whose count is not above 0 are not listed;
  /// a segment that never had an event is empty. Throws as `recommend`. O(leaders), or O(items) if k and the
  /// excluded leaders are more than `leaders`; O(only log only) with `only`.
  [[nodiscard]] ranked_list<double> top(const request& r, instant now, std::optional<std::int32_t> segment = {}) const;
  /// One item's count; 0 if it never had an event. O(1).
  [[nodiscard]] double count(std::int32_t item, instant now, std::optional<std::int32_t> segment = {}) const;
  /// The counts of items 0..items-1 as a model that stays as it is: what `trending` makes of the same events, up to
  /// rounding (if none is later than `now`). Items beyond are counted in its `report().skipped`. O(items).
  template <class T>
  [[nodiscard]] item_scores_model<T> model(std::int32_t items, instant now,
                                           std::optional<std::int32_t> segment = {}) const;

  /// Frees the items of which less than `below` is left at `now`, everywhere; returns how many entries. If such an
  /// item gets events again, it lacks what was forgotten. O(items), one lock after the other.
  std::int64_t forget(instant now, double below);
  /// Room for so many items of the whole.
  void reserve(std::size_t items);
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct part {  // the whole, or a segment
    part(half_life_t half_life, int leaders) : counts(half_life, leaders) {}
    mutable std::mutex mutex = {};
    decayed_counts counts;
  };

  static const trending& checked(const trending& rule, int leaders);
  [[nodiscard]] event counted(const event& e) const noexcept {  // as the table adds it
    return {.item = e.item, .value = rule_.by == popularity_measure::sum ? e.value : 1, .time = e.time};
  }
  [[nodiscard]] instant clock() const noexcept {
    return instant(std::chrono::seconds(clock_.load(std::memory_order_relaxed)));
  }
  static void check_segment(std::int32_t segment);
  part& segment_for_writing(std::int32_t segment);
  [[nodiscard]] const part* find_part(std::optional<std::int32_t> segment) const;
  [[nodiscard]] static std::pair<std::vector<decayed_counts::standing>, growth> all_of(const part& p, instant now);
  template <class Self, class F>
  static void for_each_part(Self& self, F&& f);

  trending rule_;
  int leaders_;
  part whole_;
  mutable std::shared_mutex directory_ = {};                               // guards the map, not what it points to
  std::unordered_map<std::int32_t, std::unique_ptr<part>> segments_ = {};  // parts are never removed
  std::atomic<instant::rep> clock_ = latest.time_since_epoch().count();
  std::atomic<std::int64_t> skipped_ = 0;
};

// ---------------------------------------------------------------------------------------------------

inline const trending& streaming_trending::checked(const trending& rule, int leaders) {
  check_options(rule);
  if (rule.by == popularity_measure::users)
    detail::fail_argument("streaming_trending: by must be events or sum, got users");
  if (rule.now != latest)
    detail::fail_argument("streaming_trending: now must be left out, got " + instant_text(rule.now));
  if (leaders < 1)
    detail::fail_argument("streaming_trending: leaders must be at least 1, got " + detail::to_text(leaders));
  return rule;
}

inline streaming_trending::streaming_trending(const trending& rule, int leaders)
    : rule_(checked(rule, leaders)), leaders_(leaders), whole_(rule.half_life, leaders) {}

inline bool streaming_trending::observe(const event& e, std::span<const std::int32_t> segments) {
  detail::check_addition("streaming_trending", e, rule_.half_life);
  for (const auto segment : segments) check_segment(segment);
  if (e.time > clock()) {
    skipped_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  const auto add_to = [&](part& p) {
    const std::lock_guard lock(p.mutex);
    p.counts.add_checked(counted(e));
  };
  add_to(whole_);
  for (const auto segment : segments) add_to(segment_for_writing(segment));
  return true;
}

inline std::int64_t streaming_trending::observe(std::span<const event> events, std::optional<std::int32_t> segment) {
  for (std::size_t n = 0; n < events.size(); ++n)
    detail::check_addition("streaming_trending", events[n], rule_.half_life, static_cast<std::int64_t>(n));
  if (segment) check_segment(*segment);
  const instant end = clock();  // read once: it may move meanwhile
  const auto add_to = [&](part& p) {
    constexpr std::size_t ahead = 8;
    std::int64_t added = 0;
    const std::lock_guard lock(p.mutex);
    for (std::size_t n = 0; n < events.size(); ++n) {
      if (n + ahead < events.size()) p.counts.prefetch(events[n + ahead].item);
      if (events[n].time > end) continue;
      p.counts.add_checked(counted(events[n]));
      ++added;
    }
    return added;
  };
  const std::int64_t added = add_to(whole_);
  if (segment) add_to(segment_for_writing(*segment));
  skipped_.fetch_add(static_cast<std::int64_t>(events.size()) - added, std::memory_order_relaxed);
  return added;
}

inline void streaming_trending::check_segment(std::int32_t segment) {
  if (segment < 0)
    throw std::out_of_range("streaming_trending: segment must be at least 0, got " + detail::to_text(segment));
}

inline streaming_trending::part& streaming_trending::segment_for_writing(std::int32_t segment) {
  {
    const std::shared_lock lock(directory_);
    if (const auto found = segments_.find(segment); found != segments_.end()) return *found->second;
  }
  auto fresh = std::make_unique<part>(rule_.half_life, leaders_);
  const std::unique_lock lock(directory_);
  return *segments_.try_emplace(segment, std::move(fresh)).first->second;  // someone else's, if they came first
}

inline const streaming_trending::part* streaming_trending::find_part(std::optional<std::int32_t> segment) const {
  if (!segment) return &whole_;
  check_segment(*segment);
  const std::shared_lock lock(directory_);
  const auto found = segments_.find(*segment);
  return found == segments_.end() ? nullptr : found->second.get();
}

inline std::pair<std::vector<decayed_counts::standing>, growth> streaming_trending::all_of(const part& p, instant now) {
  constexpr std::size_t block = 4096;
  std::vector<decayed_counts::standing> all;
  std::int64_t generation = 0;
  for (std::size_t begin = 0;;) {
    const std::lock_guard lock(p.mutex);
    const auto slots = p.counts.slots();
    if (p.counts.generation() != generation) {  // items have moved to other slots: begin again
      all.clear();
      all.reserve(p.counts.size());
      begin = 0;
      generation = p.counts.generation();
    }
    const auto piece = slots.subspan(begin, std::min(block, slots.size() - begin));
    for (const auto& s : piece)
      if (s.item >= 0) all.push_back({s.item, s.sum});
    begin += piece.size();
    if (begin == slots.size()) return {std::move(all), p.counts.moment(now)};
  }
}

inline ranked_list<double> streaming_trending::top(const request& r, instant now,
                                                   std::optional<std::int32_t> segment) const {
  check_request(r);
  const part* const p = find_part(segment);
  if (p == nullptr || r.k == 0) return {};
  constexpr auto every_item = std::numeric_limits<std::int32_t>::max();
  std::vector<std::int32_t> excluded(r.exclude.begin(), r.exclude.end());
  detail::make_item_set(excluded, every_item);
  const auto k = static_cast<std::size_t>(r.k);

  std::optional<std::vector<decayed_counts::standing>> best;
  growth moment;
  {
    const auto allowed = r.only ? detail::allowed_items(*r.only, excluded, every_item) : std::vector<std::int32_t>{};
    const std::lock_guard lock(p->mutex);
    moment = p->counts.moment(now);
    if (r.only) {
      best.emplace();
      for (const auto item : allowed)
        if (const auto* s = p->counts.find(item)) best->push_back({item, s->sum});
    } else {
      best = p->counts.best(k, excluded);
    }
  }
  if (!best) {
    std::tie(best.emplace(), moment) = all_of(*p, now);
    std::erase_if(*best, [&](const auto& s) { return std::binary_search(excluded.begin(), excluded.end(), s.item); });
  }
  std::erase_if(*best, [](const auto& s) { return !s.sum.positive(); });
  const auto end = best->begin() + static_cast<std::ptrdiff_t>(std::min(k, best->size()));
  std::partial_sort(best->begin(), end, best->end(), decayed_counts::better);

  std::vector<scored_item<double>> items;
  for (auto s = best->begin(); s != end; ++s) items.push_back({s->item, s->sum.at(moment)});
  return ranked_list<double>::in_order(std::move(items));
}

inline double streaming_trending::count(std::int32_t item, instant now, std::optional<std::int32_t> segment) const {
  if (item < 0) throw std::out_of_range("streaming_trending: item must be at least 0, got " + detail::to_text(item));
  const part* const p = find_part(segment);
  if (p == nullptr) return 0;
  const std::lock_guard lock(p->mutex);
  return p->counts.at(item, now);
}

template <class T>
item_scores_model<T> streaming_trending::model(std::int32_t items, instant now,
                                               std::optional<std::int32_t> segment) const {
  if (items < 0) detail::fail_argument("streaming_trending: items must be at least 0, got " + detail::to_text(items));
  std::vector<T> scores(static_cast<std::size_t>(items));
  fit_report report;
  if (const part* const p = find_part(segment)) {
    const auto [all, moment] = all_of(*p, now);
    for (const auto& s : all) {
      if (s.item < items) scores[static_cast<std::size_t>(s.item)] = static_cast<T>(s.sum.at(moment));
      else ++report.skipped;
    }
  }
  return item_scores_model<T>(std::move(scores), std::move(report));
}

template <class Self, class F>
void streaming_trending::for_each_part(Self& self, F&& f) {
  const auto locked = [&](auto& p) {
    const std::lock_guard lock(p.mutex);
    f(p);
  };
  locked(self.whole_);
  std::vector<part*> parts;
  {
    const std::shared_lock lock(self.directory_);
    for (const auto& [segment, p] : self.segments_) parts.push_back(p.get());
  }
  for (auto* p : parts) locked(*p);
}

inline std::int64_t streaming_trending::forget(instant now, double below) {
  std::int64_t forgotten = 0;
  for_each_part(*this, [&](part& p) { forgotten += p.counts.forget(now, below); });
  return forgotten;
}

inline void streaming_trending::reserve(std::size_t items) {
  const std::lock_guard lock(whole_.mutex);
  whole_.counts.reserve(items);
}

inline std::size_t streaming_trending::bytes() const {
  std::size_t sum = 0;
  for_each_part(*this, [&](const part& p) { sum += sizeof p + p.counts.bytes(); });
  return sum;
}

}  // namespace reco
