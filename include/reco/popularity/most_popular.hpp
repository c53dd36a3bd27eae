// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/instant.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/sequences.hpp"
#include "reco/model/item_scores_model.hpp"
#include "reco/popularity/item_scoring.hpp"

namespace reco::inline RECO_ABI() {

/// The items with the most events, users or value, or the best mean, of the whole log or of a window that ends
/// now: what everybody is shown of whom nothing is known, and what every other model must beat.
///
///     score(i) = what `by` makes of the events of i in (now - window, now]
///
///     auto model = reco::most_popular{.by = reco::popularity_measure::users, .window =
///     std::chrono::days(7)}.fit(data);
///
/// An item without events scores 0. With `mean`, an item of fewer than `min_count` events has no mean and ranks
/// behind all that have one; `bayesian_average` is the gentler way. Events after `now` are left out and counted in
/// `report().skipped`.
///
/// Fits on timelines, or on a matrix: each observed pair is then one event, so that events are users. A matrix
/// has no times: a window or a `now` is refused. O(events) time, 40 bytes an item. Counts are exact; a float model
/// rounds them above 2^24.
struct most_popular {
  popularity_measure by = popularity_measure::events;
  std::chrono::duration<double> window = never;  ///< above 0; `never`: all that came before
  int min_count = 1;                             ///< of a mean, at least 1
  instant now = latest;                          ///< the window's end; `latest`: the newest event

  static constexpr std::string_view name = "most_popular";
  static constexpr auto options() {
    using enum popularity_measure;
    return std::tuple{
        one_of("by", &most_popular::by, {{"events", events}, {"users", users}, {"sum", sum}, {"mean", mean}}).search(),
        above("window", &most_popular::window, half_life_t(0)),
        at_least("min_count", &most_popular::min_count, 1).search(1, 100, search_scale::logarithmic),
        any_value("now", &most_popular::now)};
  }
  friend bool operator==(const most_popular&, const most_popular&) = default;

  /// Throws `invalid_argument` for options out of range and for a window over events without times.
  template <class D>
    requires sequences<D> || interactions<D>
  [[nodiscard]] item_scores_model<typename D::scalar> fit(const D& data, const training& = {}) const;
};
static_assert(options_are_complete<most_popular>);

// ---------------------------------------------------------------------------------------------------

template <class D>
  requires sequences<D> || interactions<D>
item_scores_model<typename D::scalar> most_popular::fit(const D& data, const training&) const {
  check_options(*this);
  struct tally {
    std::int64_t events = 0, users = 0;
    double sum = 0;
    std::int32_t last_user = -1;
  };
  detail::item_scoring out(data.items());
  std::vector<tally> of(out.scores.size());
  const auto count = [&](std::int32_t user, std::int32_t item, double value) {
    auto& t = of[static_cast<std::size_t>(item)];
    ++t.events;
    t.users += t.last_user != user;  // events come user by user
    t.sum += value;
    t.last_user = user;
  };
  if (window == never && now == latest) {
    detail::for_each_event(data, count);
  } else if constexpr (sequences<D>) {
    const instant end = detail::moment_of(name, data, now);
    out.skipped = detail::for_each_event_until(data, end, [&](auto user, auto item, double value, auto age) {
      if (age < window) count(user, item, value);
    });
  } else {
    detail::fail_argument(std::string(name) + ": " + (window == never ? "now" : "window") +
                          " needs events with times, got a matrix without");
  }
  for (std::int32_t i = 0; i < data.items(); ++i) {
    const auto& t = of[static_cast<std::size_t>(i)];
    switch (by) {
      case popularity_measure::events: out[i] = static_cast<double>(t.events); break;
      case popularity_measure::users: out[i] = static_cast<double>(t.users); break;
      case popularity_measure::sum: out[i] = t.sum; break;
      case popularity_measure::mean: out[i] = t.events == 0 ? 0 : t.sum / static_cast<double>(t.events); break;
    }
  }
  if (by == popularity_measure::mean)
    out.rank_unknown_last([&](std::int32_t i) { return of[static_cast<std::size_t>(i)].events >= min_count; });
  return out.model<typename D::scalar>();
}

}  // namespace reco
