// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/ltr/ranking_data.hpp"

// Made-up queries for rankers: grades that depend on a few of the features, with noise.

namespace reco_test {

struct ranking_shape {
  std::int32_t queries = 30;
  std::int32_t most_documents = 20;  ///< a query has 1..this
  std::int32_t features = 6;
  double missing = 0;  ///< chance of a NaN
  double steps = 0;    ///< values are multiples of 1 / this; 0: continuous
  std::uint64_t seed = 1;
};

inline std::pair<reco::matrix<float>, std::vector<std::int32_t>> random_features(const ranking_shape& shape) {
  reco::random_engine random(shape.seed);
  std::vector<std::int32_t> sizes;
  std::int32_t documents = 0;
  for (std::int32_t q = 0; q < shape.queries; ++q) {
    sizes.push_back(1 + static_cast<std::int32_t>(reco::uniform_index(random, shape.most_documents)));
    documents += sizes.back();
  }
  reco::matrix<float> x(documents, shape.features);
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      double v = reco::normal(random);
      if (shape.steps > 0) v = std::round(v * shape.steps) / shape.steps;
      x(i, j) =
          reco::bernoulli(random, shape.missing) ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(v);
    }
  return {std::move(x), std::move(sizes)};
}

/// Grades 0..4 by 2 x0 + x1 x2, with noise; a missing value counts 0.5.
inline reco::ranking_data random_ranking(const ranking_shape& shape, reco::document_notes notes = {}) {
  auto [x, sizes] = random_features(shape);
  reco::random_engine random(shape.seed, 2);
  std::vector<float> labels;
  const auto at = [&m = x](Eigen::Index i, Eigen::Index j) {
    return std::isnan(m(i, j)) ? 0.5 : static_cast<double>(m(i, j));
  };
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const double s = 2 * at(i, 0) + at(i, 1) * at(i, 2) + reco::normal(random) * 0.5;
    labels.push_back(static_cast<float>(std::clamp(std::floor(s + 1), 0.0, 4.0)));
  }
  return {reco::ranking_features(std::move(x)), std::move(labels), sizes, std::move(notes)};
}

}  // namespace reco_test
