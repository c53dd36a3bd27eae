// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include <Eigen/Core>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// Dense matrices are row-major everywhere: a row is one user's or one item's vector and lies in one
/// piece of memory. All other code names these aliases, never `Eigen::Matrix`.
template <class T>
using matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using column = Eigen::Matrix<T, Eigen::Dynamic, 1>;

/// Views of memory that belongs to someone else.
template <class T>
using matrix_map = Eigen::Map<matrix<T>>;
template <class T>
using const_matrix_map = Eigen::Map<const matrix<T>>;
template <class T>
using const_column_map = Eigen::Map<const column<T>>;

template <class T>
[[nodiscard]] const_column_map<T> as_column(std::span<const T> v) {
  return {v.data(), static_cast<Eigen::Index>(v.size())};
}
/// Row i of a matrix as a span.
template <class T>
[[nodiscard]] std::span<const T> row_of(const matrix<T>& m, Eigen::Index i) {
  RECO_ASSERT(i >= 0 && i < m.rows());
  return {m.data() + i * m.cols(), static_cast<std::size_t>(m.cols())};
}

}  // namespace reco
