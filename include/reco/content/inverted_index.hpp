// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/content/text_counts.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {

/// Searches items by their tokens: for each token the items that have it, with their weights (its postings). A
/// query touches the postings of its own tokens only, not every item's row.
///
///     const reco::inverted_index<float> index(reco::bm25{}.fit(counts).transform(counts));
///     for (auto [item, score] : index.search(words.count<float>("rate cut").counts.row(), 10)) …
///
/// With rows of BM25 and a query of counts the score is BM25's; with l2-normalised rows of TF-IDF on both sides it is
/// the cosine. Immutable; 8 bytes (float) or 12 (double) for each nonzero.
template <class T>
class inverted_index {
 public:
  using scalar = T;

  inverted_index() = default;
  /// From rows of weights, items × tokens. O(items + tokens + nonzeros).
  explicit inverted_index(const csr_matrix<T>& items) : postings_(items.transposed()) {}

  [[nodiscard]] std::int32_t items() const noexcept { return postings_.columns(); }
  [[nodiscard]] std::int32_t features() const noexcept { return postings_.rows(); }
  /// The items that have the token, ascending, and its weights there. Throws `std::out_of_range`.
  [[nodiscard]] sparse_row<T> postings(std::int32_t token) const;

  /// out[i] = the dot product of the query and item i; `out` has `items()` places. Throws `std::out_of_range` for a
  /// column of the query outside 0..features() - 1. O(items + postings of the query's tokens), bound by memory.
  void scores(const sparse_row<T>& query, std::span<T> out) const;

  /// The k best of the items that share a token with the query, whatever the sign of their score. Throws
  /// `invalid_argument` for a negative k and as `scores`.
  [[nodiscard]] ranked_list<T> search(const sparse_row<T>& query, std::int64_t k) const;

 private:
  csr_matrix<T> postings_ = {};  // tokens × items
};

// ---------------------------------------------------------------------------------------------------

template <class T>
sparse_row<T> inverted_index<T>::postings(std::int32_t token) const {
  detail::check_index("inverted_index: token", token, features());
  return postings_.row(token);
}

template <class T>
void inverted_index<T>::scores(const sparse_row<T>& query, std::span<T> out) const {
  if (out.size() != static_cast<std::size_t>(items()))
    detail::fail_argument("inverted_index: scores need " + detail::to_text(items()) + " places, got " +
                          detail::to_text(out.size()));
  for (const auto token : query.columns) detail::check_index("inverted_index: token", token, features());
  std::fill(out.begin(), out.end(), T(0));
  for (std::size_t q = 0; q < query.size(); ++q) {
    const auto found = postings_.row(query.columns[q]);
    for (std::size_t n = 0; n < found.size(); ++n)
      out[static_cast<std::size_t>(found.columns[n])] += query.values[q] * found.values[n];
  }
}

template <class T>
ranked_list<T> inverted_index<T>::search(const sparse_row<T>& query, std::int64_t k) const {
  top_k<T> best(k);
  std::vector<T> all(static_cast<std::size_t>(items()));
  scores(query, all);
  std::vector<bool> shares(all.size());
  for (const auto token : query.columns) {
    for (const auto item : postings_.row(token).columns) {
      if (shares[static_cast<std::size_t>(item)]) continue;
      shares[static_cast<std::size_t>(item)] = true;
      best.push(item, all[static_cast<std::size_t>(item)]);
    }
  }
  return ranked_list<T>::best_of(best.take());
}

}  // namespace reco
