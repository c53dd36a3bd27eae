// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/row_solvers.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"
#include "reco/model/prediction.hpp"

namespace reco::inline RECO_ABI() {

/// How the vector of a user follows from their ratings: ridge regression on the items' factors.
struct rating_fold_in {
  double regularization = 0;
  double regularization_exponent = 1;  ///< lambda_u = regularization · n_u^exponent for n_u ratings

  [[nodiscard]] double lambda(std::size_t ratings) const {
    return regularization * std::pow(static_cast<double>(ratings), regularization_exponent);
  }
};

/// Ratings foretold by factors and biases,
///
///     r_ui = mean + b_u + c_i + x_u'y_i
///
/// whoever learned them. A user the model has not seen is folded in from their ratings: (x_u, b_u) is the ridge
/// regression of r_ui - mean - c_i on (y_i, 1), O(h d² + d³) for h ratings; a user it has seen is asked by number and
/// the learned vector wins. Immutable.
///
/// `predict` has a reason where nothing is known of the user (the stand-in is mean + c_i) or of the item (mean + b_u).
template <class T>
class rating_factors_model {
 public:
  using scalar = T;

  rating_factors_model() = default;
  /// `users`, `items`: rows (x_u, b_u) and (y_i, c_i), equally wide. `rated`: how many ratings each user and item had.
  rating_factors_model(T mean, matrix<T> users, matrix<T> items, std::vector<std::int64_t> ratings_of_user,
                       std::vector<std::int64_t> ratings_of_item, rating_fold_in rule, fit_report report = {});

  [[nodiscard]] std::int32_t users() const noexcept { return static_cast<std::int32_t>(users_.rows()); }
  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(items_.rows()); }
  [[nodiscard]] std::int32_t factors() const noexcept {
    return std::max<std::int32_t>(0, static_cast<std::int32_t>(items_.cols()) - 1);
  }
  [[nodiscard]] T mean() const noexcept { return mean_; }
  /// (x_u, b_u) of a known user, (y_i, c_i) of an item. Throw `std::out_of_range`.
  [[nodiscard]] std::span<const T> user(std::int32_t user) const {
    detail::check_index("rating_factors_model: user", user, users());
    return row_of(users_, user);
  }
  [[nodiscard]] std::span<const T> item(std::int32_t item) const {
    detail::check_index("rating_factors_model: item", item, items());
    return row_of(items_, item);
  }
  /// y_i, for similar items. Throws `std::out_of_range`.
  [[nodiscard]] std::span<const T> embedding(std::int32_t item) const {
    return this->item(item).first(static_cast<std::size_t>(factors()));
  }

  /// A user with ratings, known or folded in.
  [[nodiscard]] bool can_answer(const query<T>& q) const { return knows(q) || rated(q.history) > 0; }
  void scores(const query<T>& q, std::span<T> out) const;
  [[nodiscard]] prediction<T> predict(const query<T>& q, std::int32_t item) const;
  /// (x_u, b_u) from ratings; items the model does not know are passed over. Folding in what a user was trained on
  /// gives the trained vector, to the last bit. Throws `numeric_error` where the equations are singular.
  [[nodiscard]] column<T> fold_in(const history_view<T>& history) const;
  /// Which ratings raise the prediction: it is linear in them, r_ui = mean + c_i + sum over n of t_n z_i'A^-1 z_n. What
  /// the given history does not account for (a learned user asked with another history) stands in `base`.
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  [[nodiscard]] bool knows(const query<T>& q) const {
    return q.user && *q.user >= 0 && *q.user < users() && ratings_of_user_[static_cast<std::size_t>(*q.user)] > 0;
  }
  [[nodiscard]] std::size_t rated(const history_view<T>& history) const {
    return static_cast<std::size_t>(std::count_if(history.items.begin(), history.items.end(),
                                                  [&](std::int32_t i) { return i >= 0 && i < items(); }));
  }
  [[nodiscard]] column<T> vector_of(const query<T>& q) const {
    return knows(q) ? column<T>(as_column(user(*q.user))) : fold_in(q.history);
  }
  void collect(const history_view<T>& history, row_equations<T>& equations) const;

  T mean_ = 0;
  matrix<T> users_ = {}, items_ = {};
  std::vector<std::int64_t> ratings_of_user_ = {}, ratings_of_item_ = {};
  rating_fold_in rule_ = {};
  fit_report report_ = {};
};

namespace detail {

/// The equations of one user: rows (y_i, 1), targets r - mean - c_i. Of an item, with the roles swapped.
template <class T>
void collect_ratings(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& factors, T mean,
                     double lambda, row_equations<T>& equations);

}  // namespace detail

// ---------------------------------------------------------------------------------------------------

template <class T>
void detail::collect_ratings(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& factors,
                             T mean, double lambda, row_equations<T>& equations) {
  equations.start(static_cast<T>(lambda));
  const auto d = static_cast<std::size_t>(factors.cols()) - 1;
  for (std::size_t n = 0; n < others.size(); ++n) {
    if (others[n] < 0 || others[n] >= factors.rows()) continue;
    const auto other = row_of(factors, others[n]);
    const auto fill = [&](std::span<T> z) {
      std::copy_n(other.begin(), d, z.begin());
      z[d] = 1;
    };
    equations.add(fill, (values.empty() ? T(1) : values[n]) - mean - other[d]);
  }
}

template <class T>
rating_factors_model<T>::rating_factors_model(T mean, matrix<T> users, matrix<T> items,
                                              std::vector<std::int64_t> ratings_of_user,
                                              std::vector<std::int64_t> ratings_of_item, rating_fold_in rule,
                                              fit_report report)
    : mean_(mean),
      users_(std::move(users)),
      items_(std::move(items)),
      ratings_of_user_(std::move(ratings_of_user)),
      ratings_of_item_(std::move(ratings_of_item)),
      rule_(rule),
      report_(std::move(report)) {
  if (users_.cols() != items_.cols() || items_.cols() < 1)
    detail::fail_argument("rating_factors_model: users and items must be equally wide, a bias at least, got " +
                          detail::to_text(users_.cols()) + " and " + detail::to_text(items_.cols()));
  if (std::ssize(ratings_of_user_) != users_.rows() || std::ssize(ratings_of_item_) != items_.rows())
    detail::fail_argument("rating_factors_model: one count for each user and each item was expected");
  if (!std::isfinite(mean_) || !users_.allFinite() || !items_.allFinite())
    detail::fail_number("rating_factors_model: all numbers must be finite");
}

template <class T>
column<T> rating_factors_model<T>::fold_in(const history_view<T>& history) const {
  row_equations<T> equations(items_.cols());
  column<T> x = column<T>::Zero(items_.cols());
  if (rated(history) == 0) return x;
  collect(history, equations);
  if (!equations.ridge(x))
    detail::fail_number(
        "rating_factors_model: the equations of this history are singular; regularization above 0 helps");
  return x;
}

template <class T>
void rating_factors_model<T>::collect(const history_view<T>& history, row_equations<T>& equations) const {
  detail::collect_ratings(history.items, history.values, items_, mean_, rule_.lambda(rated(history)), equations);
}

template <class T>
void rating_factors_model<T>::scores(const query<T>& q, std::span<T> out) const {
  const column<T> x = vector_of(q);
  const auto d = static_cast<Eigen::Index>(factors());
  Eigen::Map<column<T>> s(out.data(), static_cast<Eigen::Index>(out.size()));
  s.noalias() = items_.leftCols(d) * x.head(d);
  s += items_.col(d);
  s.array() += mean_ + x[d];
}

template <class T>
prediction<T> rating_factors_model<T>::predict(const query<T>& q, std::int32_t item) const {
  const auto y = as_column(this->item(item));
  const auto d = static_cast<Eigen::Index>(factors());
  const bool known_item = ratings_of_item_[static_cast<std::size_t>(item)] > 0;
  if (!can_answer(q)) return {.value = mean_ + y[d], .reason = "the user has rated nothing"};
  const column<T> x = vector_of(q);
  if (!known_item) return {.value = mean_ + x[d], .reason = "the item has no ratings"};
  return {.value = mean_ + x[d] + y[d] + x.head(d).dot(y.head(d))};
}

template <class T>
explanation<T> rating_factors_model<T>::explain(const query<T>& q, std::int32_t item) const {
  const auto y = as_column(this->item(item));
  const auto d = static_cast<Eigen::Index>(factors());
  const column<T> x = vector_of(q);
  explanation<T> out{.score = mean_ + x[d] + y[d] + x.head(d).dot(y.head(d))};
  std::vector<scored_item<T>> parts;
  T sum = 0;
  if (rated(q.history) > 0) {
    row_equations<T> equations(items_.cols());
    collect(q.history, equations);
    column<T> ignored(items_.cols()), z = y;
    z[d] = 1;
    if (equations.ridge(ignored)) {
      const column<T> influence = equations.solve(z);  // A^-1 z_i
      for (std::size_t n = 0; n < q.history.size(); ++n) {
        const auto other = q.history.items[n];
        if (other < 0 || other >= items()) continue;
        const auto z_n = as_column(this->item(other));
        const T part = (q.history.value(n) - mean_ - z_n[d]) * (z_n.head(d).dot(influence.head(d)) + influence[d]);
        parts.push_back({other, part});
        sum += part;
      }
    }
  }
  out.base = out.score - sum;
  out.because = ranked_list<T>::best_of(std::move(parts));
  return out;
}

static_assert(scorer<rating_factors_model<float>> && predicts_ratings<rating_factors_model<double>> &&
              explains<rating_factors_model<float>> && embeds_items<rating_factors_model<float>>);

}  // namespace reco
