// SPDX-License-Identifier: MIT
// What the time goes with: rows, features, leaves; and the additions to histograms alone, beside the speed at which the
// machine reads what they read.
#include <benchmark/benchmark.h>

#include <numeric>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/ltr/lambda_mart.hpp"
#include "support/letor_like.hpp"

namespace {

void time_fit(benchmark::State& state, const reco::ranking_data& data, std::int32_t leaves) {
  constexpr std::int32_t trees = 10;
  reco::thread_pool pool(2);
  const reco::lambda_mart e{.trees = trees, .leaves = leaves};
  for (auto _ : state) benchmark::DoNotOptimize(e.fit(data, reco::training{.executor = pool}));
  state.counters["trees/s"] = benchmark::Counter(trees, benchmark::Counter::kIsIterationInvariantRate);
}

void by_queries(benchmark::State& state) {
  time_fit(state, bench::make_queries(static_cast<std::int32_t>(state.range(0)), 136, 1), 31);
}
BENCHMARK(by_queries)->Arg(20)->Arg(200)->Arg(2000)->ArgName("queries")->Unit(benchmark::kMillisecond);

void by_features(benchmark::State& state) {
  time_fit(state, bench::make_queries(500, static_cast<std::int32_t>(state.range(0)), 1), 31);
}
BENCHMARK(by_features)->Arg(16)->Arg(136)->Arg(1088)->ArgName("features")->Unit(benchmark::kMillisecond);

void by_leaves(benchmark::State& state) {
  time_fit(state, bench::make_queries(500, 136, 1), static_cast<std::int32_t>(state.range(0)));
}
BENCHMARK(by_leaves)->Arg(7)->Arg(31)->Arg(127)->Arg(511)->ArgName("leaves")->Unit(benchmark::kMillisecond);

/// One thread. `share`: of the rows, in percent, as in a leaf.
void histogram_additions(benchmark::State& state) {
  const auto& data = bench::letor_like().train;
  const reco::feature_bins bins(data.matrix_of_features());
  reco::random_engine random(1);
  std::vector<std::uint32_t> rows;
  std::vector<reco::gradient_sum> gradients;
  for (std::int32_t d = 0; d < data.documents(); ++d) {
    if (!reco::bernoulli(random, static_cast<double>(state.range(0)) / 100)) continue;
    rows.push_back(static_cast<std::uint32_t>(d));
    gradients.push_back(reco::pack_gradient(reco::uniform_index(random, 2001) - 1000, 1000));
  }
  const auto named = state.range(0) == 100 ? std::span<const std::uint32_t>() : std::span<const std::uint32_t>(rows);
  std::vector<reco::gradient_sum> sums(reco::feature_bins::width * reco::feature_bins::most_bins);
  for (auto _ : state)
    for (std::int32_t g = 0; g < bins.groups(); ++g) {
      reco::add_to_histograms(bins.group(g), named, gradients, sums.data());
      benchmark::DoNotOptimize(sums.data());
    }
  const auto passes = static_cast<double>(bins.groups()) * static_cast<double>(gradients.size());
  state.counters["additions/s"] = benchmark::Counter(passes * 16, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["bytes/s"] =
      benchmark::Counter(passes * (16 + 8 + (named.empty() ? 0 : 4)), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(histogram_additions)->Arg(100)->Arg(50)->Arg(10)->Arg(3)->ArgName("share")->Unit(benchmark::kMillisecond);

}  // namespace
