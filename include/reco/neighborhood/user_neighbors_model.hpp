// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/sparse_sum.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"
#include "reco/neighborhood/similarity.hpp"

namespace reco::inline RECO_ABI() {

/// How the users nearest to a history are found and asked.
struct user_neighbor_rule {
  item_similarity similarity = item_similarity::cosine;
  similarity_parameters parameters = {};
  std::int32_t neighbors = 100;
  double shrinkage = 0, significance = 0;
  std::int32_t min_overlap = 1;
  double amplification = 1;
  bool normalize = false;  ///< divide by the sum of the neighbors' similarities
};

/// What the users most like somebody have:
///
///     score_i = sum over the nearest users v of similarity(history, v) x_vi
///
/// The neighbors are found when asked, from the history alone, known user or not; a known user (`query.user`) is no
/// neighbor of their own. Holds the users' rows and the items' columns. A query adds the columns of its items, then the
/// rows of its neighbors.
template <class T>
class user_neighbors_model {
 public:
  using scalar = T;

  user_neighbors_model() = default;
  /// `x`: users × items, as they vote. `item_weight`: what an item counts in a similarity, one each, above 0. Throws
  /// `invalid_argument` for another number of weights.
  user_neighbors_model(csr_matrix<T> x, std::vector<double> item_weight, user_neighbor_rule rule,
                       fit_report report = {});

  [[nodiscard]] std::int32_t items() const noexcept { return votes_.columns(); }
  [[nodiscard]] std::int32_t users() const noexcept { return votes_.rows(); }
  [[nodiscard]] bool can_answer(const query<T>& q) const { return !known(q).empty(); }
  void scores(const query<T>& q, std::span<T> out) const;
  /// Which items of the history the neighbors were found by: each neighbor's vote is shared out among the items in
  /// common in proportion to what they add to the similarity.
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  /// The nearest users and their similarities, the nearest first.
  [[nodiscard]] std::vector<scored_item<T>> neighbors(const query<T>& q) const;
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  struct totals {
    double squares = 0, values = 0;  ///< over items: sum of w x², of w x
  };
  using row = std::vector<scored_item<double>>;  ///< items and values

  /// The known items of a history and their values as similarities see them.
  [[nodiscard]] row known(const query<T>& q) const;
  [[nodiscard]] std::vector<scored_item<T>> nearest(const query<T>& q, const row& history) const;
  [[nodiscard]] double weight(std::int32_t item) const { return item_weight_[static_cast<std::size_t>(item)]; }
  void add(totals& t, std::int32_t item, double x) const {
    t.squares += weight(item) * x * x;
    t.values += weight(item) * x;
  }
  [[nodiscard]] bool is_set() const { return is_of_sets(rule_.similarity); }
  [[nodiscard]] bool centered() const { return rule_.similarity == item_similarity::adjusted_cosine; }
  [[nodiscard]] T total(const std::vector<scored_item<T>>& nearest) const {
    T sum = 0;
    for (const auto& v : nearest) sum += v.score;
    return rule_.normalize && sum > 0 ? sum : T(1);
  }

  csr_matrix<T> votes_ = {};    ///< users × items
  csr_matrix<T> columns_ = {};  ///< items × users, values as similarities see them
  std::vector<double> item_weight_ = {};
  std::vector<totals> users_ = {};
  double item_weights_ = 0;  ///< their sum
  user_neighbor_rule rule_ = {};
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

namespace detail {
/// Values as similarities see them: sets know only 1, adjusted cosines what is above or below the mean.
template <class V>
void see_values(std::vector<V>& values, bool set, bool center) {
  if (set)
    for (auto& v : values) v = v > 0 ? V(1) : V(0);
  if (!center || values.empty()) return;
  double sum = 0;
  for (const auto v : values) sum += static_cast<double>(v);
  const double mean = sum / static_cast<double>(values.size());
  for (auto& v : values) v = static_cast<V>(static_cast<double>(v) - mean);
}
}  // namespace detail

template <class T>
user_neighbors_model<T>::user_neighbors_model(csr_matrix<T> x, std::vector<double> item_weight, user_neighbor_rule rule,
                                              fit_report report)
    : votes_(std::move(x)), item_weight_(std::move(item_weight)), rule_(rule), report_(std::move(report)) {
  if (std::ssize(item_weight_) != votes_.columns())
    detail::fail_argument("user_neighbors_model: one weight for each of " + detail::to_text(votes_.columns()) +
                          " items was expected, got " + detail::to_text(item_weight_.size()));
  for (const double w : item_weight_) item_weights_ += w;
  std::vector<T> seen;
  for (std::int32_t u = 0; u < votes_.rows(); ++u) {
    const auto votes = votes_.row(u);
    std::vector<T> values(votes.values.begin(), votes.values.end());
    detail::see_values(values, is_set(), centered());
    users_.emplace_back();
    for (std::size_t n = 0; n < values.size(); ++n)
      add(users_.back(), votes.columns[n], static_cast<double>(values[n]));
    seen.insert(seen.end(), values.begin(), values.end());
  }
  columns_ = csr_matrix<T>(votes_.columns(), {votes_.offsets().begin(), votes_.offsets().end()},
                           {votes_.column_ids().begin(), votes_.column_ids().end()}, std::move(seen))
                 .transposed();
}

template <class T>
auto user_neighbors_model<T>::known(const query<T>& q) const -> row {
  std::vector<double> values;
  row out;
  for (std::size_t n = 0; n < q.history.size(); ++n) {
    const auto item = q.history.items[n];
    if (item < 0) detail::fail_range("history: item", item, items());
    if (item >= items()) continue;
    out.push_back({item, 0});
    values.push_back(static_cast<double>(q.history.value(n)));
  }
  detail::see_values(values, is_set(), centered());
  for (std::size_t n = 0; n < out.size(); ++n) out[n].score = values[n];
  return out;
}

template <class T>
std::vector<scored_item<T>> user_neighbors_model<T>::nearest(const query<T>& q, const row& history) const {
  sparse_sum<T> sums(users()), both(users());
  totals mine;
  std::vector<T> ones;
  for (const auto& [item, x] : history) {
    const auto column = columns_.row(item);
    if (ones.size() < column.size()) ones.resize(column.size(), T(1));
    sums.add(static_cast<T>(weight(item) * x), column);
    both.add(T(1), {column.columns, std::span<const T>(ones).first(column.size())});
    add(mine, item, x);
  }
  top_k<T> best(rule_.neighbors);
  both.for_each([&](std::int32_t first, std::span<const T> counts) {
    for (std::size_t n = 0; n < counts.size(); ++n) {
      const auto v = first + static_cast<std::int32_t>(n);
      const auto common = static_cast<double>(counts[n]);
      if (v == q.user || common < rule_.min_overlap) continue;
      const auto& theirs = users_[static_cast<std::size_t>(v)];
      double w = similarity_of(rule_.similarity,
                               {.s = static_cast<double>(sums[v]),
                                .a = mine.squares,
                                .b = theirs.squares,
                                .sum_a = mine.values,
                                .sum_b = theirs.values,
                                .total = item_weights_},
                               rule_.parameters);
      if (!(w > 0)) continue;
      if (rule_.amplification != 1) w = std::pow(w, rule_.amplification);
      if (rule_.shrinkage > 0) w *= common / (common + rule_.shrinkage);
      if (rule_.significance > 0) w *= std::min(common, rule_.significance) / rule_.significance;
      best.push(v, static_cast<T>(w));
    }
  });
  return best.take();
}

template <class T>
std::vector<scored_item<T>> user_neighbors_model<T>::neighbors(const query<T>& q) const {
  return nearest(q, known(q));
}

template <class T>
void user_neighbors_model<T>::scores(const query<T>& q, std::span<T> out) const {
  std::fill(out.begin(), out.end(), T(0));
  const auto nearest = neighbors(q);
  const T sum = total(nearest);
  for (const auto& [user, similarity] : nearest) {
    const auto votes = votes_.row(user);
    for (std::size_t n = 0; n < votes.size(); ++n)
      out[static_cast<std::size_t>(votes.columns[n])] += similarity / sum * votes.values[n];
  }
}

template <class T>
explanation<T> user_neighbors_model<T>::explain(const query<T>& q, std::int32_t item) const {
  detail::check_index("explain: item", item, items());
  const auto find = [](const sparse_row<T>& in, std::int32_t what) -> const T* {
    const auto at = std::lower_bound(in.columns.begin(), in.columns.end(), what);
    if (at == in.columns.end() || *at != what) return nullptr;
    return in.values.data() + (at - in.columns.begin());
  };
  const auto history = known(q);
  const auto nearest = this->nearest(q, history);
  const T sum = total(nearest);
  std::vector<double> parts(history.size());
  std::vector<char> spoke(history.size());
  explanation<T> out;
  for (const auto& [user, similarity] : nearest) {
    const T* const vote = find(votes_.row(user), item);
    if (vote == nullptr) continue;
    const T say = similarity / sum * *vote;
    out.score += say;
    double s = 0, common = 0;
    std::vector<std::pair<std::size_t, double>> addends;
    for (std::size_t n = 0; n < history.size(); ++n)
      if (const T* const x = find(columns_.row(history[n].item), user)) {
        addends.emplace_back(n, weight(history[n].item) * history[n].score * static_cast<double>(*x));
        s += addends.back().second;
        ++common;
      }
    for (const auto& [n, addend] : addends) {
      parts[n] += static_cast<double>(say) * (s > 0 ? addend / s : 1 / common);
      spoke[n] = 1;
    }
  }
  std::vector<scored_item<T>> because;
  for (std::size_t n = 0; n < parts.size(); ++n)
    if (spoke[n]) because.push_back({history[n].item, static_cast<T>(parts[n])});
  out.because = ranked_list<T>::best_of(std::move(because));
  return out;
}

static_assert(scorer<user_neighbors_model<float>> && explains<user_neighbors_model<double>>);

}  // namespace reco
