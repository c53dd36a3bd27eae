// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/sequences.hpp"
#include "reco/model/item_scores_model.hpp"
#include "reco/popularity/item_scoring.hpp"

namespace reco::inline RECO_ABI() {

/// Where the mean comes from that items with few events are drawn to.
enum class average_prior {
  events,  ///< the mean of all events of the log
  items,   ///< the mean of the items' means: a few much rated items weigh no more than others
  fixed,   ///< `prior_mean`
};

/// The mean value of an item's events, as if `prior_weight` events of average value stood beside them: three
/// fives don't beat a hundred of 4.8. Also known as damped mean and as the weighted rating of film charts.
///
///     score(i) = (C m + sum_n value_n) / (C + count_i)            C: prior_weight, m: the prior's mean
///
/// It is the posterior mean of a normal mean with known variances, C being the variance of values within an item
/// over that between items (Gelman et al., "Bayesian Data Analysis", 3rd ed., section 2.5). An item without events
/// scores m.
///
///     auto model = reco::bayesian_average{.prior_weight = 25}.fit(ratings);
///
/// Fits on timelines, where a repeated event counts each time, or on a matrix, where an observed pair counts
/// once. O(events) time, 24 bytes an item. Not for values that are always 1: all means are 1.
struct bayesian_average {
  double prior_weight = 10;                     ///< C >= 0, in events; 0: the plain mean
  average_prior prior = average_prior::events;  ///< where m comes from
  double prior_mean = 0;                        ///< m, if `prior` is fixed

  static constexpr std::string_view name = "bayesian_average";
  static constexpr auto options() {
    return std::tuple{
        at_least("prior_weight", &bayesian_average::prior_weight, 0).search(0.1, 1000, search_scale::logarithmic),
        one_of("prior", &bayesian_average::prior,
               {{"events", average_prior::events}, {"items", average_prior::items}, {"fixed", average_prior::fixed}}),
        any_value("prior_mean", &bayesian_average::prior_mean)};
  }
  friend bool operator==(const bayesian_average&, const bayesian_average&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <class D>
    requires sequences<D> || interactions<D>
  [[nodiscard]] item_scores_model<typename D::scalar> fit(const D& data, const training& = {}) const;
};
static_assert(options_are_complete<bayesian_average>);

// ---------------------------------------------------------------------------------------------------

template <class D>
  requires sequences<D> || interactions<D>
item_scores_model<typename D::scalar> bayesian_average::fit(const D& data, const training&) const {
  check_options(*this);
  detail::item_scoring out(data.items());
  const std::size_t items = out.scores.size();
  std::vector<double> sum(items), count(items);
  double total = 0, events = 0;
  detail::for_each_event(data, [&](std::int32_t, std::int32_t item, double value) {
    sum[static_cast<std::size_t>(item)] += value;
    count[static_cast<std::size_t>(item)] += 1;
    total += value;
    events += 1;
  });
  double m = prior_mean;
  if (prior == average_prior::events) {
    m = events == 0 ? 0 : total / events;
  } else if (prior == average_prior::items) {
    double means = 0, observed = 0;
    for (std::size_t i = 0; i < items; ++i) {
      if (count[i] == 0) continue;
      means += sum[i] / count[i];
      observed += 1;
    }
    m = observed == 0 ? 0 : means / observed;
  }
  for (std::size_t i = 0; i < items; ++i)  // without events and without a weight, the prior is all there is
    out.scores[i] = count[i] == 0 ? m : (prior_weight * m + sum[i]) / (prior_weight + count[i]);
  return out.model<typename D::scalar>();
}

}  // namespace reco
