// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/factorization/als_cg.hpp"
#include "reco/factorization/als_subspace.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/model/implicit_rows.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// What one thread needs to solve rows.
template <class T>
struct als_workspace {
  explicit als_workspace(std::int64_t d) : row(d), cg(row.width()), subspace(row.width()) {}
  implicit_row<T> row;
  als_cg<T> cg;
  als_subspace<T> subspace;
};

/// As many workspaces as threads ever work at once, kept for a whole fit; taken for a chunk of rows, without a lock.
template <class T>
class als_workspaces {
 public:
  explicit als_workspaces(std::int64_t d) : d_(d) {}
  template <class F>
  void with_one(F&& f) {
    for (std::size_t n = 0; n < most; ++n) {
      if (taken_[n].exchange(true, std::memory_order_acquire)) continue;
      struct giving_back {
        std::atomic<bool>& flag;
        ~giving_back() { flag.store(false, std::memory_order_release); }
      } const back{taken_[n]};
      if (!spaces_[n]) spaces_[n] = std::make_unique<als_workspace<T>>(d_);
      return f(*spaces_[n]);
    }
    als_workspace<T> extra(d_);
    f(extra);
  }

 private:
  static constexpr std::size_t most = 64;
  std::int64_t d_;
  std::array<std::atomic<bool>, most> taken_ = {};
  std::array<std::unique_ptr<als_workspace<T>>, most> spaces_ = {};
};

/// The rows of one side, and the order in which they are solved: longest first, so that equal systems stand together
/// and the last chunks, which even out the threads, are short.
template <class T>
struct als_side {
  explicit als_side(csr_matrix<T> all) : rows(std::move(all)), order(static_cast<std::size_t>(rows.rows())) {
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int32_t a, std::int32_t b) { return rows.row(a).size() > rows.row(b).size(); });
  }
  csr_matrix<T> rows;
  std::vector<std::int32_t> order;
};

/// sum over rows of lambda |x|².
template <class T>
double als_penalty(const als_side<T>& side, const matrix<T>& x, std::int64_t others, const implicit_rule& rule,
                   executor_ref executor) {
  constexpr std::int64_t chunk = 1024;
  std::vector<double> sums(static_cast<std::size_t>((x.rows() + chunk - 1) / chunk));
  for_chunks(executor, x.rows(), chunk, [&](std::int64_t begin, std::int64_t end) {
    double sum = 0;
    for (auto r = static_cast<std::int32_t>(begin); r < end; ++r) {
      const auto values = side.rows.row(r).values;
      const auto pairs =
          static_cast<std::size_t>(std::count_if(values.begin(), values.end(), [](T v) { return v != 0; }));
      if (pairs > 0) sum += rule.lambda(pairs, others) * static_cast<double>(x.row(r).squaredNorm());
    }
    sums[static_cast<std::size_t>(begin / chunk)] = sum;
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

/// Solves each row of a side, the other side fixed: `solve(workspace, row's x)` returns the row's loss, `singular(row)`
/// is called where the equations have no solution. Returns the sum of the losses, in the order of chunks.
template <class T, class Solve, class Singular>
double als_half_epoch(const als_side<T>& side, const matrix<T>& fixed, std::span<const double> spectrum,
                      const implicit_rule& rule, matrix<T>& x, als_workspaces<T>& spaces, executor_ref executor,
                      Solve solve, Singular singular) {
  constexpr std::int64_t chunk = 64;
  std::vector<double> losses((side.order.size() + chunk - 1) / chunk);
  for_chunks(executor, std::ssize(side.order), chunk, [&](std::int64_t begin, std::int64_t end) {
    spaces.with_one([&](als_workspace<T>& space) {
      space.row.start_side();
      double loss = 0;
      for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
        const auto r = side.order[n];
        const auto pairs = side.rows.row(r);
        const std::span<T> out(x.data() + r * x.cols(), static_cast<std::size_t>(x.cols()));
        if (pairs.empty()) {
          std::fill(out.begin(), out.end(), T(0));
          continue;
        }
        if (!space.row.gather(pairs.columns, pairs.values, fixed, spectrum, rule)) return singular(r);
        if (space.row.size() > 0) loss += solve(space, out);
        else std::fill(out.begin(), out.end(), T(0));
      }
      losses[static_cast<std::size_t>(begin / chunk)] = loss;
    });
  });
  return std::accumulate(losses.begin(), losses.end(), 0.0);
}

}  // namespace detail
}  // namespace reco
