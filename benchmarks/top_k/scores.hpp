// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/math/top_k.hpp"

// The task: of n scores in memory the k best with their items, best first, ties by lower item. Arguments of each
// benchmark: n, k and the order the scores stand in. Contenders that need a table of (item, score) make it: that is
// what a recommender with scores in hand would have to do; `partial_sort_copy` gets it ready-made.

namespace top_k_task {

using table = std::vector<reco::scored_item<float>>;

enum order : std::int64_t { random, ascending, descending };

inline std::vector<float> make_scores(std::int64_t n, std::int64_t how) {
  reco::random_engine engine(1);
  std::vector<float> scores(static_cast<std::size_t>(n));
  for (auto& s : scores) s = static_cast<float>(reco::normal(engine));
  if (how == ascending) std::sort(scores.begin(), scores.end());
  if (how == descending) std::sort(scores.begin(), scores.end(), std::greater<>());
  return scores;
}

/// (item, score) for each score; `out` is used again.
inline void fill(table& out, std::span<const float> scores) {
  out.resize(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) out[i] = {static_cast<std::int32_t>(i), scores[i]};
}

inline table by_full_sort(std::span<const float> scores, std::int64_t k) {
  table all;
  fill(all, scores);
  std::sort(all.begin(), all.end(), reco::better);
  all.resize(std::min(all.size(), static_cast<std::size_t>(k)));
  return all;
}

// The contenders, each in its file. `pairs` is a table of all scores for those that need one.
table reco_top_k(std::span<const float> scores, std::int64_t k);
table partial_sort(table& pairs, std::span<const float> scores, std::int64_t k);
table partial_sort_copy(const table& pairs, std::int64_t k);
table nth_element(table& pairs, std::span<const float> scores, std::int64_t k);

/// Compares the contender's list with a full sort's, then times it.
template <class Select>
void time_selection(benchmark::State& state, const Select& select) {
  const auto scores = make_scores(state.range(0), state.range(2));
  table pairs;
  fill(pairs, scores);
  if (select(pairs, std::span<const float>(scores), state.range(1)) != by_full_sort(scores, state.range(1)))
    return state.SkipWithError("not what a full sort finds");
  fill(pairs, scores);
  for (auto _ : state) benchmark::DoNotOptimize(select(pairs, std::span<const float>(scores), state.range(1)));
  const auto seen = state.iterations() * state.range(0);
  state.SetItemsProcessed(seen);
  state.SetBytesProcessed(seen * static_cast<std::int64_t>(sizeof(float)));
}

inline void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"n", "k", "order"})->Unit(benchmark::kMicrosecond);
  for (const std::int64_t n : {10000, 100000, 1000000, 10000000}) b->Args({n, 10, random});
  for (const std::int64_t k : {10, 100, 1000})
    for (const std::int64_t how : {random, ascending, descending})
      if (k != 10 || how != random) b->Args({1000000, k, how});
}

}  // namespace top_k_task
