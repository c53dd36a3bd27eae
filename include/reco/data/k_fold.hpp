// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/random.hpp"
#include "reco/data/event.hpp"
#include "reco/data/split.hpp"

namespace reco::inline RECO_ABI() {

struct k_fold_options {
  int folds = 5;          ///< at least 2 and at most as many as there are events
  bool per_user = false;  ///< true: each user's events are dealt out by themselves
  std::uint64_t seed = 0;

  friend bool operator==(const k_fold_options&, const k_fold_options&) = default;
};

/// The fold of each event, 0..folds-1, at random. The sizes of two folds differ by at most one; per user, the numbers
/// of a user's events in two folds do, and which folds get one more is random. Per user, each user has a random stream
/// of their own, by number: their folds do not depend on what others did. O(events). Throws `invalid_argument`.
[[nodiscard]] std::vector<std::int32_t> fold_numbers(std::span<const event> log, const k_fold_options& o = {});

/// One fold is test, the others are train, both in order of arrival: one split at a time, for logs that should not be
/// in memory `folds` times. Throws `invalid_argument` unless there is a number for each event.
[[nodiscard]] log_split hold_out_fold(std::span<const event> log, std::span<const std::int32_t> fold_of_event,
                                      std::int32_t fold);

/// All splits: each event is test in exactly one.
[[nodiscard]] std::vector<log_split> k_fold(std::span<const event> log, const k_fold_options& o = {});

// ---------------------------------------------------------------------------------------------------

inline std::vector<std::int32_t> fold_numbers(std::span<const event> log, const k_fold_options& o) {
  if (o.folds < 2) detail::fail_argument("k_fold: folds must be at least 2, got " + detail::to_text(o.folds));
  if (o.folds > std::ssize(log))
    detail::fail_argument("k_fold: folds must be at most the number of events, " + detail::to_text(log.size()) +
                          ", got " + detail::to_text(o.folds));
  std::vector<std::int32_t> out(log.size());
  if (!o.per_user) {
    for (std::size_t n = 0; n < out.size(); ++n)
      out[n] = static_cast<std::int32_t>(n % static_cast<std::size_t>(o.folds));
    random_engine random(o.seed);
    shuffle(random, std::span(out));
    return out;
  }
  detail::events_by_user rows(log, shape_of(log).users);
  for (std::int32_t user = 0; user < rows.users(); ++user) {
    random_engine random(o.seed, static_cast<std::uint64_t>(user));
    const auto events = rows.of(user);
    shuffle(random, events);
    auto fold = uniform_index(random, o.folds);
    for (const auto* e : events) {
      out[static_cast<std::size_t>(e - log.data())] = static_cast<std::int32_t>(fold);
      fold = fold + 1 == o.folds ? 0 : fold + 1;
    }
  }
  return out;
}

inline log_split hold_out_fold(std::span<const event> log, std::span<const std::int32_t> fold_of_event,
                               std::int32_t fold) {
  if (fold_of_event.size() != log.size())
    detail::fail_argument("hold_out_fold: fold_of_event must have a number for each of " + detail::to_text(log.size()) +
                          " events, got " + detail::to_text(fold_of_event.size()));
  return detail::divide(
      log, [&](const event& e) { return fold_of_event[static_cast<std::size_t>(&e - log.data())] == fold; });
}

inline std::vector<log_split> k_fold(std::span<const event> log, const k_fold_options& o) {
  const auto fold_of_event = fold_numbers(log, o);
  std::vector<log_split> out;
  for (std::int32_t fold = 0; fold < o.folds; ++fold) out.push_back(hold_out_fold(log, fold_of_event, fold));
  return out;
}

}  // namespace reco
