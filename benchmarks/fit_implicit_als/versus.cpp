// SPDX-License-Identifier: MIT
// The figures: contenders in turns, an epoch each. Ours has the loss of every epoch in its time, the others have none.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "fit_implicit_als/data.hpp"
#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/interleaved.hpp"

namespace fit_implicit_als {

namespace {

/// The largest difference of a predicted score from ours, on some thousand pairs.
double difference(const reco::factor_model<float>& ours, const textbook& theirs) {
  reco::random_engine random(9);
  double most = 0;
  for (int n = 0; n < 5000; ++n) {
    const auto u = reco::uniform_index(random, ours.users()), i = reco::uniform_index(random, ours.items());
    most = std::max(most, std::abs(static_cast<double>(ours.user_factors().row(u).dot(ours.item_factors().row(i)) -
                                                       theirs.users.row(u).dot(theirs.items.row(i)))));
  }
  return most;
}

void epochs(benchmark::State& state) {
  const auto data = data_of(state.range(0));
  if (!data) return state.SkipWithError("needs gowalla and ml-1m in RECO_DATA_DIR");
  reco::thread_pool pool(static_cast<unsigned>(state.range(2)));
  const reco::training how{.executor = pool};
  const auto exact = options(static_cast<int>(state.range(1)), 1);
  auto cg = exact;
  cg.solver = reco::als_solver::conjugate_gradient;
  reco::detail::als_fit<float> our_exact(exact, *data, how, nullptr), our_cg(cg, *data, how, nullptr);
  textbook their_exact(*data, exact, way::exact, pool), their_cg(*data, exact, way::cg, pool);
  bench::interleaved rounds({{"exact", [&] { our_exact.epoch(); }},
                             {"cg", [&] { our_cg.epoch(); }},
                             {"textbook", [&] { their_exact.epoch(); }},
                             {"textbook_cg", [&] { their_cg.epoch(); }}});
  rounds.run(state);
  if (difference(our_exact.model(), their_exact) > 2e-3)
    return state.SkipWithError("the textbook way predicts other scores");
  state.counters["textbook_cg/cg"] = rounds.ratio(3, 1);
  for (const auto& [name, c] : {std::pair{"exact_cpu", 0}, {"cg_cpu", 1}, {"textbook_cpu", 2}, {"textbook_cg_cpu", 3}})
    state.counters[name] = rounds.cpu_seconds(static_cast<std::size_t>(c));
}
BENCHMARK(epochs)
    ->ArgsProduct({{0, 1}, {64, 128, 256}, {1, 2}})
    ->ArgNames({"movielens", "d", "threads"})
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace fit_implicit_als
