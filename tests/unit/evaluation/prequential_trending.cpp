// SPDX-License-Identifier: MIT
#include "reco/evaluation/prequential_trending.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/data/dataset.hpp"
#include "reco/model/recommend.hpp"
#include "reco/popularity/trending.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

TEST_CASE("online_trending lists after every event what a fresh trending lists") {
  const auto seed = 81U;
  CAPTURE(seed);
  for (const auto by : {reco::popularity_measure::events, reco::popularity_measure::sum}) {
    // Sums of multiples of 1/4 halved every second are exact: ties and all, the two must agree.
    const auto log = random_log(seed, {.users = 6, .items = 30}, 300, 25);
    const reco::trending rule{.half_life = 1s, .by = by};
    reco::online_trending<double> live(rule);
    for (std::size_t n = 0; n < log.size(); ++n) {
      live.learn(log[n], {});
      if (n % 7 != 0) continue;
      const std::span<const reco::event> past(log.data(), n + 1);
      const reco::dataset<double> data(past, {.users = 6, .items = 30});
      const auto fresh = rule.fit(data);
      const auto q = data.query(log[n].user);
      const auto got = live.ask(q, 12);
      std::vector<reco::scored_item<double>> expected;  // only what has a sum above 0
      for (const auto& s : reco::recommend(fresh, q, {.k = 12}))
        if (s.score > 0) expected.push_back(s);
      REQUIRE(got.size() == expected.size());
      for (std::size_t k = 0; k < got.size(); ++k) {
        CHECK(got[k].item == expected[k].item);
        CHECK_THAT(got[k].score, WithinRel(expected[k].score, 1e-14));
      }
    }
  }
}

TEST_CASE("online_trending fades with the time of asking, and an old clock does not make it grow") {
  reco::online_trending<float> live({.half_life = 10s});
  const auto at = [](int s) { return reco::instant(std::chrono::seconds(s)); };
  live.learn({.item = 3, .time = at(20)}, {});
  CHECK(live.ask({.now = at(40)}, 5)[0].score == 0.25F);
  CHECK(live.ask({.now = at(0)}, 5)[0].score == 1);
  CHECK(live.ask({}, 5)[0].score == 1);
}

TEST_CASE("online_trending knows nothing at first, and lists what is there if k asks for more") {
  reco::online_trending<float> live;
  CHECK(live.ask({}, 5).empty());
  live.learn({.item = 2}, {});
  live.learn({.item = 900}, {});
  live.learn({.item = 5, .value = -1}, {});  // taken back before it came: not above 0
  CHECK(live.ask({}, 5).size() == 2);
  CHECK(live.ask({}, 1)[0].item == 2);
  CHECK(live.ask({}, 0).empty());
}

TEST_CASE("online_trending refuses users as a measure and events that cannot be counted") {
  CHECK_THROWS_WITH(reco::online_trending<float>({.by = reco::popularity_measure::users}),
                    "online_trending: by must be events or sum, got users");
  CHECK_THROWS_AS(reco::online_trending<float>({.half_life = 0s}), reco::invalid_argument);
  reco::online_trending<float> live;
  CHECK_THROWS_AS(live.learn({.item = -1}, {}), std::out_of_range);
  CHECK_THROWS_AS(live.learn({.value = std::numeric_limits<double>::quiet_NaN()}, {}), reco::invalid_argument);
}
