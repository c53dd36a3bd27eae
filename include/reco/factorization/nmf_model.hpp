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
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/gram.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/row_solvers.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/inner_product_lists.hpp"
#include "reco/model/prediction.hpp"

namespace reco::inline RECO_ABI() {

/// What is thought of pairs that did not occur.
enum class unobserved {
  unknown,  ///< nothing: ratings
  zero,     ///< they are 0: clicks, plays
};

/// How the vector of a user follows from what they did: least squares with no number below 0.
struct nonnegative_fold_in {
  double regularization = 0;
  unobserved missing = unobserved::unknown;

  [[nodiscard]] double lambda(std::size_t ratings) const {
    return regularization * (missing == unobserved::unknown ? static_cast<double>(ratings) : 1.0);
  }
  /// The equations of one row; `gram` is Y'Y, for `unobserved::zero`.
  template <class T>
  void collect(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& y,
               const matrix<T>& gram, row_equations<T>& equations) const;
  /// Their solution, from nothing to where it no longer moves.
  template <class T>
  void solve(row_equations<T>& equations, column<T>& x) const {
    x.setZero();
    equations.nonnegative(x, 200, 4 * Eigen::NumTraits<T>::epsilon());
  }
};

/// r_ui = x_u'y_i with no number below 0. Known users are asked by number, others folded in from their history
/// (O(h d² + sweeps d²) for h items); the learned vector wins. No explanation: with bounds at 0 the score is not linear
/// in the history. `predict` falls back on the mean of all ratings, with the reason.
template <class T>
class nmf_model {
 public:
  using scalar = T;

  nmf_model() = default;
  nmf_model(T mean, const csr_matrix<T>& by_user, matrix<T> items, std::vector<std::int64_t> ratings_of_item,
            nonnegative_fold_in rule, fit_report report, executor_ref executor = {});

  [[nodiscard]] std::int32_t users() const noexcept { return static_cast<std::int32_t>(users_.rows()); }
  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(items_.rows()); }
  [[nodiscard]] std::int32_t factors() const noexcept { return static_cast<std::int32_t>(items_.cols()); }
  [[nodiscard]] std::span<const T> user(std::int32_t user) const {
    detail::check_index("nmf_model: user", user, users());
    return row_of(users_, user);
  }
  [[nodiscard]] std::span<const T> embedding(std::int32_t item) const {
    detail::check_index("nmf_model: item", item, items());
    return row_of(items_, item);
  }
  [[nodiscard]] bool can_answer(const query<T>& q) const { return knows(q) || !known_part(q.history).items.empty(); }
  void scores(const query<T>& q, std::span<T> out) const { lists_.inner_products(vector_of(q).data(), out); }
  [[nodiscard]] std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r = {},
                                                          executor_ref executor = {}) const {
    return lists_.best(
        items_, queries, r, executor, [&](const query<T>& q) { return can_answer(q); },
        [&] {
          return [this](const query<T>& q, std::span<T> x) {
            Eigen::Map<column<T>>(x.data(), std::ssize(x)) = vector_of(q);
          };
        });
  }
  [[nodiscard]] prediction<T> predict(const query<T>& q, std::int32_t item) const;
  /// The user with this history; items the model does not know and values below 0 are passed over. Of what a user was
  /// trained on it is the trained vector, to the last bit.
  [[nodiscard]] column<T> fold_in(const history_view<T>& history) const;
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  struct known_history {
    std::vector<std::int32_t> items = {};
    std::vector<T> values = {};
  };
  [[nodiscard]] known_history known_part(const history_view<T>& history) const;
  [[nodiscard]] bool knows(const query<T>& q) const {
    return q.user && *q.user >= 0 && *q.user < users() && ratings_of_user_[static_cast<std::size_t>(*q.user)] > 0;
  }
  [[nodiscard]] column<T> vector_of(const query<T>& q) const {
    return knows(q) ? column<T>(as_column(user(*q.user))) : fold_in(q.history);
  }

  T mean_ = 0;
  matrix<T> users_ = {}, items_ = {}, gram_ = {};
  std::vector<std::int64_t> ratings_of_user_ = {}, ratings_of_item_ = {};
  nonnegative_fold_in rule_ = {};
  fit_report report_ = {};
  detail::inner_product_lists<T> lists_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
void nonnegative_fold_in::collect(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& y,
                                  const matrix<T>& gram, row_equations<T>& equations) const {
  const auto l = static_cast<T>(lambda(others.size()));
  if (missing == unobserved::zero) {
    equations.start_from(gram, l);
    for (std::size_t n = 0; n < others.size(); ++n) equations.add_target(y.row(others[n]).transpose(), values[n]);
  } else {
    equations.start(l);
    for (std::size_t n = 0; n < others.size(); ++n) {
      const auto row = row_of(y, others[n]);
      equations.add([&](std::span<T> z) { std::copy(row.begin(), row.end(), z.begin()); }, values[n]);
    }
  }
}

template <class T>
nmf_model<T>::nmf_model(T mean, const csr_matrix<T>& by_user, matrix<T> items,
                        std::vector<std::int64_t> ratings_of_item, nonnegative_fold_in rule, fit_report report,
                        executor_ref executor)
    : mean_(mean),
      users_(matrix<T>::Zero(by_user.rows(), items.cols())),
      items_(std::move(items)),
      ratings_of_user_(static_cast<std::size_t>(by_user.rows())),
      ratings_of_item_(std::move(ratings_of_item)),
      rule_(rule),
      report_(std::move(report)) {
  lists_ = detail::inner_product_lists<T>(items_);
  if (rule_.missing == unobserved::zero) gram_ = gram(items_, executor).template cast<T>();
  for_chunks(executor, by_user.rows(), 64, [&](std::int64_t begin, std::int64_t end) {
    for (auto u = static_cast<std::int32_t>(begin); u < end; ++u) {
      const auto row = by_user.row(u);
      ratings_of_user_[static_cast<std::size_t>(u)] = std::ssize(row.columns);
      if (!row.empty()) users_.row(u) = fold_in({.items = row.columns, .values = row.values}).transpose();
    }
  });
}

template <class T>
auto nmf_model<T>::known_part(const history_view<T>& history) const -> known_history {
  known_history out;
  for (std::size_t n = 0; n < history.size(); ++n) {
    const auto item = history.items[n];
    if (item < 0 || item >= items() || !(history.value(n) >= 0)) continue;
    out.items.push_back(item);
    out.values.push_back(history.value(n));
  }
  return out;
}

template <class T>
column<T> nmf_model<T>::fold_in(const history_view<T>& history) const {
  const auto known = known_part(history);
  column<T> x = column<T>::Zero(items_.cols());
  if (known.items.empty()) return x;
  row_equations<T> equations(items_.cols());
  rule_.collect<T>(known.items, known.values, items_, gram_, equations);
  rule_.solve(equations, x);
  return x;
}

template <class T>
prediction<T> nmf_model<T>::predict(const query<T>& q, std::int32_t item) const {
  const auto y = as_column(embedding(item));
  if (!can_answer(q)) return {.value = mean_, .reason = "the user has rated nothing"};
  if (ratings_of_item_[static_cast<std::size_t>(item)] == 0)
    return {.value = mean_, .reason = "the item has no ratings"};
  return {.value = vector_of(q).dot(y)};
}

static_assert(scorer<nmf_model<float>> && predicts_ratings<nmf_model<double>> && embeds_items<nmf_model<float>>);

}  // namespace reco
