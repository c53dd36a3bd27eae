// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/metrics/judged_list.hpp"

// The task: means over queries of MAP, NDCG (linear gain, whole list), P@10 and MRR, from ranked lists and judgements.
namespace metrics {

inline constexpr std::int32_t documents = 100000;
inline constexpr std::size_t judged = 100;  // a query, a third of them relevant, half of them retrieved

struct query {
  reco::ranked_list<float> list = {};
  std::vector<reco::relevance> truth = {};
};

inline std::vector<query> make_queries(std::size_t queries, std::size_t retrieved) {
  reco::random_engine random(11);
  std::vector<std::int32_t> order(documents);
  std::iota(order.begin(), order.end(), 0);
  std::vector<query> made;
  for (std::size_t q = 0; q < queries; ++q) {
    const std::size_t not_retrieved = judged - std::min(judged / 2, retrieved);
    for (std::size_t n = 0; n < retrieved + not_retrieved; ++n)
      std::swap(order[n], order[static_cast<std::size_t>(reco::uniform_index(random, documents))]);
    query one;
    std::vector<reco::scored_item<float>> items;
    for (std::size_t n = 0; n < retrieved; ++n) items.push_back({order[n], static_cast<float>(retrieved - n)});
    one.list = reco::ranked_list<float>::in_order(std::move(items));
    const auto grade = [&] {
      return static_cast<double>(std::max<std::int64_t>(0, reco::uniform_index(random, 6) - 3));
    };
    for (std::size_t n = 0; n < judged - not_retrieved; ++n)
      one.truth.push_back({order[n * retrieved / (judged - not_retrieved)], grade()});
    for (std::size_t n = 0; n < not_retrieved; ++n) one.truth.push_back({order[retrieved + n], grade()});
    made.push_back(std::move(one));
  }
  return made;
}

/// Made once for a size; the clock does not see it.
inline const std::vector<query>& queries_of(std::int64_t queries, std::int64_t retrieved) {
  static std::pair<std::int64_t, std::int64_t> size;
  static std::vector<query> made;
  if (size != std::pair(queries, retrieved)) {
    size = {queries, retrieved};
    made = make_queries(static_cast<std::size_t>(queries), static_cast<std::size_t>(retrieved));
  }
  return made;
}

using means = std::array<double, 4>;  // MAP, NDCG, P@10, MRR

/// The definitions, with a hash table for a query's judgements.
inline means naive(const std::vector<query>& queries) {
  means sum = {};
  for (const auto& q : queries) {
    std::unordered_map<std::int32_t, double> grade;
    std::vector<double> ideal;
    for (const auto& r : q.truth) {
      grade[r.item] = r.grade;
      if (r.grade > 0) ideal.push_back(r.grade);
    }
    std::sort(ideal.rbegin(), ideal.rend());
    double hits = 0, precisions = 0, in_ten = 0, first = 0, dcg = 0, best = 0;
    for (std::size_t n = 0; n < q.list.size(); ++n) {
      const auto found = grade.find(q.list[n].item);
      if (found == grade.end() || found->second <= 0) continue;
      const auto rank = static_cast<double>(n + 1);
      hits += 1;
      precisions += hits / rank;
      if (n < 10) in_ten += 1;
      if (first == 0) first = 1 / rank;
      dcg += found->second / std::log2(rank + 1);
    }
    for (std::size_t n = 0; n < ideal.size(); ++n) best += ideal[n] / std::log2(static_cast<double>(n) + 2);
    if (ideal.empty()) continue;
    const means of_query = {precisions / static_cast<double>(ideal.size()), dcg / best, in_ten / 10, first};
    for (std::size_t m = 0; m < sum.size(); ++m) sum[m] += of_query[m] / static_cast<double>(queries.size());
  }
  return sum;
}

/// Checks a contender's answer against the naive one, then times it.
template <class Contender>
void measure(benchmark::State& state, Contender contender) {
  const auto& queries = queries_of(state.range(0), state.range(1));
  const auto expected = naive(queries), got = contender(queries);
  for (std::size_t m = 0; m < expected.size(); ++m)
    if (!(std::abs(got[m] - expected[m]) <= 1e-12 * expected[m])) return state.SkipWithError("a wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(contender(queries));
  const auto retrieved = static_cast<double>(state.range(0) * state.range(1) * state.iterations());
  state.counters["documents"] = benchmark::Counter(retrieved, benchmark::Counter::kIsRate);
  state.counters["s/document"] =
      benchmark::Counter(retrieved, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

inline void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"queries", "retrieved"})->Unit(benchmark::kMillisecond);
  for (const std::int64_t retrieved : {10, 100, 1000}) b->Args({10000, retrieved});
}

}  // namespace metrics
