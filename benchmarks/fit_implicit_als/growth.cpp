// SPDX-License-Identifier: MIT
// Seconds an epoch against factors and against pairs: random sets with a popularity tail, a history of 40 a user. And
// against threads.
#include <cmath>
#include <cstdint>
#include <vector>

#include "fit_implicit_als/data.hpp"
#include "reco/base/random.hpp"
#include "support/interleaved.hpp"

namespace fit_implicit_als {

namespace {

reco::dataset<float> random_pairs(std::int32_t users) {
  const std::int32_t items = users;
  reco::random_engine random(4);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < users; ++u)
    for (int n = 0; n < 40; ++n)  // item i with a chance that falls as 1 / sqrt(i)
      log.push_back({u, static_cast<std::int32_t>(std::pow(reco::uniform_real(random), 2) * items), 1});
  return reco::dataset<float>(log, {users, items});
}

void growth(benchmark::State& state) {
  const auto data = random_pairs(static_cast<std::int32_t>(state.range(0)));
  reco::thread_pool pool(2);
  const reco::training how{.executor = pool};
  auto o = options(static_cast<int>(state.range(1)), 1);
  o.solver = static_cast<reco::als_solver>(state.range(2));
  reco::detail::als_fit<float> fit(o, data, how, nullptr);
  fit.epoch();
  for (auto _ : state) fit.epoch();
  state.counters["pairs"] = static_cast<double>(data.matrix().by_user().nonzeros());
}
BENCHMARK(growth)
    ->ArgsProduct({{10000, 20000, 40000, 80000}, {128}, {0, 1}})
    ->ArgsProduct({{20000}, {32, 64, 256, 512}, {0, 1}})
    ->ArgNames({"users", "d", "solver"})
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

/// An epoch on Gowalla by two threads and by one, in turns.
void threads(benchmark::State& state) {
  const auto data = data_of(0);
  if (!data) return state.SkipWithError("needs gowalla in RECO_DATA_DIR");
  reco::thread_pool one(1), two(2);
  const reco::training by_one{.executor = one}, by_two{.executor = two};
  auto o = options(static_cast<int>(state.range(0)), 1);
  o.solver = static_cast<reco::als_solver>(state.range(1));
  reco::detail::als_fit<float> alone(o, *data, by_one, nullptr), shared(o, *data, by_two, nullptr);
  bench::interleaved({{"two_threads", [&] { shared.epoch(); }}, {"one_thread", [&] { alone.epoch(); }}}).run(state);
}
BENCHMARK(threads)
    ->ArgsProduct({{64, 128, 256, 512}, {0, 1}})
    ->ArgNames({"d", "solver"})
    ->Iterations(9)
    ->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace fit_implicit_als
