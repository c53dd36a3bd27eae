// SPDX-License-Identifier: MIT
// The figures: contenders in turns. Ours leaves out what is seen, FAISS does not. `plain` is the product alone, block
// by block, by Eigen, with nothing selected: what remains when pruning is left out.
#include <cmath>
#include <string>

#include "recommend_all_factors/task.hpp"
#include "support/interleaved.hpp"

namespace recommend_all_factors {

namespace {

void users_per_second(benchmark::State& state) {
  const auto* const t = task_of(state.range(0));
  if (t == nullptr) return state.SkipWithError("needs gowalla in RECO_DATA_DIR");
  const int threads = static_cast<int>(state.range(1));
  reco::thread_pool pool(static_cast<unsigned>(threads));
  const std::span<const reco::query<float>> queries(t->queries);
  const auto keep = [](auto&& value) { benchmark::DoNotOptimize(value); };
  const auto plain = [&] {
    reco::for_chunks(pool, t->vectors.rows(), 125, [&](std::int64_t begin, std::int64_t end) {
      reco::matrix<float> scores(end - begin, 1024);
      for (std::int64_t i = 0; i < t->model.items(); i += 1024) {
        const auto count = std::min<std::int64_t>(1024, t->model.items() - i);
        scores.leftCols(count).noalias() =
            t->vectors.middleRows(begin, end - begin) * t->model.item_factors().middleRows(i, count).transpose();
        keep(scores);
      }
    });
  };
  std::vector<bench::contender> all = {{"reco", [&] { keep(recommend_all(t->model, queries, {.k = 10}, pool)); }},
                                       {"plain", plain}};
#if defined(RECO_HAVE_FAISS)
  const with_faiss theirs(t->model.item_factors());
  const auto scores = theirs.best(t->vectors, 10, threads);
  const auto lists = recommend_all(t->model, queries, {.k = 10, .exclude_seen = false}, pool);
  for (std::size_t n = 0; n < lists.size(); ++n)
    for (std::size_t r = 0; r < 10; ++r)
      if (std::abs(lists[n][r].score - scores(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(r))) > 1e-4F)
        return state.SkipWithError(("FAISS has other scores for query " + std::to_string(n)).c_str());
  all.push_back({"faiss", [&] { keep(theirs.best(t->vectors, 10, threads)); }});
#endif
  const std::size_t contenders = all.size();
  bench::interleaved rounds(std::move(all));
  rounds.run(state);
  const auto users = static_cast<double>(queries.size());
  state.counters["reco_users/s"] = users / rounds.seconds(0);
  state.counters["plain_users/s"] = users / rounds.seconds(1);
  if (contenders > 2) state.counters["faiss_users/s"] = users / rounds.seconds(2);
  state.counters["plain_GFLOP/s"] = users / rounds.seconds(1) * 2 * 128 * t->model.items() * 1e-9;
}
BENCHMARK(users_per_second)
    ->ArgsProduct({{0, 1}, {1, 2}})
    ->ArgNames({"books", "threads"})
    ->Iterations(7)
    ->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace recommend_all_factors
