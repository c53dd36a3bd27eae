// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco_test {

/// A list and what was relevant, as a definition in a paper speaks of them: items and a map. Naive twins of metrics
/// read this, the library reads what `judge` makes of it.
struct judged_case {
  std::int32_t catalog = 0;
  std::vector<std::int32_t> ranked = {};
  std::map<std::int32_t, double> truth = {};

  [[nodiscard]] bool relevant(std::int32_t item) const {
    const auto found = truth.find(item);
    return found != truth.end() && found->second > 0;
  }
  /// What stands at a rank from 1; 0 where nothing does or where it is not judged.
  [[nodiscard]] double gain(std::size_t rank) const {
    const auto found = rank <= ranked.size() ? truth.find(ranked[rank - 1]) : truth.end();
    return found != truth.end() && found->second > 0 ? found->second : 0;
  }
  [[nodiscard]] double relevant_items() const {
    double n = 0;
    for (const auto& judged : truth) n += judged.second > 0 ? 1 : 0;
    return n;
  }
  [[nodiscard]] double hits(std::size_t k) const {
    double n = 0;
    for (std::size_t rank = 1; rank <= k && rank <= ranked.size(); ++rank) n += gain(rank) > 0 ? 1 : 0;
    return n;
  }
};

inline reco::judged_list judged(const judged_case& c) {
  std::vector<reco::scored_item<float>> items;
  for (const auto item : c.ranked) items.push_back({item, 1.F});
  std::vector<reco::relevance> truth;
  for (const auto& [item, grade] : c.truth) truth.push_back({item, grade});
  reco::judge judge(c.catalog);
  return judge(reco::ranked_list<float>::in_order(items), std::span<const reco::relevance>(truth));
}

/// A worked example: the grades by rank (`reco::judged_list::unjudged` where nothing is known) and those of relevant
/// items that are not listed.
inline judged_case example(const std::vector<double>& by_rank, const std::vector<double>& not_listed = {},
                           std::int32_t catalog = 0) {
  judged_case c;
  for (std::size_t n = 0; n < by_rank.size(); ++n) {
    c.ranked.push_back(static_cast<std::int32_t>(n));
    if (by_rank[n] != reco::judged_list::unjudged) c.truth[static_cast<std::int32_t>(n)] = by_rank[n];
  }
  const auto next = static_cast<std::int32_t>(by_rank.size());
  for (std::size_t n = 0; n < not_listed.size(); ++n) c.truth[next + static_cast<std::int32_t>(n)] = not_listed[n];
  c.catalog = catalog > 0 ? catalog : next + static_cast<std::int32_t>(not_listed.size());
  return c;
}

/// Cutoffs for which something is likely to go wrong.
inline const std::vector<int> cutoffs = {-1, 0, 1, 2, 7, 8, 9, 10, 1000, 5000, reco::whole_list};

/// Lists of awkward lengths over catalogs as long or longer; nothing, something, everything relevant; with unjudged
/// items, grades of 0 and below, fractions and ties. The last are longer than tables of discounts.
inline std::vector<judged_case> judged_cases(std::uint64_t seed) {
  std::vector<judged_case> cases;
  reco::random_engine random(seed);
  for (const std::int32_t length : {0, 1, 2, 7, 8, 9, 100, 1500}) {
    for (const std::int32_t extra : {0, 1, 20}) {
      for (const double share : {0.0, 0.05, 0.3, 1.0}) {
        judged_case c;
        c.catalog = length + extra;
        std::vector<std::int32_t> order(static_cast<std::size_t>(c.catalog));
        std::iota(order.begin(), order.end(), 0);
        reco::shuffle(random, std::span<std::int32_t>(order));
        c.ranked.assign(order.begin(), order.begin() + length);
        for (std::int32_t item = 0; item < c.catalog; ++item) {
          if (reco::bernoulli(random, share))
            c.truth[item] = 0.5 * static_cast<double>(1 + reco::uniform_index(random, 8));
          else if (reco::bernoulli(random, 0.5)) c.truth[item] = -static_cast<double>(reco::uniform_index(random, 3));
        }
        cases.push_back(std::move(c));
      }
    }
  }
  return cases;
}

}  // namespace reco_test
