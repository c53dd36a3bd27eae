// SPDX-License-Identifier: MIT
#include "reco/metrics/catalog_coverage.hpp"

#include <algorithm>
#include <cstdint>
#include <set>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"

using namespace reco_test;

TEST_CASE("catalog_coverage: the worked example") {
  CHECK(value_of(reco::catalog_coverage(5), {{0, 1}, {0, 2}}) == 3.0 / 5);
}

TEST_CASE("catalog_coverage is how many different items are shown, over all") {
  const auto seed = 62U;
  CAPTURE(seed);
  for (const std::int32_t items : {1, 9, 100}) {
    const auto lists = random_lists(seed, items);
    for (const int k : {0, 1, 7, 10, reco::whole_list}) {
      std::set<std::int32_t> shown;
      for (const auto& list : lists)
        for (std::size_t n = 0; n < list.size(); ++n)
          if (static_cast<std::int64_t>(n) < k) shown.insert(list[n]);
      const double expected = static_cast<double>(shown.size()) / items;
      CHECK(value_of(reco::catalog_coverage(items, k), lists) == expected);
      for (const std::size_t chunk : {1U, 4U, 100U})
        CHECK(value_of_parts(reco::catalog_coverage(items, k), lists, chunk) == expected);
    }
  }
  CHECK(reco::catalog_coverage(0).value() == 0);
  CHECK(reco::catalog_coverage(3).value() == 0);
}
