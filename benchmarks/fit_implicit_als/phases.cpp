// SPDX-License-Identifier: MIT
// Where an epoch's time goes: for each phase of its two halves the seconds, and the multiplications and additions a
// second. The eigenproblem is the only one that does not use all threads.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fit_implicit_als/data.hpp"
#include "reco/factorization/als_rotation.hpp"
#include "reco/factorization/als_sides.hpp"

namespace fit_implicit_als {

namespace {

struct phase {
  double flops = 0;
  std::vector<double> seconds = {};

  template <class F>
  void time(F&& f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    seconds.push_back(took.count());
  }
  [[nodiscard]] double median() {
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2];
  }
};

/// What it takes to solve the rows of a side, as `exact_rows` and `als_cg` do it.
double flops_of(const reco::detail::als_side<float>& side, double d, const reco::implicit_als& o) {
  double sum = 0;
  for (std::int64_t r = 0; r < side.rows(); ++r) {
    const auto h = static_cast<double>(side.row(r).size());
    const bool steps = o.solver == reco::als_solver::conjugate_gradient && h > 8 * o.cg_steps;
    if (steps) sum += (1 + o.cg_steps) * 4 * h * d;
    else if (4 * h <= 3 * d) sum += h * h * d + h * h * h / 3;
    else sum += h * d * d + d * d * d / 3;
  }
  return sum;
}

void phases(benchmark::State& state) {
  const auto data = data_of(state.range(0));
  if (!data) return state.SkipWithError("needs gowalla and ml-1m in RECO_DATA_DIR");
  reco::thread_pool pool(static_cast<unsigned>(state.range(2)));
  auto o = options(static_cast<int>(state.range(1)), 3);
  o.solver = static_cast<reco::als_solver>(state.range(3));
  const auto model = o.fit(*data, {.executor = pool});
  const auto& by_user = data->matrix().by_user();
  const auto by_item = by_user.transposed();
  using side = reco::detail::als_side<float>;
  const side users(by_user, reco::detail::longest_first(by_user), reco::detail::longest_first(by_item));
  const side items(by_item, reco::detail::longest_first(by_item), users.order());
  reco::detail::als_workspaces<float> spaces(o.factors, o.factors);
  const double d = o.factors;
  phase gramian, eigen, rotation, rows;
  for (auto _ : state) {
    double seconds[4] = {};
    for (const auto* solved : {&items, &users}) {
      const bool of_items = solved == &items;
      reco::matrix<float> fixed = of_items ? model.user_factors() : model.item_factors();
      reco::matrix<float> x = of_items ? model.item_factors() : model.user_factors();
      phase part[4];
      reco::detail::gramian_basis<float> basis;
      part[0].time([&] { benchmark::DoNotOptimize(reco::detail::gramian_of(fixed, pool)); });
      part[1].time([&] { basis = reco::detail::diagonalize(fixed, pool); });
      part[2].time([&] { reco::detail::rotate(fixed, basis.vectors, pool); });
      reco::detail::als_starts<float> starts;
      if (o.solver == reco::als_solver::conjugate_gradient)
        starts = {.turn = &basis.vectors, .longer_than = 8 * o.cg_steps};
      const auto solve = [&](reco::detail::als_workspace<float>& space, std::span<float> out) {
        const auto& row = space.exact.row();
        if (starts.turn == nullptr || row.size() <= starts.longer_than) return space.exact.solve(out);
        return space.cg.solve(row, o.cg_steps, out);
      };
      part[3].time([&] {
        reco::detail::als_half_epoch<float>(*solved, fixed, basis.spectrum, o.rule(), starts, x, spaces, pool, solve,
                                            [](std::int32_t) {});
      });
      for (int p = 0; p < 4; ++p) seconds[p] += part[p].median();
    }
    seconds[1] = std::max(0.0, seconds[1] - seconds[0]);
    phase* const all[] = {&gramian, &eigen, &rotation, &rows};
    for (int p = 0; p < 4; ++p) all[p]->seconds.push_back(seconds[p]);
  }
  const double vectors = static_cast<double>(users.rows() + items.rows());
  gramian.flops = vectors * d * d;
  rotation.flops = vectors * 2 * d * d;
  rows.flops = flops_of(users, d, o) + flops_of(items, d, o);
  const double total = gramian.median() + eigen.median() + rotation.median() + rows.median();
  const auto show = [&](const std::string& name, phase& p) {
    state.counters[name + "_ms"] = p.median() * 1e3;
    if (p.flops > 0) state.counters[name + "_GFLOP/s"] = p.flops / p.median() * 1e-9;
  };
  show("gramian", gramian);
  show("eigen", eigen);
  show("rotation", rotation);
  show("rows", rows);
  state.counters["one_thread_share"] = eigen.median() / total;
}
BENCHMARK(phases)
    ->ArgsProduct({{0, 1}, {64, 128, 256}, {1, 2}, {0, 1}})
    ->ArgNames({"movielens", "d", "threads", "solver"})
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace fit_implicit_als
