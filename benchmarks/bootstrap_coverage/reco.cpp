// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/metrics/confidence.hpp"

// How often do 95 % intervals hold the true mean? Users' values are drawn from a distribution whose mean is known, an
// interval is made of them, and that `samples` times over. `observed` should be near 0.95; its own standard error is
// 0.005. A figure, not a race: the time is only the price of it.
namespace {

constexpr int samples = 2000;

enum distribution : std::int64_t {
  normal,  ///< symmetric: what theory likes
  ndcg,    ///< uniform in 0..1 for half of the users, 0 for the others
  mrr,     ///< 1 / rank, ranks 1..20 alike, for a third of the users; 0 for the others: skewed
  rare,    ///< 1 for one user in twenty, else 0: a hit rate
};

double draw(std::int64_t of, reco::random_engine& random) {
  switch (of) {
    case normal: return reco::normal(random);
    case ndcg: return reco::bernoulli(random, 0.5) ? reco::uniform_real(random) : 0;
    case mrr:
      return reco::bernoulli(random, 1.0 / 3) ? 1 / static_cast<double>(1 + reco::uniform_index(random, 20)) : 0;
    default: return reco::bernoulli(random, 0.05) ? 1 : 0;
  }
}

double true_mean(std::int64_t of) {
  if (of == ndcg) return 0.25;
  if (of == rare) return 0.05;
  double harmonic = 0;
  for (int rank = 1; rank <= 20; ++rank) harmonic += 1.0 / rank;
  return of == mrr ? harmonic / 20 / 3 : 0;
}

void coverage(benchmark::State& state, reco::bootstrap::method by) {
  const auto users = static_cast<std::size_t>(state.range(0));
  const auto of = state.range(1);
  reco::thread_pool pool;
  for (auto _ : state) {
    int holds = 0;
    double width = 0;
    std::vector<double> values(users);
    for (std::uint64_t sample = 1; sample <= samples; ++sample) {
      reco::random_engine random(7, sample);
      for (auto& v : values) v = draw(of, random);
      const auto i = reco::bootstrap{.resamples = 1000, .by = by, .seed = sample}.mean(values, pool);
      holds += i.low <= true_mean(of) && true_mean(of) <= i.high;
      width += (i.high - i.low) / samples;
    }
    state.counters["observed"] = static_cast<double>(holds) / samples;
    state.counters["width"] = width;
  }
  constexpr const char* names[] = {"normal", "ndcg", "mrr", "rare hits"};
  state.SetLabel(names[of]);
}

void percentile(benchmark::State& state) { coverage(state, reco::bootstrap::method::percentile); }
void bias_corrected(benchmark::State& state) { coverage(state, reco::bootstrap::method::bias_corrected); }

void settings(benchmark::internal::Benchmark* b) {
  b->ArgNames({"users", "distribution"})->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
  for (const std::int64_t of : {normal, ndcg, mrr, rare})
    for (const std::int64_t users : {20, 100, 1000}) b->Args({users, of});
}
BENCHMARK(percentile)->Apply(settings);
BENCHMARK(bias_corrected)->Apply(settings);

}  // namespace
