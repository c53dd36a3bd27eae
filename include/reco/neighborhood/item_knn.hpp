// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/event.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/sparse_sum.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/item_weights_model.hpp"
#include "reco/neighborhood/all_pairs.hpp"
#include "reco/neighborhood/changed_rows.hpp"
#include "reco/neighborhood/interaction_weights.hpp"
#include "reco/neighborhood/neighbor_rows.hpp"
#include "reco/neighborhood/similarity.hpp"

namespace reco::inline RECO_ABI() {

/// Of which item the k nearest are kept: of the one in the history, or of the one that is scored.
enum class neighbor_side { source, target };

/// Items are recommended that are like those of the history, alike being what the same users have:
///
///     score_i = sum over j in the history of x_j W_ji
///     W_ji = similarity(j, i)^ρ · n_ji / (n_ji + λ) · min(n_ji, γ) / γ      n_ji: users with both
///
/// By default
///
///     similarity(j, i) = sum over users u of n_u^-d x_uj x_ui / (|x_j|^2p |x_i|^2q)      |x_i|²: sum of x_ui²
///
/// with n_u items of user u: who has much says little about what goes together (d), but all about how much an item is
/// had, so that lengths are of columns as they are. Exponents p of the item in the history and q of the one that is
/// scored below 0.5 leave popular items a say. All cosines have these sums; the other similarities weigh users in all
/// of theirs. Deshpande and Karypis, "Item-based top-n recommendation algorithms", ACM TOIS 2004; shrinkage: Koren, KDD
/// 2008; significance: Herlocker et al., SIGIR 1999; exponents: Aiolli, RecSys 2013.
///
///     const auto model = reco::item_knn{.neighbors = 100}.fit(train, {.executor = pool});
///
/// Only similarities above 0 are kept. Fit: sum over users of history² multiply-adds, bound by adding to scattered
/// places of one row of sums; memory 8 bytes (float) a neighbor, never items × items.
struct item_knn {
  item_similarity similarity = item_similarity::cosine;
  std::int32_t neighbors = 400;  ///< k >= 1
  neighbor_side keep = neighbor_side::source;
  double user_exponent = 0.7;     ///< d >= 0; 0: all users count alike
  double source_exponent = 0.6;   ///< p >= 0, of the item in the history
  double target_exponent = 0.35;  ///< q >= 0, of the item that is scored
  double alpha = 0.5;             ///< 0..1, of Tversky and the asymmetric cosine
  double beta = 0.5;              ///< 0..1, of Tversky
  interaction_weighting weighting = interaction_weighting::none;
  double bm25_k1 = 100;           ///< >= 0
  double bm25_b = 0.8;            ///< 0..1
  double shrinkage = 0;           ///< λ >= 0
  double significance = 0;        ///< γ >= 0: pairs with fewer users count proportionally less; 0: off
  std::int32_t min_overlap = 1;   ///< >= 1: pairs with fewer users are dropped
  double amplification = 1;       ///< ρ > 0
  bool normalize = false;         ///< each item's weights then sum to 1: all items of a history have the same say
  half_life_t half_life = never;  ///< > 0: interactions count half after this; needs times

  static constexpr std::string_view name = "item_knn";
  static constexpr auto options();
  friend bool operator==(const item_knn&, const item_knn&) = default;

  /// Throws `invalid_argument` for options out of range, for values below 0 where sets or weightings cannot have them,
  /// and for a half-life where the data has no timelines.
  template <interactions D>
  [[nodiscard]] item_weights_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
  /// What `fit(data)` gives, to the last bit, where `model` was fitted before the events `fresh` came into `data`: by
  /// users and of items old or new, pairs that were there before too. Only the rows that they change are computed:
  /// of the users' items, and of all that share a user with a fresh item. Everything is with Pearson, log-likelihood,
  /// weightings, half-lives and normalized weights kept by target. Throws as `fit`, `invalid_argument` for data with
  /// fewer items than the model, `std::out_of_range` for events that cannot be in the data.
  template <interactions D>
  [[nodiscard]] item_weights_model<typename D::scalar> updated(const item_weights_model<typename D::scalar>& model,
                                                               const D& data, std::span<const event> fresh,
                                                               const training& how = {}) const;

 private:
  template <interactions D>
  item_weights_model<typename D::scalar> learn(const D& data, const item_weights_model<typename D::scalar>* model,
                                               std::span<const event> fresh, const training& how) const;
};

// ---------------------------------------------------------------------------------------------------

constexpr auto item_knn::options() {
  using knn = item_knn;
  constexpr auto log_scale = search_scale::logarithmic;
  return std::tuple{
      one_of("similarity", &knn::similarity,
             {{"cosine", item_similarity::cosine},
              {"asymmetric_cosine", item_similarity::asymmetric_cosine},
              {"adjusted_cosine", item_similarity::adjusted_cosine},
              {"pearson", item_similarity::pearson},
              {"jaccard", item_similarity::jaccard},
              {"dice", item_similarity::dice},
              {"tversky", item_similarity::tversky},
              {"conditional_probability", item_similarity::conditional_probability},
              {"log_likelihood", item_similarity::log_likelihood},
              {"euclidean", item_similarity::euclidean}}),
      at_least("neighbors", &knn::neighbors, 1).search(100, 1000, log_scale),
      one_of("keep", &knn::keep, {{"source", neighbor_side::source}, {"target", neighbor_side::target}}).search(),
      at_least("user_exponent", &knn::user_exponent, 0).search(0, 1.5),
      at_least("source_exponent", &knn::source_exponent, 0).search(0.3, 0.7),
      at_least("target_exponent", &knn::target_exponent, 0).search(0.1, 0.6),
      between("alpha", &knn::alpha, 0, 1),
      between("beta", &knn::beta, 0, 1),
      one_of("weighting", &knn::weighting,
             {{"none", interaction_weighting::none},
              {"tfidf", interaction_weighting::tfidf},
              {"bm25", interaction_weighting::bm25}}),
      at_least("bm25_k1", &knn::bm25_k1, 0),
      between("bm25_b", &knn::bm25_b, 0, 1),
      at_least("shrinkage", &knn::shrinkage, 0),
      at_least("significance", &knn::significance, 0),
      at_least("min_overlap", &knn::min_overlap, 1),
      above("amplification", &knn::amplification, 0),
      any_value("normalize", &knn::normalize),
      above("half_life", &knn::half_life, half_life_t(0))};
}
static_assert(options_are_complete<item_knn>);

namespace detail {

/// The sums of one column that similarities need.
struct column_sums {
  std::vector<double> squares = {}, values = {};  ///< of each item: sum of w x², of w x
  double total = 0;                               ///< sum of w
};

template <class T>
column_sums sum_columns(const csr_matrix<T>& x, std::span<const double> weight) {
  column_sums c;
  c.squares.resize(static_cast<std::size_t>(x.columns()));
  c.values.resize(static_cast<std::size_t>(x.columns()));
  for (std::int32_t u = 0; u < x.rows(); ++u) {
    const double w = weight[static_cast<std::size_t>(u)];
    c.total += w;
    const auto row = x.row(u);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const auto i = static_cast<std::size_t>(row.columns[n]);
      const auto v = static_cast<double>(row.values[n]);
      c.squares[i] += w * v * v;
      c.values[i] += w * v;
    }
  }
  return c;
}

/// The neighbors of items of X (users × items).
template <class T>
class item_pairs {
 public:
  item_pairs(const item_knn& o, const csr_matrix<T>& x)
      : o_(o),
        x_(x),
        by_item_(x.transposed()),
        weight_(row_weights(x, o.user_exponent)),
        columns_(sum_columns<T>(x, weight_)) {
    // Who has much says little about what goes together, but all about how much an item is had.
    if (o.user_exponent > 0 && is_cosine(o.similarity))
      columns_.squares = sum_columns<T>(x, std::vector<double>(weight_.size(), 1)).squares;
    counted_ = o.shrinkage > 0 || o.significance > 0 || o.min_overlap > 1;
    product_ = (is_cosine(o.similarity) || o.similarity == item_similarity::conditional_probability) && !counted_ &&
               o.amplification == 1;
    if (!product_) return;
    // similarity = s · f(source) · g(target)
    double p = o.source_exponent, q = o.target_exponent;
    if (o.similarity == item_similarity::asymmetric_cosine) p = o.alpha, q = 1 - o.alpha;
    if (o.similarity == item_similarity::conditional_probability) p = 1, q = 0;
    if (o.keep == neighbor_side::target) std::swap(p, q);
    for (const double square : columns_.squares) {
      own_.push_back(square > 0 ? static_cast<T>(std::pow(square, -p)) : T(0));
      other_.push_back(square > 0 ? static_cast<T>(std::pow(square, -q)) : T(0));
    }
  }

  [[nodiscard]] const csr_matrix<T>& by_item() const noexcept { return by_item_; }

  /// Row i, for the items that are wanted: the k nearest of item i, from it (keep = source) or to it.
  [[nodiscard]] csr_matrix<T> nearest(const std::vector<bool>& wanted, executor_ref executor) const {
    const bool ones = std::all_of(x_.values().begin(), x_.values().end(), [](T v) { return v == 1; });
    if (product_ && ones) {
      std::vector<T> weights;
      if (o_.user_exponent != 0) weights.assign(weight_.begin(), weight_.end());
      return all_pairs<T>(x_, by_item_, own_, other_, weights).nearest(o_.neighbors, wanted, executor);
    }
    neighbor_rows<T> rows(static_cast<std::size_t>(x_.columns()));
    for_chunks(executor, x_.columns(), 64, [&](std::int64_t begin, std::int64_t end) {
      if (product_) products(begin, end, wanted, rows);
      else formulas(begin, end, wanted, rows);
    });
    return matrix_of(x_.columns(), rows);
  }

 private:
  /// sums <- sum over the users u of item i of w_u x_ui X_u
  void add_users(std::int32_t i, sparse_sum<T>& sums) const {
    const auto users = by_item_.row(i);
    for (std::size_t n = 0; n < users.size(); ++n) {
      const auto u = users.columns[n];
      sums.add(static_cast<T>(weight_[static_cast<std::size_t>(u)] * static_cast<double>(users.values[n])), x_.row(u));
    }
  }

  void products(std::int64_t begin, std::int64_t end, const std::vector<bool>& wanted, neighbor_rows<T>& rows) const {
    sparse_sum<T> sums(x_.columns());
    std::vector<T> scores(sparse_sum<T>::block);
    for (auto i = static_cast<std::int32_t>(begin); i < end; ++i) {
      if (!wanted[static_cast<std::size_t>(i)]) continue;
      add_users(i, sums);
      const T own = own_[static_cast<std::size_t>(i)];
      top_k<T> best(o_.neighbors);
      sums.for_each([&](std::int32_t first, std::span<const T> block) {
        const T* const other = other_.data() + first;
        for (std::size_t n = 0; n < block.size(); ++n) scores[n] = block[n] * own * other[n];
        if (i >= first && i < first + std::ssize(block)) scores[static_cast<std::size_t>(i - first)] = 0;
        best.push_block(first, std::span<const T>(scores.data(), block.size()));
      });
      sums.clear();
      keep(best, rows[static_cast<std::size_t>(i)]);
    }
  }

  void formulas(std::int64_t begin, std::int64_t end, const std::vector<bool>& wanted, neighbor_rows<T>& rows) const {
    sparse_sum<T> sums(x_.columns());
    sparse_sum<float> counts(x_.columns());  // whole numbers, exact below 2^24 users
    std::vector<float> ones;
    for (auto i = static_cast<std::int32_t>(begin); i < end; ++i) {
      if (!wanted[static_cast<std::size_t>(i)]) continue;
      add_users(i, sums);
      for (const auto u : by_item_.row(i).columns) count(x_.row(u).columns, ones, counts);
      top_k<T> best(o_.neighbors);
      counts.for_each([&](std::int32_t first, std::span<const float> block) {
        for (std::size_t n = 0; n < block.size(); ++n) {
          const auto j = first + static_cast<std::int32_t>(n);
          const auto both = static_cast<double>(block[n]);
          if (j != i && both >= o_.min_overlap)
            best.push(j, static_cast<T>(similarity(i, j, static_cast<double>(sums[j]), both)));
        }
      });
      sums.clear();
      counts.clear();
      keep(best, rows[static_cast<std::size_t>(i)]);
    }
  }

  static void count(std::span<const std::int32_t> items, std::vector<float>& ones, sparse_sum<float>& counts) {
    if (ones.size() < items.size()) ones.resize(items.size(), 1);
    counts.add(1, {items, std::span<const float>(ones).first(items.size())});
  }

  [[nodiscard]] double similarity(std::int32_t row, std::int32_t other, double s, double both) const {
    const bool from_row = o_.keep == neighbor_side::source;
    const auto a = static_cast<std::size_t>(from_row ? row : other),
               b = static_cast<std::size_t>(from_row ? other : row);
    const item_pair pair{.s = s,
                         .a = columns_.squares[a],
                         .b = columns_.squares[b],
                         .sum_a = columns_.values[a],
                         .sum_b = columns_.values[b],
                         .total = columns_.total};
    double w = similarity_of(o_.similarity, pair,
                             {.source_exponent = o_.source_exponent,
                              .target_exponent = o_.target_exponent,
                              .alpha = o_.alpha,
                              .beta = o_.beta});
    if (!(w > 0)) return 0;
    if (o_.amplification != 1) w = std::pow(w, o_.amplification);
    if (o_.shrinkage > 0) w *= both / (both + o_.shrinkage);
    if (o_.significance > 0) w *= std::min(both, o_.significance) / o_.significance;
    return w;
  }

  static void keep(top_k<T>& best, std::vector<scored_item<T>>& row) {
    row = best.take();
    detail::by_item(row);
  }

  const item_knn& o_;
  const csr_matrix<T>& x_;
  csr_matrix<T> by_item_;
  std::vector<double> weight_;
  column_sums columns_;
  bool counted_ = false, product_ = false;
  std::vector<T> own_ = {}, other_ = {};
};

/// The chosen rows sum to 1; empty ones stay empty.
template <class T>
csr_matrix<T> rows_to_one(const csr_matrix<T>& m, const std::vector<bool>& chosen) {
  std::vector<T> values;
  values.reserve(m.values().size());
  for (std::int32_t r = 0; r < m.rows(); ++r) {
    double sum = chosen[static_cast<std::size_t>(r)] ? 0 : 1;
    if (sum == 0)
      for (const auto v : m.row(r).values) sum += static_cast<double>(v);
    for (const auto v : m.row(r).values) values.push_back(static_cast<T>(static_cast<double>(v) / sum));
  }
  return {m.columns(),
          {m.offsets().begin(), m.offsets().end()},
          {m.column_ids().begin(), m.column_ids().end()},
          std::move(values)};
}

}  // namespace detail

template <interactions D>
item_weights_model<typename D::scalar> item_knn::fit(const D& data, const training& how) const {
  return learn(data, nullptr, {}, how);
}

template <interactions D>
item_weights_model<typename D::scalar> item_knn::updated(const item_weights_model<typename D::scalar>& model,
                                                         const D& data, std::span<const event> fresh,
                                                         const training& how) const {
  return learn(data, &model, fresh, how);
}

template <interactions D>
item_weights_model<typename D::scalar> item_knn::learn(const D& data,
                                                       const item_weights_model<typename D::scalar>* model,
                                                       std::span<const event> fresh, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const detail::weighting_terms terms{.who = name,
                                      .sets = is_of_sets(similarity),
                                      .center_users = similarity == item_similarity::adjusted_cosine,
                                      .weighting = weighting,
                                      .bm25_k1 = bm25_k1,
                                      .bm25_b = bm25_b,
                                      .half_life = half_life};
  const detail::user_rows<D> rows(data);
  const bool as_they_are = detail::leaves_values(*rows, terms);
  const auto weighted = as_they_are ? csr_matrix<T>() : detail::weighted_rows(data, terms);
  const auto& x = as_they_are ? *rows : weighted;
  const detail::item_pairs<T> pairs(*this, x);
  std::vector<bool> wanted(static_cast<std::size_t>(x.columns()), true);
  if (model != nullptr) {
    const detail::changed_rows changed(name, x, model->items(), fresh);
    // Of these an event changes every row: what is divided by has a sum over all users or the time of the last event.
    const bool all = similarity == item_similarity::pearson || similarity == item_similarity::log_likelihood ||
                     weighting != interaction_weighting::none || half_life != never ||
                     (normalize && keep == neighbor_side::target);
    const bool others_stay = similarity == item_similarity::cosine ||
                             similarity == item_similarity::asymmetric_cosine ||
                             (user_exponent == 0 && similarity != item_similarity::adjusted_cosine);
    if (!all) wanted = changed.with_neighbors(others_stay ? changed.fresh() : changed.touched(), x, pairs.by_item());
  }
  auto weights = pairs.nearest(wanted, how.executor);
  if (model != nullptr)
    weights = keep == neighbor_side::target ? detail::replaced_rows(model->weights().transposed(), weights, wanted)
                                            : detail::replaced_rows(model->weights(), weights, wanted);
  if (keep == neighbor_side::target) weights = weights.transposed();
  if (normalize) weights = detail::rows_to_one(weights, wanted);
  fit_report report{.epochs = 1};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return item_weights_model<T>(std::move(weights), std::move(report));
}

}  // namespace reco
