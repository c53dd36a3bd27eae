// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {

/// Brings the k best of a list to its front, in the order they had. Scores are counted in buckets by the bits of their
/// numbers, whose order is theirs: a bucket for each 1/32 of a power of two below the greatest. Only in the bucket of
/// the k-th best is there anything to compare, and nothing else that a processor could guess wrong. O(n), or what
/// `std::nth_element` takes where most scores are as good as equal. Scores must not be NaN. Keep one a thread: it owns
/// the memory that it works in.
///
///     reco::keep_best<float> keep;
///     keep(list, 10);
///
/// Who makes the list knows a bound, and counts while the score is at hand, spares two passes over it:
///
///     keep.start(bound);
///     for (…) list[n] = {item, score}, keep.count(score), ++n;
///     list.resize(keep.counted(list, 10));
template <class T>
class keep_best {
 public:
  void operator()(std::vector<scored_item<T>>& list, std::size_t k) {
    if (list.size() <= k) return;
    T greatest = list[0].score;
    for (const auto& s : list) greatest = std::max(greatest, s.score);
    start(greatest);
    for (const auto& s : list) count(s.score);
    list.resize(counted(list, k));
  }

  /// No score will be above `bound`.
  void start(T bound) {
    top_ = key_of(bound);
    counts_.fill(0);
  }
  void count(T score) {
    RECO_ASSERT(key_of(score) <= top_);
    ++counts_[bucket_of(score)];
  }
  /// After `count` of each score. Returns how many are kept: all, if they are no more than k.
  std::size_t counted(std::span<scored_item<T>> list, std::size_t k) {
    if (list.size() <= k || k == 0) return std::min(list.size(), k);
    std::size_t bucket = 0, better_ones = 0;
    while (better_ones + counts_[bucket] < k) better_ones += counts_[bucket++];
    std::size_t good = 0;  // those, and the bucket of the k-th
    for (const auto s : list) {
      list[good] = s;
      good += bucket_of(s.score) <= bucket;
    }
    list = list.first(good);
    if (good == k) return k;

    tied_.clear();
    for (const auto& s : list)
      if (bucket_of(s.score) == bucket) tied_.push_back(s);
    const auto last = tied_.begin() + static_cast<std::ptrdiff_t>(k - better_ones - 1);
    std::nth_element(tied_.begin(), last, tied_.end(), better);
    std::size_t kept = 0;
    for (const auto s : list) {
      list[kept] = s;
      kept += std::size_t{s.score > last->score} |
              (std::size_t{s.score == last->score} & std::size_t{s.item <= last->item});
    }
    return kept;
  }

 private:
  using bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  static constexpr std::size_t buckets = 1024;
  static constexpr int shift = std::numeric_limits<T>::digits - 1 - 5;

  /// Whole numbers in the order of the scores; -0 and 0 are one.
  static bits key_of(T score) noexcept {
    const auto b = std::bit_cast<bits>(score + T(0));
    constexpr bits sign = bits{1} << (8 * sizeof(T) - 1);
    return b ^ (sign | (bits{0} - (b >> (8 * sizeof(T) - 1))));
  }
  [[nodiscard]] std::size_t bucket_of(T score) const noexcept {
    return static_cast<std::size_t>(std::min<bits>((top_ - key_of(score)) >> shift, buckets - 1));
  }

  bits top_ = 0;
  std::array<std::uint32_t, buckets> counts_ = {};
  std::vector<scored_item<T>> tied_ = {};
};

}  // namespace reco
