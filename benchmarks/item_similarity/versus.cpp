// SPDX-License-Identifier: MIT
// Both contenders in turns. Arguments: the data (0: gowalla, 1: ml1m, 2: books) and threads. `*_Mpairs` are millions of
// pair operations a second of processor time.
#include <cmath>
#include <memory>

#include "item_similarity/task.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/neighborhood/item_knn.hpp"
#include "support/interleaved.hpp"

namespace {

using namespace item_similarity_task;

const reco::item_knn cosine{.neighbors = k, .user_exponent = 0, .source_exponent = 0.5, .target_exponent = 0.5};

/// Rank by rank the same similarity, but for float's rounding.
bool same(const reco::csr_matrix<float>& ours, const std::vector<std::vector<reco::scored_item<double>>>& theirs) {
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const auto row = ours.row(static_cast<std::int32_t>(i)).values;
    std::vector<float> values(row.begin(), row.end());
    std::sort(values.begin(), values.end(), std::greater<>());
    if (values.size() != theirs[i].size()) return false;
    for (std::size_t n = 0; n < values.size(); ++n)
      if (std::abs(static_cast<double>(values[n]) - theirs[i][n].score) > 1e-6) return false;
  }
  return true;
}

void versus(benchmark::State& state) {
  const char* const names[] = {"gowalla", "ml1m", "books"};
  const reco::sparse_interactions<float> data(interactions(names[state.range(0)]));
  if (data.users() == 0) return state.SkipWithError("needs RECO_DATA_DIR");
  std::unique_ptr<reco::thread_pool> pool;
  if (state.range(1) > 1) pool = std::make_unique<reco::thread_pool>(static_cast<unsigned>(state.range(1)));
  const reco::executor_ref executor = pool ? reco::executor_ref(*pool) : reco::executor_ref();
  const auto ours = [&] { return cosine.fit(data, {.executor = executor}); };
  const auto theirs = [&] { return textbook(data.by_user(), executor); };
  if (!same(ours().weights(), theirs())) return state.SkipWithError("not the neighbors of the textbook way");

  double pairs = 0, cpu[2] = {};
  for (std::int32_t u = 0; u < data.users(); ++u) pairs += std::pow(static_cast<double>(data.of(u).size()), 2);
  int runs[2] = {};
  const auto timed = [&](int who, auto&& f) {
    const auto start = std::clock();
    benchmark::DoNotOptimize(f());
    cpu[who] += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    ++runs[who];
  };
  bench::interleaved({{"reco", [&] { timed(0, ours); }}, {"textbook", [&] { timed(1, theirs); }}}).run(state);
  state.counters["Mpairs"] = pairs / 1e6;
  state.counters["reco_Mpairs"] = pairs / 1e6 * runs[0] / cpu[0];
  state.counters["textbook_Mpairs"] = pairs / 1e6 * runs[1] / cpu[1];
}
BENCHMARK(versus)
    ->ArgNames({"data", "threads"})
    ->ArgsProduct({{0, 1, 2}, {1, 2}})
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
