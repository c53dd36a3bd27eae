// SPDX-License-Identifier: MIT
#include "top_k/scores.hpp"

namespace top_k_task {

table reco_top_k(std::span<const float> scores, std::int64_t k) { return reco::top_k_of(scores, k); }

}  // namespace top_k_task

namespace {

void reco_top_k(benchmark::State& state) {
  top_k_task::time_selection(state, [](const auto&, auto scores, auto k) { return top_k_task::reco_top_k(scores, k); });
}
BENCHMARK(reco_top_k)->Apply(top_k_task::sizes);

}  // namespace
