// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <span>
#include <thread>

#include "reco/popularity/decayed_counts.hpp"
#include "reco/popularity/streaming_trending.hpp"
#include "streaming_trending/stream.hpp"

namespace {

using namespace streaming_trending;

struct live {
  std::shared_ptr<reco::streaming_trending> stream =
      std::make_shared<reco::streaming_trending>(reco::trending{.half_life = half_life});
  double count(std::int32_t item, reco::instant now) const { return stream->count(item, now); }
};
struct unlocked {
  reco::decayed_counts counts = reco::decayed_counts(half_life);
  double count(std::int32_t item, reco::instant now) const { return counts.at(item, now); }
};

void reco_one_by_one(benchmark::State& state) {
  count_stream(state, 1, live{}, [](auto& c, const reco::event* e, std::size_t) { c.stream->observe(*e); });
}
BENCHMARK(reco_one_by_one)->Apply(sizes);

void reco_in_batches_of_256(benchmark::State& state) {
  count_stream(state, 256, live{},
               [](auto& c, const reco::event* e, std::size_t n) { c.stream->observe(std::span(e, n)); });
}
BENCHMARK(reco_in_batches_of_256)->Apply(sizes);

void reco_without_locks(benchmark::State& state) {
  count_stream(state, 1, unlocked{}, [](auto& c, const reco::event* e, std::size_t) { c.counts.add(*e); });
}
BENCHMARK(reco_without_locks)->Apply(sizes);

/// Writing while another thread asks for the top 10 without pause.
void reco_while_read(benchmark::State& state) {
  const live contender;
  std::atomic<bool> done = false;
  std::atomic<std::int64_t> lists = 0;
  std::thread reader([&, stream = contender.stream.get()] {
    while (!done) {
      benchmark::DoNotOptimize(stream->top({.k = 10}, reco::latest));
      ++lists;
    }
  });
  count_stream(state, 1, contender, [](auto& c, const reco::event* e, std::size_t) { c.stream->observe(*e); });
  done = true;
  reader.join();
  state.counters["lists"] = benchmark::Counter(static_cast<double>(lists), benchmark::Counter::kIsRate);
}
BENCHMARK(reco_while_read)->Args({100000, 0})->ArgNames({"items", "gap"})->Unit(benchmark::kMillisecond)->UseRealTime();

void reco_top_10(benchmark::State& state) {
  const stream& s = stream_of(state.range(0), state.range(1));
  const live contender;
  for (const auto& e : s.events) contender.stream->observe(e);
  for (auto _ : state) benchmark::DoNotOptimize(contender.stream->top({.k = 10}, reco::latest));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(reco_top_10)
    ->Args({100000, 1000})
    ->Args({1000000, 1000})
    ->ArgNames({"items", "gap"})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
