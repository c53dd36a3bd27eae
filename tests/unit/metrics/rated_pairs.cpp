// SPDX-License-Identifier: MIT
#include "reco/metrics/rated_pairs.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "reco/metrics/fcp.hpp"
#include "reco/metrics/mae.hpp"
#include "reco/metrics/r_squared.hpp"
#include "reco/metrics/rmse.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using pairs = std::vector<reco::rated_pair>;

TEST_CASE("pairs that could not be predicted are counted apart and change no metric") {
  const pairs known = {{0, 4, 3}, {0, 2, 1}, {1, 5, 4.5}};
  pairs with = known;
  with.insert(with.begin() + 1, {.user = 7, .actual = 1});
  with.push_back({.user = 0, .actual = 5});
  CHECK(reco::unpredicted(with) == 2);
  CHECK(reco::unpredicted(known) == 0);
  for (const auto over : {reco::rating_mean::pairs, reco::rating_mean::users}) {
    CHECK(reco::rmse{over}(with) == reco::rmse{over}(known));
    CHECK(reco::mae{over}(with) == reco::mae{over}(known));
    CHECK(reco::fcp{over}(with) == reco::fcp{over}(known));
  }
  CHECK(reco::r_squared{}(with) == reco::r_squared{}(known));
}

TEST_CASE("where nothing could be predicted, rating metrics are no number") {
  for (const auto& nothing : {pairs{}, pairs{{.user = 3, .actual = 4}}}) {
    CHECK(std::isnan(reco::rmse{}(nothing)));
    CHECK(std::isnan(reco::mae{.over = reco::rating_mean::users}(nothing)));
    CHECK(std::isnan(reco::r_squared{}(nothing)));
    CHECK(std::isnan(reco::fcp{}(nothing)));
  }
}

TEST_CASE("ratings that are not finite, and users below 0, are errors") {
  const double inf = std::numeric_limits<double>::infinity();
  const pairs actual = {{0, inf, 3.0}}, predicted = {{0, 3, std::nan("")}}, user = {{-1, 3, 3.0}};
  CHECK_THROWS_MATCHES(reco::rmse{}(actual), reco::invalid_argument,
                       Message("rmse: ratings must be finite, got inf predicted as 3"));
  CHECK_THROWS_MATCHES(reco::mae{}(predicted), reco::invalid_argument,
                       Message("mae: ratings must be finite, got 3 predicted as nan"));
  CHECK_THROWS_MATCHES(reco::fcp{}(user), reco::invalid_argument, Message("fcp: users are numbered from 0, got -1"));
  CHECK_THROWS_AS(reco::r_squared{}(predicted), reco::invalid_argument);
}
