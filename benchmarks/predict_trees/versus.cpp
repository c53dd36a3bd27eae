// SPDX-License-Identifier: MIT
// 500 trees of 31 leaves: many rows at a time, and one row; ours and XGBoost's in turns. XGBoost's matrix of the batch
// is made before the clock starts; the one of a single row after, as its C interface asks for one.
#include <benchmark/benchmark.h>

#include <cmath>

#include "reco/base/thread_pool.hpp"
#include "reco/ltr/lambda_mart.hpp"
#include "support/interleaved.hpp"
#include "support/letor_like.hpp"
#include "support/xgboost.hpp"

namespace {

const reco::tree_ensemble& model() {
  static const auto trees = [] {
    reco::thread_pool pool;
    return reco::lambda_mart{.trees = 500}.fit(bench::letor_like().train, reco::training{.executor = pool});
  }();
  return trees;
}

#if defined(RECO_HAVE_XGBOOST)
bench::xgboost_trees& rival() {
  // Never freed: at the end of the program XGBoost's own statics are gone before ours.
  static auto* const trees = new bench::xgboost_trees(bench::xgboost_matrix(bench::letor_like().train), 500, 31, 2);
  return *trees;
}
#endif

void batch(benchmark::State& state) {
  const auto& test = bench::letor_like().test;
  const auto threads = static_cast<unsigned>(state.range(0));
  reco::thread_pool pool(threads);
  const auto scores = model().predict_all(test.matrix_of_features(), pool);
  for (std::int32_t d = 0; d < test.documents(); d += 97) {  // the answer, written out
    double sum = model().base_score();
    for (std::int32_t t = 0; t < model().trees(); ++t)
      sum += model().leaves_of(t)[static_cast<std::size_t>(model().leaf_of(t, test.row(d, {})))].value;
    if (sum != scores[static_cast<std::size_t>(d)]) return state.SkipWithError("the batch differs from single trees");
  }
  std::vector<bench::contender> all = {
      {"reco", [&] { benchmark::DoNotOptimize(model().predict_all(test.matrix_of_features(), pool)); }}};
#if defined(RECO_HAVE_XGBOOST)
  rival().set_threads(static_cast<int>(threads));
  // A booster keeps what it has once foretold for a matrix: each round has a matrix of its own.
  all.push_back({"xgboost", [&] { benchmark::DoNotOptimize(rival().predict(bench::xgboost_matrix(test))); }});
  all.push_back({"xgboost_matrix", [&] { const bench::xgboost_matrix again(test); }});
#endif
  bench::interleaved rounds(std::move(all));
  for (auto _ : state) rounds.round();
  const double n = test.documents();
  state.counters["reco_rows/s"] = n / rounds.seconds(0);
#if defined(RECO_HAVE_XGBOOST)
  const double theirs = rounds.seconds(1) - rounds.seconds(2);  // without making the matrix
  state.counters["xgboost_rows/s"] = n / theirs;
  state.counters["xgboost/reco"] = theirs / rounds.seconds(0);
#endif
}
BENCHMARK(batch)->Arg(1)->Arg(2)->ArgName("threads")->Iterations(5)->Unit(benchmark::kMillisecond);

void one_row(benchmark::State& state) {
  const auto& test = bench::letor_like().test;
  constexpr std::int32_t rows = 1000;
  const auto ours = [&] {
    double sum = 0;
    for (std::int32_t d = 0; d < rows; ++d) sum += model().predict(test.row(d, {}));
    benchmark::DoNotOptimize(sum);
  };
  std::vector<bench::contender> all = {{"reco", ours}};
#if defined(RECO_HAVE_XGBOOST)
  rival().set_threads(1);
  all.push_back({"xgboost", [&] {
                   for (std::int32_t d = 0; d < rows; ++d) {
                     const auto row = test.row(d, {});
                     benchmark::DoNotOptimize(rival().predict(bench::xgboost_matrix(row.data(), row.size())));
                   }
                 }});
#endif
  bench::interleaved rounds(std::move(all));
  for (auto _ : state) rounds.round();
  state.counters["reco_us"] = rounds.seconds(0) / rows * 1e6;
#if defined(RECO_HAVE_XGBOOST)
  state.counters["xgboost_us"] = rounds.seconds(1) / rows * 1e6;
  state.counters["xgboost/reco"] = rounds.ratio(1, 0);
#endif
}
BENCHMARK(one_row)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
