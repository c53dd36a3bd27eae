// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
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

/// By how many standard deviations `recent` Poisson counts exceed what `before` lets expect, where both were
/// watched for the given exposures (hours, visitors, …); below 0 if they fall short. The signed root of the
/// likelihood ratio of "two rates" to "one rate"; about standard normal if the rate is the same. Li and Ma,
/// "Analysis methods for results in gamma-ray astronomy", Astrophysical J. 272 (1983), eq. 17. Nothing counted, or
/// nothing to compare with, is 0.
[[nodiscard]] double rate_change(double recent, double before, double recent_exposure, double exposure_before) noexcept;

/// What the recent rate of events is measured against.
enum class burst_exposure {
  traffic,  ///< all events of the same window: an item bursts when its share grows; the evening's rush is no burst
  time,     ///< the windows' lengths: an item bursts when its own rate grows
};

/// The items that suddenly get more events than they used to, whether many or few: breaking news, not evergreens.
///
///     score(i) = rate_change(events of i in (now - recent, now],
///                            events of i in (now - recent - baseline, now - recent])
///
/// As it is a number of standard deviations, an item with three events more than expected does not outrank one
/// with three hundred, and no smoothing constant is to be found; an item without events, or with its usual rate,
/// scores 0, one that is fading scores below.
///
///     auto model = reco::burst{.recent = std::chrono::hours(3), .baseline = std::chrono::days(7)}.fit(log);
///
/// Events after `now` are left out and counted in `report().skipped`. O(events) time, 24 bytes an item.
struct burst {
  std::chrono::duration<double> recent = std::chrono::hours(24);        ///< above 0, at most a century
  std::chrono::duration<double> baseline = std::chrono::hours(24 * 7);  ///< the same; it lies before `recent`
  burst_exposure exposure = burst_exposure::traffic;
  instant now = latest;  ///< the moment of asking; `latest`: the newest event

  static constexpr std::string_view name = "burst";
  static constexpr auto options() {
    const auto window = [](std::string_view field, std::chrono::duration<double> burst::*member) {
      return option<burst, std::chrono::duration<double>>{
          .name = field, .member = member, .low = half_life_t(0), .high = std::chrono::days(36500), .low_open = true};
    };
    return std::tuple{
        window("recent", &burst::recent).search(std::chrono::hours(1), std::chrono::days(7), search_scale::logarithmic),
        window("baseline", &burst::baseline)
            .search(std::chrono::days(1), std::chrono::days(90), search_scale::logarithmic),
        one_of("exposure", &burst::exposure, {{"traffic", burst_exposure::traffic}, {"time", burst_exposure::time}})
            .search(),
        any_value("now", &burst::now)};
  }
  friend bool operator==(const burst&, const burst&) = default;

  /// Throws `invalid_argument` for options out of range and for events without times.
  template <sequences D>
  [[nodiscard]] item_scores_model<typename D::scalar> fit(const D& data, const training& = {}) const;
};
static_assert(options_are_complete<burst>);

// ---------------------------------------------------------------------------------------------------

inline double rate_change(double recent, double before, double recent_exposure, double exposure_before) noexcept {
  const double total = recent + before, exposure = recent_exposure + exposure_before;
  if (!(total > 0) || !(exposure > 0)) return 0;
  const auto surprise = [&](double n, double share) { return n > 0 ? n * std::log(n / (total * share)) : 0; };
  const double twice_log_ratio =
      2 * (surprise(recent, recent_exposure / exposure) + surprise(before, exposure_before / exposure));
  const double root = std::sqrt(std::max(twice_log_ratio, 0.0));  // rounding may leave it just below 0
  return recent * exposure_before < before * recent_exposure ? -root : root;
}

template <sequences D>
item_scores_model<typename D::scalar> burst::fit(const D& data, const training&) const {
  check_options(*this);
  const instant moment = detail::moment_of(name, data, now);
  detail::item_scoring out(data.items());
  struct counts {
    double recent = 0, before = 0;
  };
  std::vector<counts> of(out.scores.size());
  counts all;
  out.skipped = detail::for_each_event_until(data, moment, [&](auto, auto item, double, auto age) {
    auto& c = of[static_cast<std::size_t>(item)];
    if (age < recent) ++c.recent, ++all.recent;
    else if (age < recent + baseline) ++c.before, ++all.before;
  });
  const counts exposed =
      exposure == burst_exposure::traffic ? all : counts{.recent = recent.count(), .before = baseline.count()};
  for (std::size_t i = 0; i < of.size(); ++i)
    out.scores[i] = rate_change(of[i].recent, of[i].before, exposed.recent, exposed.before);
  return out.model<typename D::scalar>();
}

}  // namespace reco
