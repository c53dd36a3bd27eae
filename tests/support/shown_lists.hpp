// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/metrics/concepts.hpp"

namespace reco_test {

using item_list = std::vector<std::int32_t>;

/// A list of `length` of the items 0..items-1, none twice.
inline item_list random_list(reco::random_engine& random, std::int32_t items, std::int32_t length) {
  item_list all(static_cast<std::size_t>(items));
  std::iota(all.begin(), all.end(), 0);
  reco::shuffle(random, std::span<std::int32_t>(all));
  all.resize(static_cast<std::size_t>(std::min(items, length)));
  return all;
}

/// Lists of awkward lengths for many users; low items stand in more of them than high ones.
inline std::vector<item_list> random_lists(std::uint64_t seed, std::int32_t items) {
  reco::random_engine random(seed);
  std::vector<item_list> lists;
  for (const std::int32_t length : {0, 1, 2, 7, 8, 9, 30, 0, 10, 10})
    for (std::int32_t share = 1; share <= 3; ++share)
      lists.push_back(random_list(random, std::max(1, items / share), length));
  return lists;
}

/// The value of an aggregate that is shown the lists in one piece.
template <reco::aggregate_metric A>
double value_of(A aggregate, const std::vector<item_list>& lists) {
  for (const auto& items : lists) aggregate.add({.items = items});
  return aggregate.value();
}

/// The same, of parts of `chunk` lists merged in order.
template <reco::aggregate_metric A>
double value_of_parts(const A& fresh, const std::vector<item_list>& lists, std::size_t chunk) {
  A whole = fresh;
  for (std::size_t begin = 0; begin < lists.size(); begin += chunk) {
    A part = fresh;
    for (std::size_t n = begin; n < std::min(begin + chunk, lists.size()); ++n) part.add({.items = lists[n]});
    whole.merge(part);
  }
  return whole.value();
}

}  // namespace reco_test
