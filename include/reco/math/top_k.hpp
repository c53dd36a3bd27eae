// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

template <class T>
struct scored_item {
  std::int32_t item = 0;
  T score = 0;

  friend bool operator==(const scored_item&, const scored_item&) = default;
};

/// The order of every list: score descending, equal scores by lower item.
template <class T>
[[nodiscard]] constexpr bool better(const scored_item<T>& a, const scored_item<T>& b) noexcept {
  return a.score > b.score || (a.score == b.score && a.item < b.item);
}

/// Keeps the k best of all scores pushed, in whatever order they come.
///
/// Survivors go into a buffer; when it is full, a selection throws all but the k best away and raises the
/// threshold that later scores must pass. O(n + k log k) for n pushes whatever their order, O(k) memory.
/// Infinities are scores like others.
template <class T>
class top_k {
 public:
  /// Throws `invalid_argument` for a negative k.
  explicit top_k(std::int64_t k);

  /// Throws `numeric_error` naming the item if the score is NaN.
  void push(std::int32_t item, T score);
  /// Pushes `scores[i]` as the score of item `first + i`: much faster than one by one, a block of scores
  /// below the threshold costs one vector comparison each. Throws as `push`; scores before the NaN stay in.
  void push_block(std::int32_t first, std::span<const T> scores);

  /// A score below this cannot come into the list any more; it never falls. -inf to begin with.
  [[nodiscard]] T threshold() const noexcept { return full_ ? worst_.score : -std::numeric_limits<T>::infinity(); }
  /// The k best (fewer if fewer were pushed), best first; leaves the object as newly made.
  [[nodiscard]] std::vector<scored_item<T>> take();

 private:
  void drop_surplus();
  [[noreturn]] static void fail_nan(std::int32_t item);

  std::size_t k_;
  std::size_t limit_;                        // a buffer of this size is cut back to k
  std::vector<scored_item<T>> buffer_ = {};  // has the k best so far
  bool full_ = false;                        // k items are known, and `worst_` is the k-th of them
  scored_item<T> worst_ = {};
};

/// The k best of n scores, best first; `scores[i]` belongs to item i. Throws `invalid_argument` for a
/// negative k and `numeric_error` naming the first item whose score is NaN (k = 0 looks at none).
template <class T>
[[nodiscard]] std::vector<scored_item<T>> top_k_of(std::span<const T> scores, std::int64_t k);

// ---------------------------------------------------------------------------------------------------

template <class T>
top_k<T>::top_k(std::int64_t k)
    : k_(k < 0 ? 0 : static_cast<std::size_t>(k)),
      limit_(std::min(k_, std::numeric_limits<std::size_t>::max() / 4) * 2 + 16) {
  if (k < 0) detail::fail_argument("top_k: k must be at least 0, got " + detail::to_text(k));
}

template <class T>
void top_k<T>::fail_nan(std::int32_t item) {
  detail::fail_number("top_k: the score of item " + detail::to_text(item) + " is not a number");
}

template <class T>
void top_k<T>::push(std::int32_t item, T score) {
  if (std::isnan(score)) [[unlikely]]
    fail_nan(item);
  const scored_item<T> candidate{item, score};
  if (k_ == 0 || (full_ && !better(candidate, worst_))) return;
  buffer_.push_back(candidate);
  if (buffer_.size() >= limit_) drop_surplus();
}

template <class T>
void top_k<T>::push_block(std::int32_t first, std::span<const T> scores) {
  for (std::size_t i = 0; i < scores.size(); ++i) push(first + static_cast<std::int32_t>(i), scores[i]);
}

template <class T>
void top_k<T>::drop_surplus() {
  const auto kth = buffer_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
  std::nth_element(buffer_.begin(), kth, buffer_.end(), better<T>);
  worst_ = *kth;
  full_ = true;
  buffer_.resize(k_);
}

template <class T>
std::vector<scored_item<T>> top_k<T>::take() {
  if (buffer_.size() > k_) drop_surplus();
  std::sort(buffer_.begin(), buffer_.end(), better<T>);
  full_ = false;
  return std::exchange(buffer_, {});
}

template <class T>
std::vector<scored_item<T>> top_k_of(std::span<const T> scores, std::int64_t k) {
  top_k<T> best(k);
  best.push_block(0, scores);
  return best.take();
}

}  // namespace reco
