// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {

template <class T>
struct scored_item {
  std::int32_t item = 0;
  T score = 0;

  friend bool operator==(const scored_item&, const scored_item&) = default;
};

/// The order of every list: score descending, equal scores by lower item. An object, so that sorts inline it.
inline constexpr auto better = []<class T>(const scored_item<T>& a, const scored_item<T>& b) noexcept {
  return a.score > b.score || (a.score == b.score && a.item < b.item);
};

/// Keeps the k best of all scores pushed, in whatever order they come.
///
/// Survivors go into a buffer; when it is full, a selection throws all but the k best away and raises the
/// bar that later scores must pass. O(n + k log k) for n pushes whatever their order, O(k) memory.
/// Infinities are scores like others. Items are below 2^31 - 1; which come twice are kept twice.
///
///     reco::top_k<float> best(10);
///     best.push_block(0, scores);
///     auto list = best.take();
template <class T>
class top_k {
 public:
  /// Throws `invalid_argument` for a negative k.
  explicit top_k(std::int64_t k);

  /// Throws `numeric_error` naming the item if the score is NaN; it is then as if not pushed.
  void push(std::int32_t item, T score);
  /// Pushes `scores[i]` as the score of item `first + i`. Much faster than one by one: where nothing is above
  /// the bar, a vector comparison does for a whole register of scores, and a long block is read once at the
  /// speed of memory however its scores are ordered. Pushed with items going up, equal scores cost nothing
  /// either. Throws as `push`; scores before the NaN may then have been taken.
  void push_block(std::int32_t first, std::span<const T> scores);

  /// A score below this cannot come into the list any more; it never falls. -inf to begin with.
  [[nodiscard]] T threshold() const noexcept { return bar_.score; }
  /// The k best (fewer if fewer were pushed), best first; leaves the object as newly made.
  [[nodiscard]] std::vector<scored_item<T>> take();
  /// list <- the same, unsorted; the memory of what was in `list` serves the next k.
  void take_in_any_order(std::vector<scored_item<T>>& list);

 private:
  static constexpr std::size_t width = 32;  // scores compared at once

  void push_short(std::int32_t first, std::span<const T> scores);
  void drop_surplus();
  void lower_bar();
  void raise_bar() { bar_ = *std::max_element(buffer_.begin(), buffer_.end(), better); }
  [[noreturn, gnu::cold, gnu::noinline]] static void fail_nan(std::int32_t item);

  std::size_t k_ = 0;
  std::size_t limit_ = 0;  // a buffer of this size is cut back to k
  std::vector<scored_item<T>> buffer_ = {};
  scored_item<T> bar_ = {};  // what is not better than this is not among the k best
};

/// The k best of n scores, best first; `scores[i]` belongs to item i. Throws `invalid_argument` for a
/// negative k and `numeric_error` naming an item whose score is NaN.
template <class T>
[[nodiscard]] std::vector<scored_item<T>> top_k_of(std::span<const T> scores, std::int64_t k);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Whether a predicate holds for all of `count` scores; a comparison with a NaN does not. No branch
/// inside, so that compilers make vector comparisons of it, at -O2 too if `count` is a constant.
template <std::size_t count, class T, class Predicate>
[[nodiscard]] bool all_hold(const T* scores, Predicate holds) noexcept {
  std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t> failed = 0;  // as wide as T: one lane each
  for (std::size_t i = 0; i < count; ++i) failed |= !holds(scores[i]);
  return failed == 0;
}

template <class T>
inline constexpr std::size_t sets_of = 4 * simd<T>::lanes;
template <class T>
inline constexpr std::size_t stretch_of = 32 * sets_of<T>;

/// maxima[j] <- the greatest of scores j, j + sets, j + 2 sets, ... of a stretch; bound by reading memory.
/// False if there may be a NaN: the sum of everything shows it at the price of an addition (so do infinities
/// of both signs).
template <class T>
[[nodiscard]] bool take_maxima(const T* scores, T* maxima) noexcept {
  constexpr std::size_t lanes = simd<T>::lanes;
  const auto at = [](const T* from, std::size_t v) { return simd<T>::load(from + v * lanes); };
  auto m0 = at(scores, 0), m1 = at(scores, 1), m2 = at(scores, 2), m3 = at(scores, 3);
  typename simd<T>::type sum = {};
  for (const T* const end = scores + stretch_of<T>; scores != end; scores += sets_of<T>) {
    const auto a = at(scores, 0), b = at(scores, 1), c = at(scores, 2), d = at(scores, 3);
    m0 = a > m0 ? a : m0;
    m1 = b > m1 ? b : m1;
    m2 = c > m2 ? c : m2;
    m3 = d > m3 ? d : m3;
    sum += (a + b) + (c + d);
  }
  simd<T>::store(maxima, m0);
  simd<T>::store(maxima + lanes, m1);
  simd<T>::store(maxima + 2 * lanes, m2);
  simd<T>::store(maxima + 3 * lanes, m3);
  T total = 0;
  for (std::size_t i = 0; i < lanes; ++i) total += sum[i];
  return total == total;
}

}  // namespace detail

template <class T>
top_k<T>::top_k(std::int64_t k) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();  // there are no more items
  if (k < 0) detail::fail_argument("top_k: k must be at least 0, got " + detail::to_text(k));
  k_ = static_cast<std::size_t>(std::min(k, most));
  limit_ = 2 * k_ + 16;
  lower_bar();
}

/// Everything is better than -inf at the largest index of all, nothing is better than +inf at -1.
template <class T>
void top_k<T>::lower_bar() {
  constexpr T inf = std::numeric_limits<T>::infinity();
  if (k_ > 0) bar_ = {std::numeric_limits<std::int32_t>::max(), -inf};
  else bar_ = {-1, inf};
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
  if (!better(candidate, bar_)) return;
  buffer_.push_back(candidate);
  if (buffer_.size() == k_) raise_bar();
  else if (buffer_.size() >= limit_) drop_surplus();
}

// Scores are cut into sets and each set's maximum is taken: at least k scores are as good as the k-th best
// maximum, which is the bar for all, and only stretches with a maximum that passes it are looked at again.
template <class T>
void top_k<T>::push_block(std::int32_t first, std::span<const T> scores) {
  constexpr std::size_t stretch = detail::stretch_of<T>, sets = detail::sets_of<T>;
  const std::size_t stretches = scores.size() / stretch;
  if (k_ == 0 || stretches < 2 || stretches * sets < 4 * k_) return push_short(first, scores);
  std::vector<T> maxima(stretches * sets);
  for (std::size_t s = 0; s < stretches; ++s)
    if (!detail::take_maxima(&scores[s * stretch], &maxima[s * sets])) return push_short(first, scores);
  top_k best(static_cast<std::int64_t>(k_));
  best.push_block(0, maxima);
  const T bar = best.take().back().score;
  if (bar > bar_.score) bar_ = {std::numeric_limits<std::int32_t>::max(), bar};
  for (std::size_t s = 0; s <= stretches; ++s) {
    if (s < stretches && detail::all_hold<sets>(&maxima[s * sets], [&](T v) { return v < bar_.score; })) continue;
    const std::size_t begin = s * stretch, count = std::min(stretch, scores.size() - begin);
    push_short(first + static_cast<std::int32_t>(begin), scores.subspan(begin, count));
  }
}

template <class T>
void top_k<T>::push_short(std::int32_t first, std::span<const T> scores) {
  std::size_t i = 0;
  const auto item = [&] { return first + static_cast<std::int32_t>(i); };
  const auto nothing_here = [&] {
    if (bar_.item < item())  // an equal score comes too late
      return detail::all_hold<width>(&scores[i], [bar = bar_.score](T v) { return v <= bar; });
    return detail::all_hold<width>(&scores[i], [bar = bar_.score](T v) { return v < bar; });
  };
  while (i < scores.size()) {
    while (i + width <= scores.size() && nothing_here()) i += width;
    for (const std::size_t end = std::min(i + width, scores.size()); i < end; ++i)
      if (!(scores[i] < bar_.score)) push(item(), scores[i]);
  }
}

template <class T>
void top_k<T>::drop_surplus() {
  const auto kth = buffer_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
  std::nth_element(buffer_.begin(), kth, buffer_.end(), better);
  bar_ = *kth;
  buffer_.resize(k_);
}

template <class T>
std::vector<scored_item<T>> top_k<T>::take() {
  std::vector<scored_item<T>> list;
  take_in_any_order(list);
  std::sort(list.begin(), list.end(), better);
  return list;
}

template <class T>
void top_k<T>::take_in_any_order(std::vector<scored_item<T>>& list) {
  if (buffer_.size() > k_) drop_surplus();
  lower_bar();
  list.clear();
  buffer_.swap(list);
}

template <class T>
std::vector<scored_item<T>> top_k_of(std::span<const T> scores, std::int64_t k) {
  top_k<T> best(k);
  best.push_block(0, scores);
  return best.take();
}

}  // namespace reco
