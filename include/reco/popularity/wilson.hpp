// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
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

/// The lower end of Wilson's score interval for a share of which `positive` out of `total` were observed; 0 of 0
/// is 0. Between 0 and positive / total. E. B. Wilson, "Probable inference, the law of succession, and
/// statistical inference", J. American Statistical Association 22 (1927).
///
///     p = positive / total
///     bound = (p + z^2 / 2n - z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)         n: total
[[nodiscard]] double wilson_lower_bound(double positive, double total, double z) noexcept;

/// Ranks by the share of positive events that an item has at least, with the confidence asked for: 100 of 110
/// beats 2 of 2, of which little is known yet.
///
///     score(i) = wilson_lower_bound(events of i with value >= positive_from, events of i, z)
///
///     auto model = reco::wilson{.positive_from = 4}.fit(ratings);    // stars of 4 and 5 are positive
///
/// An item without events scores 0. Fits on timelines, where a repeated event counts each time, or on a matrix,
/// where an observed pair counts once. O(events) time, 24 bytes an item. Not for logs of positive events only:
/// the share is then 1 everywhere and the rank that of the counts.
struct wilson {
  double z = 1.959963984540054;  ///< above 0; 1.2816, 1.6449, 1.96, 2.5758 for 80, 90, 95, 99 percent, two-sided
  double positive_from = 1;      ///< values of at least this are positive, all others negative

  static constexpr std::string_view name = "wilson";
  static constexpr auto options() {
    return std::tuple{above("z", &wilson::z, 0).search(0.5, 5), any_value("positive_from", &wilson::positive_from)};
  }
  friend bool operator==(const wilson&, const wilson&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <class D>
    requires sequences<D> || interactions<D>
  [[nodiscard]] item_scores_model<typename D::scalar> fit(const D& data, const training& = {}) const;
};
static_assert(options_are_complete<wilson>);

// ---------------------------------------------------------------------------------------------------

inline double wilson_lower_bound(double positive, double total, double z) noexcept {
  if (total <= 0) return 0;
  // The form above subtracts nearly equal numbers where p is small. Its conjugate, with q = 1 - p, does not:
  // bound = p^2 n / (n p + z^2/2 + z sqrt(n p q + z^2/4))
  const double spread = z * std::sqrt(positive * (total - positive) / total + z * z / 4);
  return positive * positive / total / (positive + z * z / 2 + spread);
}

template <class D>
  requires sequences<D> || interactions<D>
item_scores_model<typename D::scalar> wilson::fit(const D& data, const training&) const {
  check_options(*this);
  detail::item_scoring out(data.items());
  std::vector<double> positive(out.scores.size()), total(out.scores.size());
  detail::for_each_event(data, [&](std::int32_t, std::int32_t item, double value) {
    const auto i = static_cast<std::size_t>(item);
    positive[i] += value >= positive_from;
    total[i] += 1;
  });
  for (std::size_t i = 0; i < out.scores.size(); ++i) out.scores[i] = wilson_lower_bound(positive[i], total[i], z);
  return out.model<typename D::scalar>();
}

}  // namespace reco
