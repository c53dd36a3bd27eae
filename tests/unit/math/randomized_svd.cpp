// SPDX-License-Identifier: MIT
#include "reco/math/randomized_svd.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stop_token>
#include <vector>

#include <Eigen/QR>
#include <Eigen/SVD>

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_matrix.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

template <class T>
Eigen::VectorXd dense_singular_values(const reco::matrix<T>& m) {
  return Eigen::JacobiSVD<Eigen::MatrixXd>(m.template cast<double>()).singularValues();
}

template <class T>
reco::matrix<double> rebuilt(const reco::truncated_svd<T>& svd) {
  return svd.left.template cast<double>() * svd.singular_values.template cast<double>().asDiagonal() *
         svd.right.template cast<double>().transpose();
}

/// Orthonormal columns times these singular values times orthonormal rows.
reco::matrix<double> with_singular_values(Eigen::Index rows, Eigen::Index columns, const Eigen::VectorXd& sigma) {
  const Eigen::MatrixXd left = random_matrix<double>(rows, sigma.size(), 1, 20);
  const Eigen::MatrixXd right = random_matrix<double>(columns, sigma.size(), 1, 21);
  const Eigen::MatrixXd u =
      Eigen::HouseholderQR<Eigen::MatrixXd>(left).householderQ() * Eigen::MatrixXd::Identity(rows, sigma.size());
  const Eigen::MatrixXd v =
      Eigen::HouseholderQR<Eigen::MatrixXd>(right).householderQ() * Eigen::MatrixXd::Identity(columns, sigma.size());
  return u * sigma.asDiagonal() * v.transpose();
}

}  // namespace

TEMPLATE_TEST_CASE("all singular triplets of small matrices of awkward shapes agree with a dense SVD", "[math]", float,
                   double) {
  const auto rows = GENERATE(1, 2, 7, 8, 9, 40);
  const auto columns = GENERATE(1, 3, 7, 8, 33);
  const auto density = GENERATE(0.3, 1.0);
  CAPTURE(rows, columns, density);
  const auto m = random_matrix<TestType>(rows, columns, density, 22);
  const Eigen::VectorXd exact = dense_singular_values(m);
  const double largest = exact[0];
  const auto svd = reco::randomized_svd{.rank = 100}.decompose(compressed(m));

  const auto rank = (exact.array() > 1e-5 * largest).count();
  REQUIRE(svd.rank() == rank);
  REQUIRE(svd.left.rows() == rows);
  REQUIRE(svd.right.rows() == columns);
  REQUIRE(svd.left.cols() == rank);
  REQUIRE(svd.right.cols() == rank);
  // The Gram matrix costs a singular value s the accuracy u largest / s, u of double, beside rounding to T.
  const double u = 200 * rounding<TestType>(1);
  for (Eigen::Index i = 0; i < rank; ++i)
    CHECK(std::abs(static_cast<double>(svd.singular_values[i]) - exact[i]) <=
          u * largest + 1e-14 * largest * largest / exact[i]);
  CHECK(departure_from_orthonormal(svd.left) < 10 * u + 1e-12);
  CHECK(departure_from_orthonormal(svd.right) < 1e-3 * std::sqrt(u));
  CHECK((rank == 0 ||
         (rebuilt(svd) - m.template cast<double>()).cwiseAbs().maxCoeff() <= 10 * u * largest + 1e-9 * largest));
}

TEMPLATE_TEST_CASE("a planted matrix of low rank comes back whole, and no wider than it is", "[math]", float, double) {
  const auto m = with_singular_values(300, 200, Eigen::VectorXd::LinSpaced(5, 9, 1)).cast<TestType>().eval();
  const reco::matrix<TestType> table = m;
  const auto svd = reco::randomized_svd{.rank = 20}.decompose(compressed(table));
  REQUIRE(svd.rank() == 5);
  const double u = 100 * rounding<TestType>(1);
  for (int i = 0; i < 5; ++i) CHECK_THAT(static_cast<double>(svd.singular_values[i]), WithinAbs(9 - 2 * i, 9 * u));
  CHECK((rebuilt(svd) - table.template cast<double>()).norm() < 9 * 5 * u);
  CHECK(departure_from_orthonormal(svd.left) < u);
  CHECK(departure_from_orthonormal(svd.right) < u);
  CHECK(svd.report.converged);
}

TEST_CASE("what is left out is the least that any matrix of that rank leaves") {
  // Eckart and Young: |A - A_k|² is the sum of the squares of the other singular values. The spectrum falls slowly,
  // as that of text does: s_i = i^(-1/2).
  Eigen::VectorXd sigma(150);
  for (Eigen::Index i = 0; i < 150; ++i) sigma[i] = 1 / std::sqrt(static_cast<double>(i + 1));
  const reco::matrix<double> m = with_singular_values(400, 260, sigma);
  const bool turned = GENERATE(false, true);
  const auto a = turned ? compressed(m).transposed() : compressed(m);
  const auto svd = reco::randomized_svd{.rank = 30}.decompose(a);
  REQUIRE(svd.rank() == 30);
  const reco::matrix<double> best = rebuilt(svd);
  const reco::matrix<double> left_out = (turned ? reco::matrix<double>(best.transpose()) : best) - m;
  const double optimum = sigma.tail(120).squaredNorm();
  CHECK(left_out.squaredNorm() >= optimum * (1 - 1e-12));
  CHECK(left_out.squaredNorm() <= optimum * (1 + 1e-4));
  CHECK_THAT(svd.report.loss.back(), WithinRel(left_out.squaredNorm(), 1e-9));
  for (int i = 0; i < 30; ++i) CHECK_THAT(svd.singular_values[i], WithinRel(sigma[i], 1e-3));
  CHECK(departure_from_orthonormal(svd.left) < 1e-12);
  CHECK(departure_from_orthonormal(svd.right) < 1e-12);
}

TEST_CASE("the error falls with every projection and singular values come from below") {
  const reco::matrix<double> m = random_matrix<double>(300, 250, 0.05, 23);
  const Eigen::VectorXd exact = dense_singular_values(m);
  const auto svd = reco::randomized_svd{.rank = 20, .iterations = 30, .tolerance = 1e-10}.decompose(compressed(m));
  const auto& loss = svd.report.loss;
  REQUIRE(loss.size() >= 3);
  for (std::size_t n = 1; n < loss.size(); ++n) CHECK(loss[n] <= loss[n - 1] * (1 + 1e-12));
  const auto rough = reco::randomized_svd{.rank = 20, .iterations = 0}.decompose(compressed(m));
  CHECK(rough.report.epochs == 0);
  CHECK(rough.report.loss.size() == 1);
  for (int i = 0; i < 20; ++i) {
    CHECK(rough.singular_values[i] < svd.singular_values[i]);
    CHECK(svd.singular_values[i] <= exact[i] * (1 + 1e-12));
    CHECK_THAT(svd.singular_values[i], WithinRel(exact[i], 1e-6));
  }
}

TEST_CASE("Chebyshev polynomials need fewer products than powers do") {
  // Singular values 0.3 % apart: after 24 products, plain powers and polynomials with one of their terms wrong leave
  // errors from 1e-4 to 1e-3.
  Eigen::VectorXd sigma(200);
  for (Eigen::Index i = 0; i < 200; ++i) sigma[i] = std::pow(0.997, i);
  const reco::matrix<double> m = with_singular_values(200, 220, sigma);
  const auto svd =
      reco::randomized_svd{.rank = 22, .oversampling = 10, .iterations = 24, .tolerance = 0}.decompose(compressed(m));
  CHECK(svd.report.epochs == 24);
  for (int i = 0; i < 22; ++i) CHECK_THAT(svd.singular_values[i], WithinRel(sigma[i], 1e-5));
}

TEST_CASE("one dominating direction does not drown the others in float") {
  Eigen::VectorXd sigma(100);
  for (Eigen::Index i = 0; i < 100; ++i) sigma[i] = std::pow(0.97, i);
  sigma[0] = 300;
  const reco::matrix<float> m = with_singular_values(120, 140, sigma).cast<float>();
  const auto svd = reco::randomized_svd{.rank = 10, .iterations = 24, .tolerance = 0}.decompose(compressed(m));
  REQUIRE(svd.rank() == 10);
  CHECK_THAT(static_cast<double>(svd.singular_values[0]), WithinRel(300, 1e-6));
  for (int i = 1; i < 10; ++i)
    CHECK_THAT(static_cast<double>(svd.singular_values[i]), WithinAbs(sigma[i], 300 * 5 * rounding<float>(1)));
  CHECK(departure_from_orthonormal(svd.left) < 1e-5);
}

TEST_CASE("the largest component of each right vector is positive") {
  const auto m = random_matrix<double>(60, 45, 0.5, 24);
  const auto svd = reco::randomized_svd{.rank = 12}.decompose(compressed(m));
  const auto negated = reco::randomized_svd{.rank = 12}.decompose(compressed<double>(-m));
  for (Eigen::Index j = 0; j < 12; ++j) {
    Eigen::Index longest = 0;
    svd.right.col(j).cwiseAbs().maxCoeff(&longest);
    CHECK(svd.right(longest, j) > 0);
  }
  CHECK((negated.right - svd.right).cwiseAbs().maxCoeff() < 1e-12);
  CHECK((negated.left + svd.left).cwiseAbs().maxCoeff() < 1e-12);
}

TEMPLATE_TEST_CASE("the same bits on any number of threads and every time", "[math]", float, double) {
  const auto a = compressed(random_matrix<TestType>(1100, 1500, 0.01, 25));
  const reco::randomized_svd options{.rank = 20, .seed = 7};
  const auto serial = options.decompose(a);
  const unsigned threads = GENERATE(1U, 2U, 5U);
  reco::thread_pool pool(threads);
  const auto svd = options.decompose(a, {.executor = pool});
  CHECK(svd.left == serial.left);
  CHECK(svd.singular_values == serial.singular_values);
  CHECK(svd.right == serial.right);
  CHECK(svd.report.loss == serial.report.loss);
}

TEST_CASE("another seed changes rounding only, and so does another scalar") {
  const reco::matrix<double> m = with_singular_values(150, 120, Eigen::VectorXd::LinSpaced(20, 20, 1));
  const auto one =
      reco::randomized_svd{.rank = 8, .iterations = 40, .tolerance = 0, .seed = 1}.decompose(compressed(m));
  const auto two =
      reco::randomized_svd{.rank = 8, .iterations = 40, .tolerance = 0, .seed = 2}.decompose(compressed(m));
  CHECK((one.singular_values - two.singular_values).cwiseAbs().maxCoeff() < 1e-12);
  CHECK((one.right - two.right).cwiseAbs().maxCoeff() < 1e-11);
  CHECK((one.left - two.left).cwiseAbs().maxCoeff() < 1e-11);
  CHECK(one.right != two.right);
  const auto narrow = reco::randomized_svd{.rank = 8, .iterations = 40}.decompose(compressed<float>(m.cast<float>()));
  CHECK((narrow.singular_values.cast<double>() - one.singular_values).cwiseAbs().maxCoeff() < 1e-4);
  CHECK((narrow.right.cast<double>() - one.right).cwiseAbs().maxCoeff() < 1e-2);
}

TEMPLATE_TEST_CASE("scale plays no part, from the smallest numbers to the largest", "[math]", float, double) {
  const reco::matrix<TestType> m = random_matrix<TestType>(50, 70, 0.3, 26);
  const auto plain = reco::randomized_svd{.rank = 10}.decompose(compressed(m));
  const auto power = GENERATE(-100, -20, 20, 100);
  const auto factor = std::ldexp(TestType(1), power);  // exact
  const auto scaled = reco::randomized_svd{.rank = 10}.decompose(compressed<TestType>(factor * m));
  REQUIRE(scaled.rank() == 10);
  for (Eigen::Index i = 0; i < 10; ++i)
    CHECK_THAT(static_cast<double>(scaled.singular_values[i] / factor),
               WithinRel(static_cast<double>(plain.singular_values[i]), 100 * rounding<TestType>(1)));
}

TEST_CASE("matrices without anything in them have no triplets") {
  const auto rows = GENERATE(0, 1, 5);
  const auto columns = GENERATE(0, 1, 5);
  const auto svd = reco::randomized_svd{}.decompose(compressed(random_matrix<float>(rows, columns, 0, 27)));
  CHECK(svd.rank() == 0);
  CHECK(svd.left.rows() == rows);
  CHECK(svd.left.cols() == 0);
  CHECK(svd.right.rows() == columns);
  CHECK(svd.right.cols() == 0);
}

TEST_CASE("singular values of one size and repeated rows do no harm") {
  // The identity has no best subspace; whichever comes out is orthonormal and its values are 1.
  const auto ones =
      reco::randomized_svd{.rank = 5}.decompose(compressed<double>(reco::matrix<double>::Identity(90, 90)));
  REQUIRE(ones.rank() == 5);
  for (int i = 0; i < 5; ++i) CHECK_THAT(ones.singular_values[i], WithinAbs(1, 1e-12));
  CHECK(departure_from_orthonormal(ones.right) < 1e-12);

  reco::matrix<double> twins = random_matrix<double>(40, 30, 0.4, 28);
  for (Eigen::Index r = 1; r < 40; r += 2) twins.row(r) = twins.row(r - 1);
  const auto svd = reco::randomized_svd{.rank = 30}.decompose(compressed(twins));
  CHECK(svd.rank() == 20);
  CHECK((rebuilt(svd) - twins).cwiseAbs().maxCoeff() < 1e-10);
}

TEST_CASE("a fit can be watched and stopped") {
  const auto a = compressed(random_matrix<double>(200, 200, 0.1, 29));
  std::vector<reco::progress> seen;
  std::stop_source stop;
  const auto watch = [&](const reco::progress& p) {
    seen.push_back(p);
    if (p.epoch > 0) stop.request_stop();
  };
  const auto svd = reco::randomized_svd{.rank = 10, .iterations = 50, .tolerance = 0}.decompose(
      a, {.observer = watch, .stop = stop.get_token()});
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].epoch == 0);
  CHECK(seen[1].epoch == svd.report.epochs);
  CHECK(seen[1].epochs == 50);
  CHECK(seen[1].loss == svd.report.loss.back());
  CHECK(svd.report.stopped);
  CHECK_FALSE(svd.report.converged);
  CHECK(svd.report.epochs < 50);
  CHECK(svd.rank() == 10);

  const auto watched = reco::randomized_svd{.rank = 10}.decompose(a, {.observer = [](const reco::progress&) {}});
  CHECK(watched.right == reco::randomized_svd{.rank = 10}.decompose(a).right);
}

TEST_CASE("options out of range are named") {
  const reco::csr_matrix<float> a;
  CHECK_THROWS_WITH(reco::randomized_svd{.rank = 0}.decompose(a), "randomized_svd: rank must be at least 1, got 0");
  CHECK_THROWS_WITH(reco::randomized_svd{.oversampling = -1}.decompose(a),
                    "randomized_svd: oversampling must be at least 0, got -1");
  CHECK_THROWS_WITH(reco::randomized_svd{.iterations = -1}.decompose(a),
                    "randomized_svd: iterations must be at least 0, got -1");
  CHECK_THROWS_WITH(reco::randomized_svd{.tolerance = -1}.decompose(a),
                    "randomized_svd: tolerance must be at least 0, got -1");
}
