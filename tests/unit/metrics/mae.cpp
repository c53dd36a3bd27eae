// SPDX-License-Identifier: MIT
#include "reco/metrics/mae.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/rated_pairs.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using reco::rating_mean;

TEST_CASE("mae: the worked example") {
  const std::vector<reco::rated_pair> pairs = {{0, 4, 3}, {0, 2, 3}, {1, 1, 5}};
  CHECK(reco::mae{}(pairs) == 2);
  CHECK(reco::mae{.over = rating_mean::users}(pairs) == 2.5);
}

TEST_CASE("mae agrees with its definition over pairs and over users") {
  for (const int n : {7, 8, 9, 1000}) {
    const auto pairs = random_ratings(static_cast<std::uint64_t>(81 + n), n);
    double total = 0, count = 0, sum = 0, users = 0;
    for (const auto& [user, ratings] : by_user(pairs)) {
      double errors = 0;
      for (const auto& [actual, predicted] : ratings) errors += std::abs(actual - predicted);
      total += errors;
      count += static_cast<double>(ratings.size());
      sum += errors / static_cast<double>(ratings.size());
      users += 1;
    }
    REQUIRE(users > 0);
    CHECK_THAT(reco::mae{}(pairs), WithinRel(total / count, rounding<double>(1100)));
    CHECK_THAT(reco::mae{.over = rating_mean::users}(pairs), WithinRel(sum / users, rounding<double>(1100)));
  }
}
