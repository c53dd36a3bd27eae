// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Inner products of a few chosen columns of X among each other: a small piece of X'X, which is never there as a whole.
/// Everything is kept and used again from one choice to the next.
template <class T>
class local_gram {
 public:
  /// `by_row` is X, `by_column` X'; they must outlive this.
  local_gram(const csr_matrix<T>& by_row, const csr_matrix<T>& by_column)
      : by_column_(by_column), ends_(static_cast<std::size_t>(by_row.rows())) {}

  /// O(nonzeros of the columns + sum over rows of the chosen nonzeros²).
  void choose(std::span<const std::int32_t> columns);
  [[nodiscard]] std::span<const T> row(std::size_t n) const noexcept { return {gram_.data() + n * size_, size_}; }
  [[nodiscard]] T diagonal(std::size_t n) const noexcept { return gram_[n * size_ + n]; }

 private:
  struct entry {
    std::int32_t column = 0;  ///< among the chosen
    T value = 0;
  };

  const csr_matrix<T>& by_column_;
  std::size_t size_ = 0;
  std::vector<T> gram_ = {};
  std::vector<std::int64_t> ends_;       // of each row's entries
  std::vector<std::int32_t> rows_ = {};  // that have any
  std::vector<entry> entries_ = {};
};

template <class T>
void local_gram<T>::choose(std::span<const std::int32_t> columns) {
  size_ = columns.size();
  gram_.assign(size_ * size_, T(0));
  // The chosen columns of X by rows: counted, then put into place.
  rows_.clear();
  for (const auto c : columns)
    for (const auto r : by_column_.row(c).columns)
      if (ends_[static_cast<std::size_t>(r)]++ == 0) rows_.push_back(r);
  std::int64_t total = 0;
  for (const auto r : rows_) {
    const auto count = ends_[static_cast<std::size_t>(r)];
    ends_[static_cast<std::size_t>(r)] = total;
    total += count;
  }
  entries_.resize(static_cast<std::size_t>(total));
  for (std::size_t n = 0; n < columns.size(); ++n) {
    const auto column = by_column_.row(columns[n]);
    for (std::size_t m = 0; m < column.size(); ++m)
      entries_[static_cast<std::size_t>(ends_[static_cast<std::size_t>(column.columns[m])]++)] = {
          static_cast<std::int32_t>(n), column.values[m]};
  }
  std::size_t begin = 0;
  for (const auto r : rows_) {
    const auto end = static_cast<std::size_t>(ends_[static_cast<std::size_t>(r)]);
    for (std::size_t a = begin; a < end; ++a) {
      T* const sums = gram_.data() + static_cast<std::size_t>(entries_[a].column) * size_;
      for (std::size_t b = a; b < end; ++b) sums[entries_[b].column] += entries_[a].value * entries_[b].value;
    }
    begin = end;
    ends_[static_cast<std::size_t>(r)] = 0;
  }
  for (std::size_t i = 0; i < size_; ++i)  // entries ascend: so far the upper triangle
    for (std::size_t j = 0; j < i; ++j) gram_[i * size_ + j] = gram_[j * size_ + i];
}

}  // namespace detail
}  // namespace reco
