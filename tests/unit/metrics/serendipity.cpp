// SPDX-License-Identifier: MIT
#include "reco/metrics/serendipity.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"

using namespace reco_test;
using serendipity_over = reco::serendipity::divisor;

TEST_CASE("serendipity: the worked example") {
  const item_list items = {1, 2, 3, 4}, baseline = {4, 5};
  const std::vector<double> grade = {0, 1, 1, 1};
  const reco::shown_list list{.items = items, .grade = grade, .baseline = baseline};
  CHECK(reco::serendipity{}(list) == 2.0 / 4);
  CHECK(reco::serendipity{.divide_by = serendipity_over::unexpected}(list) == 2.0 / 3);
}

TEST_CASE("serendipity is what is left of the hits when the baseline's items are taken away") {
  const auto seed = 72U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const auto& items : random_lists(seed, 30)) {
    const auto baseline = random_list(random, 30, 10);
    const std::set<std::int32_t> expected(baseline.begin(), baseline.end());
    std::vector<double> grade(items.size());
    for (auto& g : grade) g = static_cast<double>(reco::uniform_index(random, 3) - 1);
    for (const int k : {0, 1, 7, 1000}) {
      double shown = 0, unexpected = 0, useful = 0;
      for (std::size_t n = 0; n < items.size() && static_cast<std::int64_t>(n) < k; ++n) {
        shown += 1;
        if (expected.count(items[n]) > 0) continue;
        unexpected += 1;
        useful += grade[n] > 0 ? 1 : 0;
      }
      const reco::shown_list list{.items = items, .grade = grade, .baseline = baseline};
      CHECK(reco::serendipity{.k = k}(list) == (shown > 0 ? useful / shown : 0));
      CHECK(reco::serendipity{.k = k, .divide_by = serendipity_over::unexpected}(list) ==
            (unexpected > 0 ? useful / unexpected : 0));
    }
  }
}

TEST_CASE("the baseline itself has no serendipity, and without a baseline it is precision over what is shown") {
  const item_list items = {1, 2};
  const std::vector<double> grade = {1, 0};
  CHECK(reco::serendipity{}({.items = items, .grade = grade, .baseline = items}) == 0);
  CHECK(reco::serendipity{.divide_by =
                              serendipity_over::unexpected}({.items = items, .grade = grade, .baseline = items}) == 0);
  CHECK(reco::serendipity{}({.items = items, .grade = grade}) == 0.5);
}
