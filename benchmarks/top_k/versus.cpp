// SPDX-License-Identifier: MIT
// All contenders in turns; `limit` adds the scores up in a vector register: one reading of the memory.
#include <numeric>

#include "reco/math/matrix.hpp"
#include "support/interleaved.hpp"
#include "top_k/scores.hpp"

namespace {

void versus(benchmark::State& state) {
  const auto scores = top_k_task::make_scores(state.range(0), state.range(2));
  const auto k = state.range(1);
  top_k_task::table pairs, copy;
  top_k_task::fill(pairs, scores);
  const auto keep = [](auto&& value) { benchmark::DoNotOptimize(value); };
  bench::interleaved({{"reco", [&] { keep(top_k_task::reco_top_k(scores, k)); }},
                      {"partial_sort", [&] { keep(top_k_task::partial_sort(copy, scores, k)); }},
                      {"partial_sort_copy", [&] { keep(top_k_task::partial_sort_copy(pairs, k)); }},
                      {"nth_element", [&] { keep(top_k_task::nth_element(copy, scores, k)); }},
                      {"limit", [&] { keep(reco::as_column<float>(scores).sum()); }}})
      .run(state);
}
BENCHMARK(versus)
    ->ArgsProduct({{1000000}, {10, 100}, {top_k_task::random, top_k_task::ascending, top_k_task::descending}})
    ->ArgNames({"n", "k", "order"})
    ->Iterations(51)
    ->Unit(benchmark::kMillisecond);

}  // namespace
