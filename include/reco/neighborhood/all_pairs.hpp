// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <type_traits>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/top_k.hpp"
#include "reco/neighborhood/neighbor_rows.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// All pairs of items where every interaction counts 1: row i the k greatest of
///
///     own_i · other_j · (how many users have both i and j)
///
/// Counts are whole numbers no greater than item i's users, so that nearly all rows are added up in single bytes: the
/// whole row stays in the innermost cache, where an addition is one instruction on 0..255 and reading compares 16 and
/// more at once. Items are numbered by popularity, the popular first: what is added to lies close together, and 64
/// neighbors in this order have much the same `other`, which with the k-th best so far bounds the count that is still
/// of interest; most stretches are passed over without a look at any item.
template <class T>
class all_pairs {
 public:
  static constexpr std::size_t block = 64;

  /// `x`: users × items, all values 1; `by_item`: the same transposed. They must outlive this.
  all_pairs(const csr_matrix<T>& x, const csr_matrix<T>& by_item, std::span<const T> own, std::span<const T> other);

  [[nodiscard]] neighbor_rows<T> nearest(std::int32_t k, executor_ref executor) const;

 private:
  template <class Count>
  void rows(std::int64_t begin, std::int64_t end, std::int32_t k, neighbor_rows<T>& out) const;
  template <class Count>
  void best_of(const std::vector<Count>& counts, T own, std::size_t users, top_k<T>& best) const;

  [[nodiscard]] std::size_t users_of(std::size_t rank) const { return by_item_.row(item_[rank]).size(); }

  const csr_matrix<T>& x_;
  const csr_matrix<T>& by_item_;
  std::span<const T> own_;
  std::vector<std::int32_t> item_ = {};   ///< by rank
  std::vector<std::int32_t> ranks_ = {};  ///< x's columns
  std::vector<T> other_ = {};             ///< by rank
  std::vector<T> greatest_ = {};          ///< `other` of each block
};

// ---------------------------------------------------------------------------------------------------

template <class T>
all_pairs<T>::all_pairs(const csr_matrix<T>& x, const csr_matrix<T>& by_item, std::span<const T> own,
                        std::span<const T> other)
    : x_(x), by_item_(by_item), own_(own), item_(static_cast<std::size_t>(x.columns())) {
  std::iota(item_.begin(), item_.end(), 0);
  std::stable_sort(item_.begin(), item_.end(),
                   [&](std::int32_t a, std::int32_t b) { return by_item.row(a).size() > by_item.row(b).size(); });
  std::vector<std::int32_t> rank(item_.size());
  for (std::size_t r = 0; r < item_.size(); ++r) {
    rank[static_cast<std::size_t>(item_[r])] = static_cast<std::int32_t>(r);
    other_.push_back(other[static_cast<std::size_t>(item_[r])]);
  }
  for (std::size_t b = 0; b < other_.size(); b += block)
    greatest_.push_back(
        *std::max_element(other_.begin() + static_cast<std::ptrdiff_t>(b),
                          other_.begin() + static_cast<std::ptrdiff_t>(std::min(b + block, other_.size()))));
  ranks_.reserve(x.column_ids().size());
  for (const auto i : x.column_ids()) ranks_.push_back(rank[static_cast<std::size_t>(i)]);
  for (std::int32_t u = 0; u < x.rows(); ++u)
    std::sort(ranks_.begin() + x.offsets()[static_cast<std::size_t>(u)],
              ranks_.begin() + x.offsets()[static_cast<std::size_t>(u) + 1]);
}

template <class T>
neighbor_rows<T> all_pairs<T>::nearest(std::int32_t k, executor_ref executor) const {
  neighbor_rows<T> out(item_.size());
  for_chunks(executor, std::ssize(item_), 64, [&](std::int64_t begin, std::int64_t end) {
    const auto most = users_of(static_cast<std::size_t>(begin));  // the first is the most popular of the chunk
    if (most <= 0xFF) rows<std::uint8_t>(begin, end, k, out);
    else if (most <= 0xFFFF) rows<std::uint16_t>(begin, end, k, out);
    else rows<std::uint32_t>(begin, end, k, out);
  });
  return out;
}

template <class T>
template <class Count>
void all_pairs<T>::rows(std::int64_t begin, std::int64_t end, std::int32_t k, neighbor_rows<T>& out) const {
  std::vector<Count> counts(greatest_.size() * block);
  for (auto r = static_cast<std::size_t>(begin); r < static_cast<std::size_t>(end); ++r) {
    const auto i = item_[r];
    const auto users = by_item_.row(i).columns;
    Count* const sums = counts.data();
    for (const auto u : users) {
      const std::int32_t* id = ranks_.data() + x_.offsets()[static_cast<std::size_t>(u)];
      const std::int32_t* const last = ranks_.data() + x_.offsets()[static_cast<std::size_t>(u) + 1];
      for (; id != last; ++id) ++sums[*id];
    }
    sums[r] = 0;
    top_k<T> best(k);
    best_of(counts, own_[static_cast<std::size_t>(i)], users.size(), best);
    std::fill(counts.begin(), counts.end(), Count(0));
    auto& row = out[static_cast<std::size_t>(i)];
    row = best.take();
    by_item(row);
  }
}

template <class T>
template <class Count>
void all_pairs<T>::best_of(const std::vector<Count>& counts, T own, std::size_t users, top_k<T>& best) const {
  for (std::size_t b = 0; b < greatest_.size(); ++b) {
    // A score is at most count · own · greatest: below this count none comes into the list.
    const T most = own * greatest_[b], bar = best.threshold();
    T least = bar > 0 && most > 0 ? bar / most * T(0.99999) : T(1);  // rounding must not cost a pair
    if (least > static_cast<T>(users)) continue;
    const auto wanted = static_cast<Count>(std::max(least, T(1)));
    const Count* const c = counts.data() + b * block;
    Count any = 0;
    for (std::size_t n = 0; n < block; ++n) any = static_cast<Count>(any | (c[n] >= wanted ? 1 : 0));
    if (any == 0) continue;
    // Most counts are 0: eight bytes of them are passed over at once.
    constexpr std::size_t at_once = sizeof(std::uint64_t) / sizeof(Count);
    for (std::size_t w = 0; w < block; w += at_once) {
      std::uint64_t word = 0;
      std::memcpy(&word, c + w, sizeof word);
      if (word == 0) continue;
      for (std::size_t n = w; n < w + at_once; ++n)
        if (c[n] >= wanted) best.push(item_[b * block + n], static_cast<T>(c[n]) * own * other_[b * block + n]);
    }
  }
}

}  // namespace detail
}  // namespace reco
