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
#include "reco/factorization/nmf_model.hpp"
#include "reco/factorization/ratings.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/gram.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/row_solvers.hpp"

namespace reco::inline RECO_ABI() {

enum class nmf_solver {
  coordinate_descent,  ///< rows solved number by number: few epochs
  multiplicative,      ///< Lee and Seung's updates: many cheap ones
};

/// Non-negative matrix factorization: what a user likes is a sum of parts, none of which takes anything away.
///
///     L = sum over (u, i) of (r_ui - x_u'y_i)² + sum_u lambda_u |x_u|² + sum_i lambda_i |y_i|²      x, y >= 0
///
/// over rated pairs (`unobserved::unknown`: ratings) or over all pairs, what did not happen being 0
/// (`unobserved::zero`: clicks, plays); lambda_u = regularization · n_u for n_u ratings, or regularization alone over
/// all pairs.
///
/// Lee and Seung ("Algorithms for non-negative matrix factorization", 2001); coordinate descent row by row as Cichocki
/// and Phan ("Fast local algorithms for large scale nonnegative matrix and tensor factorizations", 2009) and Hsieh and
/// Dhillon (2011). Neither lets L rise. At the end users are solved once more from nothing, so that a trained user
/// folded in gives the trained vector.
///
///     const auto model = reco::nmf{.factors = 16}.fit(ratings, {.executor = pool});
///
/// Time an epoch: unknown (ratings) d² by coordinate descent, (ratings) d by multiplicative updates; zero
/// (ratings) d + (users + items) d². Values must not be negative.
struct nmf {
  int factors = 16;              ///< d >= 1
  int epochs = 30;               ///< >= 1
  double regularization = 0.08;  ///< >= 0
  nmf_solver solver = nmf_solver::coordinate_descent;
  unobserved missing = unobserved::unknown;
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "nmf";
  static constexpr auto options() {
    return std::tuple{at_least("factors", &nmf::factors, 1).search(8, 128, search_scale::logarithmic),
                      at_least("epochs", &nmf::epochs, 1).search(10, 60),
                      at_least("regularization", &nmf::regularization, 0).search(0.01, 0.3, search_scale::logarithmic),
                      one_of("solver", &nmf::solver,
                             {{"coordinate_descent", nmf_solver::coordinate_descent},
                              {"multiplicative", nmf_solver::multiplicative}}),
                      one_of("missing", &nmf::missing, {{"unknown", unobserved::unknown}, {"zero", unobserved::zero}}),
                      any_value("seed", &nmf::seed)};
  }
  friend bool operator==(const nmf&, const nmf&) = default;

  /// Throws `invalid_argument` for options out of range and for a negative value, naming it, and `numeric_error` naming
  /// the epoch in which numbers ceased to be finite.
  template <interactions D>
  [[nodiscard]] nmf_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<nmf>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// x_f <- x_f (Z't)_f / ((Z'Z + lambda I) x)_f, A = Z'Z + lambda I; over rated pairs without ever forming A.
template <class T>
void multiply_row(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& y,
                  const matrix<T>* gram, T lambda, Eigen::Ref<column<T>> x, column<T>& above, column<T>& below) {
  constexpr T tiny = static_cast<T>(1e-12);  // 0 / 0 stays 0
  above.setZero();
  below = lambda * x;
  if (gram != nullptr) below.noalias() += *gram * x;
  for (std::size_t n = 0; n < others.size(); ++n) {
    const auto z = y.row(others[n]);
    above += values[n] * z.transpose();
    if (gram == nullptr) below += z.dot(x) * z.transpose();
  }
  x = x.array() * above.array() / (below.array() + tiny);
}

}  // namespace detail

template <interactions D>
nmf_model<typename D::scalar> nmf::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const detail::user_rows<D> rows_of_users(data);
  const auto& by_user = *rows_of_users;
  const auto by_item = by_user.transposed();
  for (std::int32_t u = 0; u < by_user.rows(); ++u) {
    const auto row = by_user.row(u);
    for (std::size_t n = 0; n < row.size(); ++n)
      if (row.values[n] < 0)
        detail::fail_argument("nmf: values must be at least 0, got " + detail::to_text(row.values[n]) + " of user " +
                              detail::to_text(u) + ", item " + detail::to_text(row.columns[n]));
  }
  const auto mean = static_cast<T>(detail::mean_of(by_user.values()));
  const nonnegative_fold_in rule{regularization, missing};
  const auto d = Eigen::Index{factors};

  // X, Y >= 0; at first x'y is about the mean of what they are to add up to
  double level = static_cast<double>(mean);
  const double pairs = static_cast<double>(by_user.rows()) * by_user.columns();
  if (missing == unobserved::zero && pairs > 0) level *= static_cast<double>(by_user.nonzeros()) / pairs;
  const double size = std::sqrt(std::max(level, 1e-6) / static_cast<double>(factors));
  const auto random_rows = [&](std::int32_t rows, std::uint64_t side) {
    matrix<T> m(rows, d);
    for (Eigen::Index r = 0; r < rows; ++r) {
      random_engine random(seed, 2 * static_cast<std::uint64_t>(r) + side);
      for (Eigen::Index f = 0; f < d; ++f) m(r, f) = static_cast<T>(size * (0.5 + uniform_real(random)));
    }
    return m;
  };
  matrix<T> x = random_rows(by_user.rows(), 0), y = random_rows(by_item.rows(), 1);

  fit_report report{.converged = false};
  const auto half_epoch = [&](const csr_matrix<T>& ratings, const matrix<T>& fixed, matrix<T>& solved) {
    matrix<T> shared;  // Z'Z of all pairs
    if (missing == unobserved::zero) shared = gram(fixed, how.executor).template cast<T>();
    for_chunks(how.executor, ratings.rows(), 64, [&](std::int64_t begin, std::int64_t end) {
      row_equations<T> equations(d);
      column<T> row(d), above(d), below(d);
      for (auto r = static_cast<std::int32_t>(begin); r < end; ++r) {
        const auto known = ratings.row(r);
        row = solved.row(r).transpose();
        if (known.empty()) {
          row.setZero();
        } else if (solver == nmf_solver::multiplicative) {
          const auto lambda = static_cast<T>(rule.lambda(known.size()));
          detail::multiply_row<T>(known.columns, known.values, fixed, shared.size() > 0 ? &shared : nullptr, lambda,
                                  row, above, below);
        } else {
          rule.collect<T>(known.columns, known.values, fixed, shared, equations);
          equations.nonnegative(row, 2, T(0));
        }
        solved.row(r) = row.transpose();
      }
    });
    if (!solved.allFinite())
      detail::fail_number("nmf: numbers were no longer finite in epoch " + detail::to_text(report.epochs + 1) +
                          "; values are too large");
  };
  const auto loss = [&] {
    const auto error = [&](std::int32_t u, std::int32_t i, T value) { return value - x.row(u).dot(y.row(i)); };
    const auto lambda = [&](std::size_t n) { return n > 0 ? rule.lambda(n) : 0.0; };
    double sum = detail::sum_of_rows(by_user, x, error, lambda, how.executor);
    for (std::int32_t i = 0; i < by_item.rows(); ++i)
      sum += lambda(by_item.row(i).size()) * static_cast<double>(y.row(i).squaredNorm());
    if (missing == unobserved::zero) {  // all pairs' squares, less those of the pairs above
      sum += gram(x, how.executor).cwiseProduct(gram(y, how.executor)).sum();
      const auto foretold = [&](std::int32_t u, std::int32_t i, T) { return x.row(u).dot(y.row(i)); };
      sum -= detail::sum_of_rows(
          by_user, x, foretold, [](std::size_t) { return 0.0; }, how.executor);
    }
    return sum;
  };
  while (report.epochs < epochs && !report.stopped) {
    half_epoch(by_user, y, x);
    half_epoch(by_item, x, y);
    ++report.epochs;
    report.loss.push_back(loss());
    report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (how.observer) how.observer({report.epochs, epochs, report.loss.back(), report.seconds});
    report.stopped = how.stop.stop_requested();
  }
  const auto& losses = report.loss;
  report.converged = losses.size() > 1 && losses[losses.size() - 2] - losses.back() <= 1e-3 * losses.back();
  return nmf_model<T>(mean, by_user, std::move(y), detail::row_sizes(by_item), rule, std::move(report), how.executor);
}

}  // namespace reco
