// SPDX-License-Identifier: MIT
// What the seconds buy, on Gowalla's published split: how soon NDCG@20 on the test part is within 1 % of what fifteen
// epochs give, solver by solver; and whether the exact solver and the textbook way end at the same loss and recall.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "fit_implicit_als/data.hpp"
#include "reco/evaluation/evaluate.hpp"
#include "reco/metrics/ndcg.hpp"
#include "reco/metrics/recall.hpp"
#include "support/interleaved.hpp"

namespace fit_implicit_als {

namespace {

constexpr int most_epochs = 15;

/// Recall@20 and NDCG@20 on the test part.
std::pair<double, double> quality(const reco::factor_model<float>& model, const reco::dataset<float>& data,
                                  reco::thread_pool& pool) {
  const auto result =
      reco::evaluate(model, data, gowalla()->test, {.executor = pool}, reco::recall{.k = 20}, reco::ndcg{.k = 20});
  return {result["recall@20"], result["ndcg@20"]};
}

void time_to_quality(benchmark::State& state) {
  const auto data = data_of(0);
  if (!data) return state.SkipWithError("needs gowalla in RECO_DATA_DIR");
  reco::thread_pool pool(2);
  const reco::training how{.executor = pool};
  auto o = options(static_cast<int>(state.range(1)), most_epochs);
  o.solver = static_cast<reco::als_solver>(state.range(0));
  for (auto _ : state) {
    reco::detail::als_fit<float> fit(o, *data, how, nullptr);
    std::vector<double> seconds, ndcg;
    for (int e = 0; e < most_epochs; ++e) {
      const auto start = std::chrono::steady_clock::now();
      fit.epoch();
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      seconds.push_back((seconds.empty() ? 0 : seconds.back()) + took.count());
      ndcg.push_back(quality(fit.model(), *data, pool).second);
    }
    std::size_t there = ndcg.size() - 1;
    while (there > 0 && ndcg[there - 1] >= 0.99 * ndcg.back()) --there;
    state.counters["seconds_within_1%"] = seconds[there];
    state.counters["epochs_within_1%"] = static_cast<double>(there + 1);
    state.counters["seconds_in_all"] = seconds.back();
    state.counters["ndcg@20"] = ndcg.back();
  }
}
BENCHMARK(time_to_quality)
    ->ArgsProduct({{0, 1, 2}, {64, 128, 256}})
    ->ArgNames({"solver", "d"})
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

/// The objective by its definition, in double.
double loss(const reco::dataset<float>& data, const reco::implicit_als& o, const reco::matrix<float>& users,
            const reco::matrix<float>& items) {
  const reco::matrix<double> x = users.cast<double>(), y = items.cast<double>();
  double sum = o.unobserved_weight * (x.transpose() * x).cwiseProduct(y.transpose() * y).sum();
  for (std::int32_t u = 0; u < data.users(); ++u)
    for (const auto i : data.of(u).items) sum += std::pow(x.row(u).dot(y.row(i)) - 1, 2);
  return sum + o.regularization * (x.squaredNorm() + y.squaredNorm());
}

void same_quality(benchmark::State& state) {
  const auto data = data_of(0);
  if (!data) return state.SkipWithError("needs gowalla in RECO_DATA_DIR");
  reco::thread_pool pool(2);
  const auto o = options(static_cast<int>(state.range(0)), most_epochs);
  for (auto _ : state) {
    const auto ours = o.fit(*data, {.executor = pool});
    textbook theirs(*data, o, way::exact, pool);
    for (int e = 0; e < most_epochs; ++e) theirs.epoch();
    const auto a = loss(*data, o, ours.user_factors(), ours.item_factors());
    const auto b = loss(*data, o, theirs.users, theirs.items);
    state.counters["loss"] = a;
    state.counters["reported_apart"] = ours.report().loss.back() / a - 1;
    state.counters["textbook_apart"] = b / a - 1;
    state.counters["recall@20"] = quality(ours, *data, pool).first;
    const reco::factor_model<float> rival(theirs.users, theirs.items, {ours.spectrum().begin(), ours.spectrum().end()},
                                          o.rule(), {});
    state.counters["textbook_recall@20"] = quality(rival, *data, pool).first;
  }
}
BENCHMARK(same_quality)->Arg(64)->Arg(128)->ArgName("d")->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace

}  // namespace fit_implicit_als
