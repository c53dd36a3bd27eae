// SPDX-License-Identifier: MIT
#include "reco/model/factor_model.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"

namespace {

/// Lengths of items fall steeply, so that most are never looked at; some items are equal.
reco::factor_model<float> some_model(std::int32_t users, std::int32_t items, std::int32_t d) {
  reco::random_engine random(5);
  reco::matrix<float> x(users, d), y(items, d);
  for (std::int64_t n = 0; n < x.size(); ++n) x.data()[n] = static_cast<float>(reco::normal(random));
  for (std::int32_t i = 0; i < items; ++i) {
    const auto length = std::exp(-4.0 * reco::uniform_real(random));
    for (std::int32_t f = 0; f < d; ++f) y(i, f) = static_cast<float>(length * reco::normal(random));
  }
  for (std::int32_t i = 0; i + 900 < items; i += 3) y.row(i + 900) = y.row(i);
  if (users > 3) x.row(3).setZero();
  return {x, y, std::vector<double>(static_cast<std::size_t>(d), 1.0), {}};
}

}  // namespace

TEST_CASE("recommend_all of a factor model is recommend, ties, exclusions and pruning included", "[concurrent]") {
  const std::int32_t d = GENERATE(3, 16, 33);
  const auto model = some_model(300, 7000, d);
  std::vector<std::vector<std::int32_t>> seen(300);
  std::vector<reco::query<float>> queries;
  for (std::int32_t u = 0; u < 300; ++u) {
    for (std::int32_t i = u; i < 7000; i += 20 + u) seen[static_cast<std::size_t>(u)].push_back(i);
    queries.push_back({.user = u, .history = {.items = seen[static_cast<std::size_t>(u)]}});
  }
  queries.push_back({});
  queries.push_back({.user = 1 << 20});
  queries.push_back({.history = {.items = seen[0]}});
  reco::thread_pool pool(3);
  std::vector<std::int32_t> some;
  for (std::int32_t i = 6000; i > 0; i -= 7) some.push_back(i);
  for (const int k : {0, 1, 20, 500}) {
    reco::request r{.k = k};
    const auto check = [&] {
      const auto all = recommend_all(model, std::span<const reco::query<float>>(queries), r, pool);
      REQUIRE(all.size() == queries.size());
      for (std::size_t n = 0; n < queries.size(); ++n) REQUIRE(all[n] == recommend(model, queries[n], r));
    };
    check();
    r.exclude = some;
    check();
    r.exclude = {};
    r.exclude_seen = false;
    r.only = some;
    check();
  }
  CHECK(recommend_all(model, std::span<const reco::query<float>>(queries), {}, {})[300].empty());
}

TEMPLATE_TEST_CASE("recommend_all of a factor model is recommend where items and users fill no tile", "", float,
                   double) {
  reco::random_engine random(9);
  const auto numbers = [&](std::int32_t rows, std::int32_t d) {
    reco::matrix<TestType> m(rows, d);
    for (std::int64_t n = 0; n < m.size(); ++n) m.data()[n] = static_cast<TestType>(reco::normal(random));
    return m;
  };
  for (const std::int32_t d : {1, 3, 16, 17})
    for (const std::int32_t items : {1, 15, 16, 17, 63, 64, 65})
      for (std::int32_t users = 1; users <= 9; ++users) {
        CAPTURE(d, items, users);
        const reco::factor_model<TestType> model(numbers(users, d), numbers(items, d),
                                                 std::vector<double>(static_cast<std::size_t>(d), 1.0), {});
        std::vector<reco::query<TestType>> queries;
        for (std::int32_t u = 0; u < users; ++u) queries.push_back({.user = u});
        const std::vector<std::int32_t> last = {items - 1};
        for (const reco::request& r :
             {reco::request{.k = 5}, reco::request{.k = 100, .exclude = last}, reco::request{.k = 100, .only = last}}) {
          const auto all = recommend_all(model, std::span<const reco::query<TestType>>(queries), r);
          for (std::size_t n = 0; n < queries.size(); ++n) REQUIRE(all[n] == recommend(model, queries[n], r));
        }
      }
}

TEST_CASE("of equal scores the lower item is listed, though the other's vector is longer and comes first") {
  const reco::matrix<float> x{{1, 0}}, y{{1, 0}, {1, 5}};
  const reco::factor_model<float> model(x, y, {1, 1}, {});
  const reco::query<float> queries[] = {{.user = 0}};
  const auto lists = model.recommend_all(queries, {.k = 1});
  REQUIRE(lists[0].size() == 1);
  CHECK(lists[0][0].item == 0);
}

TEST_CASE("a factor model refuses what does not agree") {
  const reco::matrix<float> x = reco::matrix<float>::Ones(2, 3), y = reco::matrix<float>::Ones(4, 3);
  CHECK_THROWS_AS((reco::factor_model<float>{x, y, {1, 1}, {}}), reco::invalid_argument);
  CHECK_THROWS_AS((reco::factor_model<float>{x.leftCols(2), y, {1, 1, 1}, {}}), reco::invalid_argument);
  reco::matrix<float> bad = y;
  bad(3, 1) = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_AS((reco::factor_model<float>{x, bad, {1, 1, 1}, {}}), reco::numeric_error);
  const reco::factor_model<float> model{x, y, {1, 1, 1}, {}};
  CHECK_THROWS_AS(model.embedding(4), std::out_of_range);
  CHECK_THROWS_AS(model.user(-1), std::out_of_range);
}

TEST_CASE("the learned user wins over the history, and a stranger needs one") {
  const auto model = some_model(5, 50, 4);
  const std::int32_t items[] = {1, 2};
  const reco::history_view<float> history{.items = items};
  std::vector<float> learned(50), both(50), fresh(50);
  model.scores({.user = 1}, learned);
  model.scores({.user = 1, .history = history}, both);
  model.scores({.history = history}, fresh);
  CHECK(learned == both);
  CHECK(learned != fresh);
  CHECK_FALSE(model.can_answer({.user = 3}));  // of zeros
  CHECK_FALSE(model.can_answer({.user = 9}));
  CHECK(model.can_answer({.user = 9, .history = history}));
  const std::int32_t newer[] = {50, 77};
  CHECK_FALSE(model.can_answer({.history = {.items = newer}}));
  CHECK(similar_items(model, 0, {.k = 5}).size() == 5);
}
