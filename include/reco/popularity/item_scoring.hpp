// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/instant.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/sequences.hpp"
#include "reco/model/item_scores_model.hpp"

/// What the estimators of this room share: walking over a log, and turning sums into a model.

namespace reco::inline RECO_ABI() {

/// What is counted of an item's events.
enum class popularity_measure {
  events,  ///< how many there are
  users,   ///< by how many different users
  sum,     ///< their values added up
  mean,    ///< their mean value
};

namespace detail {

/// Calls f(user, item, value) for every event, or for every observed pair where the data has no timelines.
template <class D, class F>
  requires sequences<D> || interactions<D>
void for_each_event(const D& data, F&& f);

/// The moment to look back from: `now`, or the time of the newest event (1970 if there is none). Throws
/// `invalid_argument` if the events have no times.
template <sequences D>
[[nodiscard]] instant moment_of(std::string_view who, const D& data, instant now);

/// Calls f(user, item, value, age) for every event not later than `now`: user by user, each user's newest first.
/// The age is in seconds, a double. Returns how many events are later.
template <sequences D, class F>
std::int64_t for_each_event_until(const D& data, instant now, F&& f);

/// A fit of this room, from its first line to the model: keeps the time and what was left out.
class item_scoring {
 public:
  explicit item_scoring(std::int32_t items) : scores(static_cast<std::size_t>(items)) {}

  double& operator[](std::int32_t item) { return scores[static_cast<std::size_t>(item)]; }
  /// Items of which nothing is known come behind all others: `known(item)` says which are not among them.
  template <class Known>
  void rank_unknown_last(const Known& known);
  template <class T>
  [[nodiscard]] item_scores_model<T> model() const;

  std::vector<double> scores;
  std::int64_t skipped = 0;

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// ---------------------------------------------------------------------------------------------------

template <class D, class F>
  requires sequences<D> || interactions<D>
void for_each_event(const D& data, F&& f) {
  const auto row_of = [&](std::int32_t user) {
    if constexpr (sequences<D>) return data.timeline(user);
    else return data.of(user);
  };
  for (std::int32_t user = 0; user < data.users(); ++user) {
    const auto row = row_of(user);
    for (std::size_t n = 0; n < row.size(); ++n) f(user, row.items[n], static_cast<double>(row.value(n)));
  }
}

template <sequences D>
instant moment_of(std::string_view who, const D& data, instant now) {
  std::optional<instant> newest;
  for (std::int32_t user = 0; user < data.users(); ++user) {
    const auto row = data.timeline(user);
    if (row.empty()) continue;
    if (row.times.empty())
      fail_argument(std::string(who) + ": the events must have times, those of user " + to_text(user) + " have none");
    newest = std::max(newest.value_or(row.times.back()), row.times.back());  // a timeline is oldest first
  }
  return now != latest ? now : newest.value_or(instant{});
}

template <sequences D, class F>
std::int64_t for_each_event_until(const D& data, instant now, F&& f) {
  const auto seconds = [](instant t) { return std::chrono::duration<double>(t.time_since_epoch()); };
  std::int64_t later = 0;
  for (std::int32_t user = 0; user < data.users(); ++user) {
    const auto row = data.timeline(user);
    for (std::size_t n = row.size(); n-- > 0;) {
      if (row.times[n] > now) ++later;
      else f(user, row.items[n], static_cast<double>(row.value(n)), seconds(now) - seconds(row.times[n]));
    }
  }
  return later;
}

template <class Known>
void item_scoring::rank_unknown_last(const Known& known) {
  bool any = false;
  double worst = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!known(static_cast<std::int32_t>(i))) continue;
    worst = any ? std::min(worst, scores[i]) : scores[i];
    any = true;
  }
  const double behind = any ? worst - std::max(1.0, std::abs(worst)) : 0;  // differs from `worst` in float as well
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (!known(static_cast<std::int32_t>(i))) scores[i] = behind;
}

template <class T>
item_scores_model<T> item_scoring::model() const {
  std::vector<T> out(scores.size());
  std::transform(scores.begin(), scores.end(), out.begin(), [](double score) { return static_cast<T>(score); });
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
  return item_scores_model<T>(std::move(out), {.skipped = skipped, .seconds = passed.count()});
}

}  // namespace detail

}  // namespace reco
