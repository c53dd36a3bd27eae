// SPDX-License-Identifier: MIT
// SLIM's seconds on histories of MovieLens 1M's size and on Gowalla.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fit_ease/histories.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/neighborhood/slim.hpp"

namespace fit_slim {
namespace {

void time_fit(benchmark::State& state, const reco::sparse_interactions<float>& x, const reco::slim& slim) {
  reco::thread_pool pool(static_cast<unsigned>(state.range(0)));
  reco::item_weights_model<float> model;
  for (auto _ : state) model = slim.fit(x, {.executor = pool});
  state.counters["weights/item"] = static_cast<double>(model.weights().nonzeros()) / model.items();
  state.counters["epochs"] = model.report().epochs;
  state.counters["converged"] = model.report().converged;
  state.counters["items/s"] =
      benchmark::Counter(static_cast<double>(model.items()), benchmark::Counter::kIsIterationInvariantRate);
}

void ml1m(benchmark::State& state) {
  static const auto x = fit_ease::make_histories(fit_ease::ml1m);
  time_fit(state, x, reco::slim{.candidates = static_cast<std::int32_t>(state.range(1))});
}
BENCHMARK(ml1m)
    ->ArgsProduct({{1, 2}, {200, 4000}})
    ->ArgNames({"threads", "candidates"})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// The published split's `train.txt`: a user and their items in each line.
void gowalla(benchmark::State& state) {
  const char* const root = std::getenv("RECO_DATA_DIR");
  const auto path = std::filesystem::path(root == nullptr ? "" : root) / "gowalla" / "train.txt";
  std::ifstream file(path);
  if (root == nullptr || !file) return state.SkipWithError("needs gowalla/train.txt, unpacked, in RECO_DATA_DIR");
  std::vector<reco::event> log;
  reco::shape shape{};
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::int32_t user = 0;
    fields >> user;
    shape.users = std::max(shape.users, user + 1);
    for (std::int32_t item = 0; fields >> item;) {
      log.push_back({.user = user, .item = item});
      shape.items = std::max(shape.items, item + 1);
    }
  }
  time_fit(state, reco::sparse_interactions<float>(log, shape), reco::slim{});
}
BENCHMARK(gowalla)->Arg(1)->Arg(2)->ArgName("threads")->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fit_slim
