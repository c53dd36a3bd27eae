// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// One decision of the policy that was running (the logging policy), and what the policy that is judged (the target)
/// would have done in its place.
struct logged_decision {
  double reward = 0;      ///< what came of the action taken
  double propensity = 1;  ///< probability with which the logging policy took it, above 0 and at most 1
  double target = 0;      ///< probability with which the target would take it, in 0..1

  double predicted = 0;         ///< a reward model's word on the action taken; doubly_robust and direct_method only
  double predicted_target = 0;  ///< the model's mean over the target's actions: sum_a target(a) predicted(a)
};

/// What a target policy would have earned a decision, and how far to trust that.
struct policy_value {
  double value = 0;
  double standard_error = 0;  ///< of `value`, for many decisions; it does not see the bias of clipping
  double effective_size = 0;  ///< (sum w)² / sum w²: as many decisions logged by the target itself would tell as much
  double clipped = 0;         ///< share of decisions whose weight was cut
};

// Estimators weigh decisions by w = target / propensity, so that the log looks as if the target had made it. Large
// weights make them vary; `max_weight` cuts weights to that bound, for less variance and some bias (Ionides 2008). All
// are O(decisions), and throw `invalid_argument` naming the decision for probabilities out of their range or numbers
// that are not finite, and if there are no decisions.
//
// Worked example of all: rewards 1, 0, 1, propensities 0.5, 0.5, 0.25, targets 1, 0, 0.5: weights 2, 0, 2.

/// Inverse propensity scores (Horvitz and Thompson 1952): mean(w r). Unbiased without clipping; may leave the range of
/// the rewards. Example: (2 + 0 + 2) / 3 = 1.333, effective size 16/8 = 2.
struct inverse_propensity {
  double max_weight = std::numeric_limits<double>::infinity();

  [[nodiscard]] policy_value operator()(std::span<const logged_decision> log) const;
};

/// Self-normalised IPS (Swaminathan and Joachims, "The self-normalized estimator for counterfactual learning", 2015):
/// sum(w r) / sum(w). Stays within the range of the rewards, varies less, its bias vanishes with 1/n. 0 if no weight is
/// above 0. Example: 4/4 = 1.
struct self_normalized {
  double max_weight = std::numeric_limits<double>::infinity();

  [[nodiscard]] policy_value operator()(std::span<const logged_decision> log) const;
};

/// Doubly robust (Dudík, Langford and Li, "Doubly robust policy evaluation and learning", 2011): the model's word on
/// the target, corrected by the weighed error of its word on what was done:
///
///     mean(predicted_target + w (r - predicted))
///
/// Unbiased if the propensities or the model are right. Example with a model that says 0.5 of everything (and so 0.5 of
/// the target): (0.5 + 2·0.5 + 0.5 + 0 + 0.5 + 2·0.5) / 3 = 1.167.
struct doubly_robust {
  double max_weight = std::numeric_limits<double>::infinity();

  [[nodiscard]] policy_value operator()(std::span<const logged_decision> log) const;
};

/// The reward model alone: mean(predicted_target). As biased as the model; here to compare with.
struct direct_method {
  [[nodiscard]] policy_value operator()(std::span<const logged_decision> log) const;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// value <- start + mean of term(decision, w); its error from the spread of the terms around their mean.
template <class Term>
policy_value mean_of_terms(std::string_view who, std::span<const logged_decision> log, double max_weight, Term term) {
  const auto fail = [&](const std::string& what) { fail_argument(std::string(who) + ": " + what); };
  if (log.empty()) fail("there are no decisions");
  if (!(max_weight > 0)) fail("max_weight must be above 0, got " + to_text(max_weight));
  policy_value v;
  double mean = 0, squares = 0, weights = 0, weights_squared = 0, n = 0;
  for (const auto& d : log) {
    const auto wrong = [&](const char* field, const char* range, double got) {
      fail("decision " + to_text(n) + ": " + field + " must be " + range + ", got " + to_text(got));
    };
    if (!(d.propensity > 0 && d.propensity <= 1)) wrong("propensity", "above 0 and at most 1", d.propensity);
    if (!(d.target >= 0 && d.target <= 1)) wrong("target", "in 0..1", d.target);
    if (!std::isfinite(d.reward)) wrong("reward", "finite", d.reward);
    if (!std::isfinite(d.predicted)) wrong("predicted", "finite", d.predicted);
    if (!std::isfinite(d.predicted_target)) wrong("predicted_target", "finite", d.predicted_target);
    const double w = std::min(d.target / d.propensity, max_weight);
    v.clipped += d.target / d.propensity > max_weight ? 1 : 0;
    weights += w;
    weights_squared += w * w;
    const double x = term(d, w), off = x - mean;  // Welford: one pass, no cancellation
    mean += off / ++n;
    squares += off * (x - mean);
  }
  v.value = mean;
  v.standard_error = n > 1 ? std::sqrt(squares / (n - 1) / n) : 0;
  v.effective_size = weights_squared > 0 ? weights * weights / weights_squared : 0;
  v.clipped /= n;
  return v;
}

}  // namespace detail

inline policy_value inverse_propensity::operator()(std::span<const logged_decision> log) const {
  return detail::mean_of_terms("inverse_propensity", log, max_weight,
                               [](const logged_decision& d, double w) { return w * d.reward; });
}

inline policy_value self_normalized::operator()(std::span<const logged_decision> log) const {
  const auto mean = [&](auto term) { return detail::mean_of_terms("self_normalized", log, max_weight, term); };
  const double weight = mean([](const logged_decision&, double w) { return w; }).value;
  auto v = mean([](const logged_decision& d, double w) { return w * d.reward; });
  if (!(weight > 0)) return {.value = 0, .standard_error = 0, .effective_size = 0, .clipped = v.clipped};
  const double ratio = v.value / weight;
  // The delta method: a ratio of means varies as the mean of w (r - ratio) / mean(w).
  v.standard_error =
      mean([&](const logged_decision& d, double w) { return w * (d.reward - ratio) / weight; }).standard_error;
  v.value = ratio;
  return v;
}

inline policy_value doubly_robust::operator()(std::span<const logged_decision> log) const {
  return detail::mean_of_terms("doubly_robust", log, max_weight, [](const logged_decision& d, double w) {
    return d.predicted_target + w * (d.reward - d.predicted);
  });
}

inline policy_value direct_method::operator()(std::span<const logged_decision> log) const {
  return detail::mean_of_terms("direct_method", log, std::numeric_limits<double>::infinity(),
                               [](const logged_decision& d, double) { return d.predicted_target; });
}

}  // namespace reco
