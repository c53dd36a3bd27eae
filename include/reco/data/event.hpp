// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// Someone did something with an item. A log is a `std::vector<event>`; repeats are kept.
struct event {
  std::int32_t user = 0;  ///< 0..users-1
  std::int32_t item = 0;  ///< 0..items-1
  double value = 1;       ///< a rating, a weight, a count; finite
  instant time = {};      ///< seconds since 1970 UTC; 0 where the data has no times

  friend bool operator==(const event&, const event&) = default;
};
static_assert(sizeof(event) == 24);

/// How many users and items there are, also those that a part of a log never mentions.
struct shape {
  std::int32_t users = 0;
  std::int32_t items = 0;

  friend bool operator==(const shape&, const shape&) = default;
};

/// The smallest shape that holds every event. Throws `std::out_of_range` for a negative index.
[[nodiscard]] inline shape shape_of(std::span<const event> log) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();  // as a count; the largest index is one less
  shape s;
  for (const auto& e : log) {
    detail::check_index("shape_of: user", e.user, most);
    detail::check_index("shape_of: item", e.item, most);
    s.users = std::max(s.users, e.user + 1);
    s.items = std::max(s.items, e.item + 1);
  }
  return s;
}

// ---------------------------------------------------------------------------------------------------

namespace detail {
/// Throws `std::out_of_range` for an index outside the shape and `invalid_argument` for a value that is not
/// finite, naming the event.
inline void check_log(std::string_view who, std::span<const event> log, shape s) {
  if (s.users < 0 || s.items < 0)
    fail_argument(std::string(who) + ": users and items must be at least 0, got " + to_text(s.users) + " and " +
                  to_text(s.items));
  for (std::size_t n = 0; n < log.size(); ++n) {
    const auto& e = log[n];
    if (e.user >= 0 && e.user < s.users && e.item >= 0 && e.item < s.items && std::isfinite(e.value)) [[likely]]
      continue;
    const std::string where = std::string(who) + ": event " + to_text(n) + ": ";
    check_index(where + "user", e.user, s.users);
    check_index(where + "item", e.item, s.items);
    fail_argument(where + "value must be finite, got " + to_text(e.value));
  }
}

/// The order of time for events of one log: equal times stand in order of arrival.
inline bool earlier(const event* a, const event* b) { return a->time != b->time ? a->time < b->time : a < b; }

/// A checked log sorted into its users by counting, order of arrival kept. O(events + users).
class events_by_user {
 public:
  events_by_user(std::span<const event> log, std::int32_t users)
      : offsets_(static_cast<std::size_t>(users) + 1), events_(log.size()) {
    for (const auto& e : log) ++offsets_[static_cast<std::size_t>(e.user) + 1];
    std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
    auto next = offsets_;
    for (const auto& e : log) events_[static_cast<std::size_t>(next[static_cast<std::size_t>(e.user)]++)] = &e;
  }

  [[nodiscard]] std::int32_t users() const noexcept { return static_cast<std::int32_t>(offsets_.size() - 1); }
  [[nodiscard]] std::span<const std::int64_t> offsets() const noexcept { return offsets_; }
  /// For the caller to put in another order.
  [[nodiscard]] std::span<const event*> of(std::int32_t user) noexcept {
    const auto u = static_cast<std::size_t>(user);
    return std::span(events_).subspan(static_cast<std::size_t>(offsets_[u]),
                                      static_cast<std::size_t>(offsets_[u + 1] - offsets_[u]));
  }

 private:
  std::vector<std::int64_t> offsets_;
  std::vector<const event*> events_;
};

}  // namespace detail

}  // namespace reco
