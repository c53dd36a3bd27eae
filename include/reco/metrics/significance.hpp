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
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/random.hpp"
#include "reco/math/distributions.hpp"
#include "reco/metrics/confidence.hpp"

namespace reco::inline RECO_ABI() {

/// What a test of two systems says. All tests here are two-sided and paired: a[n] and b[n] are of the same user.
struct test_result {
  double statistic = 0;
  double p_value = 1;  ///< how likely a difference as large as this, or larger, is between systems that are alike
};

/// Student's paired t test: statistic t = mean(d) / (sd(d) / sqrt(n)) of the differences d = a - b, n - 1 degrees of
/// freedom. Differences that are all alike give t = 0 and p = 1 if they are 0, else infinite t and p = 0. Throws
/// `invalid_argument` for sizes that differ, fewer than 2 users, or values that are not finite. O(users).
[[nodiscard]] test_result paired_t_test(std::span<const double> a, std::span<const double> b);

/// Wilcoxon's signed-rank test ("Individual comparisons by ranking methods", 1945): ranks the absolute differences,
/// equal ones by their mean rank; statistic V is the sum of the ranks of positive differences.
///
/// Exact up to `exact_up_to` differences, ties included: all 2^n ways to give the ranks signs are counted. Above,
/// the normal approximation with the variance that ties leave, sum of rank² / 4, and a continuity correction of 1/2.
/// Nothing but zeros: V = 0, p = 1. O(n log n), and O(n³) for the exact distribution.
struct wilcoxon_signed_rank {
  enum class zero_differences {
    dropped,  ///< before ranking (Wilcoxon; R)
    ranked,   ///< they take the lowest ranks, which then count for neither side (Pratt 1959)
  };

  zero_differences zeros = zero_differences::dropped;
  int exact_up_to = 50;  ///< in 0..50: counts of sign patterns stay exact in a double
  bool correct_continuity = true;

  /// Throws as `paired_t_test`, but one user is enough; and for a field out of its range.
  [[nodiscard]] test_result operator()(std::span<const double> a, std::span<const double> b) const;
};

/// Fisher's randomisation test ("The Design of Experiments", 1935): if systems are alike, each difference might as
/// well have the other sign. Statistic: mean(a) - mean(b); p: the share of sign patterns that give a mean as far from
/// 0. All 2^n patterns are tried if there are no more than `resamples`; else so many random ones, and the observed one
/// counts as one of them: (1 + as far) / (1 + resamples), never 0.
///
/// The same bits on any number of threads. O(resamples × users); 64 signs a random number.
struct randomization_test {
  std::int64_t resamples = 10000;  ///< >= 1
  std::uint64_t seed = 0;

  /// Throws as `paired_t_test`, but one user is enough; and for a field out of its range.
  [[nodiscard]] test_result operator()(std::span<const double> a, std::span<const double> b,
                                       executor_ref executor = {}) const;
};

/// p values of several tests, made larger so that the chance of one false alarm among all of them stays below the
/// level they are compared with (Holm, "A simple sequentially rejective multiple test procedure", 1979). In the order
/// given; throws `invalid_argument` for a p value outside 0..1.
///
///     adjusted p of the i-th smallest of m = max over j <= i of min(1, (m - j + 1) p_j)
[[nodiscard]] std::vector<double> holm(std::span<const double> p_values);

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline std::vector<double> checked_differences(std::string_view who, std::span<const double> a,
                                               std::span<const double> b) {
  auto d = paired_differences(who, a, b);
  check_values(who, d);
  return d;
}

/// Ranks from 1, equal values by the mean of theirs.
inline std::vector<double> mean_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto x, auto y) { return values[x] < values[y]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t n = begin; n < end; ++n) ranks[order[n]] = static_cast<double>(begin + end + 1) / 2;
  }
  return ranks;
}

/// The share of all sign patterns whose positive ranks add up to at most / at least `sum`; the smaller of the two.
inline double signed_rank_tail(std::span<const double> ranks, double sum) {
  std::vector<double> ways = {1};  // ways[s]: patterns whose positive ranks, doubled to be whole, add up to s
  for (const double rank : ranks) {
    const auto twice = static_cast<std::size_t>(2 * rank);
    ways.resize(ways.size() + twice);
    for (std::size_t s = ways.size(); s-- > twice;) ways[s] += ways[s - twice];
  }
  const auto at = static_cast<std::ptrdiff_t>(2 * sum);
  const double below = std::accumulate(ways.begin(), ways.begin() + at + 1, 0.0);
  const double above = std::accumulate(ways.begin() + at, ways.end(), 0.0);
  return std::min(below, above) / std::exp2(static_cast<double>(ranks.size()));
}

}  // namespace detail

inline test_result paired_t_test(std::span<const double> a, std::span<const double> b) {
  const auto d = detail::checked_differences("paired_t_test", a, b);
  if (d.size() < 2) detail::fail_argument("paired_t_test: at least 2 users are needed, got 1");
  const double mean = detail::mean_of(d), n = static_cast<double>(d.size());
  double squares = 0;
  for (const double x : d) squares += (x - mean) * (x - mean);
  const bool alike = std::all_of(d.begin(), d.end(), [&](double x) { return x == d[0]; });
  if (alike && d[0] == 0) return {};
  if (alike) return {.statistic = std::copysign(std::numeric_limits<double>::infinity(), d[0]), .p_value = 0};
  const double t = mean / std::sqrt(squares / (n - 1) / n);
  return {.statistic = t, .p_value = student_t_two_sided(t, n - 1)};
}

inline test_result wilcoxon_signed_rank::operator()(std::span<const double> a, std::span<const double> b) const {
  if (exact_up_to < 0 || exact_up_to > 50)
    detail::fail_argument("wilcoxon_signed_rank: exact_up_to must be in 0..50, got " + detail::to_text(exact_up_to));
  auto d = detail::checked_differences("wilcoxon_signed_rank", a, b);
  if (zeros == zero_differences::dropped) std::erase(d, 0.0);
  std::vector<double> sizes(d.size());
  for (std::size_t n = 0; n < d.size(); ++n) sizes[n] = std::abs(d[n]);
  auto ranks = detail::mean_ranks(sizes);
  double positive = 0, all = 0, squares = 0;
  for (std::size_t n = 0; n < d.size(); ++n) {
    if (d[n] == 0) ranks[n] = 0;
    if (d[n] > 0) positive += ranks[n];
    all += ranks[n];
    squares += ranks[n] * ranks[n];
  }
  std::erase(ranks, 0.0);
  if (ranks.empty()) return {};
  if (std::ssize(ranks) <= exact_up_to)
    return {.statistic = positive, .p_value = std::min(1.0, 2 * detail::signed_rank_tail(ranks, positive))};
  const double off = std::abs(positive - all / 2);
  const double z = std::max(0.0, off - (correct_continuity ? 0.5 : 0)) / std::sqrt(squares / 4);
  return {.statistic = positive, .p_value = 2 * normal_cdf(-z)};
}

inline test_result randomization_test::operator()(std::span<const double> a, std::span<const double> b,
                                                  executor_ref executor) const {
  if (resamples < 1)
    detail::fail_argument("randomization_test: resamples must be at least 1, got " + detail::to_text(resamples));
  const auto d = detail::checked_differences("randomization_test", a, b);
  const double sum = std::accumulate(d.begin(), d.end(), 0.0);
  double size = 0;
  for (const double x : d) size += std::abs(x);
  // Patterns that give the same sum in another order of rounding are as far.
  const double bar = std::abs(sum) - size * static_cast<double>(d.size()) * std::numeric_limits<double>::epsilon();
  const bool every = d.size() < 62 && (std::int64_t{1} << d.size()) <= resamples;
  const std::int64_t tried = every ? std::int64_t{1} << d.size() : resamples;
  constexpr std::int64_t chunk = 256;
  std::vector<std::int64_t> as_far(static_cast<std::size_t>((tried - 1) / chunk + 1));
  for_chunks(executor, tried, chunk, [&](std::int64_t begin, std::int64_t end) {
    std::int64_t far = 0;
    for (std::int64_t pattern = begin; pattern < end; ++pattern) {
      random_engine random(seed, static_cast<std::uint64_t>(pattern) + 1);
      auto signs = static_cast<std::uint64_t>(pattern);
      double flipped = 0;
      for (std::size_t n = 0; n < d.size(); ++n, signs >>= 1) {
        if (!every && n % 64 == 0) signs = random();
        flipped += (signs & 1) != 0 ? d[n] : 0;
      }
      far += std::abs(2 * flipped - sum) >= bar;  // sum of ±d = 2 (sum of those with +) - sum of all
    }
    as_far[static_cast<std::size_t>(begin / chunk)] = far;
  });
  const auto far = static_cast<double>(std::accumulate(as_far.begin(), as_far.end(), std::int64_t{0}));
  const double one = every ? 0 : 1;
  return {.statistic = sum / static_cast<double>(d.size()),
          .p_value = (far + one) / (static_cast<double>(tried) + one)};
}

inline std::vector<double> holm(std::span<const double> p_values) {
  for (const double p : p_values)
    if (!(p >= 0 && p <= 1)) detail::fail_argument("holm: p values must be in 0..1, got " + detail::to_text(p));
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto x, auto y) { return p_values[x] < p_values[y]; });
  std::vector<double> adjusted(p_values.size());
  double least = 0;
  for (std::size_t n = 0; n < order.size(); ++n) {
    least = std::max(least, std::min(1.0, static_cast<double>(order.size() - n) * p_values[order[n]]));
    adjusted[order[n]] = least;
  }
  return adjusted;
}

}  // namespace reco
