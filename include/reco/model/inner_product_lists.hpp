// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/packed_rows.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Lists of many users over items' vectors Y by inner product. Blocks of items are scored by blocks of users and the
/// best selected while the scores are in the cache; items are passed in the order of falling length, and a user is done
/// when |x| |y| cannot reach their k-th score any more. The lists are those of `select` over `inner_products`, to the
/// bit. Bound by multiply-adds.
///
/// Memory: Y once more, packed in that order; for the lists O(k) a user, never a score for each item, and with
/// `request.only` those items packed, once a call.
template <class T>
class inner_product_lists {
 public:
  inner_product_lists() = default;
  explicit inner_product_lists(const matrix<T>& y);

  /// out[i] <- x'y_i, to the bit what `best` ranks by. `x` points at as many numbers as Y has columns. Bound by reading
  /// Y.
  void inner_products(const T* x, std::span<T> out) const;

  /// `start()` gives a function `fill(query, out)` that writes a user's vector, one a block of users; asked of those
  /// that `can_answer(query)`.
  template <class CanAnswer, class Start>
  [[nodiscard]] std::vector<ranked_list<T>> best(const matrix<T>& y, std::span<const query<T>> queries,
                                                 const request& r, executor_ref executor, CanAnswer can_answer,
                                                 Start start) const;

 private:
  static packed_rows<T> packed(const matrix<T>& y, std::span<const std::int32_t> order) {
    const auto row_at = [&](std::int64_t i) { return y.data() + order[static_cast<std::size_t>(i)] * y.cols(); };
    return packed_rows<T>(std::ssize(order), y.cols(), row_at);
  }
  void select_block(const packed_rows<T>& items, std::span<const std::int32_t> order, std::span<const query<T>> queries,
                    const matrix<T>& vectors, std::span<const std::int64_t> answered, const request& r,
                    std::span<ranked_list<T>> out) const;

  std::vector<std::int32_t> by_length_ = {};  // items, longest vector first
  std::vector<double> length_ = {};           // in that order
  packed_rows<T> items_ = {};                 // in that order
};

// ---------------------------------------------------------------------------------------------------

template <class T>
inner_product_lists<T>::inner_product_lists(const matrix<T>& y)
    : by_length_(static_cast<std::size_t>(y.rows())), length_(static_cast<std::size_t>(y.rows())) {
  std::iota(by_length_.begin(), by_length_.end(), 0);
  std::vector<double> of_item(by_length_.size());
  for (std::size_t i = 0; i < of_item.size(); ++i)
    of_item[i] = y.row(static_cast<Eigen::Index>(i)).template cast<double>().norm();
  const auto length = [&](std::int32_t i) { return of_item[static_cast<std::size_t>(i)]; };
  std::stable_sort(by_length_.begin(), by_length_.end(),
                   [&](std::int32_t a, std::int32_t b) { return length(a) > length(b); });
  std::transform(by_length_.begin(), by_length_.end(), length_.begin(), length);
  items_ = packed(y, by_length_);
}

template <class T>
void inner_product_lists<T>::inner_products(const T* x, std::span<T> out) const {
  items_.inner_products(std::span(&x, 1), 0, items_.rows(), [&](std::size_t, std::int64_t first, std::span<T> scores) {
    const std::int32_t* const items = by_length_.data() + first;
    for (std::size_t n = 0; n < scores.size(); ++n) out[static_cast<std::size_t>(items[n])] = scores[n];
  });
}

template <class T>
template <class CanAnswer, class Start>
std::vector<ranked_list<T>> inner_product_lists<T>::best(const matrix<T>& y, std::span<const query<T>> queries,
                                                         const request& r, executor_ref executor, CanAnswer can_answer,
                                                         Start start) const {
  check_request(r);
  std::vector<ranked_list<T>> out(queries.size());
  if (r.k == 0) return out;
  std::vector<std::int32_t> allowed;
  packed_rows<T> allowed_rows;
  if (r.only) {
    allowed = allowed_items(*r.only, {}, static_cast<std::int32_t>(y.rows()));
    allowed_rows = packed(y, allowed);
  }
  const auto order = std::span<const std::int32_t>(r.only ? allowed : by_length_);
  constexpr std::int64_t block = 192;  // users whose vectors stay in the second-level cache, whole tiles
  for_chunks(executor, std::ssize(queries), block, [&](std::int64_t begin, std::int64_t end) {
    matrix<T> vectors(end - begin, y.cols());
    std::vector<std::int64_t> answered;
    auto fill = start();
    for (std::int64_t n = begin; n < end; ++n) {
      const auto& q = queries[static_cast<std::size_t>(n)];
      if (!can_answer(q)) continue;
      answered.push_back(n - begin);
      fill(q, std::span<T>(vectors.data() + (n - begin) * vectors.cols(), static_cast<std::size_t>(vectors.cols())));
    }
    const auto first = static_cast<std::size_t>(begin), count = static_cast<std::size_t>(end - begin);
    select_block(r.only ? allowed_rows : items_, order, queries.subspan(first, count), vectors, answered, r,
                 std::span(out).subspan(first, count));
  });
  return out;
}

template <class T>
void inner_product_lists<T>::select_block(const packed_rows<T>& items, std::span<const std::int32_t> order,
                                          std::span<const query<T>> queries, const matrix<T>& vectors,
                                          std::span<const std::int64_t> answered, const request& r,
                                          std::span<ranked_list<T>> out) const {
  struct selection {
    std::int64_t query;
    top_k<T> best;
    double length;
    std::vector<std::int32_t> excluded;
  };
  std::vector<selection> open;
  for (const auto n : answered)
    open.push_back(
        {n, top_k<T>(r.k), vectors.row(n).template cast<double>().norm(),
         excluded_items(queries[static_cast<std::size_t>(n)], r, static_cast<std::int32_t>(length_.size()))});

  // A computed score may pass |x| |y| by the rounding of d products.
  const double slack =
      1 + 2 * static_cast<double>(vectors.cols()) * static_cast<double>(std::numeric_limits<T>::epsilon());
  std::vector<const T*> asked;
  for (std::int64_t begin = 0; begin < std::ssize(order) && !open.empty();) {
    const std::int64_t end = std::min<std::int64_t>(std::ssize(order), begin + (begin == 0 ? 512 : 2048));
    asked.clear();
    for (const auto& s : open) asked.push_back(vectors.data() + s.query * vectors.cols());
    items.inner_products(asked, begin, end, [&](std::size_t q, std::int64_t first, std::span<T> scores) {
      auto& s = open[q];
      constexpr std::size_t panel = packed_rows<T>::width;
      const T bar = s.best.threshold();
      if (scores.size() == panel && all_hold<panel>(scores.data(), [bar](T v) { return v < bar; })) return;
      for (std::size_t n = 0; n < scores.size(); ++n) {
        if (scores[n] < s.best.threshold()) continue;
        const auto item = order[static_cast<std::size_t>(first) + n];
        if (!std::binary_search(s.excluded.begin(), s.excluded.end(), item)) s.best.push(item, scores[n]);
      }
    });
    begin = end;
    const auto done = [&](selection& s) {
      const bool all =
          begin >= std::ssize(order) || (!r.only && s.length * length_[static_cast<std::size_t>(begin)] * slack <
                                                        static_cast<double>(s.best.threshold()));
      if (all) out[static_cast<std::size_t>(s.query)] = ranked_list<T>::best_of(s.best.take());
      return all;
    };
    open.erase(std::remove_if(open.begin(), open.end(), done), open.end());
  }
}

}  // namespace detail
}  // namespace reco
