// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/sparse_product.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// A weight for every pair of items, in one dense table: what having item j says about item i.
///
///     score_i = sum over j in the history of x_j W_ji
///
/// Answers from a query's history, known user or not; items it does not know are passed over, and a history with
/// none that it knows cannot be answered. Copies share one table. Scores of one query: history · items
/// multiply-adds, as many numbers read from memory; of many at once (`recommend_all`) the table is read once for a
/// thousand queries, and no queries × items matrix is ever written.
template <class T>
class dense_item_weights_model {
 public:
  using scalar = T;

  dense_item_weights_model() : weights_(std::make_shared<const matrix<T>>()) {}
  /// `weights`: items × items, row j what item j says about each item; finite. Throws `invalid_argument` for a table
  /// that is not square.
  explicit dense_item_weights_model(std::shared_ptr<const matrix<T>> weights, fit_report report = {});

  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(weights_->rows()); }
  [[nodiscard]] bool can_answer(const query<T>& q) const { return !known(q).items.empty(); }
  void scores(const query<T>& q, std::span<T> out) const;
  /// Each list as `recommend` gives it, to the last bit.
  [[nodiscard]] std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r,
                                                          executor_ref executor) const;
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  /// The items that an item speaks for: those with a weight above 0, the greatest first.
  [[nodiscard]] ranked_list<T> similar(std::int32_t item, const request& r) const;

  /// Row j is what item j says about each item.
  [[nodiscard]] const matrix<T>& weights() const noexcept { return *weights_; }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  /// The part of a history that the model knows, as a sparse row of ones where it has no values.
  struct known_row {
    std::vector<std::int32_t> items;
    std::vector<T> values;

    [[nodiscard]] sparse_row<T> row() const { return {items, values}; }
  };
  known_row known(const query<T>& q) const;

  std::shared_ptr<const matrix<T>> weights_;
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
dense_item_weights_model<T>::dense_item_weights_model(std::shared_ptr<const matrix<T>> weights, fit_report report)
    : weights_(std::move(weights)), report_(std::move(report)) {
  if (weights_ == nullptr || weights_->rows() != weights_->cols())
    detail::fail_argument("dense_item_weights_model: weights must be a square matrix, got " +
                          (weights_ == nullptr ? std::string("none")
                                               : detail::to_text(weights_->rows()) + " rows and " +
                                                     detail::to_text(weights_->cols()) + " columns"));
}

template <class T>
auto dense_item_weights_model<T>::known(const query<T>& q) const -> known_row {
  known_row row;
  for (std::size_t n = 0; n < q.history.size(); ++n) {
    const auto item = q.history.items[n];
    if (item < 0) detail::fail_range("history: item", item, items());
    if (item >= items()) continue;
    row.items.push_back(item);
    row.values.push_back(q.history.value(n));
  }
  return row;
}

template <class T>
void dense_item_weights_model<T>::scores(const query<T>& q, std::span<T> out) const {
  std::fill(out.begin(), out.end(), T(0));
  add_row_product(T(1), known(q).row(), *weights_, out);
}

template <class T>
std::vector<ranked_list<T>> dense_item_weights_model<T>::recommend_all(std::span<const query<T>> queries,
                                                                       const request& r, executor_ref executor) const {
  check_request(r);
  constexpr std::int64_t chunk = 1024;  // queries for which the table is read once
  constexpr Eigen::Index panel = 64;    // columns at a time; a multiple of every tile of add_row_product
  const Eigen::Index columns = weights_->cols();
  struct asking {
    known_row history;
    std::vector<std::int32_t> excluded;  // ascending
    std::size_t passed = 0;              // of them
    top_k<T> best;
  };
  std::vector<ranked_list<T>> out(queries.size());
  for_chunks(executor, std::ssize(queries), chunk, [&](std::int64_t begin, std::int64_t end) {
    std::vector<asking> all;
    for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
      auto excluded = detail::excluded_items(queries[n], r, items());
      if (r.only) {  // all that is not allowed
        const auto allowed = detail::allowed_items(*r.only, excluded, items());
        excluded.clear();
        for (std::int32_t i = 0; i < items(); ++i)
          if (!std::binary_search(allowed.begin(), allowed.end(), i)) excluded.push_back(i);
      }
      all.push_back({known(queries[n]), std::move(excluded), 0, top_k<T>(r.k)});
    }
    matrix<T> piece;  // a panel's columns side by side: it stays in the second-level cache
    T scores[panel];
    for (Eigen::Index first = 0; first < columns; first += panel) {
      const auto width = std::min(panel, columns - first);
      piece = weights_->middleCols(first, width);
      for (auto& a : all) {
        if (a.history.items.empty()) continue;
        std::fill_n(scores, width, T(0));
        add_row_product(T(1), a.history.row(), piece, std::span<T>(scores, static_cast<std::size_t>(width)));
        // The stretches between excluded items.
        Eigen::Index from = 0;
        const auto push = [&](Eigen::Index to) {
          if (to > from)
            a.best.push_block(static_cast<std::int32_t>(first + from),
                              std::span<const T>(scores + from, static_cast<std::size_t>(to - from)));
        };
        for (; a.passed < a.excluded.size() && a.excluded[a.passed] < first + width; ++a.passed) {
          push(a.excluded[a.passed] - first);
          from = a.excluded[a.passed] - first + 1;
        }
        push(width);
      }
    }
    for (auto n = begin; n < end; ++n)
      out[static_cast<std::size_t>(n)] = ranked_list<T>::best_of(all[static_cast<std::size_t>(n - begin)].best.take());
  });
  return out;
}

template <class T>
explanation<T> dense_item_weights_model<T>::explain(const query<T>& q, std::int32_t item) const {
  detail::check_index("explain: item", item, items());
  const auto history = known(q);
  std::vector<scored_item<T>> because;
  T score = 0;
  for (std::size_t n = 0; n < history.items.size(); ++n) {
    const T say = history.values[n] * (*weights_)(history.items[n], item);
    if (say == 0) continue;
    score += say;
    because.push_back({history.items[n], say});
  }
  return {.score = score, .because = ranked_list<T>::best_of(std::move(because))};
}

template <class T>
ranked_list<T> dense_item_weights_model<T>::similar(std::int32_t item, const request& r) const {
  detail::check_index("similar_items: item", item, items());
  check_request(r);
  std::vector<std::int32_t> excluded(r.exclude.begin(), r.exclude.end());
  excluded.push_back(item);
  detail::make_item_set(excluded, items());
  const auto row = row_of(*weights_, item);
  top_k<T> best(r.k);
  const auto offer = [&](std::int32_t other) {
    if (row[static_cast<std::size_t>(other)] > 0) best.push(other, row[static_cast<std::size_t>(other)]);
  };
  if (r.only) {
    for (const auto other : detail::allowed_items(*r.only, excluded, items())) offer(other);
  } else {
    for (std::int32_t other = 0; other < items(); ++other)
      if (!std::binary_search(excluded.begin(), excluded.end(), other)) offer(other);
  }
  return ranked_list<T>::best_of(best.take());
}

static_assert(scorer<dense_item_weights_model<float>> && explains<dense_item_weights_model<double>>);

}  // namespace reco
