// SPDX-License-Identifier: MIT
#include <span>
#include <vector>

#include "metrics/queries.hpp"
#include "reco/metrics/average_precision.hpp"
#include "reco/metrics/ndcg.hpp"
#include "reco/metrics/precision.hpp"
#include "reco/metrics/reciprocal_rank.hpp"

namespace {

/// The judge alone: what every metric has to wait for.
double judge_all(const std::vector<metrics::query>& queries) {
  reco::judge judge(metrics::documents);
  double sum = 0;
  for (const auto& q : queries) sum += judge(q.list, std::span<const reco::relevance>(q.truth)).grade.back();
  return sum;
}

metrics::means four_metrics(const std::vector<metrics::query>& queries) {
  reco::judge judge(metrics::documents);
  metrics::means sum = {};
  const auto n = static_cast<double>(queries.size());
  for (const auto& q : queries) {
    const auto& judged = judge(q.list, std::span<const reco::relevance>(q.truth));
    if (judged.relevant() == 0) continue;
    sum[0] += reco::average_precision{}(judged) / n;
    sum[1] += reco::ndcg{.k = reco::whole_list}(judged) / n;
    sum[2] += reco::precision{.k = 10}(judged) / n;
    sum[3] += reco::reciprocal_rank{}(judged) / n;
  }
  return sum;
}

void reco_metrics(benchmark::State& state) { metrics::measure(state, four_metrics); }
BENCHMARK(reco_metrics)->Apply(metrics::sizes);

void reco_judge_alone(benchmark::State& state) {
  const auto& queries = metrics::queries_of(state.range(0), state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(judge_all(queries));
  state.counters["s/document"] =
      benchmark::Counter(static_cast<double>(state.range(0) * state.range(1) * state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(reco_judge_alone)->Apply(metrics::sizes);

}  // namespace
