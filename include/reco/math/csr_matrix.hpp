// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// One sparse row: column numbers, ascending, and the values there.
template <class T>
struct sparse_row {
  std::span<const std::int32_t> columns = {};
  std::span<const T> values = {};

  [[nodiscard]] std::size_t size() const noexcept { return columns.size(); }
  [[nodiscard]] bool empty() const noexcept { return columns.empty(); }
};

/// A sparse matrix by rows, immutable: 64-bit offsets (more than 2^31 nonzeros are fine), 32-bit columns,
/// columns ascending and unique in each row, values finite. (`Eigen::SparseMatrix` ties the width of
/// its offsets to that of its indices and does not check either.)
template <class T>
class csr_matrix {
 public:
  using scalar = T;

  csr_matrix() : offsets_(1) {}

  /// `offsets` has rows + 1 entries and starts at 0; row r is `columns[offsets[r]..offsets[r + 1])`.
  /// Throws `invalid_argument` naming the row and column where a promise above is broken. O(nonzeros).
  csr_matrix(std::int32_t columns, std::vector<std::int64_t> offsets, std::vector<std::int32_t> column_ids,
             std::vector<T> values);

  [[nodiscard]] std::int32_t rows() const noexcept { return static_cast<std::int32_t>(offsets_.size() - 1); }
  [[nodiscard]] std::int32_t columns() const noexcept { return columns_; }
  [[nodiscard]] std::int64_t nonzeros() const noexcept { return offsets_.back(); }

  /// Unchecked; O(1).
  [[nodiscard]] sparse_row<T> row(std::int32_t r) const noexcept {
    RECO_ASSERT(r >= 0 && r < rows());
    const auto begin = static_cast<std::size_t>(offsets_[static_cast<std::size_t>(r)]);
    const auto size = static_cast<std::size_t>(offsets_[static_cast<std::size_t>(r) + 1]) - begin;
    return {std::span(column_ids_).subspan(begin, size), std::span(values_).subspan(begin, size)};
  }

  /// Rows become columns. O(rows + columns + nonzeros).
  [[nodiscard]] csr_matrix transposed() const;

  [[nodiscard]] std::span<const std::int64_t> offsets() const noexcept { return offsets_; }
  [[nodiscard]] std::span<const std::int32_t> column_ids() const noexcept { return column_ids_; }
  [[nodiscard]] std::span<const T> values() const noexcept { return values_; }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return offsets_.size() * sizeof(std::int64_t) + column_ids_.size() * sizeof(std::int32_t) +
           values_.size() * sizeof(T);
  }
  friend bool operator==(const csr_matrix&, const csr_matrix&) = default;

 private:
  std::int32_t columns_ = 0;
  std::vector<std::int64_t> offsets_;
  std::vector<std::int32_t> column_ids_ = {};
  std::vector<T> values_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
csr_matrix<T>::csr_matrix(std::int32_t columns, std::vector<std::int64_t> offsets, std::vector<std::int32_t> column_ids,
                          std::vector<T> values) {
  const auto require = [](bool ok, const std::string& what) {
    if (!ok) detail::fail_argument("csr_matrix: " + what);
  };
  require(columns >= 0, "columns must be at least 0, got " + detail::to_text(columns));
  require(!offsets.empty() && offsets.front() == 0, "offsets must start with 0");
  require(offsets.back() == static_cast<std::int64_t>(column_ids.size()) && column_ids.size() == values.size(),
          "the last offset, the column ids and the values must agree in number, got " +
              detail::to_text(offsets.back()) + ", " + detail::to_text(column_ids.size()) + " and " +
              detail::to_text(values.size()));
  for (std::size_t r = 0; r + 1 < offsets.size(); ++r) {
    const auto at = [&] { return "row " + detail::to_text(r) + ": "; };
    if (offsets[r] > offsets[r + 1] || offsets[r + 1] > offsets.back()) require(false, at() + "offsets must not fall");
    for (auto n = static_cast<std::size_t>(offsets[r]); n < static_cast<std::size_t>(offsets[r + 1]); ++n) {
      const auto c = column_ids[n];
      if (c < 0 || c >= columns)
        require(false, at() + "column must be in 0.." + detail::to_text(columns - 1) + ", got " + detail::to_text(c));
      if (n > static_cast<std::size_t>(offsets[r]) && c <= column_ids[n - 1])
        require(false, at() + "columns must ascend without repeats, got " + detail::to_text(c) + " after " +
                           detail::to_text(column_ids[n - 1]));
      if (!std::isfinite(values[n]))
        require(false, at() + "the value in column " + detail::to_text(c) + " must be finite, got " +
                           detail::to_text(values[n]));
    }
  }
  columns_ = columns;
  offsets_ = std::move(offsets);
  column_ids_ = std::move(column_ids);
  values_ = std::move(values);
}

template <class T>
csr_matrix<T> csr_matrix<T>::transposed() const {
  csr_matrix t;
  t.columns_ = rows();
  t.offsets_.assign(static_cast<std::size_t>(columns_) + 1, 0);
  t.column_ids_.resize(column_ids_.size());
  t.values_.resize(values_.size());
  for (const auto c : column_ids_) ++t.offsets_[static_cast<std::size_t>(c) + 1];
  for (std::size_t c = 1; c < t.offsets_.size(); ++c) t.offsets_[c] += t.offsets_[c - 1];
  std::vector<std::int64_t> next(t.offsets_.begin(), t.offsets_.end() - 1);
  for (std::int32_t r = 0; r < rows(); ++r) {
    const auto from = row(r);
    for (std::size_t n = 0; n < from.size(); ++n) {
      const auto to = static_cast<std::size_t>(next[static_cast<std::size_t>(from.columns[n])]++);
      t.column_ids_[to] = r;
      t.values_[to] = from.values[n];
    }
  }
  return t;
}

}  // namespace reco
