// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Adds up sparse rows: the inner loop of a product of two sparse matrices, row by row (Gustavson, "Two fast
/// algorithms for sparse matrices", 1978).
///
///     reco::sparse_sum<float> sum(b.columns());
///     for (n…) sum.add(row.values[n], b.row(row.columns[n]));       // a row of A B
///     sum.for_each([&](std::int32_t first, std::span<const float> block) { best.push_block(first, block); });
///
/// The sums lie in a dense array whose blocks of 64 are marked when something is added there. Marking has no branch
/// and no list to chase; reading looks at marked blocks alone and meets the columns in ascending order. Memory: a
/// number a column; nothing is allocated after construction.
template <class T>
class sparse_sum {
 public:
  static constexpr std::size_t block = 64;

  explicit sparse_sum(std::int32_t columns) : marked_(blocks(columns)), sums_(static_cast<std::size_t>(columns)) {}

  /// sum <- sum + scale · row.
  void add(T scale, const sparse_row<T>& row) {
    // Own copies of the pointers: a store to a char may change anything else as far as the compiler knows.
    const std::int32_t* const ids = row.columns.data();
    const T* const values = row.values.data();
    T* const sums = sums_.data();
    char* const marked = marked_.data();
    for (std::size_t n = 0; n < row.size(); ++n) {
      const auto c = static_cast<std::size_t>(ids[n]);
      sums[c] += scale * values[n];
      marked[c / block] = 1;
    }
  }
  /// The sum of one column.
  [[nodiscard]] T operator[](std::int32_t column) const noexcept { return sums_[static_cast<std::size_t>(column)]; }

  /// Calls `f(first, sums)` for each block that something was added in, blocks going up; columns without an addend
  /// are 0.
  template <class F>
  void for_each(F&& f) const {
    for (std::size_t b = 0; b < marked_.size(); ++b)
      if (marked_[b]) f(static_cast<std::int32_t>(b * block), std::span<const T>(sums_).subspan(b * block, size(b)));
  }
  /// All sums are 0 again.
  void clear() {
    for (std::size_t b = 0; b < marked_.size(); ++b) {
      if (!marked_[b]) continue;
      std::fill_n(sums_.begin() + static_cast<std::ptrdiff_t>(b * block), size(b), T(0));
      marked_[b] = 0;
    }
  }

 private:
  [[nodiscard]] std::size_t size(std::size_t b) const noexcept {
    return std::min<std::size_t>(block, sums_.size() - b * block);
  }
  static std::size_t blocks(std::int32_t columns) { return (static_cast<std::size_t>(columns) + block - 1) / block; }

  std::vector<char> marked_;
  std::vector<T> sums_;
};

}  // namespace reco
