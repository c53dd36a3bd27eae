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
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Where each feature lies and how widely it varies: what makes weights comparable. A missing value counts as the mean.
struct feature_scale {
  std::vector<double> mean = {};
  std::vector<double> deviation = {};  ///< 1 where a feature is constant: it then counts for nothing

  /// Over the values that are known. O(documents features).
  [[nodiscard]] static feature_scale of(const ranking_features& rows);
};

/// A weighted sum of standardised features: what the linear rankers of this room learn.
///
///     score(x) = bias + sum_f weight_f (x_f - mean_f) / deviation_f          a missing x_f adds nothing
///
/// Immutable; `predict` neither allocates nor locks, O(features).
class linear_ranker {
 public:
  linear_ranker() = default;
  /// Throws `invalid_argument` where the numbers of weights and features differ, `numeric_error` for a weight that is
  /// not finite.
  linear_ranker(feature_scale scale, std::vector<double> weights, double bias = 0, fit_report report = {});

  [[nodiscard]] std::int32_t features() const noexcept { return static_cast<std::int32_t>(weights_.size()); }
  /// Of standardised features: their sizes can be compared.
  [[nodiscard]] std::span<const double> weights() const noexcept { return weights_; }
  [[nodiscard]] double bias() const noexcept { return bias_; }
  [[nodiscard]] const feature_scale& scale() const noexcept { return scale_; }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

  /// Throws `invalid_argument` for a row of another number of features.
  [[nodiscard]] double predict(std::span<const float> row) const;
  [[nodiscard]] std::vector<double> predict_all(const ranking_features& rows, executor_ref executor = {}) const;
  /// |weight| of each feature.
  [[nodiscard]] std::vector<double> importance() const;

 private:
  void check_features(std::int64_t got) const;

  feature_scale scale_ = {};
  std::vector<double> weights_ = {};
  double bias_ = 0;
  fit_report report_ = {};
};

/// Standardised features as a dense matrix, documents × features, missing values 0.
[[nodiscard]] matrix<double> standardised(const ranking_features& rows, const feature_scale& scale);

// ---------------------------------------------------------------------------------------------------

inline feature_scale feature_scale::of(const ranking_features& rows) {
  const auto features = static_cast<std::size_t>(rows.features());
  feature_scale scale{std::vector<double>(features), std::vector<double>(features, 1)};
  std::vector<double> known(features), squares(features);
  std::vector<float> scratch(features);
  const auto each = [&](auto f) {
    for (std::int32_t d = 0; d < rows.documents(); ++d) {
      const auto row = rows.row(d, scratch);
      for (std::size_t n = 0; n < features; ++n)
        if (!std::isnan(row[n])) f(n, static_cast<double>(row[n]));
    }
  };
  each([&](std::size_t n, double value) {
    scale.mean[n] += value;
    ++known[n];
  });
  for (std::size_t n = 0; n < features; ++n) scale.mean[n] /= std::max(1.0, known[n]);
  each([&](std::size_t n, double value) { squares[n] += (value - scale.mean[n]) * (value - scale.mean[n]); });
  for (std::size_t n = 0; n < features; ++n) {
    const double deviation = std::sqrt(squares[n] / std::max(1.0, known[n]));
    if (deviation > 1e-12 * std::abs(scale.mean[n])) scale.deviation[n] = deviation;
  }
  return scale;
}

inline matrix<double> standardised(const ranking_features& rows, const feature_scale& scale) {
  matrix<double> x(rows.documents(), rows.features());
  std::vector<float> scratch(static_cast<std::size_t>(rows.features()));
  for (std::int32_t d = 0; d < rows.documents(); ++d) {
    const auto row = rows.row(d, scratch);
    for (std::size_t f = 0; f < row.size(); ++f)
      x(d, static_cast<Eigen::Index>(f)) =
          std::isnan(row[f]) ? 0 : (static_cast<double>(row[f]) - scale.mean[f]) / scale.deviation[f];
  }
  return x;
}

inline linear_ranker::linear_ranker(feature_scale scale, std::vector<double> weights, double bias, fit_report report)
    : scale_(std::move(scale)), weights_(std::move(weights)), bias_(bias), report_(std::move(report)) {
  if (scale_.mean.size() != weights_.size() || scale_.deviation.size() != weights_.size())
    detail::fail_argument("linear_ranker: a mean and a deviation for each weight were expected");
  for (std::size_t f = 0; f < weights_.size(); ++f)
    if (!std::isfinite(weights_[f]) || !std::isfinite(bias_))
      detail::fail_number("linear_ranker: the weight of feature " + detail::to_text(f) + " must be finite, got " +
                          detail::to_text(weights_[f]));
}

inline void linear_ranker::check_features(std::int64_t got) const {
  if (got != features())
    detail::fail_argument("linear_ranker: it was trained on " + detail::to_text(features()) + " features, got " +
                          detail::to_text(got));
}

inline double linear_ranker::predict(std::span<const float> row) const {
  check_features(std::ssize(row));
  double score = bias_;
  for (std::size_t f = 0; f < row.size(); ++f)
    if (!std::isnan(row[f]))
      score += weights_[f] * ((static_cast<double>(row[f]) - scale_.mean[f]) / scale_.deviation[f]);
  return score;
}

inline std::vector<double> linear_ranker::predict_all(const ranking_features& rows, executor_ref executor) const {
  check_features(rows.features());
  std::vector<double> scores(static_cast<std::size_t>(rows.documents()));
  for_chunks(executor, rows.documents(), 1024, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> scratch(static_cast<std::size_t>(rows.features()));
    for (auto d = static_cast<std::int32_t>(begin); d < end; ++d)
      scores[static_cast<std::size_t>(d)] = predict(rows.row(d, scratch));
  });
  return scores;
}

inline std::vector<double> linear_ranker::importance() const {
  std::vector<double> sizes(weights_.size());
  std::transform(weights_.begin(), weights_.end(), sizes.begin(), [](double w) { return std::abs(w); });
  return sizes;
}

}  // namespace reco
