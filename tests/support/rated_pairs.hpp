// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/metrics/rated_pairs.hpp"

namespace reco_test {

/// Half stars, some of them not predicted; users out of order, some with one pair, some without any prediction.
inline std::vector<reco::rated_pair> random_ratings(std::uint64_t seed, int n) {
  reco::random_engine random(seed);
  const auto stars = [&] { return 0.5 * static_cast<double>(1 + reco::uniform_index(random, 10)); };
  std::vector<reco::rated_pair> pairs;
  for (int i = 0; i < n; ++i) {
    reco::rated_pair p{.user = static_cast<std::int32_t>(reco::uniform_index(random, 1 + n / 5)), .actual = stars()};
    if (reco::bernoulli(random, 0.8) && p.user != 1) p.predicted = stars();
    pairs.push_back(p);
  }
  return pairs;
}

/// (actual, predicted) by user, of what was predicted.
inline std::map<std::int32_t, std::vector<std::pair<double, double>>> by_user(
    const std::vector<reco::rated_pair>& all) {
  std::map<std::int32_t, std::vector<std::pair<double, double>>> users;
  for (const auto& p : all)
    if (p.predicted.has_value()) users[p.user].push_back({p.actual, *p.predicted});
  return users;
}

}  // namespace reco_test
