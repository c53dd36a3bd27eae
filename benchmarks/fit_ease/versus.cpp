// SPDX-License-Identifier: MIT
// The figures: contenders in turns, after their answers were compared.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "fit_ease/fit.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/math/cholesky_inverse.hpp"
#include "reco/math/sparse_gram.hpp"
#include "reco/model/recommend.hpp"
#include "reco/neighborhood/ease.hpp"
#include "support/interleaved.hpp"

namespace fit_ease {
namespace {

/// Eigen's own product on every thread at once: what the inverse is measured by.
struct gemm {
  static constexpr Eigen::Index n = 1024;
  static constexpr std::int64_t products = 8;
  reco::matrix<float> a = reco::matrix<float>::Random(n, n), b = reco::matrix<float>::Random(n, n);
  std::vector<reco::matrix<float>> c = std::vector<reco::matrix<float>>(products, reco::matrix<float>(n, n));

  void run(reco::thread_pool& pool) {
    pool.run(products, [&](std::int64_t p) { c[static_cast<std::size_t>(p)].noalias() = a * b; });
  }
  static double flops() { return static_cast<double>(products) * 2 * n * n * n; }
};

void gram(benchmark::State& state) {
  const auto* x = histories(state, state.range(0) != 0);
  if (x == nullptr) return;
  reco::thread_pool pool(static_cast<unsigned>(state.range(1)));
  const auto ours = reco::sparse_gram(x->by_user(), pool), theirs = textbook_gram(x->by_user());
  for (Eigen::Index i = 0; i < ours.rows(); ++i)
    if (ours.row(i).tail(ours.cols() - i) != theirs.row(i).tail(ours.cols() - i))
      return state.SkipWithError("the Gram matrices differ");
  bench::interleaved({{"reco", [&] { benchmark::DoNotOptimize(reco::sparse_gram(x->by_user(), pool)); }},
                      {"textbook", [&] { benchmark::DoNotOptimize(textbook_gram(x->by_user())); }}})
      .run(state);
}
BENCHMARK(gram)
    ->ArgsProduct({{0}, {1, 2}})
    ->ArgNames({"large", "threads"})
    ->Iterations(7)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(gram)->Args({1, 2})->ArgNames({"large", "threads"})->Iterations(1)->Unit(benchmark::kMillisecond);

void inverse(benchmark::State& state) {
  const auto* x = histories(state, state.range(0) != 0);
  if (x == nullptr) return;
  reco::thread_pool pool(static_cast<unsigned>(state.range(1)));
  auto gram = reco::sparse_gram(x->by_user(), pool);
  gram.diagonal().array() += static_cast<float>(regularization);
  gemm product;
  reco::matrix<float> a;
  std::vector<bench::contender> all = {{"reco",
                                        [&] {
                                          a = gram;
                                          if (reco::cholesky_inverse(a, pool) >= 0) std::abort();
                                        }},
                                       {"gemm", [&] { product.run(pool); }}};
#if defined(RECO_HAVE_OPENBLAS)
  const int threads = static_cast<int>(state.range(1));
  all.push_back({"openblas", [&] {
                   a = gram;
                   lapack_inverse(a, threads);
                 }});
#endif
  bench::interleaved rounds(std::move(all));
  rounds.run(state);
  const double n = static_cast<double>(gram.rows()), rate = n * n * n / rounds.seconds(0);
  state.counters["reco_GFLOP/s"] = rate * 1e-9;
  state.counters["gemm_GFLOP/s"] = gemm::flops() / rounds.seconds(1) * 1e-9;
  state.counters["share_of_gemm"] = rate / (gemm::flops() / rounds.seconds(1));
}
BENCHMARK(inverse)
    ->ArgsProduct({{0}, {1, 2}})
    ->ArgNames({"large", "threads"})
    ->Iterations(9)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(inverse)->Args({1, 2})->ArgNames({"large", "threads"})->Iterations(1)->Unit(benchmark::kMillisecond);

#if defined(RECO_HAVE_OPENBLAS)
void fit(benchmark::State& state) {
  const auto* x = histories(state, state.range(0) != 0);
  if (x == nullptr) return;
  const int threads = static_cast<int>(state.range(1));
  reco::thread_pool pool(static_cast<unsigned>(threads));
  const reco::ease ease{.regularization = regularization};
  if (difference(ease.fit(*x, {.executor = pool}).weights(), lapack_weights(x->by_user(), threads)) > 1e-3)
    return state.SkipWithError("the weights differ");
  bench::interleaved({{"reco", [&] { benchmark::DoNotOptimize(ease.fit(*x, {.executor = pool})); }},
                      {"openblas", [&] { benchmark::DoNotOptimize(lapack_weights(x->by_user(), threads)); }}})
      .run(state);
}
BENCHMARK(fit)
    ->ArgsProduct({{0}, {1, 2}})
    ->ArgNames({"large", "threads"})
    ->Iterations(7)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(fit)->Args({1, 2})->ArgNames({"large", "threads"})->Iterations(1)->Unit(benchmark::kMillisecond);
#endif

/// One fit by itself and the most memory the program ever had: run it alone, by a filter.
void memory(benchmark::State& state) {
  const auto* x = histories(state, state.range(0) != 0);
  if (x == nullptr) return;
  reco::thread_pool pool(2);
  for (auto _ : state)
    benchmark::DoNotOptimize(reco::ease{.regularization = regularization}.fit(*x, {.executor = pool}));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double peak = static_cast<double>(usage.ru_maxrss) * 1024, items = x->items();
  state.counters["peak_bytes"] = peak;
  state.counters["input_bytes"] = static_cast<double>(x->bytes());
  state.counters["peak_less_input/table"] = (peak - static_cast<double>(x->bytes())) / (items * items * 4);
}
BENCHMARK(memory)->Arg(0)->Arg(1)->ArgName("large")->Iterations(1)->Unit(benchmark::kMillisecond);

/// Top 10 for everybody.
void recommend(benchmark::State& state) {
  const auto* x = histories(state, false);
  reco::thread_pool pool(static_cast<unsigned>(state.range(0)));
  const auto model = reco::ease{.regularization = regularization}.fit(*x, {.executor = pool});
  std::vector<reco::query<float>> queries;
  for (std::int32_t u = 0; u < x->users(); ++u) queries.push_back({.history = x->of(u)});
  const std::span<const reco::query<float>> all(queries);
  std::vector<float> scores(static_cast<std::size_t>(x->items()));
  const auto one_by_one = [&] {
    std::vector<reco::ranked_list<float>> lists(queries.size());
    pool.run(std::ssize(queries), [&](std::int64_t n) {
      lists[static_cast<std::size_t>(n)] = reco::recommend(model, queries[static_cast<std::size_t>(n)], {.k = 10});
    });
    return lists;
  };
  if (reco::recommend_all(model, all, {.k = 10}, pool) != one_by_one()) return state.SkipWithError("the lists differ");
  bench::interleaved rounds(
      {{"reco", [&] { benchmark::DoNotOptimize(reco::recommend_all(model, all, {.k = 10}, pool)); }},
       {"one_by_one", [&] { benchmark::DoNotOptimize(one_by_one()); }}});
  rounds.run(state);
  state.counters["users/s"] = static_cast<double>(x->users()) / rounds.seconds(0);
}
BENCHMARK(recommend)->Arg(1)->Arg(2)->ArgName("threads")->Iterations(7)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fit_ease
