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
#include "reco/math/row_scores.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// out[i] <- x'y_i, to the bit what `inner_product_lists` ranks by. `x` points at as many numbers as Y has columns.
template <class T>
void inner_products(const matrix<T>& y, const T* x, std::span<T> out) {
  const T* const one[] = {x};
  const auto row_at = [&](std::int64_t i) { return y.data() + i * y.cols(); };
  score_rows<inner_product_sum, T>(
      std::span(one), 0, y.rows(), row_at, y.cols(),
      [&](std::size_t, std::int64_t first, std::span<T> s) { std::copy(s.begin(), s.end(), out.begin() + first); });
}

/// Lists of many users over items' vectors Y by inner product. Blocks of items are scored by blocks of users and the
/// best selected while the scores are in the cache; items are passed in the order of falling length, and a user is done
/// when |x| |y| cannot reach their k-th score any more. The lists are those of `select` over `inner_products`, to the
/// bit. Memory beside the lists: O(k) a user, never a score for each item.
template <class T>
class inner_product_lists {
 public:
  inner_product_lists() = default;
  explicit inner_product_lists(const matrix<T>& y);

  /// `start()` gives a function `fill(query, out)` that writes a user's vector, one a block of users; asked of those
  /// that `can_answer(query)`.
  template <class CanAnswer, class Start>
  [[nodiscard]] std::vector<ranked_list<T>> best(const matrix<T>& y, std::span<const query<T>> queries,
                                                 const request& r, executor_ref executor, CanAnswer can_answer,
                                                 Start start) const;

 private:
  void select_block(const matrix<T>& y, std::span<const query<T>> queries, const matrix<T>& vectors,
                    std::span<const std::int64_t> answered, const request& r, std::span<ranked_list<T>> out) const;

  std::vector<std::int32_t> by_length_ = {};  // items, longest vector first
  std::vector<double> length_ = {};           // in that order
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
}

template <class T>
template <class CanAnswer, class Start>
std::vector<ranked_list<T>> inner_product_lists<T>::best(const matrix<T>& y, std::span<const query<T>> queries,
                                                         const request& r, executor_ref executor, CanAnswer can_answer,
                                                         Start start) const {
  check_request(r);
  std::vector<ranked_list<T>> out(queries.size());
  if (r.k == 0) return out;
  constexpr std::int64_t block = 128;  // users whose vectors stay in the second-level cache
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
    select_block(y, queries.subspan(first, count), vectors, answered, r, std::span(out).subspan(first, count));
  });
  return out;
}

template <class T>
void inner_product_lists<T>::select_block(const matrix<T>& y, std::span<const query<T>> queries,
                                          const matrix<T>& vectors, std::span<const std::int64_t> answered,
                                          const request& r, std::span<ranked_list<T>> out) const {
  const auto count = static_cast<std::int32_t>(y.rows());
  struct selection {
    std::int64_t query;
    top_k<T> best;
    double length;
    std::vector<std::int32_t> excluded;
  };
  std::vector<selection> open;
  for (const auto n : answered)
    open.push_back({n, top_k<T>(r.k), vectors.row(n).template cast<double>().norm(),
                    excluded_items(queries[static_cast<std::size_t>(n)], r, count)});
  std::vector<std::int32_t> allowed;
  if (r.only) allowed = allowed_items(*r.only, {}, count);
  const std::span<const std::int32_t> order = r.only ? std::span<const std::int32_t>(allowed) : by_length_;
  const auto row_at = [&](std::int64_t i) { return y.data() + order[static_cast<std::size_t>(i)] * y.cols(); };

  // A computed score may pass |x| |y| by the rounding of d products.
  const double slack = 1 + 2 * static_cast<double>(y.cols()) * static_cast<double>(std::numeric_limits<T>::epsilon());
  std::vector<const T*> asked;
  for (std::int64_t begin = 0; begin < std::ssize(order) && !open.empty();) {
    const std::int64_t end = std::min<std::int64_t>(std::ssize(order), begin + (begin == 0 ? 512 : 2048));
    asked.clear();
    for (const auto& s : open) asked.push_back(vectors.data() + s.query * vectors.cols());
    score_rows<inner_product_sum, T>(
        std::span<const T* const>(asked), begin, end, row_at, y.cols(),
        [&](std::size_t q, std::int64_t first, std::span<T> scores) {
          auto& s = open[q];
          constexpr std::size_t width = 16;
          for (std::size_t n = 0; n < scores.size(); n += width) {
            const T bar = s.best.threshold();
            const std::size_t stop = std::min(scores.size(), n + width);
            if (stop == n + width && all_hold<width>(&scores[n], [bar](T v) { return v < bar; })) continue;
            for (std::size_t m = n; m < stop; ++m) {
              if (scores[m] < s.best.threshold()) continue;
              const auto item = order[static_cast<std::size_t>(first) + m];
              if (!std::binary_search(s.excluded.begin(), s.excluded.end(), item)) s.best.push(item, scores[m]);
            }
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
