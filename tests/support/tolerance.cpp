// SPDX-License-Identifier: MIT
#include "support/tolerance.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("sums in float stay within their bound and come near it") {
  // Numbers of one sign, added one by one: rounding is at its worst.
  double closest = 0;
  for (const int n : {2, 10, 1000, 100000}) {
    CAPTURE(n);
    reco::random_engine random(static_cast<std::uint64_t>(n));
    float computed = 0;
    double exact = 0;
    for (int i = 0; i < n; ++i) {
      const auto x = static_cast<float>(reco::uniform_real(random));
      computed += x;
      exact += static_cast<double>(x);
    }
    const double off = std::abs(static_cast<double>(computed) - exact) / sum_error<float>(n, exact);
    CHECK(off <= 1);
    closest = std::max(closest, off);
  }
  CHECK(closest > 0.001);
}

// Values of the chi-square distribution as printed in Abramowitz and Stegun, table 26.8: 5 % and 0.1 %. Far out, and
// with few degrees of freedom, the approximation is a little too high.
TEST_CASE("the limit of a chi-square statistic agrees with the printed table") {
  CHECK_THAT(chi_square_limit(10, 1.6449), WithinRel(18.307, 0.003));
  CHECK_THAT(chi_square_limit(30, 1.6449), WithinRel(43.773, 0.003));
  CHECK_THAT(chi_square_limit(10, 3.0902), WithinRel(29.588, 0.01));
  CHECK_THAT(chi_square_limit(100, 3.0902), WithinRel(149.449, 0.003));
}

TEST_CASE("the error of a mean falls with the root of the draws") {
  CHECK(mean_error(2, 100) == 1);
  CHECK(mean_error(2, 400) == 0.5);
}
