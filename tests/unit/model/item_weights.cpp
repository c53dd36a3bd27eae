// SPDX-License-Identifier: MIT
#include <memory>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/model/dense_item_weights_model.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/item_weights_model.hpp"
#include "reco/model/recommend.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"
#include "support/random_matrix.hpp"

using namespace reco_test;

namespace {

const reco::matrix<float> table{{0, 0.5F, -1, 2}, {1, 0, 0, 4}, {0, 0, 0, 0}, {3, -2, 0.25F, 0}};

reco::dense_item_weights_model<float> dense_model(const reco::matrix<float>& weights) {
  return reco::dense_item_weights_model<float>(std::make_shared<const reco::matrix<float>>(weights));
}

/// What both models must answer alike.
template <class Model>
void answers_by_hand(const Model& model) {
  const std::int32_t items[] = {0, 3, 9};
  const float values[] = {2, 1, 100};
  const reco::query<float> q{.history = {.items = items, .values = values}};
  std::vector<float> scores(4);
  model.scores(q, std::span(scores));
  CHECK(scores == std::vector<float>{3, -1, -1.75F, 4});  // item 9 is not known
  const auto why = reco::explain(model, q, 1);
  CHECK(why.score == -1);
  REQUIRE(why.because.size() == 2);
  CHECK(why.because[0] == reco::scored_item<float>{0, 1});
  CHECK(why.because[1] == reco::scored_item<float>{3, -2});
  CHECK(reco::explain(model, q, 2).because.size() == 2);

  CHECK(reco::recommend(model, q, {.k = 9}).size() == 2);
  CHECK(reco::recommend(model, q, {.k = 1})[0] == reco::scored_item<float>{1, -1});
  // Without values every one of them is 1.
  model.scores({.history = {.items = items}}, std::span(scores));
  CHECK(scores == std::vector<float>{3, -1.5F, -0.75F, 2});

  const std::int32_t unknown[] = {9}, negative[] = {-1};
  CHECK_FALSE(model.can_answer({}));
  CHECK_FALSE(model.can_answer({.user = 0}));
  CHECK_FALSE(model.can_answer({.history = {.items = unknown}}));
  CHECK_THROWS_AS(model.can_answer({.history = {.items = negative}}), std::out_of_range);
  CHECK(model.can_answer(q));

  const auto like = reco::similar_items(model, 3, {.k = 5});
  REQUIRE(like.size() == 2);  // the negative weight and itself are not similar
  CHECK(like[0] == reco::scored_item<float>{0, 3});
  CHECK(like[1] == reco::scored_item<float>{2, 0.25F});
  const std::int32_t zero[] = {0}, two_three[] = {3, 2};
  CHECK(reco::similar_items(model, 3, {.k = 5, .exclude = zero}).size() == 1);
  CHECK(reco::similar_items(model, 3, {.k = 5, .only = two_three}).size() == 1);
  CHECK(reco::similar_items(model, 3, {.k = 1}).size() == 1);
  CHECK(reco::similar_items(model, 2).empty());
  CHECK_THROWS_AS(reco::similar_items(model, 4), std::out_of_range);
  CHECK_THROWS_AS(reco::explain(model, q, -1), std::out_of_range);
}

/// Many queries get the lists of single ones, to the last bit.
template <class Model>
void answers_many(const Model& model) {
  using T = typename Model::scalar;
  const auto items = model.items();
  const reco::shape shape{1100, items};  // more than one chunk of queries
  const reco::sparse_interactions<T> x(random_log(4, shape, 6000), shape);
  std::vector<reco::query<T>> queries;
  for (std::int32_t u = 0; u < x.users(); ++u) queries.push_back({.history = x.of(u)});
  queries.push_back({});
  std::vector<std::int32_t> some, none;
  for (std::int32_t i = 0; i < items; i += 3) some.push_back(i);
  reco::thread_pool pool(2);
  for (const reco::request& r :
       {reco::request{.k = 7}, reco::request{.k = 1000, .exclude_seen = false}, reco::request{.k = 0},
        reco::request{.k = 3, .exclude = some}, reco::request{.k = 30, .only = some}, reco::request{.only = none}}) {
    const auto lists = reco::recommend_all(model, std::span<const reco::query<T>>(queries), r, pool);
    REQUIRE(lists.size() == queries.size());
    for (std::size_t n = 0; n < queries.size(); n += 13) REQUIRE(lists[n] == reco::recommend(model, queries[n], r));
    REQUIRE(lists.back().empty());
  }
}

}  // namespace

TEST_CASE("dense item weights answer as worked by hand") { answers_by_hand(dense_model(table)); }

TEST_CASE("sparse item weights answer as worked by hand") {
  answers_by_hand(reco::item_weights_model<float>(compressed(table)));
}

TEST_CASE("item weights must be a square table") {
  CHECK_THROWS_WITH(dense_model(table.topRows(2)), Equals("dense_item_weights_model: weights must be a square matrix, "
                                                          "got 2 rows and 4 columns"));
  CHECK_THROWS_AS(reco::dense_item_weights_model<float>(nullptr), reco::invalid_argument);
  const reco::matrix<float> wide = table.topRows(2);
  CHECK_THROWS_WITH(reco::item_weights_model<float>(compressed(wide)),
                    Equals("item_weights_model: weights must be a square matrix, got 2 rows and 4 columns"));
}

TEMPLATE_TEST_CASE("many queries of dense item weights get the lists of single ones, to the last bit", "[concurrent]",
                   float, double) {
  const auto items = GENERATE(1, 63, 64, 65, 200);
  CAPTURE(items);
  answers_many(reco::dense_item_weights_model<TestType>(
      std::make_shared<const reco::matrix<TestType>>(random_matrix<TestType>(items, items, 0.7, 3))));
}

TEMPLATE_TEST_CASE("many queries of sparse item weights get the lists of single ones, to the last bit", "[concurrent]",
                   float, double) {
  const auto items = GENERATE(1, 65, 4095, 4096, 4097, 8200);
  CAPTURE(items);
  reco::random_engine random(8);
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> columns;
  std::vector<TestType> values;
  for (std::int32_t j = 0; j < items; ++j) {
    const auto step = 1 + static_cast<std::int32_t>(reco::uniform_index(random, 300));
    for (auto i = static_cast<std::int32_t>(reco::uniform_index(random, 70)); i < items; i += step) {
      columns.push_back(i);
      values.push_back(static_cast<TestType>(reco::normal(random)));
    }
    offsets.push_back(std::ssize(columns));
  }
  answers_many(reco::item_weights_model<TestType>(
      reco::csr_matrix<TestType>(items, std::move(offsets), std::move(columns), std::move(values))));
}

TEST_CASE("a history with an item below 0 is refused when many are asked, too") {
  const std::int32_t negative[] = {-1};
  const reco::query<float> queries[] = {{.history = {.items = negative}}};
  const reco::item_weights_model<float> model(compressed(table));
  CHECK_THROWS_AS(reco::recommend_all(model, std::span<const reco::query<float>>(queries)), std::out_of_range);
}
