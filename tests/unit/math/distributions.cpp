// SPDX-License-Identifier: MIT
#include "reco/math/distributions.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using namespace reco_test;
using namespace reco;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double inf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("log_gamma: factorials, the half, and the recurrence") {
  double factorial = 1;
  for (int n = 1; n <= 20; ++n) {
    CHECK_THAT(log_gamma(n), WithinAbs(std::log(factorial), 1e-14 * (1 + std::log(factorial))));
    factorial *= n;
  }
  CHECK_THAT(log_gamma(0.5), WithinAbs(std::log(pi) / 2, 1e-14));
  for (const double x : {1e-5, 0.1, 0.9, 3.7, 9.99, 10.0, 123.4, 1e6})
    CHECK_THAT(log_gamma(x + 1) - log_gamma(x), WithinAbs(std::log(x), 2e-15 * (12 + std::abs(log_gamma(x)))));
  // SciPy 1.10, scipy.special.gammaln.
  CHECK_THAT(log_gamma(0.1), WithinRel(2.252712651734206, 1e-14));
  CHECK_THAT(log_gamma(123.4), WithinRel(469.3360974421906, 1e-14));
  CHECK_THAT(log_gamma(1e6), WithinRel(12815504.569147611, 1e-14));
}

TEST_CASE("the incomplete beta function: closed forms for a = 1, b = 1, and two halves") {
  for (const double x : {0.0, 1e-9, 0.1, 0.35, 0.5, 0.77, 0.999, 1.0}) {
    for (const double c : {0.5, 1.0, 2.5, 30.0}) {
      CAPTURE(x, c);
      CHECK_THAT(regularized_incomplete_beta(x, c, 1), WithinAbs(std::pow(x, c), 1e-14));
      CHECK_THAT(regularized_incomplete_beta(x, 1, c), WithinAbs(-std::expm1(c * std::log1p(-x)), 1e-14));
    }
    CHECK_THAT(regularized_incomplete_beta(x, 0.5, 0.5), WithinAbs(2 / pi * std::asin(std::sqrt(x)), 1e-14));
  }
}

TEST_CASE("the incomplete beta function is the upper tail of a binomial") {
  // P(at least k of n) = I_p(k, n - k + 1), Abramowitz and Stegun 26.5.24.
  const int n = 17;
  for (const double p : {0.05, 0.5, 0.8}) {
    for (int k = 1; k <= n; ++k) {
      double tail = 0;
      for (int i = k; i <= n; ++i)
        tail += std::exp(std::log(std::tgamma(n + 1) / std::tgamma(i + 1) / std::tgamma(n - i + 1)) + i * std::log(p) +
                         (n - i) * std::log(1 - p));
      CAPTURE(p, k);
      CHECK_THAT(regularized_incomplete_beta(p, k, n - k + 1), WithinRel(tail, 1e-12));
    }
  }
}

TEST_CASE("the incomplete beta function agrees with SciPy's, far out and for large parameters") {
  // SciPy 1.10, scipy.special.betainc.
  CHECK_THAT(regularized_incomplete_beta(0.3, 2, 3), WithinRel(0.3483, 1e-14));
  CHECK_THAT(regularized_incomplete_beta(0.001, 30, 0.5), WithinRel(1.0262784370021768e-91, 1e-12));
  CHECK_THAT(regularized_incomplete_beta(0.9, 100, 7.5), WithinRel(0.1146326213724604, 1e-12));
  CHECK_THAT(regularized_incomplete_beta(0.4, 1000, 1500), WithinRel(0.5010858488743375, 1e-11));
  CHECK_THAT(regularized_incomplete_beta(0.01, 0.5, 200), WithinRel(0.9549058928629228, 1e-12));
}

TEST_CASE("Student's t: closed forms for 1 and 2 degrees of freedom") {
  for (const double t : {-40.0, -3.0, -0.2, 0.0, 0.2, 1.0, 7.0}) {
    CAPTURE(t);
    CHECK_THAT(student_t_cdf(t, 1), WithinAbs(0.5 + std::atan(t) / pi, 1e-14));
    CHECK_THAT(student_t_cdf(t, 2), WithinAbs(0.5 + t / (2 * std::sqrt(2 + t * t)), 1e-14));
    CHECK_THAT(student_t_cdf(t, 7.5) + student_t_cdf(-t, 7.5), WithinAbs(1, 1e-15));
  }
  CHECK(student_t_cdf(inf, 3) == 1);
  CHECK(student_t_cdf(-inf, 3) == 0);
}

TEST_CASE("Student's t agrees with the printed table") {
  // Abramowitz and Stegun, table 26.10: t with A(t | dof) = P(|T| <= t), three digits after the point.
  const auto probability = [](double t, double dof) { return 1 - student_t_two_sided(t, dof); };
  CHECK_THAT(probability(12.706, 1), WithinAbs(0.95, 2e-6));
  CHECK_THAT(probability(2.571, 5), WithinAbs(0.95, 3e-5));
  CHECK_THAT(probability(4.032, 5), WithinAbs(0.99, 3e-5));
  CHECK_THAT(probability(2.228, 10), WithinAbs(0.95, 3e-5));
  CHECK_THAT(probability(3.169, 10), WithinAbs(0.99, 3e-5));
  CHECK_THAT(probability(1.697, 30), WithinAbs(0.90, 1e-4));
  CHECK_THAT(probability(1.980, 120), WithinAbs(0.95, 1e-4));
  // SciPy 1.10, 2 scipy.stats.t.sf.
  CHECK_THAT(student_t_two_sided(12, 3), WithinRel(0.001245015800789336, 1e-12));
  CHECK_THAT(student_t_two_sided(40, 100), WithinRel(2.4621076021400736e-63, 1e-11));
  CHECK_THAT(student_t_two_sided(0.1, 2.5), WithinRel(0.9278065440624896, 1e-12));
  CHECK_THAT(student_t_two_sided(1.96, 1e6), WithinRel(0.04999606758526978, 1e-9));
}

TEST_CASE("the normal distribution: known points, and the quantile undoes the cdf") {
  CHECK(normal_cdf(0) == 0.5);
  CHECK_THAT(normal_cdf(1.6448536269514722), WithinAbs(0.95, 1e-15));
  // SciPy 1.10, scipy.special.ndtri.
  CHECK(normal_quantile(0.5) == Approx(0).margin(1e-16));
  CHECK_THAT(normal_quantile(0.975), WithinAbs(1.959963984540054, 1e-14));
  CHECK_THAT(normal_quantile(0.3), WithinAbs(-0.5244005127080409, 1e-15));
  CHECK_THAT(normal_quantile(1e-10), WithinRel(-6.361340902404056, 1e-14));
  CHECK_THAT(normal_quantile(1e-300), WithinRel(-37.0470962993612, 1e-14));
  for (double p = 0.001; p < 1; p += 0.037) CHECK_THAT(normal_cdf(normal_quantile(p)), WithinAbs(p, 1e-15));
  CHECK(normal_quantile(0) == -inf);
  CHECK(normal_quantile(1) == inf);
}
