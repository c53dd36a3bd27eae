// SPDX-License-Identifier: MIT
// The figures: 100 or 500 trees of 31 leaves, 255 bins, rate 0.1, two threads; ours and XGBoost's in turns. XGBoost's
// matrix is made before the clock starts, our bins after.
#include <benchmark/benchmark.h>

#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/ltr/lambda_mart.hpp"
#include "support/interleaved.hpp"
#include "support/letor_like.hpp"
#include "support/xgboost.hpp"

namespace {

/// Memory that a call takes at its peak, beyond what was there, in MiB.
template <class F>
double peak_of(F f) {
  const auto status = [](const std::string& name) {
    std::ifstream in("/proc/self/status");
    std::string word;
    double kib = 0;
    while (in >> word)
      if (word == name + ":") in >> kib;
    return kib / 1024;
  };
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak is now
  const double before = status("VmRSS");
  f();
  return status("VmHWM") - before;
}

void fit(benchmark::State& state) {
  const auto& sets = bench::letor_like();
  const auto trees = static_cast<std::int32_t>(state.range(0));
  reco::thread_pool pool(2);
  const reco::lambda_mart ours{.trees = trees};
  reco::tree_ensemble model;
  std::vector<bench::contender> all = {{"reco", [&] {
                                          state.counters["reco_MiB"] = peak_of(
                                              [&] { model = ours.fit(sets.train, reco::training{.executor = pool}); });
                                        }}};
#if defined(RECO_HAVE_XGBOOST)
  const bench::xgboost_matrix train(sets.train), test(sets.test);
  std::optional<bench::xgboost_trees> theirs;
  all.push_back({"xgboost", [&] {
                   theirs.reset();
                   state.counters["xgboost_MiB"] = peak_of([&] { theirs.emplace(train, trees, 31, 2); });
                 }});
#endif
  bench::interleaved rounds(std::move(all));
  for (auto _ : state) rounds.round();
  const auto ndcg = [&](const auto& scores) { return reco::mean_ndcg(sets.test, scores, 10); };
  state.counters["reco_ndcg"] = ndcg(model.predict_all(sets.test.matrix_of_features(), pool));
  state.counters["reco_ms/tree"] = 1000 * rounds.seconds(0) / trees;
#if defined(RECO_HAVE_XGBOOST)
  state.counters["xgboost_ndcg"] = ndcg(theirs->predict(test));
  state.counters["xgboost_ms/tree"] = 1000 * rounds.seconds(1) / trees;
  state.counters["reco/xgboost"] = rounds.ratio(0, 1);
  state.counters["reco/xgboost_cpu"] = rounds.cpu_ratio(0, 1);
#endif
}
BENCHMARK(fit)->Arg(100)->Iterations(3)->ArgName("trees")->Unit(benchmark::kSecond);
BENCHMARK(fit)->Arg(500)->Iterations(1)->ArgName("trees")->Unit(benchmark::kSecond);

}  // namespace
