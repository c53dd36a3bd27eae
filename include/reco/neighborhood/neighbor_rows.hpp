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

/// Rows sorted by item, as a matrix; those that are not `wanted` are what they are in `old`, empty where it has none.
template <class T>
csr_matrix<T> matrix_of(std::int32_t columns, const neighbor_rows<T>& rows, const std::vector<bool>& wanted,
                        const csr_matrix<T>& old) {
  const auto kept = [&](std::size_t r) {
    const auto row = static_cast<std::int32_t>(r);
    return !wanted[r] && row < old.rows() ? old.row(row) : sparse_row<T>();
  };
  std::vector<std::int64_t> offsets = {0};
  offsets.reserve(rows.size() + 1);
  for (std::size_t r = 0; r < rows.size(); ++r)
    offsets.push_back(offsets.back() + std::ssize(rows[r]) + std::ssize(kept(r).columns));
  std::vector<std::int32_t> ids;
  std::vector<T> values;
  ids.reserve(static_cast<std::size_t>(offsets.back()));
  values.reserve(static_cast<std::size_t>(offsets.back()));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const auto& s : rows[r]) {
      ids.push_back(s.item);
      values.push_back(s.score);
    }
    const auto row = kept(r);
    ids.insert(ids.end(), row.columns.begin(), row.columns.end());
    values.insert(values.end(), row.values.begin(), row.values.end());
  }
  return {columns, std::move(offsets), std::move(ids), std::move(values)};
}

template <class T>
csr_matrix<T> matrix_of(std::int32_t columns, const neighbor_rows<T>& rows) {
  return matrix_of(columns, rows, std::vector<bool>(rows.size(), true), csr_matrix<T>());
}

}  // namespace detail
}  // namespace reco
