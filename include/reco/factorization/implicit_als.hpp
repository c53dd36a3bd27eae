// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
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
#include "reco/factorization/als_rotation.hpp"
#include "reco/factorization/als_sides.hpp"
#include "reco/factorization/ratings.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/model/factor_model.hpp"
#include "reco/model/implicit_rows.hpp"

namespace reco::inline RECO_ABI() {

/// How a row of ALS is solved.
enum class als_solver {
  exact,               ///< the minimum
  conjugate_gradient,  ///< `cg_steps` preconditioned steps from where the row was
  subspace,            ///< iALS++: coordinates in blocks of `block`: for hundreds of factors and long histories
};

/// What an observed pair with preference 1 is drawn to.
enum class als_loss {
  one_and_zero,  ///< to 1 with its weight, to 0 with the unobserved weight like every other (Rendle et al.)
  one,           ///< to 1 with the sum of both (Hu, Koren and Volinsky)
};

/// Factorization of implicit feedback by weighted alternating least squares (iALS, WRMF):
///
///     L = sum over (u, i) in S of c_ui (x_u'y_i - p_ui)²  +  unobserved_weight · sum over all u, i of (x_u'y_i)²
///         + sum_u lambda_u |x_u|² + sum_i lambda_i |y_i|²
///     lambda_u = regularization · (|S_u| + unobserved_weight · items)^regularization_exponent     items alike, with
///     users c_ui = alpha |value|     p_ui = 1 if value > 0, else 0     a value of 0 says nothing
///
/// Hu, Koren and Volinsky ("Collaborative filtering for implicit feedback datasets", ICDM 2008) in the form of Rendle,
/// Krichene, Zhang and Koren ("Revisiting the performance of iALS on item recommendation benchmarks", RecSys 2022).
/// Theirs, sum over all of c (x'y - p)² with c = 1 + alpha r, is `implicit_als::hu_koren_volinsky(alpha, lambda)`.
///
///     const auto model = reco::implicit_als{.factors = 128}.fit(data, {.executor = pool});
///     const auto list = reco::recommend(model, data.query(7), {.k = 10});
///
/// An epoch solves all items, then all users, and the last solves the users exactly, so that a user folded in gives the
/// trained vector to the last bit. Before each half the fixed side is turned into the eigenbasis of its Gramian (one
/// d × d eigenproblem, one product). There the equations of a row with h pairs are a diagonal plus rank h, for any
/// lambda_u: h × h for h < 0.75 d, else d × d. Time an epoch, exact: (users + items) d² + sum over rows of h min(h, d)²
/// + d³, bound by multiply-adds; conjugate gradient: (users + items) d² + pairs d cg_steps, bound by the memory that
/// factors are gathered from as soon as these pass the cache. Only the eigenproblem has one thread. Memory: the pairs
/// twice, (users + items) d numbers. The loss is a by-product. The bits do not depend on the number of threads.
///
///     fold-in of users      ✓ model.fold_in(history), and every query with a history
///     fold-in of items      ✓ model.fold_in_item(users, values)
///     warm start            ✓ fit_from(model, data)
///     updated by events     ✓ model.updated(data, events): their users; items move with the next fit
///     explain               ✓ Hu et al., section 5
///     forgetting a user     ✓ model.without(users); their trace in the items' factors goes with the next fit
///     early stopping        ✓ fit_best(data, quality, patience), by any metric of a model
///     predicted ratings     not meaningful because scores stand for preference, not for a value: see `explicit_als`
struct implicit_als {
  int factors = 64;                    ///< d >= 1
  int epochs = 15;                     ///< >= 1
  double regularization = 0.003;       ///< >= 0
  double regularization_exponent = 1;  ///< 0..2; 0: the same for all rows
  double unobserved_weight = 0.1;      ///< >= 0
  double alpha = 1;                    ///< > 0, weight of a pair of value 1
  double init_stddev = 0.1;            ///< > 0, of the users' first factors, divided by sqrt(d)
  als_solver solver = als_solver::exact;
  als_loss loss = als_loss::one_and_zero;
  int cg_steps = 3;  ///< >= 1
  int block = 64;    ///< >= 1, rounded up to whole registers
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "implicit_als";
  static constexpr auto options() {
    using als = implicit_als;
    constexpr auto orders = search_scale::logarithmic;
    return std::tuple{at_least("factors", &als::factors, 1).search(16, 512, orders),
                      at_least("epochs", &als::epochs, 1).search(5, 30),
                      at_least("regularization", &als::regularization, 0).search(1e-3, 0.03, orders),
                      between("regularization_exponent", &als::regularization_exponent, 0, 2).search(0, 1),
                      at_least("unobserved_weight", &als::unobserved_weight, 0).search(5e-3, 1, orders),
                      above("alpha", &als::alpha, 0),
                      above("init_stddev", &als::init_stddev, 0),
                      one_of("solver", &als::solver,
                             {{"exact", als_solver::exact},
                              {"conjugate_gradient", als_solver::conjugate_gradient},
                              {"subspace", als_solver::subspace}}),
                      one_of("loss", &als::loss, {{"one_and_zero", als_loss::one_and_zero}, {"one", als_loss::one}}),
                      at_least("cg_steps", &als::cg_steps, 1),
                      at_least("block", &als::block, 1),
                      any_value("seed", &als::seed)};
  }
  friend bool operator==(const implicit_als&, const implicit_als&) = default;

  /// sum over all of c (x'y - p)² + lambda (|x|² + |y|²), c = 1 + alpha r.
  [[nodiscard]] static implicit_als hu_koren_volinsky(double alpha, double lambda) {
    implicit_als options;
    options.regularization = lambda;
    options.regularization_exponent = 0;
    options.unobserved_weight = 1;
    options.alpha = alpha;
    options.loss = als_loss::one;
    return options;
  }
  [[nodiscard]] implicit_rule rule() const {
    return {alpha, unobserved_weight, regularization, regularization_exponent, loss == als_loss::one};
  }

  /// Throws `invalid_argument` for options out of range, `numeric_error` naming the row whose equations are singular
  /// (no regularization, and fewer rows on the other side than factors) or the epoch in which numbers ceased to be
  /// finite.
  template <interactions D>
  [[nodiscard]] factor_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
  /// Goes on from a model of as many factors and at most as many users and items; what is new starts as in `fit`.
  template <interactions D>
  [[nodiscard]] factor_model<typename D::scalar> fit_from(const factor_model<typename D::scalar>& start, const D& data,
                                                          const training& how = {}) const;
  /// The model of the epoch in which `quality(model)` was best, say a metric on held-out events; ends when it has not
  /// been better for `patience` epochs. The report's `epochs` is that of the model, its `loss` has every epoch run, and
  /// `converged` is whether patience ended the fit.
  template <interactions D, class Quality>
  [[nodiscard]] factor_model<typename D::scalar> fit_best(const D& data, Quality quality, int patience = 2,
                                                          const training& how = {}) const;
};
static_assert(options_are_complete<implicit_als>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// A fit under way. Options and what it is told must outlive it.
template <class T>
class als_fit {
 public:
  // X: users × d    Y: items × d, in the eigenbasis of the fixed side's Gramian; a half-epoch turns both. Rows stand in
  // the order of their sides.
  template <class D>
  als_fit(const implicit_als& options, const D& data, const training& how, const factor_model<T>* start)
      : als_fit(options, *user_rows<D>(data), how, start) {}
  als_fit(const implicit_als& options, const csr_matrix<T>& data, const training& how, const factor_model<T>* start)
      : als_fit(options, data, data.transposed(), how, start) {}

  void epoch() {
    half(items_, users_, o_.solver);
    loss_ = half(users_, items_, o_.solver);
    ++report_.epochs;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    report_.seconds = seconds;
    report_.loss.push_back(loss_);
    const auto& losses = report_.loss;
    report_.converged = losses.size() > 1 && losses[losses.size() - 2] - losses.back() <= 1e-3 * losses.back();
  }
  /// The users once more, exactly, where they were not.
  void finish() {
    if (o_.solver == als_solver::exact) return;
    report_.loss.back() = half(users_, items_, als_solver::exact);
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  [[nodiscard]] factor_model<T> model() const {
    return {users_.rows.restored(users_.x), items_.rows.restored(items_.x), basis_.spectrum, rule_, report_};
  }
  void tell() {
    if (how_.observer) how_.observer({report_.epochs, o_.epochs, report_.loss.back(), report_.seconds});
  }
  [[nodiscard]] bool goes_on() {
    report_.stopped = how_.stop.stop_requested();
    return report_.epochs < o_.epochs && !report_.stopped;
  }
  fit_report& report() { return report_; }

 private:
  struct one_side {
    std::string_view what;
    als_side<T> rows;
    matrix<T> x;
    double penalty = 0;  // sum of lambda |x|²
  };

  // Solves the rows of a side; returns the loss.
  double half(one_side& solved, one_side& fixed, als_solver solver) {
    als_starts<T> starts;
    if (&fixed != turned_) {
      basis_ = diagonalize(fixed.x, how_.executor);
      rotate(fixed.x, basis_.vectors, how_.executor);
      turned_ = &fixed;
      if (solver != als_solver::exact) starts.turn = &basis_.vectors;
    }
    // Exact where that is no more work than what it stands in for.
    if (solver == als_solver::conjugate_gradient) starts.longer_than = 8 * o_.cg_steps;
    if (solver == als_solver::subspace) {
      const auto block = padded(o_.block);
      starts.longer_than = padded(o_.factors) > block ? block : std::numeric_limits<std::int64_t>::max();
    }
    const auto solve = [&](als_workspace<T>& space, std::span<T> x) {
      const auto& row = space.exact.row();
      if (solver == als_solver::exact || row.size() <= starts.longer_than) return space.exact.solve(x);
      if (solver == als_solver::conjugate_gradient) return space.cg.solve(row, o_.cg_steps, x);
      return space.subspace.solve(row, x);
    };
    const auto singular = [&](std::int32_t row) {
      fail_number("implicit_als: the equations of " + std::string(solved.what) + ' ' + to_text(row) +
                  " are singular; regularization above 0 helps");
    };
    const auto parts = als_half_epoch<T>(solved.rows, fixed.x, basis_.spectrum, rule_, starts, solved.x, spaces_,
                                         how_.executor, solve, singular);
    solved.penalty = parts.penalty;
    const double loss = fixed.penalty + parts.loss;
    if (!std::isfinite(loss))
      fail_number("implicit_als: numbers were no longer finite in epoch " + to_text(report_.epochs + 1) +
                  "; regularization is too small or values are too large");
    return loss;
  }
  static std::int64_t padded(std::int64_t n) { return identity_plus_gram<T>::padded(n); }

  als_fit(const implicit_als& options, const csr_matrix<T>& by_user, const csr_matrix<T>& by_item, const training& how,
          const factor_model<T>* start)
      : o_(options),
        rule_(options.rule()),
        how_(how),
        users_{"user", {by_user, longest_first(by_user), longest_first(by_item)}, {by_user.rows(), options.factors}},
        items_{"item",
               {by_item, longest_first(by_item), users_.rows.order()},
               matrix<T>::Zero(by_item.rows(), options.factors)},
        spaces_(options.factors, std::min(padded(options.factors), padded(options.block))) {
    const double stddev = o_.init_stddev / std::sqrt(static_cast<double>(o_.factors));
    for (std::int64_t n = 0; n < users_.rows.rows(); ++n) {
      const auto u = users_.rows.order()[static_cast<std::size_t>(n)];
      random_engine random(o_.seed, static_cast<std::uint64_t>(u));
      for (Eigen::Index f = 0; f < users_.x.cols(); ++f)
        users_.x(n, f) = users_.rows.row(n).empty() ? T(0) : static_cast<T>(stddev * normal(random));
      if (start != nullptr && u < start->users()) users_.x.row(n) = start->user_factors().row(u);
    }
    for (std::int64_t n = 0; start != nullptr && n < items_.rows.rows(); ++n)
      if (const auto i = items_.rows.order()[static_cast<std::size_t>(n)]; i < start->items())
        items_.x.row(n) = start->item_factors().row(i);
    users_.penalty = als_penalty(users_.rows, users_.x, items_.rows.rows(), rule_, how_.executor);
  }

  const implicit_als& o_;
  implicit_rule rule_;
  const training& how_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  one_side users_, items_;
  gramian_basis<T> basis_ = {};
  const one_side* turned_ = nullptr;  // the side in whose eigenbasis both are
  als_workspaces<T> spaces_;
  double loss_ = 0;
  fit_report report_ = {.converged = false};
};

}  // namespace detail

template <interactions D>
factor_model<typename D::scalar> implicit_als::fit(const D& data, const training& how) const {
  return fit_from({}, data, how);
}

template <interactions D>
factor_model<typename D::scalar> implicit_als::fit_from(const factor_model<typename D::scalar>& start, const D& data,
                                                        const training& how) const {
  check_options(*this);
  const bool warm = start.items() > 0;
  if (warm && (start.factors() != factors || start.users() > data.users() || start.items() > data.items()))
    detail::fail_argument("implicit_als: a fit from a model needs as many factors and no fewer users and items, got " +
                          detail::to_text(start.factors()) + " factors of " + detail::to_text(start.users()) +
                          " users and " + detail::to_text(start.items()) + " items");
  detail::als_fit<typename D::scalar> fit(*this, data, how, warm ? &start : nullptr);
  do {
    fit.epoch();
    if (fit.report().epochs == epochs) fit.finish();
    fit.tell();
  } while (fit.goes_on());
  if (fit.report().epochs < epochs) fit.finish();
  return fit.model();
}

template <interactions D, class Quality>
factor_model<typename D::scalar> implicit_als::fit_best(const D& data, Quality quality, int patience,
                                                        const training& how) const {
  check_options(*this);
  if (patience < 1)
    detail::fail_argument("implicit_als: patience must be at least 1, got " + detail::to_text(patience));
  detail::als_fit<typename D::scalar> fit(*this, data, how, nullptr);
  factor_model<typename D::scalar> best;
  double highest = -std::numeric_limits<double>::infinity();
  int since = 0;
  do {
    fit.epoch();
    fit.finish();
    fit.tell();
    auto model = fit.model();
    if (const double q = quality(std::as_const(model)); fit.report().epochs == 1 || q > highest) {
      best = std::move(model);
      highest = q;
      since = 0;
    } else {
      ++since;
    }
  } while (fit.goes_on() && since < patience);
  auto report = fit.report();
  report.epochs = best.report().epochs;
  report.converged = since >= patience;
  return {best.user_factors(), best.item_factors(), {best.spectrum().begin(), best.spectrum().end()}, rule(), report};
}

}  // namespace reco
