// SPDX-License-Identifier: MIT
// Ten items for every user: `recommend_all` of both kinds of item weights, sparse (item_knn on Gowalla, published
// split) and dense (ease on MovieLens 1M, ratings of 4 and more), in turns with the plain way, a user at a time through
// a row of all scores. Data from the folder RECO_DATA_DIR. Arguments: the number of threads. `reco_users/s` and
// `one_by_one_users/s` from the median round.
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/io/lightgcn.hpp"
#include "reco/io/movielens.hpp"
#include "reco/model/recommend.hpp"
#include "reco/neighborhood/ease.hpp"
#include "reco/neighborhood/item_knn.hpp"
#include "support/interleaved.hpp"
#if __has_include(<lzma.h>)
#include "reco/io/xz.hpp"
#endif

namespace {

using interactions = reco::sparse_interactions<float>;
using lists = std::vector<reco::ranked_list<float>>;
constexpr reco::request ten{.k = 10};

std::optional<std::filesystem::path> data_folder() {
  const char* const root = std::getenv("RECO_DATA_DIR");
  if (root == nullptr) return std::nullopt;
  return root;
}

#if __has_include(<lzma.h>)
constexpr auto open = reco::read_file_or_xz;
#else
constexpr auto open = reco::read_file;
#endif

interactions gowalla(const std::filesystem::path& root) {
  const auto data = reco::read_lightgcn(root / "gowalla", open);
  return interactions(data.train, data.shape());
}

interactions ml1m(const std::filesystem::path& root) {
  const auto log = reco::read_movielens(root / "ml-1m", {}, open);
  std::vector<reco::event> liked;
  for (const auto& e : log.events)
    if (e.value >= 4) liked.push_back({e.user, e.item});
  return interactions(liked, log.shape());
}

template <class Model>
lists one_by_one(const Model& model, std::span<const reco::query<float>> queries, reco::executor_ref executor) {
  lists out(queries.size());
  reco::for_chunks(executor, std::ssize(queries), 16, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> scores(static_cast<std::size_t>(model.items()));
    for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
      if (!model.can_answer(queries[n])) continue;
      model.scores(queries[n], std::span(scores));
      out[n] = reco::select<float>(scores, queries[n], ten);
    }
  });
  return out;
}

template <class Estimator>
void versus(benchmark::State& state, const Estimator& estimator, interactions (*read)(const std::filesystem::path&)) {
  const auto root = data_folder();
  if (!root) return state.SkipWithError("needs RECO_DATA_DIR");
  reco::thread_pool pool(static_cast<unsigned>(state.range(0)));
  const auto data = read(*root);
  const auto model = estimator.fit(data, {.executor = pool});
  std::vector<reco::query<float>> queries;
  for (std::int32_t u = 0; u < data.users(); ++u) queries.push_back({.user = u, .history = data.of(u)});
  const std::span<const reco::query<float>> all(queries);
  const auto ours = [&] { return reco::recommend_all(model, all, ten, pool); };
  const auto theirs = [&] { return one_by_one(model, all, pool); };
  if (ours() != theirs()) return state.SkipWithError("not the lists of the plain way");
  bench::interleaved rounds({{"reco", [&] { benchmark::DoNotOptimize(ours()); }},
                             {"one_by_one", [&] { benchmark::DoNotOptimize(theirs()); }}});
  rounds.run(state);
  state.counters["reco_users/s"] = static_cast<double>(queries.size()) / rounds.seconds(0);
  state.counters["one_by_one_users/s"] = static_cast<double>(queries.size()) / rounds.seconds(1);
}

void item_knn_gowalla(benchmark::State& state) { versus(state, reco::item_knn{}, gowalla); }
BENCHMARK(item_knn_gowalla)->ArgName("threads")->Arg(1)->Arg(2)->Iterations(7)->Unit(benchmark::kMillisecond);

void ease_ml1m(benchmark::State& state) { versus(state, reco::ease{}, ml1m); }
BENCHMARK(ease_ml1m)->ArgName("threads")->Arg(1)->Arg(2)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
