// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/math/identity_plus_gram.hpp"
#include "reco/model/implicit_rows.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// A row of iALS++ (Rendle, Krichene, Zhang and Koren, "iALS++: Speeding up Matrix Factorization with Subspace
/// Optimization", 2021): block after block of coordinates is solved exactly, the others fixed. In the eigenbasis the
/// shared Gramian does not couple blocks, so that what a block sees of the others is the row's predictions t = E y
/// alone. O(h d block + d block²).
template <class T>
class als_subspace {
 public:
  als_subspace(std::int64_t width, std::int64_t block) : block_(block), y_(width), part_(width), system_(block) {}

  /// x <- x after one pass over all blocks. Returns the row's part of the loss.
  double solve(const implicit_row<T>& row, std::span<T> x) {
    const auto h = row.rows(), width = row.width();
    if (t_.size() < h) {
      t_.resize(2 * h);
      s_.resize(2 * h);
    }
    auto t = t_.head(h), s = s_.head(h);
    const Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>> g(row.g(), h);
    row.to_y(x, y_.data());
    row.times(y_.data(), t.data());
    const auto add_prediction = [&](std::int64_t first, std::int64_t count, T sign) {  // t <- t ± E_block y_block
      part_.setZero();
      part_.segment(first, count) = sign * y_.segment(first, count);
      for (std::int64_t n = 0; n < row.size(); ++n)
        t[n] += Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>(row.row(n) + first, count)
                    .matrix()
                    .dot(part_.segment(first, count).matrix());
    };
    for (std::int64_t first = 0; first < width; first += block_) {
      const std::int64_t count = std::min(block_, width - first);
      add_prediction(first, count, T(-1));
      s = g - t;
      solve_columns(row, first, count);
      add_prediction(first, count, T(1));
    }
    row.to_x(y_.data(), x);
    // |E y - g|² + |y|² + (loss at 0 - |g|²)
    s = g - t;
    return row.loss_at_zero() - static_cast<double>(g.matrix().squaredNorm()) +
           static_cast<double>(s.matrix().squaredNorm()) + static_cast<double>(y_.matrix().squaredNorm());
  }

 private:
  /// Those columns of E alone: y <- argmin |E y - s|² + |y|²
  void solve_columns(const implicit_row<T>& row, std::int64_t first, std::int64_t count) {
    system_.start(count);
    system_.add(row.e() + first, row.size(), row.width());
    system_.factor();
    auto y = y_.segment(first, count);
    y.setZero();
    for (std::int64_t n = 0; n < row.size(); ++n)
      y += s_[n] * Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>(row.row(n) + first, count);
    system_.solve(y.data());
  }

  std::int64_t block_;
  Eigen::Array<T, Eigen::Dynamic, 1> y_, part_, t_ = {}, s_ = {};
  identity_plus_gram<T> system_;
};

}  // namespace detail
}  // namespace reco
