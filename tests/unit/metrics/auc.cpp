// SPDX-License-Identifier: MIT
#include "reco/metrics/auc.hpp"

#include <algorithm>
#include <cstdint>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

/// Every pair, looked at.
double naive(const judged_case& c) {
  const auto rank = [&](std::int32_t item) {
    return std::find(c.ranked.begin(), c.ranked.end(), item) - c.ranked.begin();  // all others stand after the last
  };
  double pairs = 0, right = 0;
  for (std::int32_t i = 0; i < c.catalog; ++i) {
    for (std::int32_t j = 0; j < c.catalog; ++j) {
      if (!c.relevant(i) || c.relevant(j)) continue;
      pairs += 1;
      right += rank(i) < rank(j) ? 1 : rank(i) == rank(j) ? 0.5 : 0;
    }
  }
  return pairs > 0 ? right / pairs : 0.5;
}

}  // namespace

TEST_CASE("auc: the worked example") { CHECK(reco::auc{}(judged(example({0, 1}, {1}, 5))) == 0.5); }

TEST_CASE("auc is the share of pairs that are in the right order") {
  const auto seed = 40U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed))
    if (c.ranked.size() <= 100) CHECK_THAT(reco::auc{}(judged(c)), WithinRel(naive(c), rounding<double>(10)));
}

TEST_CASE("auc of the reversed list is 1 - auc, if all items are listed") {
  const auto seed = 41U;
  CAPTURE(seed);
  for (auto c : judged_cases(seed)) {
    if (static_cast<std::int32_t>(c.ranked.size()) != c.catalog) continue;
    const double forward = reco::auc{}(judged(c));
    std::reverse(c.ranked.begin(), c.ranked.end());
    CHECK_THAT(reco::auc{}(judged(c)), WithinAbs(1 - forward, rounding<double>(10)));
  }
}

TEST_CASE("auc is 1 for relevant items first, 0 for relevant items last, and a coin where nothing is said") {
  CHECK(reco::auc{}(judged(example({1, 1, 0, 0, 0}))) == 1);
  CHECK(reco::auc{}(judged(example({0, 0, 1, 1}))) == 0);
  CHECK(reco::auc{}(judged(example({}, {1, 1}, 7))) == 0.5);
  CHECK(reco::auc{}(judged(example({0, 0, 0}))) == 0.5);
  CHECK(reco::auc{}(judged(example({1, 1}))) == 0.5);
}
