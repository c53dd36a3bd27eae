// SPDX-License-Identifier: MIT
#include "reco/math/elastic_net.hpp"

#include <vector>

#include <Eigen/Cholesky>

#include "support/catch.hpp"
#include "support/random_matrix.hpp"

using namespace reco_test;

namespace {

struct problem {
  reco::matrix<double> gram;
  std::vector<double> g, diagonal;
};

problem random_problem(Eigen::Index weights, std::uint64_t seed) {
  const auto x = random_matrix<double>(60, weights, 0.4, seed);
  const auto y = random_matrix<double>(60, 1, 1, seed + 1);
  problem p{.gram = x.transpose() * x, .g = {}, .diagonal = {}};
  const reco::matrix<double> g = x.transpose() * y;
  for (Eigen::Index j = 0; j < weights; ++j) {
    p.g.push_back(3 * g(j, 0));
    p.diagonal.push_back(p.gram(j, j));
  }
  return p;
}

struct solution {
  std::vector<double> w, residual;
  reco::elastic_net_end end;
  int rows_asked = 0;
};

solution solve(const problem& p, const reco::elastic_net_options& o) {
  solution s{.w = std::vector<double>(p.g.size()), .residual = p.g, .end = {}};
  const auto row = [&](std::size_t j) {
    ++s.rows_asked;
    return reco::row_of(p.gram, static_cast<Eigen::Index>(j));
  };
  s.end = reco::elastic_net<double>(s.w, s.residual, p.diagonal, row, o);
  return s;
}

}  // namespace

TEST_CASE("the elastic net ends where the optimality conditions hold", "[math]") {
  const auto size = GENERATE(1, 2, 7, 40);
  const bool non_negative = GENERATE(true, false);
  const double l1 = GENERATE(0.0, 2.0, 20.0), l2 = GENERATE(0.5, 10.0);
  CAPTURE(size, non_negative, l1, l2);
  const auto p = random_problem(size, 3);
  const auto s = solve(p, {.l1 = l1, .l2 = l2, .non_negative = non_negative, .epochs = 10000, .tolerance = 1e-12});
  REQUIRE(s.end.converged);
  int zeros = 0;
  for (std::size_t j = 0; j < s.w.size(); ++j) {
    double slope = p.g[j] - l2 * s.w[j];  // of the smooth part, downhill
    for (std::size_t k = 0; k < s.w.size(); ++k)
      slope -= p.gram(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(k)) * s.w[k];
    CAPTURE(j, s.w[j], slope);
    CHECK(std::abs(s.residual[j] - l2 * s.w[j] - slope) <= 1e-9);
    if (s.w[j] > 0) CHECK(std::abs(slope - l1) <= 1e-8);
    else if (s.w[j] < 0) CHECK(std::abs(slope + l1) <= 1e-8);
    else CHECK((slope <= l1 + 1e-8 && (non_negative || slope >= -l1 - 1e-8)));
    if (non_negative) CHECK(s.w[j] >= 0);
    zeros += s.w[j] == 0;
  }
  if (l1 == 20 && size == 40) CHECK(zeros > 5);
}

TEST_CASE("without l1 and bounds the elastic net is ridge regression", "[math]") {
  const auto p = random_problem(12, 8);
  const auto s = solve(p, {.l1 = 0, .l2 = 4, .non_negative = false, .epochs = 10000, .tolerance = 1e-13});
  reco::matrix<double> a = p.gram;
  a.diagonal().array() += 4;
  const reco::column<double> exact = a.llt().solve(reco::as_column<double>(p.g));
  CHECK((reco::as_column<double>(s.w) - exact).norm() <= 1e-9 * exact.norm());
}

TEST_CASE("the elastic net says when it has not arrived", "[math]") {
  const auto p = random_problem(40, 5);
  const auto s = solve(p, {.l1 = 0, .l2 = 0.01, .non_negative = false, .epochs = 1, .tolerance = 1e-12});
  CHECK(s.end.epochs == 1);
  CHECK_FALSE(s.end.converged);
}

TEST_CASE("rows of weights that never move are not asked for", "[math]") {
  const auto p = random_problem(40, 6);
  CHECK(solve(p, {.l1 = 1e6, .l2 = 1}).rows_asked == 0);
  CHECK(solve(p, {.l1 = 1e6, .l2 = 1}).end.converged);
}

TEST_CASE("a column of zeros gets no weight, with or without l2", "[math]") {
  auto p = random_problem(5, 7);
  p.gram.row(2).setZero();
  p.gram.col(2).setZero();
  p.g[2] = p.diagonal[2] = 0;
  CHECK(solve(p, {.l1 = 0, .l2 = 0, .non_negative = false, .epochs = 5000}).w[2] == 0);
  CHECK(solve(p, {.l1 = 0, .l2 = 1}).w[2] == 0);
}
