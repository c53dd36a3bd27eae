// SPDX-License-Identifier: MIT
#include "reco/metrics/rmse.hpp"

#include <cmath>
#include <vector>

#include "reco/metrics/mae.hpp"
#include "support/catch.hpp"
#include "support/rated_pairs.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using reco::rating_mean;

TEST_CASE("rmse: the worked example") {
  const std::vector<reco::rated_pair> pairs = {{0, 4, 3}, {0, 2, 3}, {1, 1, 5}};
  CHECK_THAT(reco::rmse{}(pairs), WithinAbs(2.449, 5e-4));
  CHECK(reco::rmse{.over = rating_mean::users}(pairs) == 2.5);
}

TEST_CASE("rmse agrees with its definition over pairs and over users, and is never below mae") {
  for (const int n : {7, 8, 9, 1000}) {
    const auto pairs = random_ratings(static_cast<std::uint64_t>(80 + n), n);
    double total = 0, count = 0, sum = 0, users = 0;
    for (const auto& [user, ratings] : by_user(pairs)) {
      double squares = 0;
      for (const auto& [actual, predicted] : ratings) squares += std::pow(actual - predicted, 2);
      total += squares;
      count += static_cast<double>(ratings.size());
      sum += std::sqrt(squares / static_cast<double>(ratings.size()));
      users += 1;
    }
    REQUIRE(users > 0);
    CHECK_THAT(reco::rmse{}(pairs), WithinRel(std::sqrt(total / count), rounding<double>(1100)));
    CHECK_THAT(reco::rmse{.over = rating_mean::users}(pairs), WithinRel(sum / users, rounding<double>(1100)));
    CHECK(reco::rmse{}(pairs) >= reco::mae{}(pairs));
  }
}
