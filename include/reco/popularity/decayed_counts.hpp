// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/instant.hpp"
#include "reco/data/event.hpp"
#include "reco/popularity/decayed_sum.hpp"

namespace reco::inline RECO_ABI() {

/// Exact exponentially decayed counts of items, for one thread; `streaming_trending` makes it safe for many.
///
/// An addition is O(1): find the item, add to its `decayed_sum`; nothing else is ever rescaled, and nothing
/// overflows. Since only additions change the order, the best items are known at any time: every item that
/// passes the `leaders`-th best joins a list, which is cut back to the best when it has twice as many.
///
///     reco::decayed_counts counts(std::chrono::hours(6));
///     counts.add({.item = 7, .time = now});
///     auto best = counts.best(10);           // O(leaders), however many items there are
///
/// A hash table with 24 bytes a slot, a quarter of them free or more: 32 to 64 bytes an item.
class decayed_counts {
 public:
  struct standing {
    std::int32_t item = -1;
    decayed_sum sum = {};
  };
  struct slot {
    std::int32_t item = -1;  ///< -1: free
    bool leads = false;      ///< is in the list of leaders
    decayed_sum sum = {};
  };

  /// Throws `invalid_argument` for a half-life that is not above 0 and leaders below 1.
  explicit decayed_counts(half_life_t half_life, int leaders = 128);

  /// In any order of time; the event's user plays no part. Throws `std::out_of_range` for an item below 0 and
  /// `invalid_argument` for a value above 1e250 or NaN or a time out of all bounds. O(1) amortized.
  void add(const event& e) {
    detail::check_addition("decayed_counts", e, half_life_);
    add_checked(e);
  }
  /// The same for an event that `check_addition` has let through.
  void add_checked(const event& e);
  /// What is left of an item's sum at `now`, or at the newest addition if that is later; 0 if it is not known.
  [[nodiscard]] double at(std::int32_t item, instant now) const;

  /// The k best of the items with a sum above 0, except `excluded` (ascending); equal sums by lower item. O(leaders).
  /// Nothing if the leaders don't tell: k and the leaders excluded are more than `leaders`, or values below 0 have
  /// lately taken leaders back.
  [[nodiscard]] std::optional<std::vector<standing>> best(std::size_t k,
                                                          std::span<const std::int32_t> excluded = {}) const;
  [[nodiscard]] static bool better(const standing& a, const standing& b) noexcept {
    return b.sum < a.sum || (!(a.sum < b.sum) && a.item < b.item);
  }

  /// What sums asked for at `now` are divided by: `now`, but not before the newest addition; `latest`: that.
  [[nodiscard]] growth moment(instant now) const {
    if (!newest_) return {};
    return growth_at(now == latest ? *newest_ : std::max(now, *newest_), half_life_);
  }
  /// Frees the items of which less than `below` (in absolute value) is left. Returns how many. O(items).
  std::int64_t forget(instant now, double below);
  /// Room for so many items without moving.
  void reserve(std::size_t items);

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return slots_.capacity() * sizeof(slot) + leaders_.capacity() * sizeof(std::uint32_t);
  }
  /// The table; items stay in their slots as long as `generation` is the same.
  [[nodiscard]] std::span<const slot> slots() const noexcept { return slots_; }
  [[nodiscard]] std::int64_t generation() const noexcept { return generation_; }
  [[nodiscard]] const slot* find(std::int32_t item) const noexcept;
  /// Brings an item's slot near, ahead of its use.
  void prefetch(std::int32_t item) const noexcept { __builtin_prefetch(&slots_[home(item)], 1); }

 private:
  [[nodiscard]] std::size_t home(std::int32_t item) const noexcept {
    return static_cast<std::size_t>((static_cast<std::uint64_t>(item) * 0x9e3779b97f4a7c15U) >> shift_);
  }
  [[nodiscard]] std::size_t place(std::int32_t item) const noexcept;
  template <class Keep>
  void rebuild(std::size_t slots, const Keep& keep);
  void rebuild(std::size_t slots) {
    rebuild(slots, [](const slot&) { return true; });
  }
  void drop_surplus_leaders();

  struct contestant {  // a leader's slot, and its sum as a double: rounded or infinite, but never in another order
    double sum = 0;
    std::uint32_t slot = 0;
  };
  [[nodiscard]] contestant contest(std::uint32_t leader) const noexcept {
    return {.sum = slots_[leader].sum.at({.factor = 1, .exponent = last_growth_.exponent}), .slot = leader};
  }
  /// `better`, mostly for the price of comparing doubles.
  [[nodiscard]] auto ahead() const noexcept {
    return [this](const contestant& a, const contestant& b) {
      const auto &x = slots_[a.slot], &y = slots_[b.slot];
      return a.sum != b.sum ? a.sum > b.sum : better({x.item, x.sum}, {y.item, y.sum});
    };
  }

  half_life_t half_life_;
  std::size_t capacity_;                     // of the list of leaders; it is cut back at twice as many
  std::vector<std::uint32_t> leaders_ = {};  // slots of every item that is better than `floor_`, and some others
  standing floor_ = {};                      // no item outside `leaders_` is better than this
  std::vector<slot> slots_ = {};             // linear probing, a power of two
  int shift_ = 0;
  std::size_t size_ = 0;
  std::int64_t generation_ = 0;
  std::optional<instant> newest_ = {};
  instant last_time_ = {};  // whose growth is `last_growth_`: neighbors in a stream often share their second
  growth last_growth_ = {};
};

// ---------------------------------------------------------------------------------------------------

inline decayed_counts::decayed_counts(half_life_t half_life, int leaders)
    : half_life_(half_life), capacity_(static_cast<std::size_t>(std::max(leaders, 0))) {
  if (!(half_life > half_life_t(0)))
    detail::fail_argument("decayed_counts: half_life must be above 0, got " + duration_text(half_life));
  if (leaders < 1) detail::fail_argument("decayed_counts: leaders must be at least 1, got " + detail::to_text(leaders));
  leaders_.reserve(2 * capacity_);
  rebuild(16);
}

inline std::size_t decayed_counts::place(std::int32_t item) const noexcept {
  std::size_t i = home(item);
  while (slots_[i].item != item && slots_[i].item >= 0) i = (i + 1) & (slots_.size() - 1);
  return i;
}

inline const decayed_counts::slot* decayed_counts::find(std::int32_t item) const noexcept {
  const auto& s = slots_[place(item)];
  return s.item == item && item >= 0 ? &s : nullptr;
}

inline void decayed_counts::add_checked(const event& e) {
  if (e.time != last_time_) {
    last_growth_ = growth_at(e.time, half_life_);
    last_time_ = e.time;
  }
  std::size_t i = place(e.item);
  if (slots_[i].item < 0) {
    if ((size_ + 1) * 4 > slots_.size() * 3) {
      rebuild(slots_.size() * 2);
      i = place(e.item);
    }
    slots_[i].item = e.item;
    ++size_;
  }
  slot& s = slots_[i];
  standing now{e.item, s.sum};
  now.sum.add(e.value, last_growth_);
  if (!s.leads && better(now, floor_)) {
    if (leaders_.size() == 2 * capacity_) drop_surplus_leaders();
    leaders_.push_back(static_cast<std::uint32_t>(i));
    s.leads = true;
  }
  s.sum = now.sum;
  newest_ = std::max(newest_.value_or(e.time), e.time);
}

inline double decayed_counts::at(std::int32_t item, instant now) const {
  const slot* s = find(item);
  return s == nullptr ? 0 : s->sum.at(moment(now));
}

inline std::optional<std::vector<decayed_counts::standing>> decayed_counts::best(
    std::size_t k, std::span<const std::int32_t> excluded) const {
  std::vector<contestant> able;
  able.reserve(leaders_.size());
  for (const auto l : leaders_) {
    const slot& s = slots_[l];
    if (s.sum.positive() && !better(floor_, {s.item, s.sum}) &&
        !std::binary_search(excluded.begin(), excluded.end(), s.item))
      able.push_back(contest(l));
  }
  const bool all_lead = floor_.item < 0;
  if (able.size() < k && !all_lead) return std::nullopt;
  k = std::min(k, able.size());
  std::partial_sort(able.begin(), able.begin() + static_cast<std::ptrdiff_t>(k), able.end(), ahead());
  std::vector<standing> out;
  for (std::size_t n = 0; n < k; ++n) out.push_back({slots_[able[n].slot].item, slots_[able[n].slot].sum});
  return out;
}

inline void decayed_counts::drop_surplus_leaders() {
  std::vector<contestant> all;
  all.reserve(leaders_.size());
  for (const auto l : leaders_) all.push_back(contest(l));
  const auto last = all.begin() + static_cast<std::ptrdiff_t>(capacity_) - 1;
  std::nth_element(all.begin(), last, all.end(), ahead());
  const standing worst{slots_[last->slot].item, slots_[last->slot].sum};
  if (better(worst, floor_)) floor_ = worst;  // it never falls
  leaders_.clear();
  for (std::size_t n = 0; n < all.size(); ++n) {
    slots_[all[n].slot].leads = n < capacity_;
    if (n < capacity_) leaders_.push_back(all[n].slot);
  }
}

template <class Keep>
void decayed_counts::rebuild(std::size_t slots, const Keep& keep) {
  std::vector<slot> old(slots);
  old.swap(slots_);
  shift_ = 64 - std::countr_zero(slots);
  ++generation_;
  size_ = 0;
  leaders_.clear();
  for (const auto& s : old) {
    if (s.item < 0 || !keep(s)) continue;
    const std::size_t i = place(s.item);
    slots_[i] = s;
    ++size_;
    if (s.leads) leaders_.push_back(static_cast<std::uint32_t>(i));
  }
}

inline void decayed_counts::reserve(std::size_t items) {
  const std::size_t slots = std::bit_ceil(items + items / 3 + 1);
  if (slots > slots_.size()) rebuild(slots);
}

inline std::int64_t decayed_counts::forget(instant now, double below) {
  const auto kept = [&, m = moment(now)](const slot& s) { return std::abs(s.sum.at(m)) >= below; };
  const auto lost = std::count_if(slots_.begin(), slots_.end(), [&](const slot& s) { return s.item >= 0 && !kept(s); });
  rebuild(std::bit_ceil(std::max<std::size_t>(16, (size_ - static_cast<std::size_t>(lost)) * 2)), kept);
  if (leaders_.size() == size_) floor_ = {};  // every item leads again
  return lost;
}

}  // namespace reco
