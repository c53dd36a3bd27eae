// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// ln Γ(x) for x > 0, to about 14 digits: Stirling's series above 10, the recurrence below. (`std::lgamma` writes a
/// global in common C libraries, and may not be called from two threads.)
[[nodiscard]] double log_gamma(double x) noexcept;

/// I_x(a, b) = B(x; a, b) / B(a, b) for 0 <= x <= 1 and a, b > 0: the chance that a beta(a, b) number is at most x.
/// Continued fraction by Lentz's method (DLMF 8.17.22), on the side where it converges fast. O(sqrt(max(a, b))) steps;
/// relative error about 1e-13 where a and b are in the hundreds, a digit less for each factor of ten.
[[nodiscard]] double regularized_incomplete_beta(double x, double a, double b) noexcept;

/// P(T <= t) for Student's t with `degrees_of_freedom` > 0.
[[nodiscard]] double student_t_cdf(double t, double degrees_of_freedom) noexcept;
/// P(|T| >= |t|): the p value of a two-sided t test; keeps its digits far out in the tails.
[[nodiscard]] double student_t_two_sided(double t, double degrees_of_freedom) noexcept;

/// P(Z <= z) for a standard normal Z; keeps its digits in the left tail.
[[nodiscard]] double normal_cdf(double z) noexcept;
/// The z for which P(Z <= z) = p; infinite for p = 0 and 1. A rational first guess (Abramowitz and Stegun 26.2.23),
/// then Halley's steps on the cdf: full precision for p down to 1e-300.
[[nodiscard]] double normal_quantile(double p) noexcept;

// ---------------------------------------------------------------------------------------------------

inline double log_gamma(double x) noexcept {
  constexpr double half_log_2pi = 0.91893853320467274178;
  // B_2n / (2n (2n - 1)), n = 1..7
  constexpr std::array<double, 7> stirling = {1.0 / 12,   -1.0 / 360,      1.0 / 1260, -1.0 / 1680,
                                              1.0 / 1188, -691.0 / 360360, 1.0 / 156};
  double product = 1;
  for (; x < 10; ++x) product *= x;  // Γ(x) = Γ(x + 1) / x
  double series = 0;
  for (std::size_t n = stirling.size(); n-- > 0;) series = series / (x * x) + stirling[n];
  return (x - 0.5) * std::log(x) - x + half_log_2pi + series / x - std::log(product);
}

inline double regularized_incomplete_beta(double x, double a, double b) noexcept {
  if (!(x > 0)) return 0;
  if (!(x < 1)) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularized_incomplete_beta(1 - x, b, a);
  constexpr double tiny = 1e-300, epsilon = std::numeric_limits<double>::epsilon();
  const auto apart_from_zero = [](double v) { return std::abs(v) < tiny ? tiny : v; };
  // 1 / (1 + d_1 / (1 + d_2 / (1 + ...)))
  double c = 1, d = 1 / apart_from_zero(1 - (a + b) * x / (a + 1)), fraction = d;
  const auto step = [&](double coefficient) {
    d = 1 / apart_from_zero(1 + coefficient * d);
    c = apart_from_zero(1 + coefficient / c);
    fraction *= c * d;
    return std::abs(c * d - 1) > epsilon;
  };
  bool moving = true;
  for (double m = 1; moving && m < 100000; ++m) {
    step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    moving = step(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
  }
  return std::exp(a * std::log(x) + b * std::log1p(-x) + log_gamma(a + b) - log_gamma(a) - log_gamma(b)) * fraction / a;
}

inline double student_t_two_sided(double t, double degrees_of_freedom) noexcept {
  if (std::isinf(t)) return 0;
  return regularized_incomplete_beta(degrees_of_freedom / (degrees_of_freedom + t * t), degrees_of_freedom / 2, 0.5);
}

inline double student_t_cdf(double t, double degrees_of_freedom) noexcept {
  const double tail = student_t_two_sided(t, degrees_of_freedom) / 2;
  return t > 0 ? 1 - tail : tail;
}

inline double normal_cdf(double z) noexcept { return std::erfc(-z / std::sqrt(2.0)) / 2; }

inline double normal_quantile(double p) noexcept {
  if (!(p > 0)) return -std::numeric_limits<double>::infinity();
  if (!(p < 1)) return std::numeric_limits<double>::infinity();
  if (p > 0.5) return -normal_quantile(1 - p);
  const double t = std::sqrt(-2 * std::log(p));
  double z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (int n = 0; n < 3; ++n) {
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * 3.14159265358979323846);
    const double step = (normal_cdf(z) - p) / density;
    z -= step / (1 + z * step / 2);
  }
  return z;
}

}  // namespace reco
