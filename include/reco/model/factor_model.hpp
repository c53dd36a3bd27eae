// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/matrix.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/exact_rows.hpp"
#include "reco/model/explanation.hpp"
#include "reco/model/implicit_rows.hpp"
#include "reco/model/inner_product_lists.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// Scores x_u'y_i, whoever learned the factors from implicit feedback. A user whom the model has not seen is folded in
/// from their history by the least squares of the objective; of one whom it has, the learned vector wins. Immutable.
///
/// The factors stand in the eigenbasis of the items' Gramian Y'Y = diag(spectrum), so that folding in solves a system
/// of the size of the history: O(h² d + h³), or O(h d² + d³) for a history longer than 0.75 d.
///
/// `recommend_all` scores blocks of items by blocks of users and selects while the scores are in the cache; items are
/// passed in the order of falling length, and a user is done when |x| |y| cannot reach their k-th score any more. The
/// lists are those of `recommend`, to the bit. Memory beside the lists: O(k) a user, never a score for each item. For
/// this the model holds the items' vectors twice, as rows and packed in that order.
template <class T>
class factor_model {
 public:
  using scalar = T;

  factor_model() = default;
  /// `users`: users × d, `items`: items × d, `spectrum`: the d eigenvalues. A user of zeros is not known. Throws
  /// `invalid_argument` for shapes that do not agree, `numeric_error` for numbers that are not finite.
  factor_model(matrix<T> users, matrix<T> items, std::vector<double> spectrum, implicit_rule rule,
               fit_report report = {});

  [[nodiscard]] std::int32_t users() const noexcept { return static_cast<std::int32_t>(users_.rows()); }
  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(items_.rows()); }
  [[nodiscard]] std::int32_t factors() const noexcept { return static_cast<std::int32_t>(items_.cols()); }
  /// x_u and y_i. Throw `std::out_of_range`.
  [[nodiscard]] std::span<const T> user(std::int32_t user) const {
    detail::check_index("factor_model: user", user, users());
    return row_of(users_, user);
  }
  [[nodiscard]] std::span<const T> embedding(std::int32_t item) const {
    detail::check_index("factor_model: item", item, items());
    return row_of(items_, item);
  }
  [[nodiscard]] const matrix<T>& user_factors() const noexcept { return users_; }
  [[nodiscard]] const matrix<T>& item_factors() const noexcept { return items_; }
  [[nodiscard]] std::span<const double> spectrum() const noexcept { return spectrum_; }
  [[nodiscard]] const implicit_rule& rule() const noexcept { return rule_; }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

  /// A known user, or a history with an item that the model knows.
  [[nodiscard]] bool can_answer(const query<T>& q) const { return knows(q) || has_known_item(q.history); }
  void scores(const query<T>& q, std::span<T> out) const;
  [[nodiscard]] std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r = {},
                                                          executor_ref executor = {}) const;

  /// The vector that the objective gives to a history, items fixed; unknown items and values of 0 say nothing. Folding
  /// in what a user was trained on gives the trained vector, to the last bit. Throws `numeric_error` where the
  /// equations are singular (no regularization).
  [[nodiscard]] column<T> fold_in(const history_view<T>& history) const;
  /// The vector of an item from those who took it, users fixed; values as in a history. O(users d² + d³).
  [[nodiscard]] column<T> fold_in_item(std::span<const std::int32_t> users, std::span<const T> values = {}) const;

  /// Hu, Koren and Volinsky, section 5: x_u'y_i = sum over the history of b_n y_n'A^-1 y_i, one part an item. What the
  /// given history does not account for (a learned user asked with another history) stands in `base`.
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;

  /// A model in which the users of these events, new users with numbers from `users()` up among them, have the vectors
  /// of their histories in `data`, which has the events in it: a model stores no one's past. Items stay as they are,
  /// and those that are new are passed over until the next fit. O((users + items) d) and a fold-in for each user of the
  /// events.
  template <class D>
  [[nodiscard]] factor_model updated(const D& data, std::span<const event> events) const;
  /// A model that does not know these users. What they did still shows in the items' factors, until the next fit.
  [[nodiscard]] factor_model without(std::span<const std::int32_t> forgotten) const;

 private:
  [[nodiscard]] bool knows(const query<T>& q) const {
    return q.user && *q.user >= 0 && *q.user < users() && known_[static_cast<std::size_t>(*q.user)];
  }
  [[nodiscard]] bool has_known_item(const history_view<T>& history) const {
    return std::any_of(history.items.begin(), history.items.end(), [&](auto i) { return i >= 0 && i < items(); });
  }
  void fold(exact_rows<T>& exact, const history_view<T>& history, std::span<T> x) const;
  void set_users(matrix<T> users);
  /// The same items with other users.
  [[nodiscard]] factor_model with(matrix<T> users) const {
    factor_model out = *this;
    out.set_users(std::move(users));
    return out;
  }
  [[nodiscard]] column<T> vector_of(const query<T>& q) const {
    return knows(q) ? column<T>(as_column(user(*q.user))) : fold_in(q.history);
  }

  matrix<T> users_ = {}, items_ = {};
  std::vector<double> spectrum_ = {};
  implicit_rule rule_ = {};
  fit_report report_ = {};
  std::vector<bool> known_ = {};
  detail::inner_product_lists<T> lists_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
factor_model<T>::factor_model(matrix<T> users, matrix<T> items, std::vector<double> spectrum, implicit_rule rule,
                              fit_report report)
    : items_(std::move(items)), spectrum_(std::move(spectrum)), rule_(rule), report_(std::move(report)) {
  if (users.cols() != items_.cols() || std::ssize(spectrum_) != items_.cols())
    detail::fail_argument("factor_model: users, items and spectrum must be equally wide, got " +
                          detail::to_text(users.cols()) + ", " + detail::to_text(items_.cols()) + " and " +
                          detail::to_text(spectrum_.size()));
  if (!items_.allFinite()) detail::fail_number("factor_model: all numbers must be finite");
  set_users(std::move(users));
  lists_ = detail::inner_product_lists<T>(items_);
}

template <class T>
void factor_model<T>::set_users(matrix<T> users) {
  if (!users.allFinite()) detail::fail_number("factor_model: all numbers must be finite");
  users_ = std::move(users);
  known_.resize(static_cast<std::size_t>(users_.rows()));
  for (std::int32_t u = 0; u < this->users(); ++u) known_[static_cast<std::size_t>(u)] = !users_.row(u).isZero(0);
}

template <class T>
void factor_model<T>::fold(exact_rows<T>& exact, const history_view<T>& history, std::span<T> x) const {
  if (!exact.gather(history.items, history.values, items_, spectrum_, rule_))
    detail::fail_number("factor_model: the equations of this history are singular; regularization above 0 helps");
  if (exact.row().size() == 0) return std::fill(x.begin(), x.end(), T(0));
  exact.solve(x);
  exact.finish();
}

template <class T>
column<T> factor_model<T>::fold_in(const history_view<T>& history) const {
  column<T> x = column<T>::Zero(factors());
  if (factors() == 0 || !has_known_item(history)) return x;
  exact_rows<T> exact(factors());
  fold(exact, history, {x.data(), static_cast<std::size_t>(x.size())});
  return x;
}

template <class T>
column<T> factor_model<T>::fold_in_item(std::span<const std::int32_t> who, std::span<const T> values) const {
  // A = w X'X + lambda I + sum over users of c x x', in double
  matrix<double> a = rule_.unobserved_weight * (users_.transpose() * users_).template cast<double>();
  column<double> b = column<double>::Zero(factors());
  std::size_t pairs = 0;
  for (std::size_t n = 0; n < who.size(); ++n) {
    const double value = values.empty() ? 1 : static_cast<double>(values[n]);
    if (who[n] < 0 || who[n] >= users() || value == 0) continue;
    const column<double> x = users_.row(who[n]).transpose().template cast<double>();
    a += rule_.weight(value) * x * x.transpose();
    b += rule_.pull(value) * x;
    ++pairs;
  }
  if (pairs == 0) return column<T>::Zero(factors());
  a.diagonal().array() += rule_.lambda(pairs, users());
  const Eigen::LLT<matrix<double>> cholesky(a);
  if (cholesky.info() != Eigen::Success)
    detail::fail_number("factor_model: the equations of this item are singular; regularization above 0 helps");
  return cholesky.solve(b).template cast<T>();
}

template <class T>
void factor_model<T>::scores(const query<T>& q, std::span<T> out) const {
  lists_.inner_products(vector_of(q).data(), out);
}

template <class T>
explanation<T> factor_model<T>::explain(const query<T>& q, std::int32_t item) const {
  const column<T> y = as_column(embedding(item));
  const column<T> x = vector_of(q);
  explanation<T> out{.score = x.dot(y)};
  // A = D + sum over the history of c y_n y_n'; part n = b_n y_n'A^-1 y_i
  matrix<double> a = matrix<double>::Zero(factors(), factors());
  std::size_t pairs = 0;
  const auto each_pair = [&](auto&& f) {
    for (std::size_t n = 0; n < q.history.size(); ++n) {
      const auto other = q.history.items[n];
      const auto value = static_cast<double>(q.history.value(n));
      if (other >= 0 && other < items() && value != 0)
        f(other, value, column<double>(items_.row(other).transpose().template cast<double>()));
    }
  };
  each_pair([&](std::int32_t, double value, const column<double>& f) {
    a += rule_.weight(value) * f * f.transpose();
    ++pairs;
  });
  std::vector<scored_item<T>> parts;
  T sum = 0;
  if (pairs > 0) {
    for (Eigen::Index f = 0; f < a.rows(); ++f)
      a(f, f) += rule_.unobserved_weight * spectrum_[static_cast<std::size_t>(f)] + rule_.lambda(pairs, items());
    const column<double> influence = Eigen::LLT<matrix<double>>(a).solve(y.template cast<double>());
    each_pair([&](std::int32_t other, double value, const column<double>& f) {
      parts.push_back({other, static_cast<T>(rule_.pull(value) * f.dot(influence))});
      sum += parts.back().score;
    });
  }
  out.base = out.score - sum;
  out.because = ranked_list<T>::best_of(std::move(parts));
  return out;
}

template <class T>
template <class D>
factor_model<T> factor_model<T>::updated(const D& data, std::span<const event> events) const {
  std::vector<std::int32_t> changed;
  for (const auto& e : events) changed.push_back(e.user);
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  matrix<T> users = matrix<T>::Zero(std::max(this->users(), data.users()), factors());
  users.topRows(users_.rows()) = users_;
  exact_rows<T> exact(factors());
  for (const auto u : changed) {
    detail::check_index("factor_model: user", u, data.users());
    if (factors() > 0) fold(exact, data.of(u), {users.data() + u * users.cols(), static_cast<std::size_t>(factors())});
  }
  return with(std::move(users));
}

template <class T>
factor_model<T> factor_model<T>::without(std::span<const std::int32_t> forgotten) const {
  matrix<T> users = users_;
  for (const auto u : forgotten) {
    detail::check_index("factor_model: user", u, this->users());
    users.row(u).setZero();
  }
  return with(std::move(users));
}

template <class T>
std::vector<ranked_list<T>> factor_model<T>::recommend_all(std::span<const query<T>> queries, const request& r,
                                                           executor_ref executor) const {
  return lists_.best(
      items_, queries, r, executor, [&](const query<T>& q) { return can_answer(q); },
      [&] {
        return [this, exact = exact_rows<T>(factors())](const query<T>& q, std::span<T> x) mutable {
          if (knows(q)) std::copy_n(user(*q.user).begin(), x.size(), x.begin());
          else if (factors() > 0) fold(exact, q.history, x);
        };
      });
}

static_assert(scorer<factor_model<float>> && embeds_items<factor_model<double>> && explains<factor_model<float>>);

}  // namespace reco
