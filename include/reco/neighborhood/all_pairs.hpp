// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/large_pages.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/keep_best.hpp"
#include "reco/math/simd.hpp"
#include "reco/math/top_k.hpp"
#include "reco/neighborhood/item_order.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

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
/// - A row of few pairs notes where its sums are, and looks at those alone. Most of them are counts of 1, whose order
///   is that of `other`, by which items are numbered and users' lists sorted: once more than k places are noted, from
///   there on a count of 1 is worth no note.
/// - Else all sums are read. As `other` falls, the first k pairs of a row set a bar that few later ones pass. For a
///   stretch of places that bar and the greatest `other` bound the sum that is still of interest; a comparison of
///   registers passes over all below it.
///
/// Memory: at most 32 bytes for each interaction with a dense item.
template <class T>
class all_pairs {
 public:
  /// `x`: users × items, all values 1; `by_item`: the same transposed; `weights`: w of each user, or none for all 1.
  /// All but `other` must outlive this.
  all_pairs(const csr_matrix<T>& x, const csr_matrix<T>& by_item, std::span<const T> own, std::span<const T> other,
            std::span<const T> weights = {});

  /// Row i: those of item i, by item.
  [[nodiscard]] csr_matrix<T> nearest(std::int32_t k, executor_ref executor) const;
  /// Only the rows of the items that are wanted; the others are empty.
  [[nodiscard]] csr_matrix<T> nearest(std::int32_t k, const std::vector<bool>& wanted, executor_ref executor) const;

 private:
  static constexpr std::size_t stretch = 512, tile = 256, block = 64;

  /// What one thread works with: too much to be made anew for every chunk. Sums are all 0 between rows.
  struct workspace {
    workspace(std::size_t items, std::size_t users, std::size_t most_noted, std::int32_t k)
        : best(k),
          noted(new std::int32_t[most_noted + 1]),
          lists(new const std::int32_t*[users]),
          found(new scored_item<T>[most_noted + 1]),
          sorted(items) {}

    std::tuple<std::vector<std::uint8_t>, std::vector<std::uint16_t>, std::vector<std::uint32_t>, std::vector<T>> sums =
        {};
    top_k<T> best;
    std::vector<scored_item<T>> list = {};
    keep_best<T> keep = {};
    std::unique_ptr<std::int32_t[]> noted;         ///< places
    std::unique_ptr<const std::int32_t*[]> lists;  ///< of each user, what was not added yet
    std::unique_ptr<scored_item<T>[]> found;
    item_order<T> sorted;
  };

  /// All rows side by side, each with room for as many as it can have.
  struct roomy_rows {
    std::vector<std::int64_t> offsets;
    std::vector<std::int32_t> sizes = {}, ids = {};
    std::vector<T> values = {};
  };
  [[nodiscard]] roomy_rows room_for(std::int32_t k, const std::vector<bool>& wanted, executor_ref executor) const;
  [[nodiscard]] csr_matrix<T> matrix_of(roomy_rows out, executor_ref executor) const;

  template <class Sum>
  void rows(std::span<const std::int32_t> items, std::int32_t k, workspace& w, roomy_rows& out) const;
  /// Where the lists of an item's users begin. Returns how many entries they have.
  std::size_t find_lists(std::int32_t item, const std::int32_t** lists) const;
  /// sums <- of the pairs of an item
  template <class Sum>
  void add_all(std::int32_t item, Sum* sums, const workspace& w) const;
  template <class Sum>
  void add_dense(std::span<const std::int32_t> users, Sum* sums) const;
  template <class Sum>
  void best_of(const Sum* sums, T own, top_k<T>& best) const;

  /// The k best of an item with `pairs` pairs in lists. `sums` are all 0, before and after.
  template <class Sum>
  std::span<scored_item<T>> best_of_few(std::int32_t item, std::size_t pairs, std::size_t k, Sum* sums,
                                        workspace& w) const;
  /// Adds the lists up to `limit`, and notes the places whose sum was `before`. Returns how many are noted then.
  template <class Sum>
  std::size_t add_below(std::int32_t limit, Sum before, std::span<const std::int32_t> users, Sum* sums, workspace& w,
                        std::size_t noted) const;
  /// A place below which about a share of all list entries is, and from which on a count of 1 makes a lower score than
  /// any count does before it.
  [[nodiscard]] std::int32_t limit_for(double share, T own) const;

  [[nodiscard]] std::size_t users_of(std::int32_t item) const { return by_item_.row(item).size(); }
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
  std::size_t most_noted_ = 0;
  std::size_t dense_ = 0;                   ///< how many places, a multiple of tile
  std::vector<std::uint8_t> has_ = {};      ///< users × dense places
  std::vector<std::int64_t> offsets_ = {};  ///< of each user
  std::vector<std::int32_t> ids_ = {};      ///< the other places a user has, ascending, and one that is none
  struct step {
    std::int32_t place;
    std::int64_t entries;
  };
  std::vector<step> steps_ = {};  ///< where `other` falls, and how many list entries are below; the last: all
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
  most_noted_ = std::min<std::size_t>(items / 4, 6144);  // stays in the innermost caches
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

/// Item by item, so that each user's list ascends.
template <class T>
void all_pairs<T>::number_columns() {
  const auto users = static_cast<std::size_t>(x_.rows());
  has_.resize(users * dense_);
  std::vector<std::int64_t> next(users, 1);
  for (std::size_t u = 0; u < users; ++u) next[u] += std::ssize(x_.row(static_cast<std::int32_t>(u)).columns);
  for (std::size_t p = 0; p < dense_; ++p)
    for (const auto u : by_item_.row(places_[p].item).columns) {
      has_[(p / tile * users + static_cast<std::size_t>(u)) * tile + p % tile] = 1;
      --next[static_cast<std::size_t>(u)];
    }
  offsets_.resize(users + 1);
  for (std::size_t u = 0; u < users; ++u) offsets_[u + 1] = offsets_[u] + std::exchange(next[u], offsets_[u]);
  ids_.assign(static_cast<std::size_t>(offsets_.back()), static_cast<std::int32_t>(places_.size()));
  std::int64_t entries = 0;
  for (std::size_t p = dense_; p < places_.size(); ++p) {
    const auto users_of_it = by_item_.row(places_[p].item).columns;
    if (p > dense_ && places_[p].score < places_[p - 1].score)
      steps_.push_back({static_cast<std::int32_t>(p), entries});
    for (const auto u : users_of_it)
      ids_[static_cast<std::size_t>(next[static_cast<std::size_t>(u)]++)] = static_cast<std::int32_t>(p);
    entries += std::ssize(users_of_it);
  }
  steps_.push_back({static_cast<std::int32_t>(places_.size()), entries});
}

template <class T>
csr_matrix<T> all_pairs<T>::nearest(std::int32_t k, executor_ref executor) const {
  return nearest(k, std::vector<bool>(places_.size(), true), executor);
}

template <class T>
csr_matrix<T> all_pairs<T>::nearest(std::int32_t k, const std::vector<bool>& wanted, executor_ref executor) const {
  auto out = room_for(k, wanted, executor);
  std::vector<std::int32_t> items;
  for (const auto i : order_)
    if (wanted[static_cast<std::size_t>(i)]) items.push_back(i);
  std::mutex mutex;
  std::vector<std::unique_ptr<workspace>> idle;
  for_chunks(executor, std::ssize(items), 64, [&](std::int64_t begin, std::int64_t end) {
    std::unique_ptr<workspace> w;
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) w = std::move(idle.back()), idle.pop_back();
    }
    if (!w) w = std::make_unique<workspace>(places_.size(), static_cast<std::size_t>(x_.rows()), most_noted_, k);
    const auto chunk = std::span<const std::int32_t>(items).subspan(static_cast<std::size_t>(begin),
                                                                    static_cast<std::size_t>(end - begin));
    const auto most = users_of(chunk.front());
    if (!weights_.empty()) rows<T>(chunk, k, *w, out);
    else if (most <= 0xFF) rows<std::uint8_t>(chunk, k, *w, out);
    else if (most <= 0xFFFF) rows<std::uint16_t>(chunk, k, *w, out);
    else rows<std::uint32_t>(chunk, k, *w, out);
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(w));
  });
  return matrix_of(std::move(out), executor);
}

template <class T>
typename all_pairs<T>::roomy_rows all_pairs<T>::room_for(std::int32_t k, const std::vector<bool>& wanted,
                                                         executor_ref executor) const {
  const auto items = places_.size();
  roomy_rows out{.offsets = std::vector<std::int64_t>(items + 1), .sizes = std::vector<std::int32_t>(items)};
  for (std::size_t i = 0; i < items; ++i) {
    std::int64_t most = 0;
    if (wanted[i])
      for (const auto u : by_item_.row(static_cast<std::int32_t>(i)).columns)
        if ((most += std::ssize(x_.row(u).columns) - 1) >= k) break;
    out.offsets[i + 1] = out.offsets[i] + std::min<std::int64_t>(most, k);
  }
  const auto size = static_cast<std::size_t>(out.offsets.back());
  const auto touch = [&](auto& all) {  // new memory is dear: the system clears it when it is first touched
    all.reserve(size);
    prefer_large_pages(all.data(), size * sizeof all[0]);
    all.resize(size);
  };
  executor.run(2, [&](std::int64_t which) { which == 0 ? touch(out.ids) : touch(out.values); });
  return out;
}

template <class T>
csr_matrix<T> all_pairs<T>::matrix_of(roomy_rows out, executor_ref executor) const {
  std::vector<std::int64_t> offsets(out.offsets.size());
  for (std::size_t i = 0; i < out.sizes.size(); ++i) offsets[i + 1] = offsets[i] + out.sizes[i];
  const auto close_up = [&](auto& all) {
    for (std::size_t i = 0; i < out.sizes.size(); ++i)
      if (offsets[i] != out.offsets[i])
        std::copy_n(all.begin() + out.offsets[i], out.sizes[i], all.begin() + offsets[i]);
    all.resize(static_cast<std::size_t>(offsets.back()));
  };
  executor.run(2, [&](std::int64_t which) { which == 0 ? close_up(out.ids) : close_up(out.values); });
  return {x_.columns(), std::move(offsets), std::move(out.ids), std::move(out.values)};
}

template <class T>
template <class Sum>
void all_pairs<T>::rows(std::span<const std::int32_t> items, std::int32_t k, workspace& w, roomy_rows& out) const {
  auto& sums = std::get<std::vector<Sum>>(w.sums);
  sums.resize(greatest_.size() * stretch);
  for (const auto item : items) {
    const auto i = static_cast<std::size_t>(item);
    const auto pairs = find_lists(item, w.lists.get());
    std::span<scored_item<T>> found;
    if (dense_ + pairs <= most_noted_) {
      found = best_of_few(item, pairs, static_cast<std::size_t>(k), sums.data(), w);
    } else {
      add_all(item, sums.data(), w);
      sums[static_cast<std::size_t>(place_[i])] = 0;
      best_of(sums.data(), own_[i], w.best);
      std::fill(sums.begin(), sums.end(), Sum(0));
      w.best.take_in_any_order(w.list);
      found = w.list;
    }
    w.sorted.sort(found);
    auto at = static_cast<std::size_t>(out.offsets[i]);
    out.sizes[i] = static_cast<std::int32_t>(found.size());
    for (const auto& s : found) {
      out.ids[at] = s.item;
      out.values[at++] = s.score;
    }
  }
}

template <class T>
std::size_t all_pairs<T>::find_lists(std::int32_t item, const std::int32_t** lists) const {
  std::int64_t entries = 0;
  for (const auto user : by_item_.row(item).columns) {
    const auto u = static_cast<std::size_t>(user);
    *lists++ = ids_.data() + offsets_[u];
    entries += offsets_[u + 1] - offsets_[u] - 1;
  }
  return static_cast<std::size_t>(entries);
}

template <class T>
template <class Sum>
void all_pairs<T>::add_all(std::int32_t item, Sum* sums, const workspace& w) const {
  const auto users = by_item_.row(item).columns;
  if constexpr (!std::is_same_v<Sum, T>) add_dense(users, sums);
  constexpr std::size_t ahead = 4;
  const auto end = static_cast<std::int32_t>(places_.size());
  for (std::size_t n = 0; n < users.size(); ++n) {
    if (n + ahead < users.size()) __builtin_prefetch(w.lists[n + ahead]);
    Sum weight = 1;
    if constexpr (std::is_same_v<Sum, T>) weight = weights_[static_cast<std::size_t>(users[n])];
    for (const std::int32_t* id = w.lists[n]; *id != end; ++id) sums[*id] = static_cast<Sum>(sums[*id] + weight);
  }
}

template <class T>
template <class Sum>
std::span<scored_item<T>> all_pairs<T>::best_of_few(std::int32_t item, std::size_t pairs, std::size_t k, Sum* sums,
                                                    workspace& w) const {
  constexpr bool counts = !std::is_same_v<Sum, T>;
  const auto all = static_cast<std::int32_t>(places_.size());
  const T own = own_[static_cast<std::size_t>(item)];
  const auto users = by_item_.row(item).columns;
  std::int32_t limit = all;
  std::size_t count = 0;
  if constexpr (counts) {
    add_dense(users, sums);
    auto share = (1.5 * static_cast<double>(k) + 1) / static_cast<double>(pairs);
    do {
      limit = limit_for(share, own);
      count = add_below(limit, Sum(0), users, sums, w, count);
      share *= 2;
    } while (limit < all && count <= k);  // the item itself is one of them
    if (limit < all) count = add_below(all, Sum(1), users, sums, w, count);
  } else {
    count = add_below(all, Sum(0), users, sums, w, 0);
  }
  sums[place_[static_cast<std::size_t>(item)]] = 0;

  auto most = static_cast<Sum>(users.size());
  if constexpr (!counts) {  // added up as the sums are: rounded alike, none is above this
    most = 0;
    for (const auto u : users) most += weights_[static_cast<std::size_t>(u)];
  }
  w.keep.start(static_cast<T>(most) * own * greatest_of_all_);
  std::size_t scored = 0;
  const auto take = [&, places = places_.data(), found = w.found.get()](std::size_t p) {
    if (!(sums[p] > 0)) return;
    const T score = static_cast<T>(sums[p]) * own * places[p].score;
    sums[p] = 0;
    if (!(score > 0)) return;
    found[scored++] = {places[p].item, score};
    w.keep.count(score);
  };
  for (std::size_t p = 0; p < dense_; ++p) take(p);
  for (std::size_t n = 0; n < count; ++n) take(static_cast<std::size_t>(w.noted[n]));
  if (limit < all) {  // what was passed over
    find_lists(item, w.lists.get());
    for (std::size_t n = 0; n < users.size(); ++n)
      for (const std::int32_t* id = w.lists[n]; *id != all; ++id) sums[*id] = 0;
  }
  const std::span found(w.found.get(), scored);
  return found.first(w.keep.counted(found, k));
}

template <class T>
template <class Sum>
std::size_t all_pairs<T>::add_below(std::int32_t limit, Sum before, std::span<const std::int32_t> users, Sum* sums,
                                    workspace& w, std::size_t count) const {
  std::int32_t* const noted = w.noted.get();
  constexpr std::size_t ahead = 4;
  for (std::size_t n = 0; n < users.size(); ++n) {
    Sum weight = 1;
    if constexpr (std::is_same_v<Sum, T>) weight = weights_[static_cast<std::size_t>(users[n])];
    if (n + ahead < users.size()) __builtin_prefetch(w.lists[n + ahead]);
    const std::int32_t* id = w.lists[n];
    for (; *id < limit; ++id) {
      const Sum sum = sums[*id];
      noted[count] = *id;
      count += sum == before;
      sums[*id] = static_cast<Sum>(sum + weight);
    }
    w.lists[n] = id;
  }
  return count;
}

template <class T>
std::int32_t all_pairs<T>::limit_for(double share, T own) const {
  if (!(share < 1)) return steps_.back().place;
  const auto wanted = share * static_cast<double>(steps_.back().entries);
  const auto at = std::partition_point(steps_.begin(), steps_.end() - 1,
                                       [&](const step& s) { return static_cast<double>(s.entries) < wanted; });
  if (at == steps_.end() - 1) return at->place;
  const auto p = static_cast<std::size_t>(at->place);
  return own * places_[p].score < own * places_[p - 1].score ? at->place : steps_.back().place;  // unless rounded off
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
