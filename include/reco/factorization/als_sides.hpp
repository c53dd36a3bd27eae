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
#include "reco/factorization/als_rotation.hpp"
#include "reco/factorization/als_subspace.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/packed_rows.hpp"
#include "reco/model/exact_rows.hpp"
#include "reco/model/implicit_rows.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// What one thread needs to solve rows.
template <class T>
struct als_workspace {
  static constexpr Eigen::Index rows = 64;  // solved in one go
  als_workspace(std::int64_t d, std::int64_t block)
      : exact(d), before(rows, d), cg(exact.row().width()), subspace(exact.row().width(), block) {}
  exact_rows<T> exact;
  matrix<T> before;  // starts of some rows, to be turned
  als_cg<T> cg;
  als_subspace<T> subspace;
};

/// As many workspaces as threads ever work at once, kept for a whole fit; taken for a chunk of rows, without a lock.
template <class T>
class als_workspaces {
 public:
  als_workspaces(std::int64_t d, std::int64_t block) : d_(d), block_(block) {}
  template <class F>
  void with_one(F&& f) {
    for (std::size_t n = 0; n < most; ++n) {
      if (taken_[n].exchange(true, std::memory_order_acquire)) continue;
      struct giving_back {
        std::atomic<bool>& flag;
        ~giving_back() { flag.store(false, std::memory_order_release); }
      } const back{taken_[n]};
      if (!spaces_[n]) spaces_[n] = std::make_unique<als_workspace<T>>(d_, block_);
      return f(*spaces_[n]);
    }
    als_workspace<T> extra(d_, block_);
    f(extra);
  }

 private:
  static constexpr std::size_t most = 64;
  std::int64_t d_, block_;
  std::array<std::atomic<bool>, most> taken_ = {};
  std::array<std::unique_ptr<als_workspace<T>>, most> spaces_ = {};
};

/// Row numbers, longest row first: equal systems then stand together, and the last chunks, which even out the threads,
/// are short.
template <class T>
std::vector<std::int32_t> longest_first(const csr_matrix<T>& rows) {
  std::vector<std::int32_t> order(static_cast<std::size_t>(rows.rows()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int32_t a, std::int32_t b) { return rows.row(a).size() > rows.row(b).size(); });
  return order;
}

/// The rows of one side in the order in which they are solved, with the numbers that the other side's rows have in
/// theirs: what a half-epoch reads and writes lies in a row, and the factors asked for most lie together. The pairs of
/// a row keep their order.
template <class T>
class als_side {
 public:
  als_side(const csr_matrix<T>& all, std::vector<std::int32_t> order, std::span<const std::int32_t> order_of_others)
      : order_(std::move(order)) {
    std::vector<std::int32_t> place(order_of_others.size());
    for (std::size_t n = 0; n < place.size(); ++n)
      place[static_cast<std::size_t>(order_of_others[n])] = static_cast<std::int32_t>(n);
    columns_.reserve(static_cast<std::size_t>(all.nonzeros()));
    values_.reserve(static_cast<std::size_t>(all.nonzeros()));
    offsets_.reserve(order_.size() + 1);
    for (const auto r : order_) {
      const auto row = all.row(r);
      for (const auto c : row.columns) columns_.push_back(place[static_cast<std::size_t>(c)]);
      values_.insert(values_.end(), row.values.begin(), row.values.end());
      offsets_.push_back(columns_.size());
    }
  }
  [[nodiscard]] std::int64_t rows() const noexcept { return std::ssize(order_); }
  [[nodiscard]] sparse_row<T> row(std::int64_t n) const noexcept {
    const auto begin = offsets_[static_cast<std::size_t>(n)], size = offsets_[static_cast<std::size_t>(n) + 1] - begin;
    return {std::span(columns_).subspan(begin, size), std::span(values_).subspan(begin, size)};
  }
  /// Row n is the caller's row `order()[n]`.
  [[nodiscard]] std::span<const std::int32_t> order() const noexcept { return order_; }
  /// Rows from this order to the caller's.
  [[nodiscard]] matrix<T> restored(const matrix<T>& x) const {
    matrix<T> out(x.rows(), x.cols());
    for (Eigen::Index n = 0; n < x.rows(); ++n) out.row(order_[static_cast<std::size_t>(n)]) = x.row(n);
    return out;
  }

 private:
  std::vector<std::int32_t> order_, columns_ = {};
  std::vector<std::size_t> offsets_ = {0};
  std::vector<T> values_ = {};
};

/// sum over rows of lambda |x|².
template <class T>
double als_penalty(const als_side<T>& side, const matrix<T>& x, std::int64_t others, const implicit_rule& rule,
                   executor_ref executor) {
  constexpr std::int64_t chunk = 1024;
  std::vector<double> sums(static_cast<std::size_t>((x.rows() + chunk - 1) / chunk));
  for_chunks(executor, x.rows(), chunk, [&](std::int64_t begin, std::int64_t end) {
    double sum = 0;
    for (std::int64_t r = begin; r < end; ++r) {
      const auto values = side.row(r).values;
      const auto pairs =
          static_cast<std::size_t>(std::count_if(values.begin(), values.end(), [](T v) { return v != 0; }));
      if (pairs > 0) sum += rule.lambda(pairs, others) * static_cast<double>(x.row(r).squaredNorm());
    }
    sums[static_cast<std::size_t>(begin / chunk)] = sum;
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

/// Where rows start from that are not solved exactly.
template <class T>
struct als_starts {
  const packed_rows<T>* turn =
      nullptr;                   // from the basis in which x stands into that of the fixed side; none: they agree
  std::int64_t longer_than = 0;  // rows of no more pairs are solved exactly
};

/// What a half-epoch leaves: the rows' parts of the loss, their penalty included, and the penalty by itself.
struct als_loss_parts {
  double loss = 0, penalty = 0;
};

/// Solves each row of a side, the other side fixed: `solve(workspace, row's x)` returns the loss of rows that are done,
/// `singular(row)` is called where the equations have no solution. Sums are in the order of chunks; the loss is not
/// finite where a number of x is not.
template <class T, class Solve, class Singular>
als_loss_parts als_half_epoch(const als_side<T>& side, const matrix<T>& fixed, std::span<const double> spectrum,
                              const implicit_rule& rule, const als_starts<T>& starts, matrix<T>& x,
                              als_workspaces<T>& spaces, executor_ref executor, Solve solve, Singular singular) {
  constexpr std::int64_t chunk = als_workspace<T>::rows;
  std::vector<als_loss_parts> parts(static_cast<std::size_t>((side.rows() + chunk - 1) / chunk));
  for_chunks(executor, side.rows(), chunk, [&](std::int64_t begin, std::int64_t end) {
    spaces.with_one([&](als_workspace<T>& space) {
      if (starts.turn != nullptr) {  // x <- x V, of the long rows: they come first
        std::int64_t count = 0;
        while (begin + count < end && std::ssize(side.row(begin + count).columns) > starts.longer_than) ++count;
        rotate_rows(x, begin, begin + count, *starts.turn, space.before);
      }
      space.exact.start_side();
      als_loss_parts part;
      Eigen::Array<double, chunk, 1> lambda = Eigen::Array<double, chunk, 1>::Zero();
      for (std::int64_t r = begin; r < end; ++r) {
        const auto pairs = side.row(r);
        const std::span<T> out(x.data() + r * x.cols(), static_cast<std::size_t>(x.cols()));
        if (!pairs.empty() && !space.exact.gather(pairs.columns, pairs.values, fixed, spectrum, rule))
          return singular(side.order()[static_cast<std::size_t>(r)]);
        if (pairs.empty() || space.exact.row().size() == 0) {
          std::fill(out.begin(), out.end(), T(0));
        } else {
          lambda[r - begin] = space.exact.row().lambda();
          part.loss += solve(space, out);
        }
      }
      part.loss += space.exact.finish();
      for (std::int64_t r = begin; r < end; ++r)
        part.penalty += lambda[r - begin] * static_cast<double>(x.row(r).squaredNorm());
      part.loss += 0 * part.penalty;
      parts[static_cast<std::size_t>(begin / chunk)] = part;
    });
  });
  als_loss_parts sum;
  for (const auto& part : parts) {
    sum.loss += part.loss;
    sum.penalty += part.penalty;
  }
  return sum;
}

}  // namespace detail
}  // namespace reco
