// SPDX-License-Identifier: MIT
#include "reco/evaluation/prequential_profile.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/content/content_recommender.hpp"
#include "reco/data/dataset.hpp"
#include "reco/model/recommend.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"
#include "support/random_matrix.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

TEST_CASE("online_profile lists what content_recommender lists of the items that have occurred", "[concurrent]") {
  const auto seed = 82U;
  CAPTURE(seed);
  constexpr reco::shape s{.users = 90, .items = 300};
  auto rows = random_matrix<float>(s.items, 19, 1, seed);
  for (const int none : {7, 8, 250}) rows.row(none).setZero();
  const reco::embeddings<float> embeddings(rows);
  const auto log = random_log(seed, s, 1200);
  const std::size_t fitted = 700;  // after that items are still among the moving ones

  auto vectors = std::make_shared<reco::living_vectors<float>>(reco::living_vectors<float>::given(embeddings));
  for (std::size_t n = 0; n < fitted; ++n) vectors->learn(log[n], {});
  vectors->refit({}, {});
  for (std::size_t n = fitted; n < log.size(); ++n) vectors->learn(log[n], {});
  std::vector<std::int32_t> occurred;
  for (const auto& e : log) occurred.push_back(e.item);
  REQUIRE(vectors->moving().size() > 10);
  REQUIRE(vectors->fixed().rows() > 200);

  const reco::dataset<float> data(log, s, embeddings);
  const auto model = reco::content_recommender{.half_life = 9s}.fit(data);
  const reco::online_profile<float> live({.half_life = 9s}, vectors);
  for (const int k : {1, 10, 1000}) {
    std::vector<reco::online_profile<float>::snapshot> asked;
    for (std::int32_t u = 0; u < s.users; ++u) asked.push_back(live.ask(data.query(u), k));
    const auto lists = live.answer(asked, k, {});
    for (std::int32_t u = 0; u < s.users; ++u)
      CHECK(lists[static_cast<std::size_t>(u)] ==
            reco::recommend(model, data.query(u), {.k = k, .only = std::span<const std::int32_t>(occurred)}));
    for (const unsigned threads : {2U, 5U}) {
      reco::thread_pool pool(threads);
      CHECK(live.answer(asked, k, pool) == lists);
    }
  }
}

TEST_CASE("online_profile: what is learned after asking does not change the answer") {
  auto vectors = std::make_shared<reco::living_vectors<float>>(
      reco::living_vectors<float>::given(reco::embeddings<float>(reco::matrix<float>{{1, 0}, {1, 1}, {0, 0}, {1, 0}})));
  for (const auto item : {0, 1}) vectors->learn({.item = item}, {});
  vectors->refit({}, {});
  const std::vector<std::int32_t> read = {0}, others = {1};
  vectors->learn({.user = 1, .item = 2}, {.items = read});  // 2 lies where 0 does
  const reco::online_profile<float> live({}, vectors);
  const std::vector asked = {live.ask({.history = {.items = read}, .session = {.items = read}}, 5)};
  const auto before = live.answer(asked, 5, {});
  REQUIRE(before[0].size() == 2);
  CHECK(before[0][0].item == 2);
  CHECK(before[0][1].item == 1);
  vectors->learn({.user = 2, .item = 2}, {.items = others});
  vectors->learn({.item = 3}, {});
  CHECK(live.answer(asked, 5, {}) == before);
  const std::vector later = {live.ask({.history = {.items = read}, .session = {.items = read}}, 5)};
  CHECK(live.answer(later, 5, {})[0][0].item == 3);
}

TEST_CASE("online_profile has no list for who has read nothing with a vector, and knows what has one") {
  auto vectors = std::make_shared<reco::living_vectors<float>>(
      reco::living_vectors<float>::given(reco::embeddings<float>(reco::matrix<float>{{1, 0}, {0, 0}})));
  for (const auto item : {0, 1}) vectors->learn({.item = item}, {});
  const reco::online_profile<float> live({}, vectors);
  const std::vector<std::int32_t> read = {1};
  const auto list_of = [&](std::span<const std::int32_t> items) {
    const std::vector asked = {live.ask({.history = {.items = items}, .session = {.items = items}}, 5)};
    return live.answer(asked, 5, {})[0];
  };
  CHECK(list_of(read).empty());  // before the first fit
  vectors->refit({}, {});
  CHECK(list_of(read).empty());
  CHECK(list_of({}).empty());
  CHECK(live.knows(0));
  CHECK_FALSE(live.knows(1));
  CHECK(live.answer({}, 5, {}).empty());
  CHECK_THROWS_AS(reco::online_profile<float>({.half_life = 0s}, vectors), reco::invalid_argument);
}
