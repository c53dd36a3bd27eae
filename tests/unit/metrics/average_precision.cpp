// SPDX-License-Identifier: MIT
#include "reco/metrics/average_precision.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using sum_over = reco::average_precision::divisor;

TEST_CASE("average_precision: the worked example") {
  const auto list = judged(example({1, 0, 1}, {1}));
  CHECK(reco::average_precision{.k = 2}(list) == 1.0 / 3);
  CHECK(reco::average_precision{.k = 2, .divide_by = sum_over::achievable}(list) == 1.0 / 2);
  CHECK(reco::average_precision{.k = 2, .divide_by = sum_over::filled}(list) == 1.0 / 2);
  CHECK(reco::average_precision{.k = 2, .divide_by = sum_over::hits}(list) == 1);
}

TEST_CASE("average_precision is the sum of the precisions at the hits over the divisor that it names") {
  const auto seed = 38U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    for (const auto k : cutoffs) {
      const auto depth = std::min(c.ranked.size(), static_cast<std::size_t>(std::max(k, 0)));
      CAPTURE(k, c.ranked.size());
      double sum = 0;
      for (std::size_t rank = 1; rank <= depth; ++rank)
        if (c.gain(rank) > 0) sum += c.hits(rank) / static_cast<double>(rank);
      const auto check = [&](sum_over divisor, double divide_by) {
        const double value = reco::average_precision{.k = k, .divide_by = divisor}(list);
        if (sum == 0) CHECK(value == 0);
        else CHECK_THAT(value, WithinRel(sum / divide_by, rounding<double>(4)));
      };
      check(sum_over::relevant, c.relevant_items());
      check(sum_over::achievable, std::min<double>(k, c.relevant_items()));
      check(sum_over::filled, std::min(static_cast<double>(depth), c.relevant_items()));
      check(sum_over::hits, c.hits(depth));
    }
  }
}

TEST_CASE("average_precision is 1 where all that is relevant comes first") {
  const auto list = judged(example({1, 3, 1, 0, 0}));
  for (const auto divisor : {sum_over::relevant, sum_over::achievable, sum_over::filled, sum_over::hits})
    CHECK(reco::average_precision{.divide_by = divisor}(list) == 1);
  CHECK(reco::average_precision{.k = 2, .divide_by = sum_over::achievable}(list) == 1);
  CHECK_THAT(reco::average_precision{.k = 2}(list), WithinRel(2.0 / 3, rounding<double>(2)));
}
