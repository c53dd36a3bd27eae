// SPDX-License-Identifier: MIT
// The figures: ours and the plain loop in turns, on one thread.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "prequential/replay.hpp"
#include "reco/evaluation/prequential.hpp"
#include "reco/evaluation/prequential_profile.hpp"
#include "reco/evaluation/prequential_trending.hpp"
#include "support/interleaved.hpp"

namespace replay {

hits by_reco(const news& data) {
  using hours = std::chrono::duration<double, std::ratio<3600>>;
  const auto vectors = std::make_shared<reco::living_vectors<float>>(reco::living_vectors<float>::given(data.vectors));
  std::vector<reco::contender<float>> all;
  all.emplace_back("vectors", vectors);
  all.emplace_back("popular", reco::online_trending<float>({.half_life = reco::never}));
  all.emplace_back("trending", reco::online_trending<float>({.half_life = hours(trend_hours)}));
  all.emplace_back("profile", reco::online_profile<float>({.half_life = hours(taste_hours)}, vectors));
  const auto result =
      reco::prequential{.warm_up = warm_up, .depth = depth}.evaluate(data.events, data.shape, std::span(all), {});
  const auto queries = std::ssize(result.queries);
  const auto hits_of = [&](const char* name) {
    return result.values(name, reco::hit_rate{.k = depth}).mean() * static_cast<double>(queries);
  };
  return {.queries = queries,
          .popular = hits_of("popular"),
          .trending = hits_of("trending"),
          .profile = hits_of("profile")};
}

namespace {

bool same(const hits& a, const hits& b) {
  const double rounding = 1e-3 * static_cast<double>(a.queries);  // of scores that all but tie
  return a.queries == b.queries && std::abs(a.popular - b.popular) <= rounding &&
         std::abs(a.trending - b.trending) <= rounding && std::abs(a.profile - b.profile) <= rounding;
}

void versus(benchmark::State& state) {
  const auto data = make_news({.readers = static_cast<std::int32_t>(state.range(0)),
                               .articles = static_cast<std::int32_t>(state.range(1)),
                               .reads = state.range(2)});
  const auto ours = by_reco(data);
  if (!same(ours, by_plain_loop(data))) return state.SkipWithError("the plain loop has other hits");
  const auto keep = [](const hits& h) { benchmark::DoNotOptimize(h.profile); };
  bench::interleaved rounds(
      {{"reco", [&] { keep(by_reco(data)); }}, {"plain_loop", [&] { keep(by_plain_loop(data)); }}});
  rounds.run(state);
  state.counters["queries/s"] = static_cast<double>(ours.queries) / rounds.seconds(0);
}
BENCHMARK(versus)
    ->Args({2000, 2000, 60000})
    ->Args({4000, 4000, 120000})
    ->ArgNames({"readers", "articles", "reads"})
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace replay
