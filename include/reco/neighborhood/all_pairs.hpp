// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/keep_best.hpp"
#include "reco/math/simd.hpp"
#include "reco/math/top_k.hpp"
#include "reco/neighborhood/neighbor_rows.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Sorts short lists of different items of one catalog by item: a bit and a score for each item, and a look at the bits
/// that are set.
template <class T>
class item_order {
 public:
  explicit item_order(std::size_t items) : bits_((items + 63) / 64), words_((bits_.size() + 63) / 64), scores_(items) {}

  void sort(std::span<scored_item<T>> list) {
    for (const auto& s : list) {
      const auto i = static_cast<std::size_t>(s.item);
      bits_[i / 64] |= std::uint64_t{1} << (i % 64);
      words_[i / 4096] |= std::uint64_t{1} << (i / 64 % 64);
      scores_[i] = s.score;
    }
    auto next = list.begin();
    for (std::size_t v = 0; v < words_.size(); ++v)
      for (auto& words = words_[v]; words != 0; words &= words - 1) {
        const auto w = v * 64 + static_cast<std::size_t>(std::countr_zero(words));
        for (auto& word = bits_[w]; word != 0; word &= word - 1) {
          const auto i = w * 64 + static_cast<std::size_t>(std::countr_zero(word));
          *next++ = {static_cast<std::int32_t>(i), scores_[i]};
        }
      }
  }

 private:
  std::vector<std::uint64_t> bits_, words_;  // bit n of words_: bits_[n] has any
  std::vector<T> scores_;
};

/// All pairs of items of sets (every interaction counts 1): row i the k greatest of
///
///     own_i · other_j · (sum of w_u over the users u that have both i and j)
///
/// Without weights the sums are counts, whole numbers no greater than item i's users: nearly all rows are added up in
/// single bytes. Two ways of adding:
///
/// - Items that many users have, the dense ones, come first, each user's row of them as bytes of 0 and 1: whole
///   registers of it are added to sums that stay in registers, an item of 32 (AVX2) for the price of one.
/// - The others are lists; every addition goes to another place of a row of sums that stays in the innermost caches.
///
/// And two ways of finding the k greatest:
///
/// - A row of few pairs notes where its sums are, and looks at those alone.
/// - Else all sums are read. Items are numbered by falling `other`, so that the first k pairs of a row set a bar that
///   few later ones pass. For a stretch of places that bar and the greatest `other` bound the sum that is still of
///   interest; a comparison of registers passes over all below it.
///
/// Memory: at most 32 bytes for each interaction with a dense item.
template <class T>
class all_pairs {
 public:
  /// `x`: users × items, all values 1; `by_item`: the same transposed; `weights`: w of each user, or none for all 1.
  /// All but `other` must outlive this.
  all_pairs(const csr_matrix<T>& x, const csr_matrix<T>& by_item, std::span<const T> own, std::span<const T> other,
            std::span<const T> weights = {});

  [[nodiscard]] neighbor_rows<T> nearest(std::int32_t k, executor_ref executor) const;
  /// Only the rows of the items that are wanted; the others are empty.
  [[nodiscard]] neighbor_rows<T> nearest(std::int32_t k, const std::vector<bool>& wanted, executor_ref executor) const;

 private:
  static constexpr std::size_t stretch = 512, tile = 256, block = 64;

  template <class Sum>
  void rows(std::span<const std::int32_t> items, std::int32_t k, neighbor_rows<T>& out) const;
  /// sums <- of the pairs of an item; with `noted` also the places of those that are not dense, as they come.
  template <class Sum>
  std::size_t add(std::int32_t item, Sum* sums, std::int32_t* noted) const;
  template <bool note, class Sum>
  std::size_t add_lists(std::span<const std::int32_t> users, Sum* sums, std::int32_t* noted) const;
  template <class Sum>
  void add_dense(std::span<const std::int32_t> users, Sum* sums) const;
  template <class Sum>
  void best_of(const Sum* sums, T own, top_k<T>& best) const;

  /// The best of the pairs of an item whose places were noted, found in `list`; sums <- 0
  template <class Sum>
  std::span<scored_item<T>> best_of_noted(std::int32_t item, std::span<const std::int32_t> noted, Sum* sums,
                                          std::int32_t k, keep_best<T>& keep, std::span<scored_item<T>> list) const;

  [[nodiscard]] std::size_t users_of(std::int32_t item) const { return by_item_.row(item).size(); }
  /// Pairs of an item that are added from lists.
  [[nodiscard]] std::size_t listed_pairs(std::int32_t item) const {
    std::int64_t pairs = 0;
    for (const auto u : by_item_.row(item).columns)
      pairs += offsets_[static_cast<std::size_t>(u) + 1] - offsets_[static_cast<std::size_t>(u)];
    return static_cast<std::size_t>(pairs);
  }
  void number_items(std::span<const T> other);
  void number_columns();

  const csr_matrix<T>& x_;
  const csr_matrix<T>& by_item_;
  std::span<const T> own_, weights_;
  std::vector<std::int32_t> order_ = {};     ///< the most popular item first: its row takes longest
  std::vector<std::int32_t> place_ = {};     ///< by item
  std::vector<scored_item<T>> places_ = {};  ///< by place: the item and its `other`
  std::vector<T> greatest_ = {};             ///< `other` of each stretch
  T greatest_of_all_ = 0;
  std::size_t dense_ = 0;                   ///< how many places, a multiple of tile
  std::vector<std::uint8_t> has_ = {};      ///< users × dense places
  std::vector<std::int64_t> offsets_ = {};  ///< of each user
  std::vector<std::int32_t> ids_ = {};      ///< the other places a user has
};

// ---------------------------------------------------------------------------------------------------

template <class T>
all_pairs<T>::all_pairs(const csr_matrix<T>& x, const csr_matrix<T>& by_item, std::span<const T> own,
                        std::span<const T> other, std::span<const T> weights)
    : x_(x), by_item_(by_item), own_(own), weights_(weights) {
  number_items(other);
  number_columns();
}

template <class T>
void all_pairs<T>::number_items(std::span<const T> other) {
  const auto items = static_cast<std::size_t>(x_.columns());
  const auto other_of = [&](std::int32_t i) { return other[static_cast<std::size_t>(i)]; };
  order_.resize(items);
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return users_of(a) > users_of(b); });
  if (weights_.empty()) {
    const auto many = static_cast<std::size_t>(x_.rows()) / 32 + 1;
    while (dense_ + tile <= items && users_of(order_[dense_ + tile - 1]) >= many) dense_ += tile;
  }
  auto item = order_;
  std::stable_sort(item.begin() + static_cast<std::ptrdiff_t>(dense_), item.end(),
                   [&](auto a, auto b) { return other_of(a) > other_of(b); });
  place_.resize(items);
  greatest_.resize((items + stretch - 1) / stretch);
  for (std::size_t p = 0; p < items; ++p) {
    place_[static_cast<std::size_t>(item[p])] = static_cast<std::int32_t>(p);
    places_.push_back({item[p], other_of(item[p])});
    greatest_[p / stretch] = std::max(greatest_[p / stretch], places_.back().score);
    greatest_of_all_ = std::max(greatest_of_all_, places_.back().score);
  }
}

template <class T>
void all_pairs<T>::number_columns() {
  has_.resize(static_cast<std::size_t>(x_.rows()) * dense_);
  offsets_ = {0};
  for (std::int32_t u = 0; u < x_.rows(); ++u) {
    for (const auto i : x_.row(u).columns) {
      const auto p = static_cast<std::size_t>(place_[static_cast<std::size_t>(i)]);
      if (p < dense_)
        has_[(p / tile * static_cast<std::size_t>(x_.rows()) + static_cast<std::size_t>(u)) * tile + p % tile] = 1;
      else ids_.push_back(static_cast<std::int32_t>(p));
    }
    offsets_.push_back(std::ssize(ids_));
  }
}

template <class T>
neighbor_rows<T> all_pairs<T>::nearest(std::int32_t k, executor_ref executor) const {
  return nearest(k, std::vector<bool>(places_.size(), true), executor);
}

template <class T>
neighbor_rows<T> all_pairs<T>::nearest(std::int32_t k, const std::vector<bool>& wanted, executor_ref executor) const {
  neighbor_rows<T> out(places_.size());
  std::vector<std::int32_t> items;
  for (const auto i : order_)
    if (wanted[static_cast<std::size_t>(i)]) items.push_back(i);
  for_chunks(executor, std::ssize(items), 64, [&](std::int64_t begin, std::int64_t end) {
    const auto chunk = std::span<const std::int32_t>(items).subspan(static_cast<std::size_t>(begin),
                                                                    static_cast<std::size_t>(end - begin));
    const auto most = users_of(chunk.front());
    if (!weights_.empty()) rows<T>(chunk, k, out);
    else if (most <= 0xFF) rows<std::uint8_t>(chunk, k, out);
    else if (most <= 0xFFFF) rows<std::uint16_t>(chunk, k, out);
    else rows<std::uint32_t>(chunk, k, out);
  });
  return out;
}

template <class T>
template <class Sum>
void all_pairs<T>::rows(std::span<const std::int32_t> items, std::int32_t k, neighbor_rows<T>& out) const {
  std::vector<Sum> sums(greatest_.size() * stretch);
  const std::size_t most_noted = std::min<std::size_t>(places_.size() / 4, 6144);  // stays in the innermost caches
  std::vector<std::int32_t> noted(most_noted + 1);
  top_k<T> best(k);
  keep_best<T> keep;
  std::vector<scored_item<T>> candidates(most_noted + 1), list;
  item_order<T> sorted(places_.size());
  for (const auto item : items) {
    const auto i = static_cast<std::size_t>(item), own_place = static_cast<std::size_t>(place_[i]);
    const bool notes = dense_ + listed_pairs(item) <= most_noted;
    const auto count = add(item, sums.data(), notes ? noted.data() : nullptr);
    sums[own_place] = 0;
    std::span<scored_item<T>> found;
    if (notes) {
      found = best_of_noted(item, std::span(noted).first(count), sums.data(), k, keep, candidates);
    } else {
      best_of(sums.data(), own_[i], best);
      std::fill(sums.begin(), sums.end(), Sum(0));
      best.take_in_any_order(list);
      found = list;
    }
    sorted.sort(found);
    out[i].assign(found.begin(), found.end());
  }
}

template <class T>
template <class Sum>
std::size_t all_pairs<T>::add(std::int32_t item, Sum* sums, std::int32_t* noted) const {
  const auto users = by_item_.row(item).columns;
  if constexpr (!std::is_same_v<Sum, T>) add_dense(users, sums);
  return noted != nullptr ? add_lists<true>(users, sums, noted) : add_lists<false>(users, sums, noted);
}

template <class T>
template <bool note, class Sum>
std::size_t all_pairs<T>::add_lists(std::span<const std::int32_t> users, Sum* sums, std::int32_t* noted) const {
  const std::int32_t* const ids = ids_.data();
  const std::int64_t* const offsets = offsets_.data();
  constexpr std::size_t ahead = 4;
  std::size_t count = 0;
  for (std::size_t n = 0; n < users.size(); ++n) {
    if (n + ahead < users.size()) __builtin_prefetch(ids + offsets[users[n + ahead]]);
    const auto u = users[n];
    Sum w = 1;
    if constexpr (std::is_same_v<Sum, T>) w = weights_[static_cast<std::size_t>(u)];
    const std::int32_t* const last = ids + offsets[u + 1];
    for (const std::int32_t* id = ids + offsets[u]; id != last; ++id) {
      const Sum sum = sums[*id];
      if constexpr (note) {
        noted[count] = *id;
        count += sum == 0;
      }
      sums[*id] = static_cast<Sum>(sum + w);
    }
  }
  return count;
}

template <class T>
template <class Sum>
std::span<scored_item<T>> all_pairs<T>::best_of_noted(std::int32_t item, std::span<const std::int32_t> noted, Sum* sums,
                                                      std::int32_t k, keep_best<T>& keep,
                                                      std::span<scored_item<T>> list) const {
  const T own = own_[static_cast<std::size_t>(item)];
  const auto users = by_item_.row(item).columns;
  auto most = static_cast<Sum>(users.size());
  if constexpr (std::is_same_v<Sum, T>) {  // added up as the sums are: rounded alike, none is above this
    most = 0;
    for (const auto u : users) most += weights_[static_cast<std::size_t>(u)];
  }
  keep.start(static_cast<T>(most) * own * greatest_of_all_);
  std::size_t count = 0;
  const auto take = [&, places = places_.data()](std::size_t p) {
    if (!(sums[p] > 0)) return;
    const T score = static_cast<T>(sums[p]) * own * places[p].score;
    sums[p] = 0;
    if (!(score > 0)) return;
    list[count++] = {places[p].item, score};
    keep.count(score);
  };
  for (std::size_t p = 0; p < dense_; ++p) take(p);
  for (const auto p : noted) take(static_cast<std::size_t>(p));
  return list.first(keep.counted(list.first(count), static_cast<std::size_t>(k)));
}

template <class T>
template <class Sum>
void all_pairs<T>::add_dense(std::span<const std::int32_t> users, Sum* sums) const {
  constexpr std::size_t ahead = 6;
  for (std::size_t first = 0; first < dense_; first += tile) {
    const std::uint8_t* const table = has_.data() + first * static_cast<std::size_t>(x_.rows());
    for (std::size_t n = 0; n < users.size();) {
      std::uint8_t bytes[tile] = {};
      for (const auto end = std::min(users.size(), n + 255); n < end; ++n) {
        const std::uint8_t* const has = table + static_cast<std::size_t>(users[n]) * tile;
        const std::uint8_t* const next =
            table + static_cast<std::size_t>(users[std::min(n + ahead, users.size() - 1)]) * tile;
        for (std::size_t p = 0; p < tile; p += 64) __builtin_prefetch(next + p);
        for (std::size_t p = 0; p < tile; ++p) bytes[p] = static_cast<std::uint8_t>(bytes[p] + has[p]);
      }
      for (std::size_t p = 0; p < tile; ++p) sums[first + p] = static_cast<Sum>(sums[first + p] + bytes[p]);
    }
  }
}

/// The least sum with which a place whose `other` is at most `greatest` can pass the bar; nothing if no sum can.
template <class Sum, class T>
std::optional<Sum> least_of_interest(T bar, T own, T greatest) {
  const T most = own * greatest;
  if (!(most > 0)) return std::nullopt;
  const T least = bar > 0 ? bar / most * T(0.99999) : T(0);  // rounding must not cost a pair
  if (least > static_cast<T>(std::numeric_limits<Sum>::max())) return std::nullopt;
  if constexpr (std::is_same_v<Sum, T>) return std::max(std::numeric_limits<T>::min(), least);
  else return static_cast<Sum>(std::max(T(1), std::ceil(least)));
}

/// Bit n: whether sums[n] >= least.
template <class Sum>
std::uint64_t passing(const Sum* sums, Sum least) noexcept {
  std::uint8_t bytes[64];
  for (std::size_t n = 0; n < 64; ++n) bytes[n] = sums[n] >= least;
  std::uint64_t mask = 0;
  for (std::size_t n = 0; n < 64; n += 8) {
    std::uint64_t eight = 0;
    for (std::size_t m = 0; m < 8; ++m) eight |= std::uint64_t{bytes[n + m]} << (8 * m);  // one load
    mask |= (eight * 0x0102040810204080) >> 56 << n;  // gathers the lowest bit of each byte
  }
  return mask;
}

template <class T>
template <class Sum>
void all_pairs<T>::best_of(const Sum* sums, T own, top_k<T>& best) const {
  typedef Sum several __attribute__((vector_size(simd<float>::bytes), aligned(alignof(Sum)), may_alias));
  typedef std::uint64_t words __attribute__((vector_size(simd<float>::bytes)));
  constexpr std::size_t lanes = simd<float>::bytes / sizeof(Sum);
  for (std::size_t s = 0; s < greatest_.size(); ++s) {
    // A bar that rises meanwhile is for the next stretch.
    const auto least = least_of_interest<Sum>(best.threshold(), own, greatest_[s]);
    if (!least) continue;
    for (std::size_t first = s * stretch; first < (s + 1) * stretch; first += block) {
      words any = {};
      for (std::size_t p = 0; p < block; p += lanes)
        any |= reinterpret_cast<words>(*reinterpret_cast<const several*>(sums + first + p) >= *least);
      std::uint64_t some = 0;
      for (std::size_t w = 0; w < sizeof any / sizeof some; ++w) some |= any[w];
      if (some == 0) continue;
      for (auto mask = passing(sums + first, *least); mask != 0; mask &= mask - 1) {
        const std::size_t p = first + static_cast<std::size_t>(std::countr_zero(mask));
        const T score = static_cast<T>(sums[p]) * own * places_[p].score;
        if (score > 0) best.push(places_[p].item, score);
      }
    }
  }
}

}  // namespace detail
}  // namespace reco
