// SPDX-License-Identifier: MIT
// A heap of k: quick while few scores are better than its worst.
#include "top_k/scores.hpp"

namespace top_k_task {

table partial_sort(table& pairs, std::span<const float> scores, std::int64_t k) {
  fill(pairs, scores);
  const auto end = pairs.begin() + std::min(k, std::ssize(pairs));
  std::partial_sort(pairs.begin(), end, pairs.end(), reco::better);
  return {pairs.begin(), end};
}

table partial_sort_copy(const table& pairs, std::int64_t k) {
  table best(std::min(pairs.size(), static_cast<std::size_t>(k)));
  std::partial_sort_copy(pairs.begin(), pairs.end(), best.begin(), best.end(), reco::better);
  return best;
}

}  // namespace top_k_task

namespace {

void partial_sort(benchmark::State& state) { top_k_task::time_selection(state, top_k_task::partial_sort); }
BENCHMARK(partial_sort)->Apply(top_k_task::sizes);

void partial_sort_copy(benchmark::State& state) {
  top_k_task::time_selection(state,
                             [](const auto& pairs, auto, auto k) { return top_k_task::partial_sort_copy(pairs, k); });
}
BENCHMARK(partial_sort_copy)->Apply(top_k_task::sizes);

}  // namespace
