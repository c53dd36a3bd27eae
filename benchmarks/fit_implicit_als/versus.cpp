// SPDX-License-Identifier: MIT
// The figures: contenders in turns, two epochs each. Ours has the loss of every epoch in its time, the others have
// none.
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "fit_implicit_als/data.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/interleaved.hpp"

namespace fit_implicit_als {

namespace {

/// The largest difference of a predicted score from ours, on some thousand pairs.
double difference(const reco::factor_model<float>& ours, const factors_pair& theirs) {
  reco::random_engine random(9);
  double most = 0;
  for (int n = 0; n < 5000; ++n) {
    const auto u = reco::uniform_index(random, ours.users()), i = reco::uniform_index(random, ours.items());
    most = std::max(most, std::abs(static_cast<double>(ours.user_factors().row(u).dot(ours.item_factors().row(i)) -
                                                       theirs.users.row(u).dot(theirs.items.row(i)))));
  }
  return most;
}

std::optional<reco::dataset<float>> data_of(std::int64_t which) {
  if (which == 1) return reco::dataset<float>(movielens_shaped(), {6040, 3706});
  if (gowalla() == nullptr) return std::nullopt;
  return reco::dataset<float>(gowalla()->train, gowalla()->shape());
}

void epochs(benchmark::State& state) {
  const auto data = data_of(state.range(0));
  if (!data) return state.SkipWithError("needs gowalla in RECO_DATA_DIR");
  const auto threads = static_cast<unsigned>(state.range(2));
  auto exact = options(static_cast<int>(state.range(1)), 2), cg = exact;
  cg.solver = reco::als_solver::conjugate_gradient;
  reco::thread_pool pool(threads);
  if (difference(exact.fit(*data, {.executor = pool}), textbook_exact(*data, exact, threads)) > 2e-3)
    return state.SkipWithError("the textbook way predicts other scores");
  const auto keep = [](auto&& value) { benchmark::DoNotOptimize(value); };
  bench::interleaved rounds({{"exact", [&] { keep(exact.fit(*data, {.executor = pool})); }},
                             {"cg", [&] { keep(cg.fit(*data, {.executor = pool})); }},
                             {"textbook", [&] { keep(textbook_exact(*data, exact, threads)); }},
                             {"textbook_cg", [&] { keep(textbook_cg(*data, exact, threads)); }}});
  rounds.run(state);
  state.counters["textbook_cg/cg"] = rounds.ratio(3, 1);
}
BENCHMARK(epochs)
    ->ArgsProduct({{0, 1}, {64, 128, 256}, {1, 2}})
    ->ArgNames({"movielens_shaped", "d", "threads"})
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace fit_implicit_als
