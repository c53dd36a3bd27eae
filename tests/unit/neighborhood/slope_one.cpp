// SPDX-License-Identifier: MIT
#include "reco/neighborhood/slope_one.hpp"

#include <map>
#include <optional>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

reco::sparse_interactions<double> ratings(const std::vector<reco::event>& log, reco::shape shape) {
  return {log, shape, reco::repeats::last};
}

/// The formula written out.
std::optional<double> naive(const reco::sparse_interactions<double>& x, std::int32_t user, std::int32_t item,
                            bool weighted, int min_raters) {
  std::vector<std::map<std::int32_t, double>> rating(static_cast<std::size_t>(x.users()));
  for (std::int32_t u = 0; u < x.users(); ++u)
    for (std::size_t n = 0; n < x.of(u).size(); ++n)
      rating[static_cast<std::size_t>(u)][x.of(u).items[n]] = x.of(u).values[n];
  double sum = 0, weights = 0;
  for (const auto& [other, value] : rating[static_cast<std::size_t>(user)]) {
    if (other == item) continue;
    double difference = 0;
    int raters = 0;
    for (const auto& r : rating)
      if (r.contains(item) && r.contains(other)) {
        difference += r.at(item) - r.at(other);
        ++raters;
      }
    if (raters < min_raters) continue;
    const double weight = weighted ? raters : 1;
    sum += weight * (value + difference / raters);
    weights += weight;
  }
  if (weights == 0) return std::nullopt;
  return sum / weights;
}

}  // namespace

TEST_CASE("Slope One foretells the example of Lemire and Maclachlan's first figure") {
  // User A gave item I 1 and item J 1.5; B gave I 2: J is B's 2 and the half.
  const auto x = ratings({{0, 0, 1}, {0, 1, 1.5}, {1, 0, 2}}, {2, 2});
  const auto p = reco::slope_one{}.fit(x).predict({.user = 1, .history = x.of(1)}, 1);
  CHECK(p.possible());
  CHECK(p.value == 2.5);
}

TEST_CASE("Slope One weighs differences by their raters, or all alike, as worked by hand") {
  // A - B is (2 - 1) / 2 by two raters, A - C is 3 by one; the third user gave B 2 and C 5.
  const auto x = ratings({{0, 0, 5}, {0, 1, 3}, {0, 2, 2}, {1, 0, 3}, {1, 1, 4}, {2, 1, 2}, {2, 2, 5}}, {3, 3});
  const reco::query<double> third{.history = x.of(2)};
  const auto model = reco::slope_one{}.fit(x);
  CHECK(model.predict(third, 0).value == Approx((2 * 2.5 + 1 * 8) / 3));
  CHECK(reco::slope_one{.weighted = false}.fit(x).predict(third, 0).value == Approx((2.5 + 8) / 2));
  CHECK(reco::slope_one{.min_raters = 2}.fit(x).predict(third, 0).value == Approx(2.5));

  const auto why = reco::explain(model, third, 0);
  CHECK(why.base == 3.5);
  REQUIRE(why.because.size() == 2);
  CHECK(why.because[0].item == 2);
  CHECK(why.because[0].score == Approx((8 - 3.5) / 3));
  CHECK(why.because[1].score == Approx(2 * (2.5 - 3.5) / 3));

  const auto b = model.differences(1);
  REQUIRE(b.size() == 2);
  CHECK(b[0] == reco::rating_difference<double>{.item = 0, .raters = 2, .above = 0.5});
  CHECK(b[1] == reco::rating_difference<double>{.item = 2, .raters = 2, .above = 1});
  CHECK(reco::similar_items(model, 0)[0] == reco::scored_item<double>{1, 2});
  CHECK_THROWS_AS(model.differences(3), std::out_of_range);
}

TEST_CASE("Slope One agrees with its formula written out, by prediction and by score") {
  const bool weighted = GENERATE(true, false);
  const int min_raters = GENERATE(1, 3);
  CAPTURE(weighted, min_raters);
  const auto x = ratings(random_log(6, {25, 14}, 120), {25, 16});
  const auto model = reco::slope_one{.weighted = weighted, .min_raters = min_raters}.fit(x);
  int impossible = 0;
  for (std::int32_t u = 0; u < x.users(); ++u) {
    const reco::query<double> q{.history = x.of(u)};
    if (!model.can_answer(q)) continue;
    std::vector<double> scores(16);
    model.scores(q, std::span(scores));
    for (std::int32_t i = 0; i < 16; ++i) {
      CAPTURE(u, i);
      const auto exact = naive(x, u, i, weighted, min_raters);
      const auto p = model.predict(q, i);
      REQUIRE(p.possible() == exact.has_value());
      if (exact) REQUIRE(p.value == Approx(*exact).epsilon(1e-12).margin(1e-12));
      REQUIRE(scores[static_cast<std::size_t>(i)] == Approx(p.value).epsilon(1e-12).margin(1e-12));
      impossible += !exact;
    }
  }
  CHECK(impossible > 0);
}

TEST_CASE("Slope One says why it could not foretell a rating") {
  const auto x = ratings({{0, 0, 4}, {0, 1, 2}, {1, 2, 5}}, {2, 4});
  const auto model = reco::slope_one{}.fit(x);
  const auto alone = model.predict({.history = x.of(0)}, 2);
  CHECK_FALSE(alone.possible());
  CHECK(alone.reason == "no rated item was rated together with this one");
  CHECK(alone.value == 3);
  const auto nobody = model.predict({.user = 0}, 1);
  CHECK(nobody.reason == "there is no rating to go by");
  CHECK(nobody.value == Approx(11.0 / 3));
  const std::int32_t unknown[] = {17};
  CHECK_FALSE(model.predict({.history = {.items = unknown}}, 1).possible());
  CHECK_THROWS_AS(model.predict({}, 4), std::out_of_range);
  CHECK(reco::explain(model, {.history = x.of(0)}, 2).because.empty());
  CHECK(reco::explain(model, {.history = x.of(0)}, 2).score == 3);
}

TEST_CASE("Slope One on constant ratings foretells the constant") {
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < 6; ++u)
    for (std::int32_t i = u % 3; i < 7; i += 2) log.push_back({.user = u, .item = i, .value = 4});
  const auto x = ratings(log, {6, 7});
  const auto model = reco::slope_one{}.fit(x);
  for (std::int32_t i = 0; i < 7; ++i) CHECK(model.predict({.history = x.of(0)}, i).value == 4);
}

TEST_CASE("Slope One has the same bits on any number of threads", "[concurrent]") {
  const auto x = ratings(random_log(9, {50, 60}, 900), {50, 60});
  reco::thread_pool pool(GENERATE(2U, 5U));
  const auto one = reco::slope_one{}.fit(x), many = reco::slope_one{}.fit(x, {.executor = pool});
  CHECK(one.bytes() == many.bytes());
  for (std::int32_t i = 0; i < 60; ++i)
    CHECK(std::equal(one.differences(i).begin(), one.differences(i).end(), many.differences(i).begin(),
                     many.differences(i).end()));
}
