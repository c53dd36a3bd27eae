// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <limits>

// How far a result may be off, derived from the size of the problem and the scalar's rounding, never
// picked by hand.

namespace reco_test {

/// The relative error that n roundings in a row can add up to: n u / (1 - n u), u half the distance from 1
/// to the next number (Higham, "Accuracy and Stability of Numerical Algorithms", 2002, lemma 3.1).
template <class T>
[[nodiscard]] double rounding(double n) {
  const double u = static_cast<double>(std::numeric_limits<T>::epsilon()) / 2;
  return n * u / (1 - n * u);
}

/// Bounds |computed - exact| of a sum of n numbers or of n products, added up in any order; `magnitude` is
/// the sum of their absolute values (Higham, section 3.1). Two computations may differ by twice as much.
template <class T>
[[nodiscard]] double sum_error(double n, double magnitude) {
  return rounding<T>(n) * magnitude;
}

/// What is left to chance. Seeds are fixed, so a test of random numbers passes always or never; five
/// standard deviations mean that of two million seeds, one would have failed by accident.
inline constexpr double sigmas = 5;

/// Bounds the distance of the mean of n independent draws from what is expected.
[[nodiscard]] inline double mean_error(double standard_deviation, double n) {
  return sigmas * standard_deviation / std::sqrt(n);
}

/// Bounds a chi-square statistic (Wilson and Hilferty, "The distribution of chi-square", 1931).
[[nodiscard]] inline double chi_square_limit(double degrees_of_freedom, double z = sigmas) {
  const double c = 2 / (9 * degrees_of_freedom);
  return degrees_of_freedom * std::pow(1 - c + z * std::sqrt(c), 3);
}

}  // namespace reco_test
