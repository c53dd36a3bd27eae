// SPDX-License-Identifier: MIT
// Forward decay from a landmark: an event counts 2^(time since the landmark). Before that overflows, a pass over all
// items moves the landmark; until it is through, nothing can be counted.
#include <benchmark/benchmark.h>

#include <cmath>
#include <unordered_map>

#include "streaming_trending/stream.hpp"

namespace {

using namespace streaming_trending;

struct rescaled {
  std::unordered_map<std::int32_t, double> counts = {};
  reco::instant landmark = {};

  void observe(const reco::event& e) {
    double half_lives = (e.time - landmark) / half_life;
    if (half_lives > 512) {
      for (auto& c : counts) c.second *= std::exp2(-half_lives);
      landmark = e.time;
      half_lives = 0;
    }
    counts[e.item] += e.value * std::exp2(half_lives);
  }
  double count(std::int32_t item, reco::instant now) const {
    const auto c = counts.find(item);
    return c == counts.end() ? 0 : c->second * std::exp2((landmark - now) / half_life);
  }
};

void rescaled_landmark(benchmark::State& state) {
  count_stream(state, 1, rescaled{}, [](auto& c, const reco::event* e, std::size_t) { c.observe(*e); });
}
BENCHMARK(rescaled_landmark)->Apply(sizes);

}  // namespace
