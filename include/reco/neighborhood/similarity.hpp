// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// How alike two columns (or rows) of the interactions are; `item_pair` has the sums the formulas are made of.
enum class item_similarity {
  cosine,                   ///< s / (a^p b^q); p = q = 0.5 is the cosine
  asymmetric_cosine,        ///< s / (a^α b^(1-α)), Aiolli, RecSys 2013
  adjusted_cosine,          ///< cosine of values less their user's mean, Sarwar et al., WWW 2001
  pearson,                  ///< correlation of the whole columns, what is not there being 0
  jaccard,                  ///< s / (a + b - s) of sets
  dice,                     ///< 2 s / (a + b) of sets
  tversky,                  ///< s / (s + α (a - s) + β (b - s)) of sets, Tversky, 1977
  conditional_probability,  ///< s / a of sets: how many of those with a have b too
  log_likelihood,           ///< 1 - 1 / (1 + LLR) of sets, LLR after Dunning, 1993
  euclidean                 ///< 1 / (1 + distance of the columns)
};

/// What a similarity is computed from: sums over users u, each with its weight w_u.
struct item_pair {
  double s = 0;                 ///< sum of w x_a x_b; of sets: how many have both
  double a = 0, b = 0;          ///< sums of w x_a², w x_b², of cosines without w; of sets: their sizes
  double sum_a = 0, sum_b = 0;  ///< sums of w x_a, w x_b
  double total = 0;             ///< sum of w over all users
};

/// The free parameters of the formulas.
struct similarity_parameters {
  double source_exponent = 0.5, target_exponent = 0.5;  ///< p and q of the cosine
  double alpha = 0.5, beta = 0.5;                       ///< of Tversky and the asymmetric cosine
};

/// Similarities of sets look at whether an interaction is there, not at its value.
[[nodiscard]] constexpr bool is_of_sets(item_similarity kind) noexcept {
  return kind >= item_similarity::jaccard && kind <= item_similarity::log_likelihood;
}

/// Inner products over powers of the columns' lengths: s / (a^p b^q).
[[nodiscard]] constexpr bool is_cosine(item_similarity kind) noexcept {
  return kind <= item_similarity::adjusted_cosine;
}

/// 2 · sum of k ln(k / expected) over the table of who has a and b: with, without. 0 where a and b are independent, and
/// where they are together less often than by chance.
[[nodiscard]] double log_likelihood_ratio(double both, double a, double b, double total);

/// The similarity from a to b; 0 where the formula has no value (an empty column, one without variance).
[[nodiscard]] double similarity_of(item_similarity kind, const item_pair& p, const similarity_parameters& o = {});

// ---------------------------------------------------------------------------------------------------

inline double log_likelihood_ratio(double both, double a, double b, double total) {
  if (both * total <= a * b) return 0;  // together no more often than by chance
  const auto term = [&](double k, double row, double column) {
    return k > 0 ? k * std::log(k * total / (row * column)) : 0.0;
  };
  const double sum = term(both, a, b) + term(a - both, a, total - b) + term(b - both, total - a, b) +
                     term(total - a - b + both, total - a, total - b);
  return 2 * std::max(0.0, sum);
}

inline double similarity_of(item_similarity kind, const item_pair& p, const similarity_parameters& o) {
  const auto over = [](double numerator, double denominator) {
    return denominator > 0 ? numerator / denominator : 0.0;
  };
  switch (kind) {
    case item_similarity::adjusted_cosine:
    case item_similarity::cosine: return over(p.s, std::pow(p.a, o.source_exponent) * std::pow(p.b, o.target_exponent));
    case item_similarity::asymmetric_cosine: return over(p.s, std::pow(p.a, o.alpha) * std::pow(p.b, 1 - o.alpha));
    case item_similarity::pearson: {
      if (!(p.total > 0)) return 0;
      const double var_a = p.a - p.sum_a * p.sum_a / p.total, var_b = p.b - p.sum_b * p.sum_b / p.total;
      constexpr double nothing = 1e-10;  // what rounding leaves of a variance of 0, as a share of the square
      if (var_a <= nothing * p.a || var_b <= nothing * p.b) return 0;
      return (p.s - p.sum_a * p.sum_b / p.total) / std::sqrt(var_a * var_b);
    }
    case item_similarity::jaccard: return over(p.s, p.a + p.b - p.s);
    case item_similarity::dice: return over(2 * p.s, p.a + p.b);
    case item_similarity::tversky: return over(p.s, p.s + o.alpha * (p.a - p.s) + o.beta * (p.b - p.s));
    case item_similarity::conditional_probability: return over(p.s, p.a);
    case item_similarity::log_likelihood: return 1 - 1 / (1 + log_likelihood_ratio(p.s, p.a, p.b, p.total));
    case item_similarity::euclidean: return 1 / (1 + std::sqrt(std::max(0.0, p.a + p.b - 2 * p.s)));
  }
  return 0;
}

}  // namespace reco
