// SPDX-License-Identifier: MIT
#include "reco/evaluation/prequential_result.hpp"

#include <cstdint>
#include <vector>

#include "reco/metrics/judged_list.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("a value by rank is what the metric says of a list with one relevant item there") {
  constexpr std::int32_t length = 12;
  std::vector<reco::scored_item<float>> items;
  for (std::int32_t i = 1; i <= length; ++i) items.push_back({i, 1});
  const auto list = reco::ranked_list<float>::in_order(items);
  reco::judge judge(100);
  for (std::int32_t rank = 0; rank <= length; ++rank) {
    const std::vector<reco::relevance> truth = {{.item = rank == 0 ? 99 : rank}};
    const auto judged = judge(list, truth);
    for (const int k : {1, 3, 10, 12, 50, reco::whole_list}) {
      CAPTURE(rank, k);
      CHECK(reco::value_at_rank(reco::hit_rate{k}, rank) == reco::hit_rate{k}(judged));
      CHECK(reco::value_at_rank(reco::reciprocal_rank{k}, rank) == reco::reciprocal_rank{k}(judged));
      CHECK_THAT(reco::value_at_rank(reco::ndcg{.k = k}, rank), WithinAbs(reco::ndcg{.k = k}(judged), 1e-15));
    }
  }
}

TEST_CASE("values are those of warm users, of cold users, or of all, with whose they are") {
  reco::prequential_result r;
  r.queries = {{.user = 4, .history = 2, .reachable = true},
               {.user = 5, .history = 0, .reachable = false},
               {.user = 4, .history = 3, .reachable = true}};
  r.contenders = {{.name = "a", .ranks = {2, 0, 11}}, {.name = "b", .ranks = {0, 1, 1}}};
  const reco::hit_rate hits{.k = 10};
  CHECK(r.values("a", hits).values == std::vector<double>{1, 0, 0});
  CHECK(r.values("a", hits).users == std::vector<std::int32_t>{4, 5, 4});
  CHECK(r.values("b", hits, reco::asked_by::warm).values == std::vector<double>{0, 1});
  CHECK(r.values("b", hits, reco::asked_by::warm).users == std::vector<std::int32_t>{4, 4});
  CHECK(r.values("b", hits, reco::asked_by::cold).users == std::vector<std::int32_t>{5});
  CHECK(r.values("b", hits, reco::asked_by::warm).mean() == 0.5);
  CHECK(reco::values_by_user{}.mean() == 0);
  CHECK(r.unreachable() == 1);
  CHECK(r.asked(reco::asked_by::cold) == 1);
  CHECK_THROWS_WITH(r.values("c", hits), "prequential: no contender 'c'; there are a, b");
}
