// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/math/csr_matrix.hpp"

// Histories of the sizes of published sets: log-normal activity, Zipf-like popularity, items in clusters, three
// quarters of what a user reads from four of them. Values are 1.

namespace fit_ease {

struct history_shape {
  std::int32_t users = 0, items = 0;
  std::int64_t pairs = 0;
  double log_mean = 0, log_deviation = 0;  // of a user's activity
  double fewest = 0, most = 0;
  double offset = 0, exponent = 0;  // item of rank r: (r + offset)^-exponent
  std::int32_t clusters = 0;
};

/// 6,040 × 3,706 and about a million pairs: MovieLens 1M's size.
inline constexpr history_shape ml1m{6040, 3706, 992841, 4.57, 0.95, 20, 2300, 60, 1.15, 25};
/// 136,677 × 20,108 and ten million pairs: MovieLens 20M's as it is used with ratings of 4 and more.
inline constexpr history_shape ml20m{136677, 20108, 10000000, 3.7, 1.05, 6, 4000, 40, 1.25, 100};

inline reco::sparse_interactions<float> make_histories(const history_shape& s) {
  reco::random_engine random(12);
  const auto items = static_cast<std::size_t>(s.items), clusters = static_cast<std::size_t>(s.clusters);
  // Items lie cluster by cluster on a line, each as long as it is popular: a place on it is an item.
  std::vector<double> popularity(items), ends(items), cluster_end(clusters);
  std::vector<std::int32_t> order(items);
  for (std::size_t r = 0; r < items; ++r) popularity[r] = std::pow(static_cast<double>(r + 1) + s.offset, -s.exponent);
  reco::shuffle(random, std::span(popularity));
  std::iota(order.begin(), order.end(), 0);
  reco::shuffle(random, std::span(order));
  double length = 0;
  for (std::size_t n = 0; n < items; ++n) {
    length += popularity[static_cast<std::size_t>(order[n])];
    ends[n] = length;
    cluster_end[n * clusters / items] = length;
  }
  const auto item_at = [&](double place) {
    const auto n = std::upper_bound(ends.begin(), ends.end() - 1, place) - ends.begin();
    return order[static_cast<std::size_t>(n)];
  };
  std::vector<double> activity;
  for (std::int32_t u = 0; u < s.users; ++u)
    activity.push_back(std::clamp(std::exp(s.log_mean + s.log_deviation * reco::normal(random)), s.fewest, s.most));
  const double scale = static_cast<double>(s.pairs) / std::accumulate(activity.begin(), activity.end(), 0.0);

  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> columns;
  std::vector<char> has(items);
  for (const double wanted : activity) {
    std::size_t taste[4];
    for (auto& t : taste) {
      const double place = reco::uniform_real(random) * length;
      t = static_cast<std::size_t>(std::upper_bound(cluster_end.begin(), cluster_end.end() - 1, place) -
                                   cluster_end.begin());
    }
    const auto begin = columns.size();
    const auto count = static_cast<std::size_t>(std::clamp(std::round(wanted * scale), 1.0, 0.8 * s.items));
    for (std::size_t tries = 0; columns.size() - begin < count && tries < 20 * count; ++tries) {
      double low = 0, high = length;
      if (reco::uniform_real(random) < 0.75) {
        const auto t = taste[reco::uniform_index(random, 4)];
        low = t == 0 ? 0 : cluster_end[t - 1];
        high = cluster_end[t];
      }
      const auto item = item_at(low + reco::uniform_real(random) * (high - low));
      if (std::exchange(has[static_cast<std::size_t>(item)], char{1})) continue;
      columns.push_back(item);
    }
    for (auto n = begin; n < columns.size(); ++n) has[static_cast<std::size_t>(columns[n])] = 0;
    std::sort(columns.begin() + static_cast<std::ptrdiff_t>(begin), columns.end());
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  std::vector<float> ones(columns.size(), 1.0F);
  return reco::sparse_interactions<float>(
      reco::csr_matrix<float>(s.items, std::move(offsets), std::move(columns), std::move(ones)));
}

}  // namespace fit_ease
