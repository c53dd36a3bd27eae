// SPDX-License-Identifier: MIT
#include "reco/math/packed_rows.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/math/matrix.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

namespace {

template <class T>
reco::matrix<T> normal_matrix(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  reco::random_engine random(seed);
  reco::matrix<T> m(rows, columns);
  for (std::int64_t i = 0; i < m.size(); ++i) m.data()[i] = static_cast<T>(reco::normal(random));
  return m;
}

template <class T>
reco::packed_rows<T> packed(const reco::matrix<T>& rows) {
  return reco::packed_rows<T>(rows.rows(), rows.cols(), [&](std::int64_t i) {
    if (i < 0 || i >= rows.rows()) FAIL("asks for row " << i << " of " << rows.rows());
    return rows.data() + i * rows.cols();
  });
}

/// queries × rows, by one call.
template <class T>
reco::matrix<T> all_products(const reco::matrix<T>& queries, const reco::packed_rows<T>& rows, std::int64_t begin = 0) {
  reco::matrix<T> out = reco::matrix<T>::Constant(queries.rows(), rows.rows(), -12345);
  std::vector<const T*> asked;
  for (std::int64_t q = 0; q < queries.rows(); ++q) asked.push_back(queries.data() + q * queries.cols());
  std::int64_t last = begin;
  rows.inner_products(asked, begin, rows.rows(), [&](std::size_t q, std::int64_t first, std::span<T> scores) {
    REQUIRE(first >= last);  // panels go up
    last = first;
    for (std::size_t n = 0; n < scores.size(); ++n) {
      auto& place = out(static_cast<std::int64_t>(q), first + static_cast<std::int64_t>(n));
      REQUIRE(place == -12345);  // each pair once
      place = scores[n];
      scores[n] = 0;  // it is ours
    }
  });
  return out;
}

}  // namespace

TEMPLATE_TEST_CASE("packed_rows: products of a plain loop, for any dimension, any number of rows and of queries",
                   "[math]", float, double) {
  for (const std::int64_t d : {0, 1, 3, 16, 17, 128})
    for (const std::int64_t rows : {0, 1, 15, 16, 17, 63, 64, 65, 200})
      for (const std::int64_t asked : {0, 1, 2, 5, 6, 7, 13}) {
        CAPTURE(d, rows, asked);
        const auto a = normal_matrix<TestType>(asked, d, 1), y = normal_matrix<TestType>(rows, d, 2);
        const auto products = all_products(a, packed(y));
        for (std::int64_t q = 0; q < asked; ++q)
          for (std::int64_t i = 0; i < rows; ++i) {
            double product = 0, magnitude = 0;
            for (std::int64_t c = 0; c < d; ++c) {
              const double one = a(q, c), other = y(i, c);
              product += one * other;
              magnitude += std::abs(one * other);
            }
            REQUIRE(std::abs(products(q, i) - product) <=
                    2 * reco_test::sum_error<TestType>(static_cast<double>(d), magnitude));
          }
      }
}

TEMPLATE_TEST_CASE("packed_rows: a product is the same bits wherever its row and its query stand", "[math]", float,
                   double) {
  constexpr auto width = reco::packed_rows<TestType>::width;
  for (const std::int64_t d : {1, 3, 16, 17, 128}) {
    const auto a = normal_matrix<TestType>(15, d, 3), y = normal_matrix<TestType>(3 * width + 1, d, 4);
    const auto rows = packed(y);
    const auto together = all_products(a, rows);
    REQUIRE(all_products(a, rows, 2 * width).rightCols(width + 1) == together.rightCols(width + 1));
    for (std::int64_t q = 0; q < a.rows(); ++q) {
      CAPTURE(d, q);
      const reco::matrix<TestType> query = a.row(q);
      REQUIRE(all_products(query, rows) == together.row(q));
    }
    for (std::int64_t i = 0; i < y.rows(); ++i) {
      CAPTURE(d, i);
      const reco::matrix<TestType> row = y.row(i);
      REQUIRE(all_products(a, packed(row)) == together.col(i));
    }
  }
}
