// SPDX-License-Identifier: MIT
#include "reco/math/csr_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/math/matrix.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

using csr = reco::csr_matrix<float>;

/// About `density` of the entries, the others 0.
reco::matrix<float> random_table(std::int32_t rows, std::int32_t columns, double density, std::uint64_t seed) {
  reco::random_engine random(seed);
  reco::matrix<float> table = reco::matrix<float>::Zero(rows, columns);
  for (Eigen::Index r = 0; r < rows; ++r)
    for (Eigen::Index c = 0; c < columns; ++c)
      if (reco::bernoulli(random, density)) table(r, c) = static_cast<float>(reco::uniform_index(random, 9) + 1);
  return table;
}

csr compressed(const reco::matrix<float>& table) {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> columns;
  std::vector<float> values;
  for (Eigen::Index r = 0; r < table.rows(); ++r) {
    for (Eigen::Index c = 0; c < table.cols(); ++c)
      if (table(r, c) != 0) {
        columns.push_back(static_cast<std::int32_t>(c));
        values.push_back(table(r, c));
      }
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  return {static_cast<std::int32_t>(table.cols()), offsets, columns, values};
}

reco::matrix<float> written_out(const csr& m) {
  reco::matrix<float> table = reco::matrix<float>::Zero(m.rows(), m.columns());
  for (std::int32_t r = 0; r < m.rows(); ++r)
    for (std::size_t n = 0; n < m.row(r).size(); ++n) table(r, m.row(r).columns[n]) = m.row(r).values[n];
  return table;
}

}  // namespace

TEST_CASE("rows hold what was put in and transposing agrees with the written-out matrix") {
  const auto rows = GENERATE(0, 1, 7, 8, 9, 200);
  const auto columns = GENERATE(0, 1, 7, 8, 9, 150);
  const auto density = GENERATE(0.0, 0.1, 1.0);
  CAPTURE(rows, columns, density);
  const auto table = random_table(rows, columns, density, 5);
  const auto m = compressed(table);
  CHECK(m.rows() == rows);
  CHECK(m.columns() == columns);
  CHECK(m.nonzeros() == (table.array() != 0).count());
  CHECK((written_out(m).array() == table.array()).all());

  const auto t = m.transposed();
  CHECK(t.rows() == columns);
  CHECK(t.columns() == rows);
  CHECK(t == compressed(table.transpose()));
  CHECK(t.transposed() == m);
}

TEST_CASE("a transposed matrix keeps the promises that the constructor checks") {
  const auto t = compressed(random_table(60, 40, 0.3, 6)).transposed();
  const auto copy = [](const auto& span) { return std::vector(span.begin(), span.end()); };
  CHECK_NOTHROW(csr(t.columns(), copy(t.offsets()), copy(t.column_ids()), copy(t.values())));
}

TEST_CASE("an explicit zero is a value like any other") {
  const csr m(2, {0, 1}, {1}, {0.0F});
  CHECK(m.nonzeros() == 1);
  CHECK(m.transposed().row(1).values[0] == 0);
}

TEST_CASE("an empty matrix has no rows and no columns") {
  const csr m;
  CHECK(m.rows() == 0);
  CHECK(m.columns() == 0);
  CHECK(m.nonzeros() == 0);
  CHECK(m == csr(0, {0}, {}, {}));
  CHECK(m.transposed() == m);
  CHECK(csr(3, {0}, {}, {}).transposed().rows() == 3);
}

TEST_CASE("the bytes are those of the three arrays") {
  CHECK(csr(5, {0, 2, 3}, {0, 4, 1}, {1, 2, 3}).bytes() == 3 * 8 + 3 * 4 + 3 * 4);
  CHECK(reco::csr_matrix<double>(5, {0, 2, 3}, {0, 4, 1}, {1, 2, 3}).bytes() == 3 * 8 + 3 * 4 + 3 * 8);
}

TEST_CASE("matrices are equal when shape and entries are") {
  const csr m(3, {0, 1, 2}, {0, 2}, {1, 2});
  CHECK(m == csr(3, {0, 1, 2}, {0, 2}, {1, 2}));
  CHECK_FALSE(m == csr(4, {0, 1, 2}, {0, 2}, {1, 2}));
  CHECK_FALSE(m == csr(3, {0, 1, 2}, {0, 1}, {1, 2}));
  CHECK_FALSE(m == csr(3, {0, 2, 2}, {0, 2}, {1, 2}));
  CHECK_FALSE(m == csr(3, {0, 1, 2}, {0, 2}, {1, 3}));
}

TEST_CASE("what is no sparse matrix is refused with the row and the column") {
  const auto message = [](std::int32_t columns, std::vector<std::int64_t> offsets, std::vector<std::int32_t> ids,
                          std::vector<float> values, const std::string& text) {
    CHECK_THROWS_MATCHES(csr(columns, offsets, ids, values), reco::invalid_argument, Message("csr_matrix: " + text));
  };
  constexpr float inf = std::numeric_limits<float>::infinity();
  message(-1, {0}, {}, {}, "columns must be at least 0, got -1");
  message(3, {}, {}, {}, "offsets must start with 0");
  message(3, {1, 1}, {0}, {1}, "offsets must start with 0");
  message(3, {0, 2}, {0}, {1}, "the last offset, the column ids and the values must agree in number, got 2, 1 and 1");
  message(3, {0, 1}, {0}, {1, 2},
          "the last offset, the column ids and the values must agree in number, got 1, 1 and 2");
  message(3, {0, 2, 1}, {0}, {1}, "row 0: offsets must not fall");
  message(3, {0, 1, 0, 1}, {0}, {1}, "row 1: offsets must not fall");
  message(3, {0, -1, 1}, {0}, {1}, "row 0: offsets must not fall");
  message(3, {0, 1, 2}, {0, 3}, {1, 2}, "row 1: column must be in 0..2, got 3");
  message(3, {0, 1}, {-1}, {1}, "row 0: column must be in 0..2, got -1");
  message(3, {0, 0, 2}, {2, 1}, {1, 2}, "row 1: columns must ascend without repeats, got 1 after 2");
  message(3, {0, 2}, {1, 1}, {1, 2}, "row 0: columns must ascend without repeats, got 1 after 1");
  message(3, {0, 2}, {0, 2}, {1, inf}, "row 0: the value in column 2 must be finite, got inf");
  message(3, {0, 2}, {0, 2}, {std::nanf(""), 1}, "row 0: the value in column 0 must be finite, got nan");
}

TEST_CASE("columns may begin anew in the next row") {
  CHECK_NOTHROW(csr(3, {0, 1, 2}, {2, 0}, {1, 2}));
  CHECK_NOTHROW(csr(3, {0, 1, 2}, {2, 2}, {1, 2}));
}
