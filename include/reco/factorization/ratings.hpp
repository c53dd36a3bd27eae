// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

// What the factorizations of ratings share.

namespace reco::inline RECO_ABI() {
namespace detail {

/// How many ratings each row has.
template <class T>
std::vector<std::int64_t> row_sizes(const csr_matrix<T>& rows) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(rows.rows()));
  for (std::int32_t r = 0; r < rows.rows(); ++r) sizes[static_cast<std::size_t>(r)] = std::ssize(rows.row(r).columns);
  return sizes;
}

/// The mean of all values, in double.
template <class T>
double mean_of(std::span<const T> values) {
  double sum = 0;
  for (const auto v : values) sum += static_cast<double>(v);
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

/// sum over rows of (squared errors + lambda |row|²), in chunk order. `error(row, n)` is that of the n-th rating.
template <class T, class Error, class Lambda>
double sum_of_rows(const csr_matrix<T>& ratings, const matrix<T>& rows, Error error, Lambda lambda,
                   executor_ref executor) {
  constexpr std::int64_t chunk = 256;
  std::vector<double> sums(static_cast<std::size_t>((ratings.rows() + chunk - 1) / chunk));
  for_chunks(executor, ratings.rows(), chunk, [&](std::int64_t begin, std::int64_t end) {
    double sum = 0;
    for (auto r = static_cast<std::int32_t>(begin); r < end; ++r) {
      const auto row = ratings.row(r);
      for (std::size_t n = 0; n < row.size(); ++n) {
        const auto e = static_cast<double>(error(r, row.columns[n], row.values[n]));
        sum += e * e;
      }
      sum += lambda(row.size()) * static_cast<double>(rows.row(r).squaredNorm());
    }
    sums[static_cast<std::size_t>(begin / chunk)] = sum;
  });
  double total = 0;
  for (const auto s : sums) total += s;
  return total;
}

}  // namespace detail

}  // namespace reco
