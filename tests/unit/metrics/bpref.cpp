// SPDX-License-Identifier: MIT
#include "reco/metrics/bpref.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using reco::judged_list;

TEST_CASE("bpref: the worked example") {
  auto c = example({1, 0, judged_list::unjudged, 1}, {0, -1});
  CHECK(reco::bpref{}(judged(c)) == 0.75);
}

TEST_CASE("bpref is the mean over relevant items of 1 - the share of judged irrelevant items above them") {
  const auto seed = 45U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const double relevant = c.relevant_items(), irrelevant = static_cast<double>(c.truth.size()) - relevant;
    double sum = 0;
    for (std::size_t r = 0; r < c.ranked.size(); ++r) {
      if (!c.relevant(c.ranked[r])) continue;
      double above = 0;
      for (std::size_t i = 0; i < r; ++i) above += c.truth.count(c.ranked[i]) > 0 && !c.relevant(c.ranked[i]) ? 1 : 0;
      sum += above == 0 ? 1 : 1 - std::min(above, relevant) / std::min(relevant, irrelevant);
    }
    const double expected = relevant > 0 ? sum / relevant : 0;
    CHECK_THAT(reco::bpref{}(judged(c)), WithinAbs(expected, rounding<double>(3000)));
  }
}

TEST_CASE("bpref does not see unjudged items") {
  const auto with = judged(example({judged_list::unjudged, 1, judged_list::unjudged, 0, 1, judged_list::unjudged}));
  const auto without = judged(example({1, 0, 1}));
  CHECK(reco::bpref{}(with) == reco::bpref{}(without));
  CHECK(reco::bpref{}(without) == 0.5);
}
