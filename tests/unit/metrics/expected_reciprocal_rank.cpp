// SPDX-License-Identifier: MIT
#include "reco/metrics/expected_reciprocal_rank.hpp"

#include <algorithm>
#include <cmath>

#include "reco/metrics/reciprocal_rank.hpp"
#include "support/catch.hpp"
#include "support/judged_cases.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

TEST_CASE("expected_reciprocal_rank: the worked example") {
  const auto list = judged(example({3, 0, 2}));
  CHECK_THAT(reco::expected_reciprocal_rank{}(list), WithinAbs(0.4727, 5e-5));
  CHECK_THAT(reco::expected_reciprocal_rank{}(list), WithinRel(7.0 / 16 + 9.0 / 256, rounding<double>(10)));
}

TEST_CASE("expected_reciprocal_rank is the double sum of its definition") {
  const auto seed = 44U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    if (c.ranked.size() > 100) continue;
    const auto list = judged(c);
    for (const auto k : cutoffs) {
      for (const double max_grade : {1.0, 3.0, 4.0}) {
        const auto satisfied = [&](std::size_t rank) {
          return (std::pow(2, std::min(c.gain(rank), max_grade)) - 1) / std::pow(2, max_grade);
        };
        double sum = 0;
        for (std::size_t r = 1; r <= std::min(c.ranked.size(), static_cast<std::size_t>(std::max(k, 0))); ++r) {
          double reaches = 1;
          for (std::size_t i = 1; i < r; ++i) reaches *= 1 - satisfied(i);
          sum += reaches * satisfied(r) / static_cast<double>(r);
        }
        const reco::expected_reciprocal_rank metric{.max_grade = max_grade, .k = k};
        CHECK_THAT(metric(list), WithinAbs(sum, rounding<double>(1000)));
      }
    }
  }
}

TEST_CASE("with grades so high that everybody stops, the expected reciprocal rank is the reciprocal rank") {
  const auto list = judged(example({0, 0, 60, 60, 1}));
  CHECK_THAT(reco::expected_reciprocal_rank{.max_grade = 60}(list), WithinRel(reco::reciprocal_rank{}(list), 1e-15));
}

TEST_CASE("expected_reciprocal_rank: a best grade that is none is an error") {
  CHECK_THROWS_MATCHES((reco::expected_reciprocal_rank{.max_grade = 0}(judged(example({1})))), reco::invalid_argument,
                       Message("err: max_grade must be above 0, got 0"));
}
