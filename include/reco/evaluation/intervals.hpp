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
#include "reco/base/random.hpp"
#include "reco/evaluation/evaluate.hpp"
#include "reco/metrics/confidence.hpp"
#include "reco/metrics/rated_pairs.hpp"

namespace reco::inline RECO_ABI() {

/// A percentile interval for each metric of an evaluation, in its order: bit for bit what `bootstrap::mean` gives of
/// each, but users are drawn once for all metrics, whose values of one user stand side by side in memory.
///
/// O(resamples × users × metrics) additions and a resample's random numbers once instead of once a metric. Throws as
/// `bootstrap::mean`, and for another method than percentile.
[[nodiscard]] std::vector<interval> intervals_of(const evaluation& e, const bootstrap& b = {},
                                                 executor_ref executor = {});

/// The errors of a user, summed: what rating metrics over pairs are made of.
struct user_errors {
  std::int32_t user = 0;
  double squares = 0;    ///< sum of (actual - predicted)²
  double absolutes = 0;  ///< sum of |actual - predicted|
  double pairs = 0;      ///< with a prediction
};

/// Of each user with a predicted pair, ascending. Throws `invalid_argument` as `rmse`.
[[nodiscard]] std::vector<user_errors> errors_by_user(std::span<const rated_pair> pairs);

struct rating_intervals {
  interval rmse = {};
  interval mae = {};
};

/// Intervals of RMSE and MAE over pairs. Pairs of one user are not independent, so that users are drawn with all their
/// pairs (Davison and Hinkley 1997, 3.8). O(resamples × users). Throws as `intervals_of`, also without any error.
[[nodiscard]] rating_intervals intervals_of(std::span<const user_errors> errors, const bootstrap& b = {},
                                            executor_ref executor = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline void check_bootstrap(const bootstrap& b) {
  if (b.resamples < 1) fail_argument("bootstrap: resamples must be at least 1, got " + to_text(b.resamples));
  if (!(b.level > 0 && b.level < 1))
    fail_argument("bootstrap: level must be above 0 and below 1, got " + to_text(b.level));
  if (b.by != bootstrap::method::percentile) fail_argument("intervals_of: by must be percentile, got bias_corrected");
}

inline interval percentile_interval(double mean, std::vector<double> drawn, double level) {
  std::sort(drawn.begin(), drawn.end());
  return {.mean = mean, .low = quantile(drawn, (1 - level) / 2), .high = quantile(drawn, (1 + level) / 2)};
}

/// Draws `rows` users for each resample and adds up their rows of `width` numbers; `finish(b, sums)` sees the result.
template <class Finish>
void resample_rows(std::span<const double> values, std::size_t width, const bootstrap& b, executor_ref executor,
                   Finish finish) {
  const auto rows = static_cast<std::int64_t>(values.size() / width);
  for_chunks(executor, b.resamples, 16, [&](std::int64_t first, std::int64_t last) {
    std::vector<double> sums(width);
    for (std::int64_t n = first; n < last; ++n) {
      random_engine random(b.seed, static_cast<std::uint64_t>(n) + 1);  // the streams of `bootstrap::means`
      std::fill(sums.begin(), sums.end(), 0.0);
      for (std::int64_t i = 0; i < rows; ++i) {
        const double* const row = values.data() + static_cast<std::size_t>(uniform_index(random, rows)) * width;
        for (std::size_t m = 0; m < width; ++m) sums[m] += row[m];
      }
      finish(static_cast<std::size_t>(n), std::span<const double>(sums));
    }
  });
}

}  // namespace detail

inline std::vector<interval> intervals_of(const evaluation& e, const bootstrap& b, executor_ref executor) {
  detail::check_bootstrap(b);
  const std::size_t metrics = e.values.size(), users = e.users.size();
  std::vector<double> rows(metrics * users);
  for (std::size_t m = 0; m < metrics; ++m) {
    detail::check_values("bootstrap", e.values[m]);
    for (std::size_t u = 0; u < users; ++u) rows[u * metrics + m] = e.values[m][u];
  }
  std::vector<std::vector<double>> drawn(metrics, std::vector<double>(static_cast<std::size_t>(b.resamples)));
  if (metrics > 0)
    detail::resample_rows(rows, metrics, b, executor, [&](std::size_t n, std::span<const double> sums) {
      for (std::size_t m = 0; m < metrics; ++m) drawn[m][n] = sums[m] / static_cast<double>(users);
    });
  std::vector<interval> out;
  for (std::size_t m = 0; m < metrics; ++m)
    out.push_back(detail::percentile_interval(detail::mean_of(e.values[m]), std::move(drawn[m]), b.level));
  return out;
}

inline std::vector<user_errors> errors_by_user(std::span<const rated_pair> pairs) {
  std::vector<user_errors> of;
  for (const auto& p : pairs) {
    if (!p.predicted) continue;
    detail::check_rated("errors_by_user", p);
    const auto user = static_cast<std::size_t>(p.user);
    if (user >= of.size()) of.resize(user + 1);
    const double error = p.actual - *p.predicted;
    of[user].user = p.user;
    of[user].squares += error * error;
    of[user].absolutes += std::abs(error);
    ++of[user].pairs;
  }
  std::erase_if(of, [](const user_errors& e) { return e.pairs == 0; });
  return of;
}

inline rating_intervals intervals_of(std::span<const user_errors> errors, const bootstrap& b, executor_ref executor) {
  detail::check_bootstrap(b);
  if (errors.empty()) detail::fail_argument("intervals_of: there are no values");
  std::vector<double> rows;
  user_errors all;
  for (const auto& e : errors) {
    rows.insert(rows.end(), {e.squares, e.absolutes, e.pairs});
    all.squares += e.squares;
    all.absolutes += e.absolutes;
    all.pairs += e.pairs;
  }
  std::vector<double> rmse(static_cast<std::size_t>(b.resamples)), mae(rmse.size());
  detail::resample_rows(rows, 3, b, executor, [&](std::size_t n, std::span<const double> sums) {
    rmse[n] = std::sqrt(sums[0] / sums[2]);
    mae[n] = sums[1] / sums[2];
  });
  return {.rmse = detail::percentile_interval(std::sqrt(all.squares / all.pairs), std::move(rmse), b.level),
          .mae = detail::percentile_interval(all.absolutes / all.pairs, std::move(mae), b.level)};
}

}  // namespace reco
