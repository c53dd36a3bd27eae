// SPDX-License-Identifier: MIT
#include "reco/evaluation/intervals.hpp"

#include <cmath>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/metrics/mae.hpp"
#include "reco/metrics/rmse.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("intervals of all metrics at once are those of one at a time, bit for bit", "[concurrent]") {
  reco::random_engine random(3);
  reco::evaluation e{.labels = {"a", "b", "c"}};
  e.values.resize(3);
  for (int u = 0; u < 57; ++u) {
    e.users.push_back(u);
    for (auto& v : e.values) v.push_back(reco::uniform_real(random));
  }
  const reco::bootstrap b{.resamples = 203, .level = 0.9, .seed = 11};
  reco::thread_pool pool(3);
  const auto all = reco::intervals_of(e, b, pool);
  REQUIRE(all.size() == 3);
  for (std::size_t m = 0; m < 3; ++m) CHECK(all[m] == b.mean(e.values[m]));
  CHECK(reco::intervals_of(e, b) == all);
}

TEST_CASE("intervals of nothing and of other methods are refused") {
  const reco::evaluation nobody{.labels = {"a"}, .values = {{}}};
  CHECK_THROWS_AS(reco::intervals_of(nobody), reco::invalid_argument);
  const reco::evaluation one{.labels = {"a"}, .users = {0}, .values = {{1.0}}};
  CHECK_THROWS_AS(reco::intervals_of(one, {.by = reco::bootstrap::method::bias_corrected}), reco::invalid_argument);
  CHECK_THROWS_AS(reco::intervals_of(one, {.resamples = 0}), reco::invalid_argument);
  CHECK_THROWS_AS(reco::intervals_of(std::vector<reco::user_errors>{}), reco::invalid_argument);
}

TEST_CASE("errors by user add up to RMSE and MAE, and pairs without a prediction are passed over") {
  const std::vector<reco::rated_pair> pairs{{.user = 4, .actual = 3, .predicted = 2},
                                            {.user = 1, .actual = 5, .predicted = 1},
                                            {.user = 4, .actual = 1, .predicted = 2.5},
                                            {.user = 2, .actual = 1}};
  const auto errors = reco::errors_by_user(pairs);
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].user == 1);
  CHECK(errors[1].squares == 1 + 2.25);
  CHECK(errors[1].absolutes == 2.5);
  CHECK(errors[1].pairs == 2);
  const auto i = reco::intervals_of(errors, {.resamples = 500});
  CHECK(i.rmse.mean == Approx(reco::rmse{}(pairs)));
  CHECK(i.mae.mean == Approx(reco::mae{}(pairs)));
  // Users 1 and 1, or 4 and 4, are drawn a quarter of the time each: these are the ends.
  CHECK(i.rmse.high == Approx(4));
  CHECK(i.rmse.low == Approx(std::sqrt(3.25 / 2)));
  CHECK(i.mae.high == Approx(4));
  CHECK(i.mae.low == Approx(1.25));
}
