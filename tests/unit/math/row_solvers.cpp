// SPDX-License-Identifier: MIT
#include "reco/math/row_solvers.hpp"

#include <algorithm>
#include <span>

#include <Eigen/Dense>

#include "support/catch.hpp"
#include "support/random_matrix.hpp"

using namespace reco_test;

namespace {

/// The equations of all rows of z at once.
template <class T>
void fill(reco::row_equations<T>& equations, const reco::matrix<T>& z, const reco::column<T>& targets, T lambda) {
  equations.start(lambda);
  for (Eigen::Index n = 0; n < z.rows(); ++n) {
    const auto row = reco::row_of(z, n);
    equations.add([&](std::span<T> out) { std::copy(row.begin(), row.end(), out.begin()); }, targets[n]);
  }
}

}  // namespace

TEST_CASE("normal equations gathered by blocks are those of the whole matrix") {
  const Eigen::Index d = GENERATE(1, 7, 8, 33);
  const Eigen::Index h = GENERATE(0, 1, 63, 64, 65, 200);
  const auto z = random_matrix<double>(h, d, 1, 1);
  const reco::column<double> t = random_matrix<double>(h, 1, 1, 2).col(0);
  reco::row_equations<double> equations(d);
  reco::column<double> x(d);
  for (int twice = 0; twice < 2; ++twice) {  // nothing is left of the row before
    fill<double>(equations, z, t, 0.5);
    const Eigen::MatrixXd a = z.transpose() * z + 0.5 * Eigen::MatrixXd::Identity(d, d);
    const Eigen::VectorXd b = z.transpose() * t;
    CHECK((equations.a() - a).cwiseAbs().maxCoeff() < 1e-11);
    CHECK((equations.b() - b).cwiseAbs().maxCoeff() < 1e-11);
    REQUIRE(equations.ridge(x));
    CHECK((a * x - b).cwiseAbs().maxCoeff() < 1e-9);
    const reco::column<double> ones = reco::column<double>::Ones(d);
    CHECK((a * equations.solve(ones) - ones).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("a singular system is told, and the solution is left alone") {
  const auto z = random_matrix<double>(3, 5, 1, 3);
  reco::row_equations<double> equations(5);
  reco::column<double> x = reco::column<double>::Constant(5, 7);
  fill<double>(equations, z, reco::column<double>::Ones(3), 0);
  CHECK_FALSE(equations.ridge(x));
  CHECK(x == reco::column<double>::Constant(5, 7));
}

TEST_CASE("coordinate descent ends where no number can improve within its bound") {
  const auto z = random_matrix<double>(30, 6, 1, 4);
  const reco::column<double> t = random_matrix<double>(30, 1, 1, 5).col(0);
  reco::row_equations<double> equations(6);
  fill<double>(equations, z, t, 0.1);
  reco::column<double> x = reco::column<double>::Zero(6);
  equations.nonnegative(x, 1000, 1e-15);
  const Eigen::VectorXd gradient = equations.a() * x - equations.b();
  CHECK((x.array() == 0).any());
  for (Eigen::Index f = 0; f < 6; ++f) {
    CHECK(gradient[f] > -1e-10);
    if (x[f] > 0) CHECK(std::abs(gradient[f]) < 1e-10);
  }
}

TEST_CASE("equations may start from a matrix known beforehand") {
  const auto z = random_matrix<double>(30, 6, 1, 6);
  const reco::matrix<double> gram = z.transpose() * z;
  reco::row_equations<double> equations(6);
  equations.start_from(gram, 2);
  equations.add_target(z.row(4).transpose(), 3.0);
  reco::column<double> x(6);
  REQUIRE(equations.ridge(x));
  CHECK(((gram + 2 * Eigen::MatrixXd::Identity(6, 6)) * x - 3 * z.row(4).transpose()).cwiseAbs().maxCoeff() < 1e-10);
}
