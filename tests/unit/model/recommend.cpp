// SPDX-License-Identifier: MIT
#include "reco/model/recommend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/model/item_scores_model.hpp"
#include "support/catch.hpp"
#include "support/ranked_list.hpp"

using namespace reco_test;

namespace {

using ids = std::vector<std::int32_t>;

/// The definition: every allowed item, sorted.
ids naive(const std::vector<float>& scores, const reco::query<float>& q, const reco::request& r) {
  std::set<std::int32_t> out(r.exclude.begin(), r.exclude.end());
  if (r.exclude_seen) {
    out.insert(q.history.items.begin(), q.history.items.end());
    out.insert(q.session.items.begin(), q.session.items.end());
  }
  ids allowed;
  for (std::int32_t i = 0; i < std::ssize(scores); ++i)
    if (!out.count(i) && (!r.only || std::find(r.only->begin(), r.only->end(), i) != r.only->end()))
      allowed.push_back(i);
  std::stable_sort(allowed.begin(), allowed.end(), [&](auto a, auto b) {
    return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
  });
  allowed.resize(std::min(allowed.size(), static_cast<std::size_t>(r.k)));
  return allowed;
}

ids random_ids(reco::random_engine& random, std::int64_t count, std::int64_t below) {
  ids out;
  for (std::int64_t n = 0; n < count; ++n) out.push_back(static_cast<std::int32_t>(reco::uniform_index(random, below)));
  return out;
}

}  // namespace

TEST_CASE("a list is the sorted catalog less what the request rules out, for awkward sizes and many ties") {
  reco::random_engine random(11);
  const int items = GENERATE(1, 7, 8, 9, 64, 65, 1000);
  for (int round = 0; round < 30; ++round) {
    std::vector<float> scores(static_cast<std::size_t>(items));
    for (auto& s : scores) s = static_cast<float>(reco::uniform_index(random, 5)) - 2;
    const reco::item_scores_model<float> model(scores);
    // Some stand outside the catalog: items newer than the model.
    const auto history = random_ids(random, items / 3, items + 3);
    const auto session = random_ids(random, items / 9, items + 3);
    const auto exclude = random_ids(random, items / 4, items + 3);
    const auto only = random_ids(random, items / 2, items + 3);
    const reco::query<float> q{.history = {.items = history}, .session = {.items = session}};
    for (const int k : {0, 1, 5, items, items + 7}) {
      reco::request r{.k = k, .exclude_seen = round % 2 == 0, .exclude = exclude};
      CAPTURE(items, round, k);
      CHECK(items_of(reco::recommend(model, q, r)) == naive(scores, q, r));
      r.only = only;
      CHECK(items_of(reco::recommend(model, q, r)) == naive(scores, q, r));
    }
  }
}

TEST_CASE("an empty `only` lets nothing through, an absent one everything") {
  const reco::item_scores_model<float> model({1, 2, 3});
  const ids nothing;
  CHECK(reco::recommend(model, {}, {.only = nothing}).empty());
  CHECK(reco::recommend(model, {}, {}).size() == 3);
}

TEST_CASE("recommend_all gives what recommend gives, on any number of threads", "[concurrent]") {
  reco::random_engine random(12);
  std::vector<float> scores(500);
  for (auto& s : scores) s = static_cast<float>(reco::normal(random));
  const reco::item_scores_model<float> model(scores);
  std::vector<ids> histories;
  for (int u = 0; u < 100; ++u) histories.push_back(random_ids(random, u % 17, 500));
  std::vector<reco::query<float>> queries;
  for (const auto& h : histories) queries.push_back({.history = {.items = h}});
  std::vector<reco::ranked_list<float>> expected;
  for (const auto& q : queries) expected.push_back(reco::recommend(model, q, {.k = 20}));
  const std::span<const reco::query<float>> all(queries);
  CHECK(reco::recommend_all(model, all, {.k = 20}) == expected);
  for (const unsigned threads : {1U, 2U, 5U}) {
    reco::thread_pool pool(threads);
    CHECK(reco::recommend_all(model, all, {.k = 20}, pool) == expected);
  }
  CHECK(reco::recommend_all(model, all.first(0)).empty());
}

namespace {
struct nan_model {
  using scalar = float;
  std::int32_t items() const { return 3; }
  bool can_answer(const reco::query<float>&) const { return true; }
  void scores(const reco::query<float>&, std::span<float> out) const {
    out[0] = 1;
    out[1] = std::numeric_limits<float>::quiet_NaN();
    out[2] = 2;
  }
};
}  // namespace

TEST_CASE("a score that is not a number is an error, never a rank") {
  CHECK_THROWS_AS(reco::recommend(nan_model{}, {}, {.k = 3}), reco::numeric_error);
  const ids one{1};
  CHECK(items_of(reco::recommend(nan_model{}, {}, {.k = 3, .exclude = one})) == ids{2, 0});
}

TEST_CASE("requests that make no sense are named") {
  const reco::item_scores_model<float> model({1, 2, 3});
  CHECK_THROWS_WITH(reco::recommend(model, {}, {.k = -1}), "request: k must be at least 0, got -1");
  const ids negative{-2};
  CHECK_THROWS_AS(reco::recommend(model, {}, {.exclude = negative}), std::out_of_range);
  CHECK_THROWS_AS(reco::recommend(model, {}, {.only = negative}), std::out_of_range);
}
