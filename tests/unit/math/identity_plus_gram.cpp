// SPDX-License-Identifier: MIT
#include "reco/math/identity_plus_gram.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <Eigen/Cholesky>

#include "reco/base/random.hpp"
#include "reco/math/matrix.hpp"
#include "support/catch.hpp"

TEMPLATE_TEST_CASE("identity_plus_gram solves what a general Cholesky solves, over awkward sizes", "[math]", float,
                   double) {
  using T = TestType;
  using system_type = reco::identity_plus_gram<T>;
  const std::int64_t n = GENERATE(1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 48, 100);
  const std::int64_t depth = GENERATE(1, 5, 64, 700);
  const std::int64_t width = system_type::padded(n);
  reco::random_engine random(3, static_cast<std::uint64_t>(n * 1000 + depth));
  reco::matrix<T> p = reco::matrix<T>::Zero(depth, width);
  for (std::int64_t k = 0; k < depth; ++k)
    for (std::int64_t c = 0; c < n; ++c) p(k, c) = static_cast<T>(reco::normal(random) / 8);
  std::vector<T> b(static_cast<std::size_t>(width));
  reco::column<double> exact(n);
  for (std::int64_t c = 0; c < n; ++c)
    exact[c] = static_cast<double>(b[static_cast<std::size_t>(c)] = static_cast<T>(reco::normal(random)));

  const reco::matrix<double> wide = p.leftCols(n).template cast<double>();
  const reco::matrix<double> a = reco::matrix<double>::Identity(n, n) + wide.transpose() * wide;
  exact = Eigen::LLT<reco::matrix<double>>(a).solve(exact);

  system_type system(100);
  for (int again = 0; again < 2; ++again) {  // what was solved before must leave no trace
    std::vector<T> z = b;
    system.start(n);
    const std::int64_t half = depth / 2;
    system.add(p.data(), half, width);
    system.add(p.data() + half * width, depth - half, width);
    system.factor();
    system.solve(z.data());
    // |z - exact| <= about n · condition · epsilon · |exact|, condition <= 1 + |P|²
    const double condition = 1 + wide.squaredNorm();
    const double bound = static_cast<double>(n + depth) * condition *
                         static_cast<double>(std::numeric_limits<T>::epsilon()) * (1e-30 + exact.norm());
    double off = 0;
    for (std::int64_t c = 0; c < n; ++c)
      off = std::max(off, std::abs(static_cast<double>(z[static_cast<std::size_t>(c)]) - exact[c]));
    CHECK(off <= bound);
    CHECK(off <= 1e-2 * exact.norm());
    CHECK(std::all_of(z.begin() + n, z.end(), [](T v) { return v == 0; }));
  }
}
