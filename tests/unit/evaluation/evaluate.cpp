// SPDX-License-Identifier: MIT
#include "reco/evaluation/evaluate.hpp"

#include <cmath>
#include <set>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/metrics/ndcg.hpp"
#include "reco/metrics/precision.hpp"
#include "reco/metrics/recall.hpp"
#include "reco/model/any_recommender.hpp"
#include "reco/popularity/most_popular.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

std::vector<reco::event> random_log(std::int32_t users, std::int32_t items, int count, std::uint64_t seed) {
  reco::random_engine random(seed);
  std::vector<reco::event> log;
  for (int n = 0; n < count; ++n) {
    const auto user = static_cast<std::int32_t>(reco::uniform_index(random, users));
    const auto a = reco::uniform_index(random, items), b = reco::uniform_index(random, items);
    log.push_back({.user = user, .item = static_cast<std::int32_t>(std::min(a, b))});
  }
  return log;
}

/// Knows nobody without a history.
struct regulars_only {
  using scalar = float;
  reco::item_scores_model<float> inner = {};
  std::int32_t items() const { return inner.items(); }
  bool can_answer(const reco::query<float>& q) const { return !q.history.empty(); }
  void scores(const reco::query<float>& q, std::span<float> out) const { inner.scores(q, out); }
};

}  // namespace

TEST_CASE("evaluate gives the mean of what one query at a time gives, on any number of threads", "[concurrent]") {
  const auto train = random_log(700, 60, 4000, 1), test = random_log(700, 60, 1500, 2);
  const reco::dataset<float> data(train, {.users = 700, .items = 60});
  const auto model = reco::most_popular{}.fit(data);
  const auto result = reco::evaluate(model, data, test, reco::recall{.k = 7}, reco::precision{.k = 3});

  std::vector<std::set<std::int32_t>> truth(700);
  for (const auto& e : test) truth[static_cast<std::size_t>(e.user)].insert(e.item);
  double recall = 0, precision = 0, users = 0;
  for (std::int32_t u = 0; u < 700; ++u) {
    const auto& relevant = truth[static_cast<std::size_t>(u)];
    if (relevant.empty()) continue;
    const auto list = reco::recommend(model, data.query(u), {.k = 7});
    double hits = 0, hits_of_three = 0;
    for (std::size_t n = 0; n < list.size(); ++n) {
      hits += static_cast<double>(relevant.count(list[n].item));
      hits_of_three += n < 3 ? static_cast<double>(relevant.count(list[n].item)) : 0;
    }
    recall += hits / static_cast<double>(relevant.size());
    precision += hits_of_three / 3;
    ++users;
  }
  CHECK(static_cast<double>(result.users.size()) == users);
  CHECK_THAT(result["recall@7"], WithinRel(recall / users, 1e-12));
  CHECK_THAT(result["precision@3"], WithinRel(precision / users, 1e-12));
  for (const unsigned threads : {2U, 5U}) {
    reco::thread_pool pool(threads);
    const auto again =
        reco::evaluate(model, data, test, {.executor = pool}, reco::recall{.k = 7}, reco::precision{.k = 3});
    CHECK(again.values == result.values);
  }
  const reco::any_recommender<float> erased(model);
  CHECK(reco::evaluate(erased, data, test, reco::recall{.k = 7}, reco::precision{.k = 3}).values == result.values);
}

TEST_CASE("users a model cannot answer count zero and are counted, and so are cold users and unknown items") {
  const reco::event train[] = {{.user = 0, .item = 0}, {.user = 1, .item = 0}, {.user = 1, .item = 1}};
  const reco::event test[] = {
      {.user = 0, .item = 1}, {.user = 2, .item = 0}, {.user = 9, .item = 0}, {.user = 0, .item = 77}};
  const reco::dataset<float> data(train, {.users = 3, .items = 2});
  const regulars_only model{reco::most_popular{}.fit(data)};
  const auto result = reco::evaluate(model, data, test, reco::recall{.k = 2});
  CHECK(result.users == std::vector<std::int32_t>{0, 2, 9});
  CHECK(result.unanswered == 2);
  CHECK(result.cold == 2);
  CHECK(result.unknown_items == 1);
  CHECK(result.values[0] == std::vector<double>{0.5, 0, 0});
  CHECK_THAT(result["recall@2"], WithinRel(0.5 / 3, 1e-12));
}

TEST_CASE("a pair that occurs twice in the test counts once, with its largest value as grade") {
  const reco::event train[] = {
      {.user = 0, .item = 0}, {.user = 1, .item = 1}, {.user = 1, .item = 2}, {.user = 2, .item = 1}};
  const reco::event test[] = {
      {.user = 0, .item = 2, .value = 1}, {.user = 0, .item = 2, .value = 3}, {.user = 0, .item = 1, .value = 1}};
  const reco::dataset<float> data(train, {.users = 3, .items = 3});
  const auto model = reco::most_popular{}.fit(data);  // 1, then 2 (0 has been read)
  CHECK(reco::evaluate(model, data, test, reco::recall{.k = 1})["recall@1"] == 0.5);
  const auto graded = reco::evaluate(model, data, test, {.grade_by_value = true}, reco::ndcg{.k = 2});
  CHECK_THAT(graded["ndcg@2"], WithinRel((1 + 3 / std::log2(3.0)) / (3 + 1 / std::log2(3.0)), 1e-12));
}

TEST_CASE("an empty test asks nobody, and a metric that was not measured is named") {
  const reco::event train[] = {{.user = 0, .item = 0}};
  const reco::dataset<float> data(train, {.users = 1, .items = 1});
  const auto model = reco::most_popular{}.fit(data);
  const auto result = reco::evaluate(model, data, {}, reco::recall{.k = 1}, reco::ndcg{.k = 5});
  CHECK(result.users.empty());
  CHECK(result["recall@1"] == 0);
  CHECK_THROWS_WITH(result["map"], "evaluation: no metric 'map'; there are recall@1, ndcg@5");
  const reco::event bad[] = {{.user = -1, .item = 0}};
  CHECK_THROWS_AS(reco::evaluate(model, data, bad, reco::recall{.k = 1}), std::out_of_range);
}

TEST_CASE("metrics chosen at run time give what those of compile time give, and lists are counted") {
  const auto train = random_log(90, 40, 500, 1), test = random_log(90, 40, 300, 2);
  const reco::dataset<float> data(train, {.users = 90, .items = 40});
  const auto model = reco::most_popular{}.fit(data);
  const auto fixed = reco::evaluate(model, data, test, reco::recall{.k = 7}, reco::precision{.k = 3});
  const std::vector<reco::any_metric> metrics{reco::recall{.k = 7}, reco::precision{.k = 3}};
  std::vector<reco::exposure> shown{reco::exposure(40, 5), reco::exposure(40, 9)};
  const auto chosen = reco::evaluate(model, data, test, {}, metrics, shown);
  CHECK(chosen.labels == fixed.labels);
  CHECK(chosen.values == fixed.values);
  CHECK(chosen.users == fixed.users);

  std::vector<std::int64_t> counts(40);
  for (const auto user : chosen.users)
    for (const auto& s : reco::recommend(model, data.query(user), {.k = 9})) ++counts[static_cast<std::size_t>(s.item)];
  CHECK(shown[1].counts == counts);  // the lists are as long as the longest of all cutoffs
  CHECK(shown[0].counts != counts);
}

TEST_CASE("with candidates each test event is ranked among its own, ties by lower item") {
  const std::vector<reco::event> train{{0, 0, 1, {}}, {1, 0, 1, {}}, {1, 1, 1, {}}};
  const reco::dataset<float> data(train, {.users = 2, .items = 5});
  const auto model = reco::most_popular{}.fit(data);  // 2, 1, 0, 0, 0
  const std::vector<reco::event> test{{1, 3, 1, {}}, {0, 2, 1, {}}, {0, 4, 1, {}}};
  const std::vector<std::vector<std::int32_t>> candidates{{0, 3, 4}, {2, 3}, {2, 4}};
  const auto result = reco::evaluate(model, data, test, {.exclude_seen = false, .candidates = candidates},
                                     reco::ndcg{.k = 1}, reco::recall{.k = 2});
  CHECK(result.users == std::vector<std::int32_t>{1, 0, 0});
  CHECK(result.values[0] == std::vector<double>{0, 1, 0});
  CHECK(result.values[1] == std::vector<double>{1, 1, 1});
  // Where seen items are left out, item 0 makes room.
  const auto unseen =
      reco::evaluate(model, data, test, {.exclude_seen = true, .candidates = candidates}, reco::ndcg{.k = 1});
  CHECK(unseen.values[0] == std::vector<double>{1, 1, 0});
  CHECK_THROWS_AS(reco::evaluate(model, data, test, {.candidates = std::span(candidates).first(2)}, reco::ndcg{.k = 1}),
                  reco::invalid_argument);
}
