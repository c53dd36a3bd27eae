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

}  // namespace detail
}  // namespace reco
