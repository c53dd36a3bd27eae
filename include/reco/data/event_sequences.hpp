// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/sequences.hpp"

namespace reco::inline RECO_ABI() {

/// Each user's events, oldest first; repeats are kept; equal times stay in order of arrival.
/// 8 bytes a user and 16 (float) an event.
template <class T>
class event_sequences {
 public:
  using scalar = T;

  event_sequences() : offsets_(1) {}
  /// Throws as `sparse_interactions`. O(events log(longest timeline)).
  event_sequences(std::span<const event> log, shape s);

  [[nodiscard]] std::int32_t users() const noexcept { return static_cast<std::int32_t>(offsets_.size() - 1); }
  [[nodiscard]] std::int32_t items() const noexcept { return items_count_; }
  /// Throws `std::out_of_range`.
  [[nodiscard]] history_view<T> timeline(std::int32_t user) const {
    detail::check_index("event_sequences: user", user, users());
    const auto begin = static_cast<std::size_t>(offsets_[static_cast<std::size_t>(user)]);
    const auto size = static_cast<std::size_t>(offsets_[static_cast<std::size_t>(user) + 1]) - begin;
    return {.items = std::span(items_).subspan(begin, size),
            .values = std::span(values_).subspan(begin, size),
            .times = std::span(times_).subspan(begin, size)};
  }
  [[nodiscard]] std::int64_t events() const noexcept { return offsets_.back(); }

 private:
  std::int32_t items_count_ = 0;
  std::vector<std::int64_t> offsets_;
  std::vector<std::int32_t> items_ = {};
  std::vector<T> values_ = {};
  std::vector<instant> times_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
event_sequences<T>::event_sequences(std::span<const event> log, shape s) : items_count_(s.items) {
  detail::check_log("event_sequences", log, s);
  detail::events_by_user rows(log, s.users);
  offsets_.assign(rows.offsets().begin(), rows.offsets().end());
  items_.reserve(log.size());
  values_.reserve(log.size());
  times_.reserve(log.size());
  for (std::int32_t u = 0; u < s.users; ++u) {
    const auto row = rows.of(u);
    std::sort(row.begin(), row.end(), detail::earlier);
    for (const event* e : row) {
      items_.push_back(e->item);
      values_.push_back(static_cast<T>(e->value));
      times_.push_back(e->time);
      if (!std::isfinite(values_.back()))
        detail::fail_argument("event_sequences: user " + detail::to_text(u) + ", item " + detail::to_text(e->item) +
                              ": value does not fit the scalar, got " + detail::to_text(e->value));
    }
  }
}

static_assert(sequences<event_sequences<float>> && sequences<event_sequences<double>>);

}  // namespace reco
