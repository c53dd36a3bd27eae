// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// What to solve, and how exactly.
struct elastic_net_options {
  double l1 = 1;             ///< >= 0
  double l2 = 1;             ///< >= 0
  bool non_negative = true;  ///< w >= 0
  int epochs = 100;          ///< passes over all weights, at most
  double tolerance = 1e-4;   ///< ends when a pass changes no weight by more than this share of the largest

  friend bool operator==(const elastic_net_options&, const elastic_net_options&) = default;
};

/// How the descent ended.
struct elastic_net_end {
  int epochs = 0;  ///< passes over all weights
  bool converged = false;
};

/// Elastic-net regression from inner products, by coordinate descent:
///
///     min over w   1/2 w'G w - g'w + l2/2 |w|² + l1 |w|_1            (w >= 0)
///     w_j <- S(r_j + G_jj w_j, l1) / (G_jj + l2)      r = g - G w, S(x, l) = sign(x) max(|x| - l, 0)
///
/// G = X'X, g = X'y: least squares. After each pass over all weights those that are not 0 are gone over until they
/// rest (Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via coordinate
/// descent", 2010: covariance updates, active set). A weight that stays 0 costs a comparison and one that moves a row
/// of G, so `row(j)`, a span of as many numbers as there are weights, is asked for only if j ever moves.
///
///     w: start and result    r: g on entry, g - G w (for a start of zeros) on return    diagonal: G_jj
template <class T, class Row>
  requires std::invocable<Row&, std::size_t>
elastic_net_end elastic_net(std::span<T> w, std::span<T> r, std::span<const T> diagonal, Row&& row,
                            const elastic_net_options& o);

// ---------------------------------------------------------------------------------------------------

template <class T, class Row>
  requires std::invocable<Row&, std::size_t>
elastic_net_end elastic_net(std::span<T> w, std::span<T> r, std::span<const T> diagonal, Row&& row,
                            const elastic_net_options& o) {
  RECO_ASSERT(w.size() == r.size() && w.size() == diagonal.size());
  const T l1 = static_cast<T>(o.l1), l2 = static_cast<T>(o.l2), tolerance = static_cast<T>(o.tolerance);
  const auto size = static_cast<Eigen::Index>(w.size());
  Eigen::Map<column<T>> residual(r.data(), size);
  std::vector<std::size_t> active;
  std::vector<char> is_active(w.size());
  T largest = 0;  // of all weights there ever were: what changes are measured by

  // How far weight j moved.
  const auto improve = [&](std::size_t j) {
    const T pull = r[j] + diagonal[j] * w[j];
    T to = 0;
    if (pull > l1) to = (pull - l1) / (diagonal[j] + l2);
    else if (!o.non_negative && pull < -l1) to = (pull + l1) / (diagonal[j] + l2);
    const T by = to - w[j];
    if (by == 0 || !(diagonal[j] + l2 > 0)) return T(0);
    const std::span<const T> g = row(j);
    residual.noalias() -= by * Eigen::Map<const column<T>>(g.data(), size);
    w[j] = to;
    largest = std::max(largest, std::abs(to));
    if (!is_active[j]) {
      is_active[j] = 1;
      active.push_back(j);
    }
    return std::abs(by);
  };

  elastic_net_end end;
  while (end.epochs < o.epochs) {
    ++end.epochs;
    T moved = 0;
    for (std::size_t j = 0; j < w.size(); ++j) moved = std::max(moved, improve(j));
    end.converged = moved <= tolerance * largest;
    if (end.converged) break;
    for (int pass = 0; pass < o.epochs && moved > tolerance * largest; ++pass) {
      moved = 0;
      for (std::size_t n = 0; n < active.size(); ++n) moved = std::max(moved, improve(active[n]));
    }
  }
  return end;
}

}  // namespace reco
