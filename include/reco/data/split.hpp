// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/random.hpp"
#include "reco/data/event.hpp"

namespace reco::inline RECO_ABI() {

/// A log in two parts: what a model learns from and what it is asked about.
///
/// All splits keep to these rules:
/// - Every event lands in exactly one part, and each part keeps the order of arrival.
/// - "Last" is by time; of events with the same time the one that arrived later is later.
/// - A share is rounded up to whole events, but at least one event stays in train: of a user's where the
///   split is by user (who has a single event stays in train), else of the log's.
/// - Events are divided, not pairs: a pair that occurs often may be in both parts. `drop_seen_pairs`
///   leaves only what is new to its user.
struct log_split {
  std::vector<event> train = {};
  std::vector<event> test = {};

  friend bool operator==(const log_split&, const log_split&) = default;
};

struct ratio_split_options {
  double test_share = 0.2;  ///< above 0 and below 1
  bool per_user = true;     ///< true: of each user's events; false: of the whole log
  std::uint64_t seed = 0;

  friend bool operator==(const ratio_split_options&, const ratio_split_options&) = default;
};

/// A random share of the events, the same number for each seed. Per user, each user has a random stream of
/// their own, by number: their test events do not depend on what others did nor on how the users' events
/// are mixed; they change when the user gets another number. O(events).
[[nodiscard]] log_split ratio_split(std::span<const event> log, const ratio_split_options& o = {});

struct leave_last_out_options {
  int per_user = 1;  ///< >= 1

  friend bool operator==(const leave_last_out_options&, const leave_last_out_options&) = default;
};

/// Each user's last events: `per_user` of them, or all but the first if there are fewer. O(events).
[[nodiscard]] log_split leave_last_out(std::span<const event> log, const leave_last_out_options& o = {});

struct leave_last_share_options {
  double share = 0.2;  ///< above 0 and below 1

  friend bool operator==(const leave_last_share_options&, const leave_last_share_options&) = default;
};

/// Each user's last share of events. O(events).
[[nodiscard]] log_split leave_last_share(std::span<const event> log, const leave_last_share_options& o = {});

/// Train before a moment, test from it on; either may be empty. O(events).
[[nodiscard]] log_split time_split(std::span<const event> log, instant first_of_test);

struct time_split_options {
  double test_share = 0.2;  ///< above 0 and below 1

  friend bool operator==(const time_split_options&, const time_split_options&) = default;
};

/// The last share of all events. Events of one second may come to stand on both sides. O(events).
[[nodiscard]] log_split time_split(std::span<const event> log, const time_split_options& o);

/// Takes from test every event whose user and item meet in train as well. O(events log events).
[[nodiscard]] log_split drop_seen_pairs(log_split split);

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline void check_share(std::string_view field, double share) {
  if (!(share > 0 && share < 1))
    fail_argument(std::string(field).append(" must be above 0 and below 1, got ").append(to_text(share)));
}

/// How many of n events go to test.
inline std::int64_t share_of(double share, std::int64_t n) {
  // 0.07 * 100 is a little above 7 and must not become 8.
  const double count = std::ceil(share * static_cast<double>(n) * (1 - 4 * std::numeric_limits<double>::epsilon()));
  return std::max<std::int64_t>(0, std::min(n - 1, static_cast<std::int64_t>(count)));
}

template <class InTest>
log_split divide(std::span<const event> log, InTest in_test) {
  log_split out;
  for (const auto& e : log) (in_test(e) ? out.test : out.train).push_back(e);
  return out;
}

/// Moves the last `count` of some events of one log to the end, and marks them.
inline void mark_last(std::span<const event*> events, std::int64_t count, std::span<const event> log,
                      std::vector<bool>& marked) {
  const auto first = events.end() - count;
  std::nth_element(events.begin(), first, events.end(), earlier);
  std::for_each(first, events.end(), [&](const event* e) { marked[static_cast<std::size_t>(e - log.data())] = true; });
}

/// Each user's last events, `count(n)` of a user with n of them.
template <class Count>
log_split leave_last(std::span<const event> log, Count count) {
  events_by_user rows(log, shape_of(log).users);
  std::vector<bool> in_test(log.size());
  for (std::int32_t u = 0; u < rows.users(); ++u) mark_last(rows.of(u), count(std::ssize(rows.of(u))), log, in_test);
  return divide(log, [&](const event& e) { return in_test[static_cast<std::size_t>(&e - log.data())]; });
}

}  // namespace detail

inline log_split ratio_split(std::span<const event> log, const ratio_split_options& o) {
  detail::check_share("ratio_split: test_share", o.test_share);
  struct draw {
    random_engine random{};
    std::int64_t left = 0;    // events yet to come
    std::int64_t wanted = 0;  // of these, how many go to test
  };
  std::vector<draw> draws(o.per_user ? static_cast<std::size_t>(shape_of(log).users) : 1);
  const auto draw_of = [&](const event& e) -> draw& {
    return draws[o.per_user ? static_cast<std::size_t>(e.user) : 0];
  };
  for (const auto& e : log) ++draw_of(e).left;
  for (std::size_t d = 0; d < draws.size(); ++d) {
    draws[d].random = random_engine(o.seed, d);
    draws[d].wanted = detail::share_of(o.test_share, draws[d].left);
  }
  // Selection sampling: Knuth, "The Art of Computer Programming", volume 2, 3.4.2, algorithm S.
  return detail::divide(log, [&](const event& e) {
    auto& d = draw_of(e);
    const bool taken = uniform_index(d.random, d.left--) < d.wanted;
    d.wanted -= taken ? 1 : 0;
    return taken;
  });
}

inline log_split leave_last_out(std::span<const event> log, const leave_last_out_options& o) {
  if (o.per_user < 1)
    detail::fail_argument("leave_last_out: per_user must be at least 1, got " + detail::to_text(o.per_user));
  return detail::leave_last(
      log, [&](std::int64_t n) { return std::max<std::int64_t>(0, std::min<std::int64_t>(n - 1, o.per_user)); });
}

inline log_split leave_last_share(std::span<const event> log, const leave_last_share_options& o) {
  detail::check_share("leave_last_share: share", o.share);
  return detail::leave_last(log, [&](std::int64_t n) { return detail::share_of(o.share, n); });
}

inline log_split time_split(std::span<const event> log, instant first_of_test) {
  return detail::divide(log, [&](const event& e) { return e.time >= first_of_test; });
}

inline log_split time_split(std::span<const event> log, const time_split_options& o) {
  detail::check_share("time_split: test_share", o.test_share);
  std::vector<const event*> events(log.size());
  std::transform(log.begin(), log.end(), events.begin(), [](const event& e) { return &e; });
  std::vector<bool> in_test(log.size());
  detail::mark_last(events, detail::share_of(o.test_share, std::ssize(log)), log, in_test);
  return detail::divide(log, [&](const event& e) { return in_test[static_cast<std::size_t>(&e - log.data())]; });
}

inline log_split drop_seen_pairs(log_split split) {
  const auto pair_of = [](const event& e) { return std::pair(e.user, e.item); };
  std::vector<std::pair<std::int32_t, std::int32_t>> seen(split.train.size());
  std::transform(split.train.begin(), split.train.end(), seen.begin(), pair_of);
  std::sort(seen.begin(), seen.end());
  std::erase_if(split.test, [&](const event& e) { return std::binary_search(seen.begin(), seen.end(), pair_of(e)); });
  return split;
}

}  // namespace reco
