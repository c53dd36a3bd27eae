// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/event.hpp"

// Counting a stream: one event after the other goes into exponentially decayed counts, one an item.
//
// Arguments of each benchmark: items, and the seconds between two events. With 1000 s a run of 2^20 events lasts
// 10^9 simulated seconds and every event has a time of its own; with 0 the stream is a busy site's, 10,000 events
// in each second. Items are drawn by Zipf's law. Before the clock starts, a contender counts one run, and its counts
// are compared with the sums written out; the largest relative error is its counter `error`.

namespace streaming_trending {

inline constexpr reco::half_life_t half_life = std::chrono::hours(24 * 7);

struct stream {
  std::int32_t items = 0;
  std::vector<reco::event> events = {};
  std::chrono::seconds length = {};

  stream(std::int64_t items_count, std::int64_t gap) : items(static_cast<std::int32_t>(items_count)) {
    reco::random_engine random(1);
    std::vector<std::int32_t> name(static_cast<std::size_t>(items));
    for (std::size_t i = 0; i < name.size(); ++i) name[i] = static_cast<std::int32_t>(i);
    reco::shuffle(random, std::span(name));
    const double seconds_between = gap > 0 ? static_cast<double>(gap) : 1e-4;
    double t = 7e8;
    for (int n = 0; n < (1 << 20); ++n) {
      t += seconds_between * reco::exponential(random);
      const double rank = std::exp(reco::uniform_real(random) * std::log(static_cast<double>(items)));  // p(r) ~ 1/r
      const auto item = name[std::min(name.size() - 1, static_cast<std::size_t>(rank) - 1)];
      events.push_back({.item = item, .time = reco::instant(std::chrono::seconds(static_cast<std::int64_t>(t)))});
    }
    length = events.back().time - events.front().time + std::chrono::seconds(1);
  }

  /// The largest error of a contender's counts at the end of the run, relative to the sums written out.
  template <class Contender>
  [[nodiscard]] double error(const Contender& counted) const {
    const auto now = events.back().time;
    std::vector<double> sum(static_cast<std::size_t>(items));
    for (const auto& e : events) sum[static_cast<std::size_t>(e.item)] += std::exp2((e.time - now) / half_life);
    double worst = 0;
    for (std::int32_t i = 0; i < items; ++i) {
      const double exact = sum[static_cast<std::size_t>(i)];
      if (exact > 1e-300) worst = std::max(worst, std::abs(counted.count(i, now) - exact) / exact);
    }
    return worst;
  }
};

/// The same stream for all contenders that ask for it in a row.
inline const stream& stream_of(std::int64_t items, std::int64_t gap) {
  static std::int64_t last_items = -1, last_gap = -1;
  static std::vector<stream> kept;
  if (items != last_items || gap != last_gap) {
    kept.clear();
    kept.emplace_back(items, gap);
    last_items = items;
    last_gap = gap;
  }
  return kept.front();
}

/// Runs the stream again and again, each time later, so that it never goes back in time. `observe` takes some events
/// at a time: `chunk` of them.
template <class Contender, class Observe>
void count_stream(benchmark::State& state, std::size_t chunk, Contender contender, const Observe& observe) {
  const stream& s = stream_of(state.range(0), state.range(1));
  auto events = s.events;
  const auto pass = [&] {
    for (std::size_t n = 0; n < events.size(); n += chunk)
      observe(contender, events.data() + n, std::min(chunk, events.size() - n));
  };
  pass();
  const double error = s.error(contender);
  if (!(error < 1e-10)) return state.SkipWithError(("wrong counts, relative error " + std::to_string(error)).c_str());
  for (auto _ : state) {
    state.PauseTiming();
    for (auto& e : events) e.time += s.length;
    state.ResumeTiming();
    pass();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events.size()));
  state.counters["error"] = error;
}

inline void sizes(benchmark::internal::Benchmark* b) {
  for (const std::int64_t items : {1000, 100000, 1000000})
    for (const std::int64_t gap : {1000, 0}) b->Args({items, gap});
  b->ArgNames({"items", "gap"})->Unit(benchmark::kMillisecond);
}

}  // namespace streaming_trending
