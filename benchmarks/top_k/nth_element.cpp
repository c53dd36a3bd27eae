// SPDX-License-Identifier: MIT
// Quickselect, then a sort of the k best: linear whatever k is.
#include "top_k/scores.hpp"

namespace top_k_task {

table nth_element(table& pairs, std::span<const float> scores, std::int64_t k) {
  fill(pairs, scores);
  const auto end = pairs.begin() + std::min(k, std::ssize(pairs));
  if (end != pairs.end()) std::nth_element(pairs.begin(), end, pairs.end(), reco::better);
  std::sort(pairs.begin(), end, reco::better);
  return {pairs.begin(), end};
}

}  // namespace top_k_task

namespace {

void nth_element(benchmark::State& state) { top_k_task::time_selection(state, top_k_task::nth_element); }
BENCHMARK(nth_element)->Apply(top_k_task::sizes);

}  // namespace
