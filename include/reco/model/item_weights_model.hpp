// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
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
#include "reco/base/fit_report.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// For each item a few weights: what having it says about others.
///
///     score_i = sum over j in the history of x_j W_ji
///
/// Answers from a query's history, known user or not; items it does not know are passed over, and a history with
/// none that it knows cannot be answered. A query costs the weights of its items and a look at every item's score.
template <class T>
class item_weights_model {
 public:
  using scalar = T;

  item_weights_model() = default;
  /// `weights`: items × items, row j what item j says about others. Throws `invalid_argument` for a matrix that is not
  /// square.
  explicit item_weights_model(csr_matrix<T> weights, fit_report report = {});

  [[nodiscard]] std::int32_t items() const noexcept { return weights_.rows(); }
  [[nodiscard]] bool can_answer(const query<T>& q) const;
  void scores(const query<T>& q, std::span<T> out) const;
  /// Each list as `recommend` gives it, to the last bit. Weights are fetched before their turn and the best taken in
  /// one pass over a row of scores that stays in the cache; no queries × items matrix is ever written.
  [[nodiscard]] std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r,
                                                          executor_ref executor) const;
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  /// The items that an item speaks for: those with a weight above 0, the greatest first.
  [[nodiscard]] ranked_list<T> similar(std::int32_t item, const request& r) const;

  /// Row j is what item j says about others.
  [[nodiscard]] const csr_matrix<T>& weights() const noexcept { return weights_; }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  /// Calls `f(item, value)` for each item of the history that is known.
  template <class F>
  void for_each_known(const query<T>& q, F&& f) const {
    for (std::size_t n = 0; n < q.history.size(); ++n) {
      const auto item = q.history.items[n];
      if (item < 0) detail::fail_range("history: item", item, items());
      if (item < items()) f(item, q.history.value(n));
    }
  }

  csr_matrix<T> weights_ = {};
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
item_weights_model<T>::item_weights_model(csr_matrix<T> weights, fit_report report)
    : weights_(std::move(weights)), report_(std::move(report)) {
  if (weights_.rows() != weights_.columns())
    detail::fail_argument("item_weights_model: weights must be a square matrix, got " +
                          detail::to_text(weights_.rows()) + " rows and " + detail::to_text(weights_.columns()) +
                          " columns");
}

template <class T>
bool item_weights_model<T>::can_answer(const query<T>& q) const {
  bool any = false;
  for_each_known(q, [&](std::int32_t, T) { any = true; });
  return any;
}

template <class T>
void item_weights_model<T>::scores(const query<T>& q, std::span<T> out) const {
  std::fill(out.begin(), out.end(), T(0));
  for_each_known(q, [&](std::int32_t item, T value) {
    const auto row = weights_.row(item);
    for (std::size_t n = 0; n < row.size(); ++n) out[static_cast<std::size_t>(row.columns[n])] += value * row.values[n];
  });
}

template <class T>
std::vector<ranked_list<T>> item_weights_model<T>::recommend_all(std::span<const query<T>> queries, const request& r,
                                                                 executor_ref executor) const {
  check_request(r);
  std::vector<ranked_list<T>> out(queries.size());
  if (r.k == 0) return out;
  constexpr std::int64_t chunk = 64;
  constexpr std::size_t ahead = 2, line = 16;  // rows fetched before their turn; weights to a line of the cache
  constexpr T lowest = -std::numeric_limits<T>::infinity();
  for_chunks(executor, std::ssize(queries), chunk, [&](std::int64_t begin, std::int64_t end) {
    std::vector<T> scores(static_cast<std::size_t>(items()));
    std::vector<std::pair<std::int32_t, T>> known;
    top_k<T> best(r.k);
    for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
      known.clear();
      for_each_known(queries[n], [&](std::int32_t item, T value) { known.emplace_back(item, value); });
      if (known.empty()) continue;
      if (r.only) {  // few places to look at
        out[n] = detail::recommend_into(*this, queries[n], r, scores);
        continue;
      }
      std::fill(scores.begin(), scores.end(), T(0));
      for (std::size_t h = 0; h < known.size(); ++h) {
        if (h + ahead < known.size()) {
          const auto later = weights_.row(known[h + ahead].first);
          for (std::size_t m = 0; m < later.size(); m += line) {
            __builtin_prefetch(later.columns.data() + m);
            __builtin_prefetch(later.values.data() + m);
          }
        }
        const auto row = weights_.row(known[h].first);
        const T value = known[h].second;
        for (std::size_t m = 0; m < row.size(); ++m)
          scores[static_cast<std::size_t>(row.columns[m])] += value * row.values[m];
      }
      for (const auto i : detail::excluded_items(queries[n], r, items())) scores[static_cast<std::size_t>(i)] = lowest;
      best.push_block(0, scores);
      auto list = best.take();
      // Excluded items come last, if at all; a score that overflowed might stand among them.
      const bool mixed = !list.empty() && list.back().score == lowest;
      out[n] = mixed ? detail::recommend_into(*this, queries[n], r, scores) : ranked_list<T>::best_of(std::move(list));
    }
  });
  return out;
}

template <class T>
explanation<T> item_weights_model<T>::explain(const query<T>& q, std::int32_t item) const {
  detail::check_index("explain: item", item, items());
  std::vector<scored_item<T>> because;
  T score = 0;
  for_each_known(q, [&](std::int32_t had, T value) {
    const auto row = weights_.row(had);
    const auto at = std::lower_bound(row.columns.begin(), row.columns.end(), item);
    if (at == row.columns.end() || *at != item) return;
    const T say = value * row.values[static_cast<std::size_t>(at - row.columns.begin())];
    score += say;
    because.push_back({had, say});
  });
  return {.score = score, .because = ranked_list<T>::best_of(std::move(because))};
}

template <class T>
ranked_list<T> item_weights_model<T>::similar(std::int32_t item, const request& r) const {
  detail::check_index("similar_items: item", item, items());
  check_request(r);
  std::vector<std::int32_t> excluded(r.exclude.begin(), r.exclude.end()), allowed;
  excluded.push_back(item);
  detail::make_item_set(excluded, items());
  if (r.only) allowed = detail::allowed_items(*r.only, excluded, items());
  const auto row = weights_.row(item);
  top_k<T> best(r.k);
  for (std::size_t n = 0; n < row.size(); ++n) {
    const auto other = row.columns[n];
    const bool passes = r.only ? std::binary_search(allowed.begin(), allowed.end(), other)
                               : !std::binary_search(excluded.begin(), excluded.end(), other);
    if (passes && row.values[n] > 0) best.push(other, row.values[n]);
  }
  return ranked_list<T>::best_of(best.take());
}

static_assert(scorer<item_weights_model<float>> && explains<item_weights_model<double>>);

}  // namespace reco
