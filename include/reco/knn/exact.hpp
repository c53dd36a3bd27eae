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
#include "reco/base/executor.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/knn/concepts.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/row_scores.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {

/// What makes a row near to a query; the score is larger for what is nearer.
enum class similarity {
  cosine,  ///< q·x / (|q| |x|); a vector of zeros has no direction: nothing is near to it, it is near to nothing
  inner_product,  ///< q·x
  l2,             ///< -|q - x|^2, the squared Euclidean distance with a minus
};

/// The exact nearest neighbors, found by looking at every row: the default, and what other indexes are judged by.
///
///     reco::exact_index<float> index(std::move(rows), reco::similarity::cosine);
///     auto near = index.search(vector, {.k = 10, .exclude = seen});
///     auto all  = index.search_all(vectors, {.k = 10}, pool);
///
/// A score depends on query and row alone, to the last bit: a query has the same list alone and among others,
/// with any filter and on any number of threads; equal scores stand in the order of the items. (Other
/// instruction sets round differently.) Only with scores that overflow, queries of astronomic length, can a
/// search fail: NaN is `numeric_error`, never a rank.
///
/// Rows × d multiplications a query. One query is bound by reading the rows, at the speed of memory; a batch by
/// arithmetic. Memory beyond the rows: one number a row for cosine; for a search, O(queries k chunks), with at most
/// 64 chunks, and never a score for each row. For millions of rows and a few lost neighbors in a hundred, an
/// approximate index answers a thousand times faster.
template <class T>
class exact_index {
 public:
  using scalar = T;

  exact_index() = default;
  /// items × d, owned; pass by `std::move` not to copy. Throws `invalid_argument` naming row and column of a
  /// number that is not finite.
  explicit exact_index(matrix<T> rows, similarity measure = similarity::cosine);
  /// Looks into rows that belong to someone else and must outlive the index, unchanged. Throws as above.
  [[nodiscard]] static exact_index view(const_matrix_map<T> rows, similarity measure = similarity::cosine);
  [[nodiscard]] static exact_index view(const matrix<T>& rows, similarity measure = similarity::cosine);
  static exact_index view(matrix<T>&& rows, similarity measure = similarity::cosine) = delete;

  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(rows().rows()); }
  [[nodiscard]] std::int32_t dimension() const noexcept { return static_cast<std::int32_t>(rows().cols()); }
  [[nodiscard]] similarity measure() const noexcept { return measure_; }
  /// The rows as they were given.
  [[nodiscard]] const_matrix_map<T> rows() const noexcept;

  /// The k nearest items, nearest first; under the terms of a request, `exclude_seen` apart. Throws
  /// `invalid_argument` for a query of another dimension or with a number that is not finite.
  [[nodiscard]] ranked_list<T> search(std::span<const T> query, const request& r = {},
                                      executor_ref executor = {}) const;
  /// A list for each row of `queries`. Throws as `search`, naming the query.
  [[nodiscard]] std::vector<ranked_list<T>> search_all(const Eigen::Ref<const matrix<T>>& queries,
                                                       const request& r = {}, executor_ref executor = {}) const;

 private:
  void check_rows_and_take_lengths();
  template <class Sum>
  std::vector<ranked_list<T>> scan(std::span<const T* const> queries, const request& r, executor_ref executor) const;

  matrix<T> owned_ = {};
  const T* viewed_ = nullptr;  // of someone else's rows, if not owned
  Eigen::Index viewed_rows_ = 0, viewed_columns_ = 0;
  similarity measure_ = similarity::cosine;
  std::vector<T> lengths_ = {};                   // for cosine
  std::vector<std::int32_t> directionless_ = {};  // for cosine: rows of zeros
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The Euclidean length, without overflow on the way.
template <class Vector>
double length_of(const Vector& v) {
  const double length = v.template cast<double>().norm();
  return length > 1e-140 && length < 1e140 ? length : v.template cast<double>().stableNorm();
}

}  // namespace detail

template <class T>
exact_index<T>::exact_index(matrix<T> rows, similarity measure) : owned_(std::move(rows)), measure_(measure) {
  check_rows_and_take_lengths();
}

template <class T>
exact_index<T> exact_index<T>::view(const_matrix_map<T> rows, similarity measure) {
  exact_index index;
  index.viewed_ = rows.data();
  index.viewed_rows_ = rows.rows();
  index.viewed_columns_ = rows.cols();
  if (rows.data() == nullptr) index.owned_.resize(rows.rows(), rows.cols());  // no numbers, and yet a dimension
  index.measure_ = measure;
  index.check_rows_and_take_lengths();
  return index;
}

template <class T>
exact_index<T> exact_index<T>::view(const matrix<T>& rows, similarity measure) {
  return view(const_matrix_map<T>(rows.data(), rows.rows(), rows.cols()), measure);
}

template <class T>
const_matrix_map<T> exact_index<T>::rows() const noexcept {
  if (viewed_ != nullptr) return {viewed_, viewed_rows_, viewed_columns_};
  return {owned_.data(), owned_.rows(), owned_.cols()};
}

template <class T>
void exact_index<T>::check_rows_and_take_lengths() {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  const auto x = rows();
  if (x.rows() > most || x.cols() > most) detail::fail_argument("exact_index: at most 2147483647 rows and columns");
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index c = 0; c < x.cols(); ++c)
      if (!std::isfinite(x(i, c))) [[unlikely]]
        detail::fail_argument("exact_index: row " + detail::to_text(i) + ", column " + detail::to_text(c) +
                              " must be finite, got " + detail::to_text(x(i, c)));
    if (measure_ != similarity::cosine) continue;
    lengths_.push_back(static_cast<T>(detail::length_of(x.row(i))));
    if (std::isinf(lengths_.back()))
      detail::fail_argument("exact_index: the length of row " + detail::to_text(i) + " must be a finite number");
    if (lengths_.back() == 0) directionless_.push_back(static_cast<std::int32_t>(i));
  }
}

template <class T>
ranked_list<T> exact_index<T>::search(std::span<const T> query, const request& r, executor_ref executor) const {
  const const_matrix_map<T> one(query.data(), 1, std::ssize(query));
  return std::move(search_all(one, r, executor).front());
}

template <class T>
std::vector<ranked_list<T>> exact_index<T>::search_all(const Eigen::Ref<const matrix<T>>& queries, const request& r,
                                                       executor_ref executor) const {
  check_request(r);
  if (queries.cols() != dimension())
    detail::fail_argument("exact_index: a query must have " + detail::to_text(dimension()) + " numbers, got " +
                          detail::to_text(queries.cols()));
  for (Eigen::Index q = 0; q < queries.rows(); ++q)
    for (Eigen::Index c = 0; c < queries.cols(); ++c)
      if (!std::isfinite(queries(q, c)))
        detail::fail_argument("exact_index: query " + detail::to_text(q) + ", number " + detail::to_text(c) +
                              " must be finite, got " + detail::to_text(queries(q, c)));

  std::vector<const T*> asked;
  for (Eigen::Index q = 0; q < queries.rows(); ++q) asked.push_back(queries.data() + q * queries.outerStride());
  if (measure_ == similarity::l2) return scan<negative_square_sum>(asked, r, executor);
  if (measure_ == similarity::inner_product) return scan<inner_product_sum>(asked, r, executor);

  // q·x / |x| with q of length 1; what is asked without a direction has an empty answer.
  matrix<T> unit(queries.rows(), queries.cols());
  std::vector<Eigen::Index> with_direction;
  asked.clear();
  for (Eigen::Index q = 0; q < queries.rows(); ++q) {
    const double length = detail::length_of(queries.row(q));
    if (length == 0) continue;
    unit.row(q) = (queries.row(q).template cast<double>() / length).template cast<T>();
    asked.push_back(unit.data() + q * unit.cols());
    with_direction.push_back(q);
  }
  auto found = scan<inner_product_sum>(asked, r, executor);
  std::vector<ranked_list<T>> lists(static_cast<std::size_t>(queries.rows()));
  for (std::size_t n = 0; n < found.size(); ++n)
    lists[static_cast<std::size_t>(with_direction[n])] = std::move(found[n]);
  return lists;
}

// Work is cut into blocks of queries, which stay in the second-level cache, and if need be the rows into chunks; the
// lists that a query has from each chunk are merged. The cut never shows: the order of items is total.
template <class T>
template <class Sum>
std::vector<ranked_list<T>> exact_index<T>::scan(std::span<const T* const> queries, const request& r,
                                                 executor_ref executor) const {
  std::vector<std::int32_t> excluded(r.exclude.begin(), r.exclude.end());
  excluded.insert(excluded.end(), directionless_.begin(), directionless_.end());
  detail::make_item_set(excluded, items());
  std::vector<std::int32_t> allowed;
  if (r.only) allowed = detail::allowed_items(*r.only, excluded, items());

  const auto x = rows();
  const std::int64_t d = dimension(), asked = std::ssize(queries), count = r.only ? std::ssize(allowed) : items();
  const auto item_at = [&](std::int64_t row) {
    return r.only ? allowed[static_cast<std::size_t>(row)] : static_cast<std::int32_t>(row);
  };
  const auto row_at = [&](std::int64_t row) { return x.data() + item_at(row) * d; };

  const std::int64_t block = std::clamp<std::int64_t>((128 << 10) / (d * std::int64_t{sizeof(T)} + 1), 8, 128);
  const std::int64_t blocks = (asked + block - 1) / block;
  // Each chunk begins a selection anew: there is more than one only where blocks are too few to share out.
  const std::int64_t worth_it = std::max<std::int64_t>(32768, 256 * std::int64_t{r.k});
  const std::int64_t chunks =
      blocks < 8 ? std::min<std::int64_t>(64 / std::max<std::int64_t>(1, blocks), 1 + count / worth_it) : 1;
  const std::int64_t chunk = (count + chunks - 1) / chunks;
  std::vector<std::vector<scored_item<T>>> found(static_cast<std::size_t>(asked * chunks));

  const auto search_chunk = [&](std::int64_t task) {  // chunk by chunk: its rows stay in the third-level cache
    const std::int64_t first_query = task % blocks * block, c = task / blocks;
    const auto some = queries.subspan(static_cast<std::size_t>(first_query),
                                      static_cast<std::size_t>(std::min(block, asked - first_query)));
    std::vector<top_k<T>> best(some.size(), top_k<T>(r.k));
    auto gap = excluded.begin();  // the first excluded item that is not below the block of rows
    const auto take = [&](std::size_t q, std::int64_t first, std::span<T> scores) {
      if (measure_ == similarity::cosine)
        for (std::size_t n = 0; n < scores.size(); ++n)
          scores[n] /= lengths_[static_cast<std::size_t>(item_at(first + static_cast<std::int64_t>(n)))];
      if (r.only) {
        for (std::size_t n = 0; n < scores.size(); ++n)
          best[q].push(item_at(first + static_cast<std::int64_t>(n)), scores[n]);
        return;
      }
      while (gap != excluded.end() && *gap < first) ++gap;
      std::size_t n = 0;
      for (auto g = gap; g != excluded.end() && *g < first + std::ssize(scores); ++g) {
        const auto at = static_cast<std::size_t>(*g - first);
        best[q].push_block(static_cast<std::int32_t>(first) + static_cast<std::int32_t>(n), scores.subspan(n, at - n));
        n = at + 1;
      }
      best[q].push_block(static_cast<std::int32_t>(first) + static_cast<std::int32_t>(n), scores.subspan(n));
    };
    score_rows<Sum, T>(some, c * chunk, std::min(count, (c + 1) * chunk), row_at, d, take);
    for (std::size_t q = 0; q < best.size(); ++q)
      found[static_cast<std::size_t>((first_query + static_cast<std::int64_t>(q)) * chunks + c)] = best[q].take();
  };
  if (r.k > 0) executor.run(blocks * chunks, search_chunk);

  std::vector<ranked_list<T>> lists;
  for (std::int64_t q = 0; q < asked; ++q) {
    top_k<T> best(r.k);
    for (std::int64_t c = 0; c < chunks; ++c)
      for (const auto& s : found[static_cast<std::size_t>(q * chunks + c)]) best.push(s.item, s.score);
    lists.push_back(ranked_list<T>::best_of(best.take()));
  }
  return lists;
}

static_assert(neighbor_index<exact_index<float>> && neighbor_index<exact_index<double>>);

}  // namespace reco
