// SPDX-License-Identifier: MIT
// How well, not how fast: LightGBM's ranking example (201 and 50 queries), ours and XGBoost's trees by ten seeds each,
// paired by query. Ours with options given, and with those that a search on the training queries chose; XGBoost's 100
// trees of 31 leaves at rate 0.1.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/io/letor.hpp"
#include "reco/io/xz.hpp"
#include "reco/ltr/lambda_mart.hpp"
#include "reco/metrics/confidence.hpp"
#include "support/xgboost.hpp"

namespace {

constexpr int seeds = 10;

/// NDCG@k of each query, the mean over seeds; `scores(seed)` trains and ranks.
template <class Scores>
std::vector<std::vector<double>> by_query(const reco::ranking_data& test, std::span<const int> at, Scores scores) {
  std::vector<std::vector<double>> sums(at.size(), std::vector<double>(static_cast<std::size_t>(test.queries())));
  for (int seed = 0; seed < seeds; ++seed) {
    const std::vector<double> s = scores(seed);
    for (std::size_t n = 0; n < at.size(); ++n) {
      const auto values = reco::ndcg_by_query(test, s, at[n]);
      for (std::size_t q = 0; q < values.size(); ++q) sums[n][q] += values[q] / seeds;
    }
  }
  return sums;
}

void judged_queries(benchmark::State& state, const char* options) {
  const char* folder = std::getenv("RECO_DATA_DIR");
  if (folder == nullptr) return state.SkipWithError("needs RECO_DATA_DIR with lightgbm-lambdarank");
  const reco::file_reader open = reco::read_file_or_xz;
  const auto name = std::string(folder) + "/lightgbm-lambdarank/rank.";
  const auto train = reco::read_letor(name + "train", {.dense_from = 0}, open).data;
  const auto test = reco::read_letor(name + "test", {.features = train.features(), .dense_from = 0}, open).data;
  constexpr int at[] = {1, 3, 5, 10};
  reco::thread_pool pool(2);
  for (auto _ : state) {
    const auto ours = by_query(test, at, [&](int seed) {
      auto e = reco::parse_options<reco::lambda_mart>(options);
      e.seed = static_cast<std::uint64_t>(seed);
      return e.fit(train, reco::training{.executor = pool}).predict_all(test.matrix_of_features());
    });
    const auto mean = [](const auto& values) { return reco::bootstrap{}.mean(values); };
    for (std::size_t n = 0; n < std::size(at); ++n)
      state.counters["reco_ndcg@" + std::to_string(at[n])] = mean(ours[n]).mean;
#if defined(RECO_HAVE_XGBOOST)
    const bench::xgboost_matrix theirs(train), asked(test);
    const auto rival =
        by_query(test, at, [&](int seed) { return bench::xgboost_trees(theirs, 100, 31, 2, seed).predict(asked); });
    for (std::size_t n = 0; n < std::size(at); ++n) {
      const auto k = std::to_string(at[n]);
      auto apart = ours[n];
      for (std::size_t q = 0; q < apart.size(); ++q) apart[q] -= rival[n][q];
      const auto interval = mean(apart);
      state.counters["xgboost_ndcg@" + k] = mean(rival[n]).mean;
      state.counters["apart@" + k] = interval.mean;
      state.counters["apart@" + k + "_low"] = interval.low;
      state.counters["apart@" + k + "_high"] = interval.high;
    }
#endif
  }
}
BENCHMARK_CAPTURE(judged_queries, given, "trees=200,learning_rate=0.05,bins=63")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
// learning_to_rank --algorithm lambda_mart:bins=63 --tune 60 --folds 5 --repeats 2
BENCHMARK_CAPTURE(judged_queries, chosen,
                  "learning_rate=0.0402,leaves=10,bins=63,min_leaf_rows=8,min_leaf_weight=0.07507,l2=6.345,"
                  "row_share=0.6334,feature_share=0.1229")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

}  // namespace
