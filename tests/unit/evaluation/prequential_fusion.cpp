// SPDX-License-Identifier: MIT
#include "reco/evaluation/prequential_fusion.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "reco/evaluation/prequential_trending.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

using list = reco::ranked_list<double>;

list of(std::vector<std::int32_t> items) {
  std::vector<reco::scored_item<double>> scored;
  for (const auto i : items) scored.push_back({i, 7});
  return list::in_order(scored);
}
std::vector<std::int32_t> items_of(const list& l) {
  std::vector<std::int32_t> items;
  for (const auto& s : l) items.push_back(s.item);
  return items;
}

/// Answers with the items learned, newest first; has nothing to say to user 9.
struct newest_first {
  using scalar = double;
  using snapshot = list;
  std::vector<std::int32_t> items = {};
  int* refits = nullptr;
  int* settled = nullptr;

  void learn(const reco::event& e, const reco::history_view<double>&) { items.insert(items.begin(), e.item); }
  void refit(std::span<const reco::event>, const reco::training&) { ++*refits; }
  void settle() { ++*settled; }
  [[nodiscard]] bool knows(std::int32_t item) const { return item == 1; }
  [[nodiscard]] list ask(const reco::query<double>& q, int k) const {
    if (q.user == 9) return {};
    return of({items.begin(), items.begin() + std::min<std::ptrdiff_t>(k, std::ssize(items))});
  }
  [[nodiscard]] std::vector<list> answer(std::span<const list> asked, int, reco::executor_ref) const {
    return {asked.begin(), asked.end()};
  }
};

}  // namespace

TEST_CASE("rank fusion adds up the reciprocals of shifted ranks, worked by hand") {
  // 5: .25/11 + .75/12, 6: .25/12, 7: .75/11, with constant 10 and weight 1/4
  const auto fused = reco::fuse({.weight = 0.25, .constant = 10}, of({5, 6}), of({7, 5}), 10);
  CHECK(items_of(fused) == std::vector<std::int32_t>{5, 7, 6});
  CHECK_THAT(fused[0].score, WithinRel(0.25 / 11 + 0.75 / 12, 1e-15));
  CHECK_THAT(fused[1].score, WithinRel(0.75 / 11, 1e-15));
  CHECK_THAT(fused[2].score, WithinRel(0.25 / 12, 1e-15));
}

TEST_CASE("rank fusion: weights of 1 and 0 leave one list, ties go to the lower item, candidates are cut") {
  const auto a = of({3, 1, 2}), b = of({9, 8, 3});
  CHECK(items_of(reco::fuse({.weight = 1}, a, b, 3)) == std::vector<std::int32_t>{3, 1, 2});
  CHECK(items_of(reco::fuse({.weight = 0}, a, b, 3)) == std::vector<std::int32_t>{9, 8, 3});
  CHECK(items_of(reco::fuse({.candidates = 2}, a, b, 4)) == std::vector<std::int32_t>{3, 9, 1, 8});
  CHECK(items_of(reco::fuse({}, a, b, 1)) == std::vector<std::int32_t>{3});
  CHECK(reco::fuse({}, of({}), of({}), 5).empty());
  CHECK(reco::fuse({}, a, b, 0).empty());
}

TEST_CASE("online_fusion and online_fallback teach both, ask both, and differ where one is silent") {
  int refits = 0, settled = 0;
  const newest_first first{.items = {}, .refits = &refits, .settled = &settled};
  const auto counts = [] { return reco::online_trending<double>({.half_life = reco::never}); };
  reco::online_fusion fused(first, counts(), {.weight = 0.9});
  reco::online_fallback backed(first, counts());
  for (const auto item : {1, 6}) {
    fused.learn({.item = item}, {});
    backed.learn({.item = item}, {});
  }
  const auto ask = [](const auto& m, std::int32_t user) {
    const std::vector asked = {m.ask({.user = user}, 5)};
    return items_of(m.answer(asked, 5, {})[0]);
  };
  CHECK(ask(fused, 0) == std::vector<std::int32_t>{6, 1});
  CHECK(ask(backed, 0) == std::vector<std::int32_t>{6, 1});
  CHECK(ask(fused, 9).empty());
  CHECK(ask(backed, 9) == std::vector<std::int32_t>{1, 6});
  fused.refit({}, {});
  backed.settle();
  CHECK(refits == 1);
  CHECK(settled == 1);
  reco::online_fusion strict(first, first);
  CHECK(strict.knows(1));
  CHECK_FALSE(strict.knows(2));
}

TEST_CASE("rank fusion: options out of range are named") {
  const auto fusion = [](const reco::rank_fusion& how) {
    return reco::online_fusion(newest_first{}, newest_first{}, how);
  };
  CHECK_THROWS_WITH(fusion({.weight = 2}), "rank_fusion: weight must be at most 1, got 2");
  CHECK_THROWS_WITH(fusion({.constant = 0}), "rank_fusion: constant must be above 0, got 0");
  CHECK_THROWS_WITH(fusion({.candidates = 0}), "rank_fusion: candidates must be at least 1, got 0");
}
