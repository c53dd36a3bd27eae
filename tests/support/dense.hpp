// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "reco/data/sparse_interactions.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

namespace reco_test {

inline reco::matrix<double> dense(const reco::csr_matrix<double>& m) {
  reco::matrix<double> out = reco::matrix<double>::Zero(m.rows(), m.columns());
  for (std::int32_t r = 0; r < m.rows(); ++r)
    for (std::size_t n = 0; n < m.row(r).size(); ++n) out(r, m.row(r).columns[n]) = m.row(r).values[n];
  return out;
}

template <class T>
reco::matrix<double> dense(const reco::sparse_interactions<T>& data) {
  reco::matrix<double> out = reco::matrix<double>::Zero(data.users(), data.items());
  for (std::int32_t u = 0; u < data.users(); ++u)
    for (std::size_t n = 0; n < data.of(u).size(); ++n)
      out(u, data.of(u).items[n]) = static_cast<double>(data.of(u).values[n]);
  return out;
}

/// The number in row i, column j; 0 where none is stored.
inline double weight(const reco::csr_matrix<double>& m, std::int32_t i, std::int32_t j) {
  const auto row = m.row(i);
  for (std::size_t n = 0; n < row.size(); ++n)
    if (row.columns[n] == j) return row.values[n];
  return 0;
}

}  // namespace reco_test
