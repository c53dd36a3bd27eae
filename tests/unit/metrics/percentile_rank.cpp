// SPDX-License-Identifier: MIT
#include "reco/metrics/percentile_rank.hpp"

#include <algorithm>
#include <cstdint>

#include "reco/metrics/auc.hpp"
#include "support/catch.hpp"
#include "support/judged_cases.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

TEST_CASE("percentile_rank: the worked example") {
  CHECK(reco::percentile_rank{}(judged(example({1, 0, 0, 0, 0, 1}, {}, 11))) == 0.25);
}

TEST_CASE("percentile_rank is the mean place of relevant items, weighed by grade") {
  const auto seed = 42U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto length = static_cast<double>(c.ranked.size()), last = static_cast<double>(c.catalog) - 1;
    double sum = 0, weight = 0;
    for (const auto& [item, grade] : c.truth) {
      if (grade <= 0) continue;
      const auto found = std::find(c.ranked.begin(), c.ranked.end(), item);
      double place = 0;
      if (found != c.ranked.end()) {
        place = static_cast<double>(found - c.ranked.begin());
      } else {  // the mean of the places that are left
        for (double p = length; p <= last; ++p) place += p / (last - length + 1);
      }
      sum += grade * place;
      weight += grade;
    }
    CAPTURE(c.ranked.size(), c.catalog);
    const double expected = weight > 0 && last > 0 ? sum / (weight * last) : 0;
    CHECK_THAT(reco::percentile_rank{}(judged(c)), WithinAbs(expected, rounding<double>(2000)));
  }
}

TEST_CASE("with one relevant item, the percentile rank is 1 - auc") {
  for (std::int32_t n = 0; n < 9; ++n) {
    judged_case c{.catalog = 12, .ranked = {3, 7, 1, 11, 0, 5, 2}, .truth = {{n, 1.0}}};
    CHECK_THAT(reco::percentile_rank{}(judged(c)), WithinAbs(1 - reco::auc{}(judged(c)), rounding<double>(10)));
  }
}
