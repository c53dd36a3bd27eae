// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// X'X of a tall matrix, summed in double whatever T is: a Gram matrix squares the condition of X, which float
/// does not survive. Symmetric to the bit.
///
/// rows · columns² operations at the speed of a matrix product; at most 32 partial sums of columns² doubles,
/// added in order, so that the bits do not depend on the number of threads.
template <class T>
[[nodiscard]] matrix<double> gram(const matrix<T>& x, executor_ref executor = {});

// ---------------------------------------------------------------------------------------------------

template <class T>
matrix<double> gram(const matrix<T>& x, executor_ref executor) {
  constexpr Eigen::Index block = 512;  // rows that are turned to double at a time and stay in the cache
  const Eigen::Index rows = x.rows(), width = x.cols();
  if (width == 0) return {};
  const Eigen::Index chunk = std::max(block, (rows + 31) / 32);
  std::vector<matrix<double>> sums(static_cast<std::size_t>((rows + chunk - 1) / chunk));
  for_chunks(executor, rows, chunk, [&](std::int64_t begin, std::int64_t end) {
    matrix<double> sum = matrix<double>::Zero(width, width), wide;
    for (Eigen::Index r = begin; r < end; r += block) {
      wide = x.middleRows(r, std::min(block, end - r)).template cast<double>();
      sum.template selfadjointView<Eigen::Lower>().rankUpdate(wide.transpose());
    }
    sums[static_cast<std::size_t>(begin / chunk)] = std::move(sum);
  });
  matrix<double> g = matrix<double>::Zero(width, width);
  for (const auto& sum : sums) g += sum;
  g.template triangularView<Eigen::StrictlyUpper>() = g.transpose();
  return g;
}

}  // namespace reco
