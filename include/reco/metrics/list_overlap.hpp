// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// The share of the items of two lists that stand in both, in their first k places: |A ∩ B| / |A ∪ B|. In 0..1; 1 for
/// two empty lists. An item twice in a list counts once. Worked example: {1, 2, 3} and {3, 4}: 1/4. O(k log k).
[[nodiscard]] double jaccard(std::span<const std::int32_t> a, std::span<const std::int32_t> b, int k);

/// What is known of the overlap of two endless lists of which the beginnings were seen.
struct list_overlap {
  double extrapolated = 0;  ///< RBO_ext: if they went on as they are
  double low = 0;           ///< RBO_min: if they had nothing more in common
  double residual = 0;      ///< RBO_res: what is open; low + residual if they agreed in everything to come
};

/// Rank-biased overlap (Webber, Moffat and Zobel, "A similarity measure for indefinite rankings", 2010): the mean over
/// depths d of the share of the first d items that two lists have in common, the depth being d with probability
/// (1 - p) p^(d - 1).
///
///     RBO = (1 - p) sum_d p^(d - 1) |A_1..d ∩ B_1..d| / d
///
/// `extrapolated` is equation 32, `low` equation 11 and `residual` equation 30 for lists of lengths s <= l. All in
/// 0..1; equal lists have 1, also empty ones. p in (0, 1): with 0.9, the first 10 places weigh 86 %. No item may stand
/// twice in a list. Worked example: {1, 2} and {2, 1}, p = 0.5: agreement 0 at depth 1, 1 from depth 2 on: extrapolated
/// 0.5. O(l log l). Throws `invalid_argument` for a repeat or a p out of range.
[[nodiscard]] list_overlap rank_biased_overlap(std::span<const std::int32_t> a, std::span<const std::int32_t> b,
                                               double p = 0.9);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// (item, place from 1), by item.
inline std::vector<std::pair<std::int32_t, std::size_t>> places_by_item(std::span<const std::int32_t> items) {
  std::vector<std::pair<std::int32_t, std::size_t>> places(items.size());
  for (std::size_t n = 0; n < items.size(); ++n) places[n] = {items[n], n + 1};
  std::sort(places.begin(), places.end());
  for (std::size_t n = 1; n < places.size(); ++n)
    if (places[n].first == places[n - 1].first)
      fail_argument("rank_biased_overlap: item " + to_text(places[n].first) + " stands twice in a list");
  return places;
}

/// overlap[d]: how many items the first d places of both lists have in common, d = 0..longer length.
inline std::vector<double> overlaps(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  const auto x = places_by_item(a), y = places_by_item(b);
  std::vector<double> overlap(std::max(a.size(), b.size()) + 1);
  for (auto i = x.begin(), j = y.begin(); i != x.end() && j != y.end();) {
    if (i->first == j->first) {
      ++overlap[std::max(i->second, j->second)];
      ++i;
      ++j;
    } else {
      ++(i->first < j->first ? i : j);
    }
  }
  std::partial_sum(overlap.begin(), overlap.end(), overlap.begin());
  return overlap;
}

}  // namespace detail

inline double jaccard(std::span<const std::int32_t> a, std::span<const std::int32_t> b, int k) {
  const auto set_of = [&](std::span<const std::int32_t> items) {
    const auto n = std::min(items.size(), static_cast<std::size_t>(std::max(k, 0)));
    std::vector<std::int32_t> set(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(n));
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
    return set;
  };
  const auto x = set_of(a), y = set_of(b);
  std::vector<std::int32_t> both;
  std::set_intersection(x.begin(), x.end(), y.begin(), y.end(), std::back_inserter(both));
  const auto either = x.size() + y.size() - both.size();
  return either > 0 ? static_cast<double>(both.size()) / static_cast<double>(either) : 1;
}

inline list_overlap rank_biased_overlap(std::span<const std::int32_t> a, std::span<const std::int32_t> b, double p) {
  if (!(p > 0 && p < 1))
    detail::fail_argument("rank_biased_overlap: p must be above 0 and below 1, got " + detail::to_text(p));
  // X_d: overlap at depth d; s, l: the shorter and the longer length; f: the depth where the union of both is reached.
  const auto X = detail::overlaps(a, b);
  const auto s = std::min(a.size(), b.size()), l = std::max(a.size(), b.size());
  const double Xs = X[s], Xl = X[l], ds = static_cast<double>(s), dl = static_cast<double>(l);
  if (l == 0) return {.extrapolated = 1, .low = 0, .residual = 1};
  const auto f = s + l - static_cast<std::size_t>(Xl);
  double seen = 0, beyond_shorter = 0, agreed = 0, series = 0, series_after_s = 0, series_after_l = 0, power = 1;
  for (std::size_t depth = 1; depth <= f; ++depth) {
    const auto d = static_cast<double>(depth);
    power *= p;
    series += power / d;  // sum of p^d / d, which goes on to ln(1 / (1 - p))
    if (depth > s) series_after_s += power / d;
    if (depth > l) series_after_l += power / d;
    if (depth > l) continue;
    seen += X[depth] / d * power;
    agreed += (X[depth] - Xl) / d * power;
    if (depth > s && s > 0) beyond_shorter += Xs * (d - ds) / (ds * d) * power;
  }
  const double scale = (1 - p) / p, rest = -std::log1p(-p) - series;
  const auto to = [&](double depth) { return std::pow(p, depth); };
  list_overlap o;
  o.extrapolated = scale * (seen + beyond_shorter) + ((Xl - Xs) / dl + (s > 0 ? Xs / ds : 0)) * to(dl);  // (32)
  o.low = scale * (agreed - Xl * std::log1p(-p));                                                        // (11)
  o.residual = to(ds) + to(dl) - to(static_cast<double>(f)) -
               scale * (ds * series_after_s + dl * series_after_l + Xl * rest);  // (30)
  return o;
}

}  // namespace reco
