// SPDX-License-Identifier: MIT
#include "reco/math/row_scores.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/math/matrix.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace reco;
using namespace reco_test;

namespace {

template <class T>
matrix<T> random_matrix(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  random_engine random(seed);
  matrix<T> m(rows, columns);
  for (std::int64_t i = 0; i < m.size(); ++i) m.data()[i] = static_cast<T>(normal(random));
  return m;
}

/// queries × rows, by one call.
template <class Sum, class T>
matrix<T> all_scores(const matrix<T>& queries, const matrix<T>& rows, std::int64_t begin = 0) {
  matrix<T> out = matrix<T>::Constant(queries.rows(), rows.rows(), -12345);
  std::vector<const T*> asked;
  for (std::int64_t q = 0; q < queries.rows(); ++q) asked.push_back(queries.data() + q * queries.cols());
  const auto row_at = [&](std::int64_t i) {
    if (i < begin || i >= rows.rows()) FAIL("asks for row " << i << " of " << rows.rows());
    return rows.data() + i * rows.cols();
  };
  score_rows<Sum, T>(asked, begin, rows.rows(), row_at, rows.cols(),
                     [&](std::size_t q, std::int64_t first, std::span<T> scores) {
                       for (std::size_t n = 0; n < scores.size(); ++n) {
                         auto& place = out(static_cast<std::int64_t>(q), first + static_cast<std::int64_t>(n));
                         REQUIRE(place == -12345);  // each pair once
                         place = scores[n];
                       }
                     });
  return out;
}

/// Around registers of 2, 4, 8 and 16 numbers.
const std::int64_t dimensions[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100, 128, 784};

}  // namespace

TEMPLATE_TEST_CASE("score_rows gives the sums of a plain loop, for any dimension and any number of rows", "[math]",
                   float, double) {
  for (const auto d : dimensions)
    for (const std::int64_t rows : {0, 1, 7, 8, 9, 200})
      for (const std::int64_t asked : {0, 1, 2, 3, 9}) {
        CAPTURE(d, rows, asked);
        const auto a = random_matrix<TestType>(asked, d, 1), x = random_matrix<TestType>(rows, d, 2);
        const auto products = all_scores<inner_product_sum>(a, x), distances = all_scores<negative_square_sum>(a, x);
        for (std::int64_t q = 0; q < asked; ++q)
          for (std::int64_t i = 0; i < rows; ++i) {
            double product = 0, square = 0, magnitude = 0;
            for (std::int64_t c = 0; c < d; ++c) {
              const double one = a(q, c), other = x(i, c);
              product += one * other;
              magnitude += std::abs(one * other);
              square += (one - other) * (one - other);
            }
            const auto n = static_cast<double>(d);
            REQUIRE(std::abs(products(q, i) - product) <= 2 * sum_error<TestType>(n, magnitude));
            REQUIRE(std::abs(distances(q, i) + square) <= 2 * sum_error<TestType>(n + 2, square));
          }
      }
}

TEMPLATE_TEST_CASE("score_rows: a score is the same bits wherever its row and its query stand", "[math]", float,
                   double) {
  for (const auto d : dimensions) {
    const auto a = random_matrix<TestType>(11, d, 3), x = random_matrix<TestType>(300, d, 4);
    const auto together = all_scores<inner_product_sum>(a, x);
    const auto squares = all_scores<negative_square_sum>(a, x);
    for (const std::int64_t q : {0, 1, 7, 10})
      for (const std::int64_t i : {0, 1, 7, 8, 127, 128, 150, 298, 299}) {
        CAPTURE(d, q, i);
        const matrix<TestType> query = a.row(q), row = x.row(i);
        REQUIRE(all_scores<inner_product_sum>(query, row)(0, 0) == together(q, i));
        REQUIRE(all_scores<negative_square_sum>(query, row)(0, 0) == squares(q, i));
        REQUIRE(all_scores<inner_product_sum>(query, x, i)(0, i) == together(q, i));
      }
  }
}

TEST_CASE("score_rows: a vector's distance from itself is 0 and sums of integers are exact", "[math]") {
  matrix<double> x(50, 784);
  random_engine random(5);
  for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<double>(uniform_index(random, 256));
  const auto distances = all_scores<negative_square_sum>(x, x);
  for (std::int64_t q = 0; q < 50; ++q)
    for (std::int64_t i = 0; i < 50; ++i) {
      std::int64_t exact = 0;
      for (std::int64_t c = 0; c < 784; ++c) {
        const auto difference = static_cast<std::int64_t>(x(q, c) - x(i, c));
        exact += difference * difference;
      }
      REQUIRE(distances(q, i) == -static_cast<double>(exact));
    }
}
