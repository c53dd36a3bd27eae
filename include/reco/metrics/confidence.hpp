// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/random.hpp"
#include "reco/math/distributions.hpp"

namespace reco::inline RECO_ABI() {

/// A mean and the interval that would hold the true one.
struct interval {
  double mean = 0;
  double low = 0;
  double high = 0;

  friend bool operator==(const interval&, const interval&) = default;
};

/// How sure a mean over users is: draw as many users as there are, with replacement, again and again, and see how
/// the mean varies (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993; chapters 13 and 14).
///
///     auto how_sure = reco::bootstrap{.seed = 7}.mean(ndcg_of_user);                // {mean, low, high}
///     auto better   = reco::bootstrap{}.difference(ndcg_of_ours, ndcg_of_theirs);   // 0 outside: a difference
///
/// Where a user has several values (each query is one), they are not independent: `mean_by_user` draws users and takes
/// all values of each (the cluster bootstrap: Davison and Hinkley, "Bootstrap Methods and their Application", 1997,
/// 3.8). Drawing the values themselves would give intervals too short by far.
///
///     mean = sum over users of their values / number of these values, in every resample anew
///
/// The same users are drawn for the same seed and number of users, on any number of threads. O(resamples × users)
/// time, bound by random reads of the values; 8 bytes a resample.
struct bootstrap {
  enum class method {
    percentile,      ///< the quantiles of the resampled means
    bias_corrected,  ///< BCa: the same, moved for bias and skewness; better for few users and skewed values
  };

  std::int64_t resamples = 1000;  ///< B >= 1
  double level = 0.95;            ///< the share of intervals that hold the true mean, above 0 and below 1
  method by = method::percentile;
  std::uint64_t seed = 0;

  /// Of the mean of values, one a user. Throws `invalid_argument` if there are none, if one is not finite, or for a
  /// field out of its range.
  [[nodiscard]] interval mean(std::span<const double> values, executor_ref executor = {}) const;
  /// Of mean(a) - mean(b), a[n] and b[n] being of the same user: users are drawn, so that what makes a user hard for
  /// both cancels. Throws as `mean`, and if the sizes differ.
  [[nodiscard]] interval difference(std::span<const double> a, std::span<const double> b,
                                    executor_ref executor = {}) const;
  /// The same for values of which several may be of one user: `users[n]` says whose `values[n]` is. Throws as `mean`,
  /// and if the sizes differ.
  [[nodiscard]] interval mean_by_user(std::span<const double> values, std::span<const std::int32_t> users,
                                      executor_ref executor = {}) const;
  [[nodiscard]] interval difference_by_user(std::span<const double> a, std::span<const double> b,
                                            std::span<const std::int32_t> users, executor_ref executor = {}) const;
  /// The means of all resamples, in the order drawn.
  [[nodiscard]] std::vector<double> means(std::span<const double> values, executor_ref executor = {}) const;

 private:
  [[nodiscard]] interval interval_of(double mean, std::vector<double> drawn, std::span<const double> influence) const;
  void check_level() const;
  /// f(random) of each resample, in their order.
  template <class F>
  [[nodiscard]] std::vector<double> draw(executor_ref executor, F f) const;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

/// The (n + 1) q-th of n sorted numbers, straight lines between them: a further draw lies below it with probability q
/// (Davison and Hinkley, "Bootstrap Methods and their Application", 1997, 5.2.1; R's type 6).
inline double quantile(std::span<const double> sorted, double q) {
  const auto last = static_cast<double>(sorted.size() - 1);
  const double at = std::clamp(q * (last + 2) - 1, 0.0, last);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

inline std::vector<double> paired_differences(std::string_view who, std::span<const double> a,
                                              std::span<const double> b) {
  if (a.size() != b.size())
    fail_argument(std::string(who) + ": as many values of one as of the other are needed, got " + to_text(a.size()) +
                  " and " + to_text(b.size()));
  std::vector<double> d(a.size());
  for (std::size_t n = 0; n < d.size(); ++n) d[n] = a[n] - b[n];
  return d;
}

inline void check_values(std::string_view who, std::span<const double> values) {
  if (values.empty()) fail_argument(std::string(who) + ": there are no values");
  for (std::size_t n = 0; n < values.size(); ++n)
    if (!std::isfinite(values[n]))
      fail_argument(std::string(who) + ": value " + to_text(n) + " must be finite, got " + to_text(values[n]));
}

struct user_sum {
  double sum = 0;
  double count = 0;
};

/// One a user, in the order of their first value.
inline std::vector<user_sum> sums_by_user(std::string_view who, std::span<const double> values,
                                          std::span<const std::int32_t> users) {
  if (values.size() != users.size())
    fail_argument(std::string(who) + ": as many users as values are needed, got " + to_text(users.size()) + " and " +
                  to_text(values.size()));
  std::unordered_map<std::int32_t, std::size_t> place;
  std::vector<user_sum> sums;
  for (std::size_t n = 0; n < values.size(); ++n) {
    const auto at = place.try_emplace(users[n], sums.size()).first->second;
    if (at == sums.size()) sums.emplace_back();
    sums[at].sum += values[n];
    ++sums[at].count;
  }
  return sums;
}

}  // namespace detail

template <class F>
std::vector<double> bootstrap::draw(executor_ref executor, F f) const {
  if (resamples < 1)
    detail::fail_argument("bootstrap: resamples must be at least 1, got " + detail::to_text(resamples));
  std::vector<double> drawn(static_cast<std::size_t>(resamples));
  executor.run(resamples, [&](std::int64_t b) {
    random_engine random(seed, static_cast<std::uint64_t>(b) + 1);  // a stream each: the answer knows no threads
    drawn[static_cast<std::size_t>(b)] = f(random);
  });
  return drawn;
}

inline void bootstrap::check_level() const {
  if (!(level > 0 && level < 1))
    detail::fail_argument("bootstrap: level must be above 0 and below 1, got " + detail::to_text(level));
}

inline std::vector<double> bootstrap::means(std::span<const double> values, executor_ref executor) const {
  detail::check_values("bootstrap", values);
  const auto n = static_cast<std::int64_t>(values.size());
  return draw(executor, [&](random_engine& random) {
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i) sum += values[static_cast<std::size_t>(uniform_index(random, n))];
    return sum / static_cast<double>(n);
  });
}

/// `influence`: how much each user moves the mean, up to a common factor; what they add up to is 0.
inline interval bootstrap::interval_of(double mean, std::vector<double> drawn,
                                       std::span<const double> influence) const {
  std::sort(drawn.begin(), drawn.end());
  double low = (1 - level) / 2, high = (1 + level) / 2;
  if (by == method::bias_corrected) {
    // z0: how far the median of the means lies off; a: how the error grows with the mean, from leaving one user out
    const auto below = std::lower_bound(drawn.begin(), drawn.end(), mean),
               to = std::upper_bound(below, drawn.end(), mean);
    const double z0 =
        normal_quantile((static_cast<double>(below - drawn.begin()) + static_cast<double>(to - below) / 2) /
                        static_cast<double>(drawn.size()));
    double squares = 0, cubes = 0;
    for (const double v : influence) {
      squares += v * v;
      cubes += v * v * v;
    }
    const double a = squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
    const auto moved = [&](double q) {
      const double z = z0 + normal_quantile(q);
      return normal_cdf(z0 + z / (1 - a * z));
    };
    if (std::isfinite(z0)) {
      low = moved(low);
      high = moved(high);
    }
  }
  return {.mean = mean, .low = detail::quantile(drawn, low), .high = detail::quantile(drawn, high)};
}

inline interval bootstrap::mean(std::span<const double> values, executor_ref executor) const {
  check_level();
  auto drawn = means(values, executor);
  const double mean = detail::mean_of(values);
  std::vector<double> off(values.begin(), values.end());
  for (auto& v : off) v -= mean;
  return interval_of(mean, std::move(drawn), off);
}

inline interval bootstrap::mean_by_user(std::span<const double> values, std::span<const std::int32_t> users,
                                        executor_ref executor) const {
  check_level();
  detail::check_values("bootstrap", values);
  const auto groups = detail::sums_by_user("bootstrap", values, users);
  const auto n = std::ssize(groups);
  auto drawn = draw(executor, [&](random_engine& random) {
    detail::user_sum all;
    for (std::int64_t i = 0; i < n; ++i) {
      const auto& one = groups[static_cast<std::size_t>(uniform_index(random, n))];
      all.sum += one.sum;
      all.count += one.count;
    }
    return all.sum / all.count;
  });
  const double mean = detail::mean_of(values);
  std::vector<double> off;
  for (const auto& g : groups) off.push_back(g.sum - mean * g.count);  // of a ratio of sums
  return interval_of(mean, std::move(drawn), off);
}

inline interval bootstrap::difference_by_user(std::span<const double> a, std::span<const double> b,
                                              std::span<const std::int32_t> users, executor_ref executor) const {
  return mean_by_user(detail::paired_differences("bootstrap", a, b), users, executor);
}

inline interval bootstrap::difference(std::span<const double> a, std::span<const double> b,
                                      executor_ref executor) const {
  return mean(detail::paired_differences("bootstrap", a, b), executor);
}

}  // namespace reco
