// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/item_popularity.hpp"
#include "reco/metrics/rank_weight.hpp"

namespace reco::inline RECO_ABI() {

// Vargas and Castells, "Rank and relevance in novelty and diversity metrics for recommender systems" (2011). Both
// metrics are a mean of the items' novelty over places that count as `weight` says; with `relevant_only` only relevant
// items are novel to any use (p(rel | i) = 1 for hits, else 0), the places of all of them still being divided by.
//
//     value@k = sum_{rank <= k} weight(rank) rel(rank) novelty(item) / sum_{rank <= k} weight(rank)

/// Expected popularity complement: novelty(i) = 1 - users who had i / users. In 0..1; 0 of an empty list. Worked
/// example: 8 users, items had by 8, 2 and 0 of them, equal weights: (0 + 0.75 + 1) / 3 = 0.583; logarithmic weights
/// 1, 0.631, 0.5: (0.473 + 0.5) / 2.131 = 0.457. O(k).
struct expected_popularity_complement {
  const item_popularity* popularity = nullptr;
  int k = 10;
  rank_weight weight = rank_weight::equal;
  bool relevant_only = false;  ///< needs `shown_list::grade`

  static constexpr std::string_view name = "epc";
  /// Throws `std::out_of_range` for an item beyond the counts, `invalid_argument` without popularity.
  [[nodiscard]] double operator()(const shown_list& list) const;
};

/// Expected free discovery: novelty(i) = -log2(pairs with i / all pairs), the bits of an item met by looking at what
/// anybody had; an item that nobody had counts as if one user had. 0 of an empty list. Worked example: 16 pairs in all,
/// items of 8, 2 and 0 of them, equal weights: (1 + 3 + 4) / 3 = 2.667. O(k).
struct expected_free_discovery {
  const item_popularity* popularity = nullptr;
  int k = 10;
  rank_weight weight = rank_weight::equal;
  bool relevant_only = false;  ///< needs `shown_list::grade`

  static constexpr std::string_view name = "efd";
  /// Throws `std::out_of_range` for an item beyond the counts, `invalid_argument` without popularity.
  [[nodiscard]] double operator()(const shown_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

template <class Metric, class Novelty>
double expected_novelty(const Metric& m, const shown_list& list, Novelty novelty_of) {
  const auto shown = list.first(m.k);
  double sum = 0, weights = 0;
  for (std::size_t n = 0; n < shown.size(); ++n) {
    const double w = weight_of(m.weight, n + 1);
    weights += w;
    if (!m.relevant_only || list.hit(n)) sum += w * novelty_of(shown[n]);
  }
  return weights > 0 ? sum / weights : 0;
}

}  // namespace detail

inline double expected_popularity_complement::operator()(const shown_list& list) const {
  const auto& p = detail::given(name, popularity);
  return detail::expected_novelty(*this, list, [&](std::int32_t item) {
    return p.users() > 0 ? 1 - static_cast<double>(p.count(item)) / static_cast<double>(p.users()) : 1;
  });
}

inline double expected_free_discovery::operator()(const shown_list& list) const {
  const auto& p = detail::given(name, popularity);
  const auto pairs = static_cast<double>(p.pairs());
  return detail::expected_novelty(
      *this, list, [&](std::int32_t item) { return pairs > 0 ? std::log2(pairs / p.known_count(item)) : 0; });
}

static_assert(list_metric<expected_popularity_complement> && list_metric<expected_free_discovery>);

}  // namespace reco
