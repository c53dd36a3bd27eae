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

// The ranks of two front pages. An event is a vote of its value (+1, -1), an item's first event its submission. An
// item without events was not submitted and ranks behind all others. Votes after `now` are left out and counted in
// `report().skipped`. O(events) time, 24 bytes an item.

/// Hacker News: votes count almost in full, and age pushes everything down, the young most.
///
///     score(i) = (p - 1)^exponent / (age + head_start)^gravity       p: sum of votes, the submitter's own among them;
///                                                                    age in hours, since submission
///
/// Where p - 1 is not above 0 it stands without its exponent. From the site's published source, `news.arc` of
/// Arc 3.1 (2009); penalties for particular kinds of stories are not part of it.
///
///     auto model = reco::hacker_news_rank{.now = now}.fit(votes);
struct hacker_news_rank {
  double gravity = 1.8;                                              ///< at least 0; 0: age plays no part
  double exponent = 0.8;                                             ///< of the votes, above 0
  std::chrono::duration<double> head_start = std::chrono::hours(2);  ///< above 0: how old a new item counts
  instant now = latest;                                              ///< of asking; `latest`: the newest event

  static constexpr std::string_view name = "hacker_news_rank";
  static constexpr auto options() {
    return std::tuple{at_least("gravity", &hacker_news_rank::gravity, 0).search(0, 3),
                      above("exponent", &hacker_news_rank::exponent, 0).search(0.3, 1.2),
                      above("head_start", &hacker_news_rank::head_start, half_life_t(0))
                          .search(std::chrono::minutes(10), std::chrono::days(7), search_scale::logarithmic),
                      any_value("now", &hacker_news_rank::now)};
  }
  friend bool operator==(const hacker_news_rank&, const hacker_news_rank&) = default;

  /// The formula by itself, for votes that are counted elsewhere.
  [[nodiscard]] double score(double points, std::chrono::duration<double> age) const noexcept;
  /// Throws `invalid_argument` for options out of range and for events without times.
  template <sequences D>
  [[nodiscard]] item_scores_model<typename D::scalar> fit(const D& data, const training& = {}) const;
};
static_assert(options_are_complete<hacker_news_rank>);

/// Reddit: ten times the votes make up for being older by `period`; the score of an item never changes with time.
///
///     score(i) = sign(s) log10(max(|s|, 1)) + (t - 2005-12-08T07:46:43Z) / period
///                                                                    s: sum of votes; t: when it was submitted
///
/// From the site's published source, `_sorts.pyx`, `hot` (2014); the rounding to seven digits is left out. A float
/// holds such a score, several thousand today, to some 20 seconds of age: fit on doubles where that matters.
struct reddit_hot {
  std::chrono::duration<double> period = std::chrono::seconds(45000);  ///< above 0: 12.5 hours
  instant now = latest;                                                ///< later votes are left out

  static constexpr std::string_view name = "reddit_hot";
  static constexpr auto options() {
    return std::tuple{above("period", &reddit_hot::period, half_life_t(0))
                          .search(std::chrono::hours(1), std::chrono::days(90), search_scale::logarithmic),
                      any_value("now", &reddit_hot::now)};
  }
  friend bool operator==(const reddit_hot&, const reddit_hot&) = default;

  /// The formula by itself, for votes that are counted elsewhere.
  [[nodiscard]] double score(double votes, instant submitted) const noexcept;
  /// Throws `invalid_argument` for options out of range and for events without times.
  template <sequences D>
  [[nodiscard]] item_scores_model<typename D::scalar> fit(const D& data, const training& = {}) const;
};
static_assert(options_are_complete<reddit_hot>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Votes and age of each item, scored by f(votes, age).
template <class T, class Rule, sequences D, class F>
item_scores_model<T> rank_by_votes_and_age(const Rule& rule, const D& data, F&& f) {
  check_options(rule);
  const instant moment = moment_of(Rule::name, data, rule.now);
  item_scoring out(data.items());
  std::vector<std::chrono::duration<double>> age(out.scores.size(), std::chrono::duration<double>(-1));
  out.skipped = for_each_event_until(data, moment, [&](auto, auto item, double value, auto event_age) {
    out[item] += value;
    auto& oldest = age[static_cast<std::size_t>(item)];
    oldest = std::max(oldest, event_age);
  });
  const auto submitted = [&](std::int32_t i) { return age[static_cast<std::size_t>(i)].count() >= 0; };
  for (std::int32_t i = 0; i < data.items(); ++i)
    if (submitted(i)) out[i] = f(out[i], age[static_cast<std::size_t>(i)], moment);
  out.rank_unknown_last(submitted);
  return out.template model<T>();
}

}  // namespace detail

inline double hacker_news_rank::score(double points, std::chrono::duration<double> age) const noexcept {
  const double base = points - 1;
  const double hours = (age + head_start).count() / 3600;
  return (base > 0 ? std::pow(base, exponent) : base) / std::pow(hours, gravity);
}

template <sequences D>
item_scores_model<typename D::scalar> hacker_news_rank::fit(const D& data, const training&) const {
  return detail::rank_by_votes_and_age<typename D::scalar>(
      *this, data, [&](double votes, auto age, instant) { return score(votes, age); });
}

inline double reddit_hot::score(double votes, instant submitted) const noexcept {
  using namespace std::chrono;
  constexpr instant epoch = sys_days(year(2005) / 12 / 8) + hours(7) + minutes(46) + seconds(43);
  const double order = std::log10(std::max(std::abs(votes), 1.0));
  return std::copysign(order, votes) + duration<double>(submitted - epoch) / period;
}

template <sequences D>
item_scores_model<typename D::scalar> reddit_hot::fit(const D& data, const training&) const {
  return detail::rank_by_votes_and_age<typename D::scalar>(*this, data, [&](double votes, auto age, instant moment) {
    return score(votes, moment - std::chrono::duration_cast<std::chrono::seconds>(age));
  });
}

}  // namespace reco
