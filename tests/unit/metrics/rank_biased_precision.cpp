// SPDX-License-Identifier: MIT
#include "reco/metrics/rank_biased_precision.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using reco::judged_list;

TEST_CASE("rank_biased_precision: the worked example") {
  const auto list = judged(example({1, 0, 1}));
  const reco::rank_biased_precision rbp{.persistence = 0.5};
  CHECK(rbp(list) == 0.625);
  CHECK(rbp.residual(list) == 0.125);
}

TEST_CASE("rank_biased_precision is a sum of gains, each worth p times the one before") {
  const auto seed = 43U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    for (const auto k : cutoffs) {
      for (const double p : {0.5, 0.8, 0.95}) {
        const auto depth = std::min(c.ranked.size(), static_cast<std::size_t>(std::max(k, 0)));
        double sum = 0;
        for (std::size_t rank = 1; rank <= depth; ++rank)
          sum += (1 - p) * std::pow(p, static_cast<double>(rank - 1)) * std::min(1.0, c.gain(rank) / 3);
        const reco::rank_biased_precision rbp{.persistence = p, .max_grade = 3, .k = k};
        CHECK_THAT(rbp(list), WithinAbs(sum, rounding<double>(10000)));
      }
    }
  }
}

TEST_CASE("the residual is what the best end of the list would add: unjudged places and all below become hits") {
  const double p = 0.7;
  const reco::rank_biased_precision rbp{.persistence = p};
  for (const auto& grades : std::vector<std::vector<double>>{
           {}, {1}, {judged_list::unjudged}, {0, judged_list::unjudged, 1, -1, judged_list::unjudged, 1, 0}}) {
    auto best = grades;
    for (auto& g : best) g = g == judged_list::unjudged ? 1 : g;
    best.resize(best.size() + 200, 1);
    const auto list = judged(example(grades));
    CHECK_THAT(rbp(list) + rbp.residual(list), WithinAbs(rbp(judged(example(best))), 1e-14));
  }
}

TEST_CASE("rank_biased_precision: options out of range are errors") {
  const auto list = judged(example({1}));
  CHECK_THROWS_MATCHES((reco::rank_biased_precision{.persistence = 1}(list)), reco::invalid_argument,
                       Message("rbp: persistence must be above 0 and below 1, got 1"));
  CHECK_THROWS_MATCHES((reco::rank_biased_precision{.persistence = 0}.residual(list)), reco::invalid_argument,
                       Message("rbp: persistence must be above 0 and below 1, got 0"));
  CHECK_THROWS_MATCHES((reco::rank_biased_precision{.max_grade = 0}(list)), reco::invalid_argument,
                       Message("rbp: max_grade must be above 0, got 0"));
}
