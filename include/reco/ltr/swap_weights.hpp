// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include <Eigen/Core>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

// What pairs of documents weigh in `lambda_mart`, and what they pull.

namespace detail {

/// What swapping ranks i and j > i does to a metric, for all j, signed: positive where i has the better label.
struct swap_weights {
  std::span<const float> gains;  // by rank
  std::span<float> out;

  void ndcg(std::size_t i, std::size_t n, std::span<const float> discounts, float per_ideal) const {
    for (std::size_t j = i + 1; j < n; ++j) out[j] = (gains[i] - gains[j]) * (discounts[i] - discounts[j]) * per_ideal;
  }
  void alike(std::size_t i, std::size_t n) const {
    for (std::size_t j = i + 1; j < n; ++j)
      out[j] = static_cast<float>(gains[i] > gains[j]) - static_cast<float>(gains[i] < gains[j]);
  }
  /// `hits`: relevant documents up to a rank, with it; `inverse`: 1 / rank added up over those. With r = rank and the
  /// better document first, AP loses hits_i / r_i - hits_j / r_j and 1 / r of every relevant one between; with the
  /// better one last it gains (hits_i + 1) / r_i - hits_j / r_j and those.
  void average_precision(std::size_t i, std::size_t n, std::span<const float> hits,
                         std::span<const float> inverse) const {
    const auto rank = [](std::size_t k) { return static_cast<float>(k + 1); };
    const float relevant = std::max(hits[n - 1], 1.0F);
    const bool first = gains[i] > 0;
    for (std::size_t j = i + 1; j < n; ++j) {
      const float between = inverse[j] - inverse[i] - (gains[j] > 0 ? 1 / rank(j) : 0.0F);
      const float change = (hits[i] + (first ? 0.0F : 1.0F)) / rank(i) - hits[j] / rank(j) + between;
      out[j] = (gains[j] > 0) == first ? 0.0F : (first ? change : -change) / relevant;
    }
  }
  /// The reciprocal rank changes only where the first relevant document moves, or one moves before it.
  void reciprocal_rank(std::size_t i, std::size_t n, std::size_t first, std::size_t second) const {
    const auto rank = [](std::size_t k) { return static_cast<float>(k + 1); };
    for (std::size_t j = i + 1; j < n; ++j) {
      const bool a = gains[i] > 0, b = gains[j] > 0;
      out[j] = 0;
      if (a && !b && i == first) out[j] = 1 / rank(i) - 1 / rank(std::min(second, j));
      if (!a && b && i < first) out[j] = 1 / rank(first) - 1 / rank(i);
    }
  }
};

/// What of the logistic depends on one document: exp(sigma s), s its score below the best. Further than e^-60 below all
/// are alike, so that no pair divides by 0.
inline float pull_of(double score, double best, double steepness) {
  return static_cast<float>(std::exp(std::max(steepness * (score - best), -60.0)));
}

/// Derivatives of the pairs of rank i with ranks i + 1..n - 1, added to both; the sum of all |lambda|, twice. With
/// e = exp(sigma s), rho of i the better of both is e_j / (e_i + e_j): no exponential is left to a pair. Places from n
/// to the next multiple of 16 must have weight 0.
inline double add_pairs(std::size_t i, std::size_t n, const float* scores, const float* pulls, const float* weights,
                        float steepness, bool normalize, float* gradients, float* hessians) {
  using lanes = Eigen::Array<float, 16, 1>;
  using view = Eigen::Map<lanes>;
  using const_view = Eigen::Map<const lanes>;
  lanes g = lanes::Zero(), h = lanes::Zero(), all = lanes::Zero();
  const float pull = pulls[i];
  for (std::size_t j = i + 1; j < n; j += 16) {
    const const_view w(weights + j), other(pulls + j);
    const lanes damping = normalize ? lanes(0.01F + (scores[i] - const_view(scores + j)).abs()) : lanes::Ones();
    const lanes inverse = 1 / (damping * (pull + other));
    const lanes lambda = steepness * w * inverse * (w < 0).select(lanes::Constant(pull), other);  // pushes i up
    const lanes second = steepness * steepness * w.abs() * (pull * inverse) * (other * inverse) * damping;
    g += lambda;
    h += second;
    all += lambda.abs();
    view(gradients + j) += lambda;
    view(hessians + j) += second;
  }
  gradients[i] -= g.sum();
  hessians[i] += h.sum();
  return 2 * static_cast<double>(all.sum());
}

}  // namespace detail

}  // namespace reco
