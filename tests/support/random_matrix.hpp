// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "reco/base/random.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

namespace reco_test {

/// Normal numbers in about `density` of the places, 0 in the others.
template <class T>
[[nodiscard]] reco::matrix<T> random_matrix(Eigen::Index rows, Eigen::Index columns, double density,
                                            std::uint64_t seed) {
  reco::random_engine random(seed);
  reco::matrix<T> m = reco::matrix<T>::Zero(rows, columns);
  for (Eigen::Index r = 0; r < rows; ++r)
    for (Eigen::Index c = 0; c < columns; ++c)
      if (reco::bernoulli(random, density)) m(r, c) = static_cast<T>(reco::normal(random));
  return m;
}

/// The places other than 0 in compressed rows.
template <class T>
[[nodiscard]] reco::csr_matrix<T> compressed(const reco::matrix<T>& m) {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> columns;
  std::vector<T> values;
  for (Eigen::Index r = 0; r < m.rows(); ++r) {
    for (Eigen::Index c = 0; c < m.cols(); ++c)
      if (m(r, c) != 0) {
        columns.push_back(static_cast<std::int32_t>(c));
        values.push_back(m(r, c));
      }
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  return {static_cast<std::int32_t>(m.cols()), std::move(offsets), std::move(columns), std::move(values)};
}

/// Largest distance of X'X from the identity.
template <class T>
[[nodiscard]] double departure_from_orthonormal(const reco::matrix<T>& x) {
  if (x.cols() == 0) return 0;
  const reco::matrix<double> wide = x.template cast<double>();
  return (wide.transpose() * wide - reco::matrix<double>::Identity(x.cols(), x.cols())).cwiseAbs().maxCoeff();
}

}  // namespace reco_test
