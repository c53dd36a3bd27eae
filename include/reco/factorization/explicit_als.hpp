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
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/base/random.hpp"
#include "reco/base/training.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/factorization/ratings.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/row_solvers.hpp"
#include "reco/model/rating_factors_model.hpp"

namespace reco::inline RECO_ABI() {

/// Factorization of ratings by alternating least squares, with biases:
///
///     L = sum over rated (u, i) of (r_ui - mean - b_u - c_i - x_u'y_i)²
///         + sum_u lambda_u (|x_u|² + b_u²) + sum_i lambda_i (|y_i|² + c_i²)
///     lambda_u = regularization · n_u^regularization_exponent        n_u: ratings of user u; items alike
///
/// Zhou, Wilkinson, Schreiber and Pan ("Large-scale parallel collaborative filtering for the Netflix prize", 2008),
/// whose weighted lambda is exponent 1. A half-epoch fixes one side and solves each row of the other exactly, so that L
/// never rises; the last half-epoch is of users, so that a trained user folded in gives the trained vector.
///
///     const auto model = reco::explicit_als{.factors = 32}.fit(ratings, {.executor = pool});
///     model.predict({.user = 7}, item).value;
///
/// Time an epoch: (ratings) d² as symmetric rank updates of gathered blocks, (users + items) d³/3 for Cholesky
/// factorizations, which for short rows bound it; memory: the ratings twice and (users + items) (d + 1) numbers. Values
/// are ratings as they stand; for clicks and plays, where what did not happen counts, see `implicit_als`.
struct explicit_als {
  int factors = 32;                    ///< d >= 0; 0: biases alone
  int epochs = 15;                     ///< >= 1
  double regularization = 0.08;        ///< >= 0
  double regularization_exponent = 1;  ///< 0..2; 0: the same for all rows
  double init_stddev = 0.1;            ///< > 0; of the items' first factors, divided by sqrt(d)
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "explicit_als";
  static constexpr auto options() {
    using als = explicit_als;
    return std::tuple{at_least("factors", &als::factors, 0).search(8, 128, search_scale::logarithmic),
                      at_least("epochs", &als::epochs, 1).search(5, 30),
                      at_least("regularization", &als::regularization, 0).search(0.01, 0.3, search_scale::logarithmic),
                      between("regularization_exponent", &als::regularization_exponent, 0, 2),
                      above("init_stddev", &als::init_stddev, 0),
                      any_value("seed", &als::seed)};
  }
  friend bool operator==(const explicit_als&, const explicit_als&) = default;

  /// Throws `invalid_argument` for options out of range, `numeric_error` naming the row whose equations are singular
  /// (regularization 0 and fewer ratings than factors) and the epoch in which numbers ceased to be finite.
  template <interactions D>
  [[nodiscard]] rating_factors_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<explicit_als>);

// ---------------------------------------------------------------------------------------------------

template <interactions D>
rating_factors_model<typename D::scalar> explicit_als::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  // X: users × (d + 1), rows (x_u, b_u)    Y: items × (d + 1), rows (y_i, c_i)
  const auto start = std::chrono::steady_clock::now();
  const detail::user_rows<D> rows_of_users(data);
  const auto& by_user = *rows_of_users;
  const auto by_item = by_user.transposed();
  const Eigen::Index width = Eigen::Index{factors} + 1;
  const auto mean = static_cast<T>(detail::mean_of(by_user.values()));
  const rating_fold_in rule{regularization, regularization_exponent};
  matrix<T> x = matrix<T>::Zero(by_user.rows(), width), y = matrix<T>::Zero(by_item.rows(), width);
  const double stddev = factors > 0 ? init_stddev / std::sqrt(static_cast<double>(factors)) : 0;
  for (Eigen::Index i = 0; i < y.rows(); ++i) {
    random_engine random(seed, static_cast<std::uint64_t>(i));
    for (Eigen::Index f = 0; f + 1 < width; ++f) y(i, f) = static_cast<T>(stddev * normal(random));
  }

  fit_report report{.converged = false};
  // row <- (Z'Z + lambda I)^-1 Z't   for each row of one side, the other fixed
  const auto half_epoch = [&](const csr_matrix<T>& ratings, const matrix<T>& fixed, matrix<T>& solved,
                              std::string_view side) {
    for_chunks(how.executor, ratings.rows(), 64, [&](std::int64_t begin, std::int64_t end) {
      row_equations<T> equations(width);
      column<T> row(width);
      for (auto r = static_cast<std::int32_t>(begin); r < end; ++r) {
        const auto known = ratings.row(r);
        if (known.empty()) {
          solved.row(r).setZero();
          continue;
        }
        detail::collect_ratings(known.columns, known.values, fixed, mean, rule.lambda(known.size()), equations);
        if (!equations.ridge(row))
          detail::fail_number("explicit_als: the equations of " + std::string(side) + ' ' + detail::to_text(r) +
                              " are singular; regularization above 0 helps");
        solved.row(r) = row.transpose();
      }
    });
    if (!solved.allFinite())
      detail::fail_number("explicit_als: numbers were no longer finite in epoch " + detail::to_text(report.epochs + 1) +
                          "; regularization is too small or values are too large");
  };
  const auto error = [&](std::int32_t u, std::int32_t i, T value) {
    return value - mean - x(u, width - 1) - y(i, width - 1) - x.row(u).head(width - 1).dot(y.row(i).head(width - 1));
  };
  const auto lambda = [&](std::size_t n) { return n > 0 ? rule.lambda(n) : 0.0; };
  while (report.epochs < epochs && !report.stopped) {
    if (report.epochs > 0) half_epoch(by_item, x, y, "item");
    half_epoch(by_user, y, x, "user");
    ++report.epochs;
    double loss = detail::sum_of_rows(by_user, x, error, lambda, how.executor);
    for (std::int32_t i = 0; i < by_item.rows(); ++i)
      loss += lambda(by_item.row(i).size()) * static_cast<double>(y.row(i).squaredNorm());
    report.loss.push_back(loss);
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (how.observer) how.observer({report.epochs, epochs, loss, report.seconds});
    report.stopped = how.stop.stop_requested();
  }
  const auto& losses = report.loss;
  report.converged = losses.size() > 1 && losses[losses.size() - 2] - losses.back() <= 1e-3 * losses.back();
  auto of_user = detail::row_sizes(by_user), of_item = detail::row_sizes(by_item);
  return {mean, std::move(x), std::move(y), std::move(of_user), std::move(of_item), rule, std::move(report)};
}

}  // namespace reco
