// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/base/random.hpp"
#include "reco/base/training.hpp"
#include "reco/ltr/linear_ranker.hpp"
#include "reco/ltr/mean_ndcg.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// What coordinate ascent climbs: any number that says how good scores are, more is better.
using ranking_quality = std::function<double(const ranking_data& data, std::span<const double> scores)>;

/// A linear ranker whose weights are moved one at a time to raise the metric itself, smooth or not (Metzler and Croft,
/// "Linear feature-based models for information retrieval", 2007). NDCG@`at` unless another metric is given:
///
///     const auto model = reco::coordinate_ascent{}.fit(train, [](const auto& data, auto scores) { return my_metric(…);
///     });
///
/// Each start visits the features in random order; a weight is moved up and down by steps that double as long as that
/// helps, and a sweep that gains less than `tolerance` ends it. The first start has equal weights, others random ones;
/// the best is kept. One evaluation of the metric is O(documents log documents); there are about
/// 2 features (steps + 1) of them in a sweep: for hundreds of features and thousands of documents, not millions.
struct coordinate_ascent {
  int starts = 3;           ///< >= 1
  int sweeps = 10;          ///< over all features, >= 1
  int steps = 6;            ///< doublings of a step, >= 1
  double step = 0.05;       ///< the first one, as a share of the sum of |weights|, > 0
  double tolerance = 1e-3;  ///< >= 0
  int at = 10;              ///< k of the NDCG climbed by default
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "coordinate_ascent";
  static constexpr auto options() {
    using c = coordinate_ascent;
    return std::tuple{at_least("starts", &c::starts, 1),
                      at_least("sweeps", &c::sweeps, 1),
                      at_least("steps", &c::steps, 1),
                      above("step", &c::step, 0).search(0.01, 0.2, search_scale::logarithmic),
                      at_least("tolerance", &c::tolerance, 0),
                      at_least("at", &c::at, 1),
                      any_value("seed", &c::seed)};
  }
  friend bool operator==(const coordinate_ascent&, const coordinate_ascent&) = default;

  /// Throws `invalid_argument` for options out of range, `numeric_error` for a metric that gives no number.
  [[nodiscard]] linear_ranker fit(const ranking_data& train, const ranking_quality& quality = {},
                                  const training& how = {}) const;
};
static_assert(options_are_complete<coordinate_ascent>);

// ---------------------------------------------------------------------------------------------------

inline linear_ranker coordinate_ascent::fit(const ranking_data& train, const ranking_quality& quality,
                                            const training& how) const {
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  auto scale = feature_scale::of(train.matrix_of_features());
  // Columns are what a step adds to all scores.
  const Eigen::MatrixXd x = standardised(train.matrix_of_features(), scale);
  const Eigen::Index features = x.cols();
  const auto value_of = [&](const column<double>& s) {
    const std::span<const double> scores(s.data(), static_cast<std::size_t>(s.size()));
    const double value = quality ? quality(train, scores) : mean_ndcg(train, scores, at);
    if (std::isnan(value)) detail::fail_number("coordinate_ascent: the metric is not a number");
    return value;
  };
  fit_report report;
  column<double> best_w = column<double>::Zero(features);
  double best = -std::numeric_limits<double>::infinity();
  std::vector<Eigen::Index> order(static_cast<std::size_t>(features));
  for (int s = 0; s < starts && !report.stopped; ++s) {
    random_engine random(seed, static_cast<std::uint64_t>(s));
    column<double> w(features);
    for (Eigen::Index f = 0; f < features; ++f) w[f] = s == 0 ? 1.0 : 2 * uniform_real(random) - 1;
    if (const double size = w.cwiseAbs().sum(); size > 0) w /= size;
    column<double> scores = x * w, tried(scores.size());
    double value = value_of(scores);
    for (int sweep = 0; sweep < sweeps && !report.stopped; ++sweep) {
      const double before = value;
      std::iota(order.begin(), order.end(), Eigen::Index{0});
      shuffle(random, std::span(order));
      for (const auto f : order) {
        double best_move = 0;
        for (const double sign : {1.0, -1.0}) {
          double move = sign * step;
          for (int n = 0; n < steps; ++n, move *= 2) {
            tried = scores + move * x.col(f);
            const double there = value_of(tried);
            if (there > value) {
              value = there;
              best_move = move;
            } else if (n > 1) {
              break;
            }
          }
        }
        if (best_move == 0) continue;
        w[f] += best_move;
        // |w| = 1 again: the same order of documents, and steps that stay in proportion
        w /= std::max(w.cwiseAbs().sum(), 1e-12);
        scores.noalias() = x * w;
      }
      ++report.epochs;
      report.loss.push_back(-value);
      report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (how.observer) how.observer({report.epochs, starts * sweeps, -value, report.seconds});
      report.stopped = how.stop.stop_requested();
      if (value - before <= tolerance * std::abs(before)) break;
    }
    if (value > best) {
      best = value;
      best_w = w;
    }
  }
  return {std::move(scale), std::vector<double>(best_w.data(), best_w.data() + features), 0, std::move(report)};
}

}  // namespace reco
