// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event.hpp"
#include "reco/data/split.hpp"

namespace reco::inline RECO_ABI() {

struct rolling_folds_options {
  int folds = 5;                                       ///< >= 1
  std::chrono::seconds period = std::chrono::days(7);  ///< of each test, >= 1 second
  std::chrono::seconds window = {};                    ///< train is this long; 0: it begins with the log

  friend bool operator==(const rolling_folds_options&, const rolling_folds_options&) = default;
};

/// Test periods that follow on each other, the last one ending with the log's last event, each with what came before
/// it as train: everything, or a window that slides along. The oldest fold comes first.
///
/// Parts are cut at moments, so events of equal time are never on both sides, and keep the order of arrival. With a
/// window, older events are in neither part; a train or a test without events is empty. O(events folds). Throws
/// `invalid_argument` for an option out of range and for a log without events.
[[nodiscard]] std::vector<log_split> rolling_folds(std::span<const event> log, const rolling_folds_options& o = {});

// ---------------------------------------------------------------------------------------------------

inline std::vector<log_split> rolling_folds(std::span<const event> log, const rolling_folds_options& o) {
  constexpr auto longest = std::chrono::seconds(std::numeric_limits<std::int64_t>::max() / 4);
  if (o.folds < 1) detail::fail_argument("rolling_folds: folds must be at least 1, got " + detail::to_text(o.folds));
  if (o.period < std::chrono::seconds(1) || o.period > longest / o.folds)
    detail::fail_argument("rolling_folds: period must be at least 1 second and all folds together at most " +
                          detail::to_text(longest.count()) + ", got " + detail::to_text(o.period.count()));
  if (o.window < std::chrono::seconds(0) || o.window > longest)
    detail::fail_argument("rolling_folds: window must be at least 0 and at most " + detail::to_text(longest.count()) +
                          " seconds, got " + detail::to_text(o.window.count()));
  if (log.empty()) detail::fail_argument("rolling_folds: log must have an event");
  const auto last =
      std::max_element(log.begin(), log.end(), [](const event& a, const event& b) { return a.time < b.time; })->time;
  std::vector<log_split> out;
  for (int fold = 0; fold < o.folds; ++fold) {
    // Test lasts from `begin` up to, but without, `end`.
    const auto end = last + std::chrono::seconds(1) - o.period * (o.folds - 1 - fold);
    const auto begin = end - o.period;
    const auto first = begin - o.window;
    auto& parts = out.emplace_back();
    for (const auto& e : log) {
      if (e.time >= end) continue;
      if (e.time >= begin) parts.test.push_back(e);
      else if (o.window == std::chrono::seconds(0) || e.time >= first) parts.train.push_back(e);
    }
  }
  return out;
}

}  // namespace reco
