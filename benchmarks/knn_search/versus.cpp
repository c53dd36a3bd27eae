// SPDX-License-Identifier: MIT
// The figures: contenders in turns. `limit` is one reading of all rows.
#include "knn_search/vectors.hpp"
#include "support/interleaved.hpp"

namespace knn_search {

float read_once(const reco::matrix<float>& rows) {
  // Eight sums side by side, as wide as registers are.
  using lanes = Eigen::Array<float, 16, 1>;
  lanes sum[8];
  for (auto& s : sum) s.setZero();
  const std::int64_t whole = rows.size() / 128 * 128;
  for (std::int64_t i = 0; i < whole; i += 128)
    for (int s = 0; s < 8; ++s) sum[s] += Eigen::Map<const lanes>(rows.data() + i + 16 * s);
  for (int s = 1; s < 8; ++s) sum[0] += sum[s];
  return sum[0].sum();
}

namespace {

void one_query(benchmark::State& state) {
  const auto& rows = rows_of(state.range(0));
  const auto query = make_queries(1);
  const auto ours = reco_searcher(rows, 1);
  const auto keep = [](auto&& value) { benchmark::DoNotOptimize(value); };
  std::vector<bench::contender> all = {{"reco", [&] { keep(ours->search(query, 10)); }},
                                       {"limit", [&] { keep(read_once(rows)); }}};
#if defined(RECO_HAVE_FAISS)
  const auto theirs = faiss_searcher(rows, 1);
  if (const auto wrong = difference(ours->search(query, 10), theirs->search(query, 10)))
    return state.SkipWithError(("FAISS differs in " + *wrong).c_str());
  all.push_back({"faiss", [&] { keep(theirs->search(query, 10)); }});
#endif
  bench::interleaved rounds(std::move(all));
  rounds.run(state);
  const double bytes = static_cast<double>(rows.size()) * sizeof(float);
  state.counters["reco_GB/s"] = bytes / rounds.seconds(0) * 1e-9;
  state.counters["limit_GB/s"] = bytes / rounds.seconds(1) * 1e-9;
}
BENCHMARK(one_query)->Arg(100000)->Arg(1000000)->ArgName("rows")->Iterations(31)->Unit(benchmark::kMillisecond);

#if defined(RECO_HAVE_FAISS)
void batch(benchmark::State& state) {
  const auto& rows = rows_of(100000);
  const auto queries = make_queries(1000);
  const int threads = static_cast<int>(state.range(0)), k = static_cast<int>(state.range(1));
  const auto ours = reco_searcher(rows, static_cast<unsigned>(threads)), theirs = faiss_searcher(rows, threads);
  if (const auto wrong = difference(ours->search(queries, k), theirs->search(queries, k)))
    return state.SkipWithError(("FAISS differs in " + *wrong).c_str());
  const auto keep = [](auto&& value) { benchmark::DoNotOptimize(value); };
  bench::interleaved rounds(
      {{"reco", [&] { keep(ours->search(queries, k)); }}, {"faiss", [&] { keep(theirs->search(queries, k)); }}});
  rounds.run(state);
  state.counters["reco_queries/s"] = 1000 / rounds.seconds(0);
  state.counters["faiss_queries/s"] = 1000 / rounds.seconds(1);
}
BENCHMARK(batch)
    ->ArgsProduct({{1, 2}, {10, 100}})
    ->ArgNames({"threads", "k"})
    ->Iterations(21)
    ->Unit(benchmark::kMillisecond);
#endif

}  // namespace

}  // namespace knn_search
