// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/ltr/linear_ranker.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

enum class pointwise_loss {
  squared,   ///< ridge regression of the label
  logistic,  ///< logistic regression of "the label is at least `relevant_from`"
};

/// A linear ranker that looks at one document at a time:
///
///     L = sum_d weight_d loss(label_d, score_d) + regularization · documents |w|²     (the bias is free)
///
/// by Newton's method (iteratively reweighted least squares), one step for the squared loss. The simplest ranker there
/// is, and the one to beat. O(steps documents features²), bound by the weighted Gram matrix. Not for many thousand
/// features.
struct pointwise {
  pointwise_loss loss = pointwise_loss::squared;
  double regularization = 1e-3;  ///< > 0
  double relevant_from = 1;      ///< logistic only
  int epochs = 30;               ///< Newton steps at most, >= 1

  static constexpr std::string_view name = "pointwise";
  static constexpr auto options() {
    return std::tuple{
        one_of("loss", &pointwise::loss,
               {{"squared", pointwise_loss::squared}, {"logistic", pointwise_loss::logistic}}),
        above("regularization", &pointwise::regularization, 0).search(1e-5, 10, search_scale::logarithmic),
        any_value("relevant_from", &pointwise::relevant_from), at_least("epochs", &pointwise::epochs, 1)};
  }
  friend bool operator==(const pointwise&, const pointwise&) = default;

  /// Throws `invalid_argument` for options out of range.
  [[nodiscard]] linear_ranker fit(const ranking_data& train, const training& how = {}) const;
};
static_assert(options_are_complete<pointwise>);

// ---------------------------------------------------------------------------------------------------

inline linear_ranker pointwise::fit(const ranking_data& train, const training& how) const {
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  auto scale = feature_scale::of(train.matrix_of_features());
  const Eigen::Index documents = train.documents(), features = train.features();
  // Z: documents × (features + 1), the last column 1    v: weights and bias
  matrix<double> z(documents, features + 1);
  z.leftCols(features) = standardised(train.matrix_of_features(), scale);
  z.col(features).setOnes();
  column<double> v = column<double>::Zero(features + 1), target(documents), weight(documents);
  for (Eigen::Index d = 0; d < documents; ++d) {
    const auto at = static_cast<std::size_t>(d);
    const auto label = static_cast<double>(train.labels()[at]);
    target[d] = loss == pointwise_loss::squared ? label : (label >= relevant_from ? 1 : 0);
    weight[d] = train.weights().empty() ? 1 : static_cast<double>(train.weights()[at]);
  }
  const double lambda = regularization * static_cast<double>(std::max<Eigen::Index>(documents, 1));
  column<double> ridge = column<double>::Constant(features + 1, lambda);
  ridge[features] = 1e-9;  // a bias nobody asks for: keeps the equations solvable where all labels are alike

  fit_report report{.converged = false};
  const int most = loss == pointwise_loss::squared ? 1 : epochs;
  while (report.epochs < most && !report.converged && !report.stopped) {
    // v <- v - H^-1 g     g = Z'(weight (p - target)) + lambda v     H = Z' diag(weight p') Z + lambda I
    column<double> p = z * v, slope = weight;
    if (loss == pointwise_loss::logistic) {
      p = (1 + (-p.array()).exp()).inverse();
      slope.array() *= (p.array() * (1 - p.array())).max(1e-9);
    }
    const column<double> g = z.transpose() * (weight.array() * (p - target).array()).matrix() + ridge.cwiseProduct(v);
    const matrix<double> scaled = slope.cwiseSqrt().asDiagonal() * z;
    matrix<double> h = ridge.asDiagonal();
    h.selfadjointView<Eigen::Lower>().rankUpdate(scaled.transpose());
    const column<double> step = h.selfadjointView<Eigen::Lower>().ldlt().solve(g);
    v -= step;
    ++report.epochs;
    report.converged = step.cwiseAbs().maxCoeff() <= 1e-8 * std::max(1.0, v.cwiseAbs().maxCoeff());
    report.stopped = how.stop.stop_requested();
    if (!v.allFinite())
      detail::fail_number("pointwise: weights were no longer finite in step " + detail::to_text(report.epochs));
    if (how.observer) how.observer({report.epochs, most, g.norm(), 0});
  }
  report.converged = report.converged || loss == pointwise_loss::squared;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {std::move(scale), std::vector<double>(v.data(), v.data() + features), v[features], std::move(report)};
}

}  // namespace reco
