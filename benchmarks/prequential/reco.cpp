// SPDX-License-Identifier: MIT
#include <sys/resource.h>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "prequential/news.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/content/co_reads.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/evaluation/prequential.hpp"
#include "reco/evaluation/prequential_fusion.hpp"
#include "reco/evaluation/prequential_profile.hpp"
#include "reco/evaluation/prequential_trending.hpp"

// A whole evaluation: every first read of the last fifth of synthetic news is asked for of four contenders. Vectors are
// given, or learned anew every day from who read what; then articles of the day are folded in. One run is enough: it
// takes a while. `peak_mib` counts the news as well, and is that of the program: run one at a time.
namespace {

using namespace std::chrono_literals;

void evaluate(benchmark::State& state, bool given) {
  const auto data = make_news({.readers = static_cast<std::int32_t>(state.range(0)),
                               .articles = static_cast<std::int32_t>(state.range(1)),
                               .reads = 6 * state.range(2)});
  reco::thread_pool pool(static_cast<unsigned>(state.range(3)));
  using living = reco::living_vectors<float>;
  for (auto _ : state) {
    const auto vectors = given ? std::make_shared<living>(living::given(data.vectors))
                               : std::make_shared<living>([](std::span<const reco::event> past, const auto& how) {
                                   const reco::sparse_interactions<float> reads(past, reco::shape_of(past));
                                   return reco::co_reads{.dimensions = 64}.fit(reads, how).embeddings();
                                 });
    const auto profile = [&] { return reco::online_profile<float>({.half_life = 72h}, vectors); };
    const auto trend = [] { return reco::online_trending<float>({.half_life = 6h}); };
    std::vector<reco::contender<float>> all;
    all.emplace_back("vectors", vectors);
    all.emplace_back("popular", reco::online_trending<float>({.half_life = reco::never}));
    all.emplace_back("trending", trend());
    all.emplace_back("profile", profile());
    all.emplace_back("fused", reco::online_fusion(profile(), trend(), {.weight = 0.5}));
    const auto result = reco::prequential{.depth = 10, .max_queries = state.range(2)}.evaluate(
        data.events, data.shape, std::span(all), {.executor = pool});

    const auto queries = static_cast<double>(result.queries.size());
    state.counters["queries"] = queries;
    state.counters["queries/s"] = benchmark::Counter(queries, benchmark::Counter::kIsRate);
    for (const auto& c : result.contenders) {
      state.counters["s:" + c.name] = c.learn_seconds + c.answer_seconds;
      if (c.makes_lists) state.counters["hr@10:" + c.name] = result.values(c.name, reco::hit_rate{.k = 10}).mean();
    }
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_mib"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

void given_vectors(benchmark::State& state) { evaluate(state, true); }
void co_reads_every_day(benchmark::State& state) { evaluate(state, false); }

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"readers", "articles", "queries", "threads"})->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();
  b->Args({2000, 2000, 10000, 2})->Args({20000, 6000, 100000, 2})->Args({200000, 20000, 1000000, 2});
}
BENCHMARK(given_vectors)->Apply(sizes);
BENCHMARK(co_reads_every_day)->Apply(sizes);

}  // namespace
