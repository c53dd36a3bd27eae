// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

template <class T>
using neighbor_rows = std::vector<std::vector<scored_item<T>>>;

/// Sorts a list of neighbors by item and drops those that are not positive.
template <class T>
void by_item(std::vector<scored_item<T>>& row) {
  std::erase_if(row, [](const auto& s) { return !(s.score > 0); });
  std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
}

/// Rows sorted by item, as a matrix.
template <class T>
csr_matrix<T> matrix_of(std::int32_t columns, const neighbor_rows<T>& rows) {
  std::vector<std::int64_t> offsets = {0};
  offsets.reserve(rows.size() + 1);
  for (const auto& row : rows) offsets.push_back(offsets.back() + std::ssize(row));
  std::vector<std::int32_t> ids;
  std::vector<T> values;
  ids.reserve(static_cast<std::size_t>(offsets.back()));
  values.reserve(static_cast<std::size_t>(offsets.back()));
  for (const auto& row : rows)
    for (const auto& s : row) {
      ids.push_back(s.item);
      values.push_back(s.score);
    }
  return {columns, std::move(offsets), std::move(ids), std::move(values)};
}

/// The rows that are `wanted` of `rows`, the others of `old`, empty where it has none.
template <class T>
csr_matrix<T> replaced_rows(const csr_matrix<T>& old, const csr_matrix<T>& rows, const std::vector<bool>& wanted) {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> ids;
  std::vector<T> values;
  for (std::int32_t r = 0; r < rows.rows(); ++r) {
    const bool is_new = wanted[static_cast<std::size_t>(r)];
    const auto row = is_new ? rows.row(r) : r < old.rows() ? old.row(r) : sparse_row<T>();
    ids.insert(ids.end(), row.columns.begin(), row.columns.end());
    values.insert(values.end(), row.values.begin(), row.values.end());
    offsets.push_back(std::ssize(ids));
  }
  return {rows.columns(), std::move(offsets), std::move(ids), std::move(values)};
}

}  // namespace detail
}  // namespace reco
