// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/instant.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/sequences.hpp"
#include "reco/model/item_scores_model.hpp"
#include "reco/popularity/item_scoring.hpp"

namespace reco::inline RECO_ABI() {

/// What is popular now: every event counts half as much each time `half_life` has passed.
///
///     score(i) = sum_n value_n 2^(-(now - t_n) / half_life)        over the events n of item i
///
/// The score is the number of events that, all happening now, would weigh as much; with a steady rate of r events
/// a second it settles at r half_life / ln 2. Time scales all scores alike, so that the order stays as it is until
/// the next event; that is what `streaming_trending` lives on.
///
///     auto model = reco::trending{.half_life = std::chrono::hours(6)}.fit(data);
///
/// Events after `now` (a clock that was wrong) are left out and counted in `report().skipped`. By default `now` is
/// the newest event: then a single one dated far in the future makes all others fade, so state it where the times
/// are not beyond doubt. O(events) time, 12 bytes an item.
struct trending {
  half_life_t half_life = std::chrono::hours(24);   ///< above 0; `never`: nothing fades
  popularity_measure by = popularity_measure::sum;  ///< events, sum, or users: each user's newest event counts
  instant now = latest;                             ///< the moment of asking; `latest`: the newest event

  static constexpr std::string_view name = "trending";
  static constexpr auto options() {
    using enum popularity_measure;
    return std::tuple{above("half_life", &trending::half_life, half_life_t(0))
                          .search(std::chrono::hours(1), std::chrono::days(90), search_scale::logarithmic),
                      one_of("by", &trending::by, {{"events", events}, {"users", users}, {"sum", sum}}).search(),
                      any_value("now", &trending::now)};
  }
  friend bool operator==(const trending&, const trending&) = default;

  /// Throws `invalid_argument` for options out of range and for events without times.
  template <sequences D>
  [[nodiscard]] item_scores_model<typename D::scalar> fit(const D& data, const training& = {}) const;
};
static_assert(options_are_complete<trending>);

// ---------------------------------------------------------------------------------------------------

template <sequences D>
item_scores_model<typename D::scalar> trending::fit(const D& data, const training&) const {
  check_options(*this);
  const instant moment = detail::moment_of(name, data, now);
  detail::item_scoring out(data.items());
  std::vector<std::int32_t> last_user(by == popularity_measure::users ? out.scores.size() : 0, -1);
  out.skipped = detail::for_each_event_until(data, moment, [&](auto user, auto item, double value, auto age) {
    if (by == popularity_measure::users) {  // a user's newest event of an item comes first
      auto& last = last_user[static_cast<std::size_t>(item)];
      if (last == user) return;
      last = user;
    }
    out[item] += (by == popularity_measure::sum ? value : 1) * decay(age, half_life);
  });
  return out.model<typename D::scalar>();
}

}  // namespace reco
