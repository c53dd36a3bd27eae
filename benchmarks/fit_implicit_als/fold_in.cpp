// SPDX-License-Identifier: MIT
// A history that training did not see becomes a vector: random items of Gowalla, one history after the other on one
// thread, the textbook way on the same histories in turns.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fit_implicit_als/data.hpp"
#include "reco/base/random.hpp"
#include "support/interleaved.hpp"

namespace fit_implicit_als {

namespace {

using histories = std::vector<std::vector<std::int32_t>>;

/// Each of so many items, none twice, drawn as train has them.
histories random_histories(std::size_t count, std::size_t size) {
  const auto& log = gowalla()->train;
  reco::random_engine random(6);
  histories out(count);
  std::vector<std::size_t> in_history(static_cast<std::size_t>(gowalla()->shape().items));
  for (std::size_t h = 0; h < count; ++h) {
    while (out[h].size() < size) {
      const auto item = log[static_cast<std::size_t>(reco::uniform_index(random, std::ssize(log)))].item;
      auto& last = in_history[static_cast<std::size_t>(item)];
      if (last == h + 1) continue;
      last = h + 1;
      out[h].push_back(item);
    }
  }
  return out;
}

void fold_in(benchmark::State& state) {
  const auto data = data_of(0);
  if (!data) return state.SkipWithError("needs gowalla in RECO_DATA_DIR");
  const auto o = options(static_cast<int>(state.range(0)), 3);
  reco::thread_pool pool(2);
  const auto model = o.fit(*data, {.executor = pool});
  textbook_fold_in theirs(model.item_factors(), o);
  const auto asked = random_histories(2000, static_cast<std::size_t>(state.range(1)));
  for (const auto& h : asked) {
    const auto x = model.fold_in({.items = h}), y = theirs(h);
    if ((x - y).norm() > 1e-2 * y.norm()) return state.SkipWithError("the textbook way has another vector");
  }
  float sum = 0;
  bench::interleaved rounds({{"reco",
                              [&] {
                                for (const auto& h : asked) sum += model.fold_in({.items = h})[0];
                              }},
                             {"textbook", [&] {
                                for (const auto& h : asked) sum += theirs(h)[0];
                              }}});
  rounds.run(state);
  benchmark::DoNotOptimize(sum);
  state.counters["microseconds"] = 1e6 * rounds.seconds(0) / static_cast<double>(asked.size());
}
BENCHMARK(fold_in)
    ->ArgsProduct({{64, 128, 256}, {10, 50, 200}})
    ->ArgNames({"d", "items"})
    ->Iterations(9)
    ->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace fit_implicit_als
