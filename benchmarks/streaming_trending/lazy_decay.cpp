// SPDX-License-Identifier: MIT
// Each item's count as of its last event; an event first lets it decay. What most write first.
#include <benchmark/benchmark.h>

#include <unordered_map>

#include "reco/math/top_k.hpp"
#include "streaming_trending/stream.hpp"

namespace {

using namespace streaming_trending;

struct lazy {
  struct counted {
    double value = 0;
    reco::instant last = {};
  };
  std::unordered_map<std::int32_t, counted> counts = {};

  void observe(const reco::event& e) {
    auto& c = counts[e.item];
    c.value = c.value * reco::decay(e.time - c.last, half_life) + e.value;
    c.last = e.time;
  }
  double count(std::int32_t item, reco::instant now) const {
    const auto c = counts.find(item);
    return c == counts.end() ? 0 : c->second.value * reco::decay(now - c->second.last, half_life);
  }
};

void lazy_decay(benchmark::State& state) {
  count_stream(state, 1, lazy{}, [](auto& c, const reco::event* e, std::size_t) { c.observe(*e); });
}
BENCHMARK(lazy_decay)->Apply(sizes);

void lazy_decay_top_10(benchmark::State& state) {
  const stream& s = stream_of(state.range(0), state.range(1));
  lazy contender;
  for (const auto& e : s.events) contender.observe(e);
  const auto now = s.events.back().time;
  for (auto _ : state) {
    reco::top_k<double> best(10);
    for (const auto& [item, c] : contender.counts) best.push(item, c.value * reco::decay(now - c.last, half_life));
    benchmark::DoNotOptimize(best.take());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(lazy_decay_top_10)
    ->Args({100000, 1000})
    ->Args({1000000, 1000})
    ->ArgNames({"items", "gap"})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
