// SPDX-License-Identifier: MIT
#include "reco/metrics/precision.hpp"

#include <algorithm>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"

using namespace reco_test;
using hits_over = reco::precision::divisor;

TEST_CASE("precision: the worked example") {
  const auto list = judged(example({1, 0, 1, 0}, {1}));
  CHECK(reco::precision{.k = 10}(list) == 2.0 / 10);
  CHECK(reco::precision{.k = 10, .divide_by = hits_over::filled}(list) == 2.0 / 4);
  CHECK(reco::precision{.k = 10, .divide_by = hits_over::achievable}(list) == 2.0 / 3);
}

TEST_CASE("precision is hits over the divisor that it names") {
  const auto seed = 32U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    const auto length = static_cast<double>(c.ranked.size());
    for (const auto k : cutoffs) {
      CAPTURE(k, c.ranked.size(), c.catalog);
      const double hits = c.hits(static_cast<std::size_t>(std::max(k, 0)));
      const double places = k == reco::whole_list ? length : k;
      const auto over = [&](double divisor) { return divisor > 0 ? hits / divisor : 0; };
      CHECK(reco::precision{.k = k}(list) == over(places));
      CHECK(reco::precision{.k = k, .divide_by = hits_over::filled}(list) == over(std::min(places, length)));
      CHECK(reco::precision{.k = k, .divide_by = hits_over::achievable}(list) ==
            over(std::min(places, c.relevant_items())));
    }
  }
}
