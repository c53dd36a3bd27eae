// SPDX-License-Identifier: MIT
// any_recommender and any_estimator.
#include <cstdint>
#include <stop_token>
#include <string_view>
#include <tuple>
#include <vector>

#include "reco/data/dataset.hpp"
#include "reco/data/synthetic.hpp"
#include "reco/model/any_estimator.hpp"
#include "reco/model/any_recommender.hpp"
#include "reco/model/item_scores_model.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// Counts what it is asked, so that a test sees who answers; no report.
struct counting_lists {
  using scalar = float;
  int* batches = nullptr;

  std::int32_t items() const { return 3; }
  bool can_answer(const reco::query<float>& q) const { return q.user.has_value(); }
  reco::ranked_list<float> recommend(const reco::query<float>& q, const reco::request& r) const {
    if (!can_answer(q)) return {};
    return reco::select<float>(std::vector<float>{1, 3, 2}, q, r);
  }
  std::vector<reco::ranked_list<float>> recommend_all(std::span<const reco::query<float>> queries,
                                                      const reco::request& r, reco::executor_ref) const {
    ++*batches;
    std::vector<reco::ranked_list<float>> out;
    for (const auto& q : queries) out.push_back(recommend(q, r));
    return out;
  }
};

/// Tells in its report how it was run.
struct told {
  int weight = 1;

  static constexpr std::string_view name = "told";
  static constexpr auto options() { return std::tuple{reco::at_least("weight", &told::weight, 1)}; }
  friend bool operator==(const told&, const told&) = default;

  template <reco::interactions D>
  reco::item_scores_model<typename D::scalar> fit(const D& data, const reco::training& how = {}) const {
    using T = typename D::scalar;
    reco::check_options(*this);
    std::vector<T> scores(static_cast<std::size_t>(data.items()), static_cast<T>(weight));
    if (how.observer) how.observer({.epoch = 1});
    return reco::item_scores_model<T>(std::move(scores), {.epochs = 1, .stopped = how.stop.stop_requested()});
  }
};

reco::dataset<float> checkerboard() {
  const auto board = reco::checkerboard(8);
  return {board.events, board.shape};
}

}  // namespace

TEST_CASE("a model chosen at run time answers as the model itself") {
  int batches = 0;
  const counting_lists model{&batches};
  const reco::any_recommender<float> any = model;
  CHECK(any.items() == 3);
  CHECK_FALSE(any.can_answer({}));
  CHECK(any.can_answer({.user = 1}));
  const std::vector<std::int32_t> seen{1};
  const std::vector<reco::query<float>> queries{{}, {.user = 1}, {.user = 2, .history = {.items = seen}}};
  for (const auto& q : queries) CHECK(reco::recommend(any, q, {.k = 2}) == model.recommend(q, {.k = 2}));
  const auto all = reco::recommend_all(any, std::span(queries), {.k = 2});
  CHECK(batches == 1);  // the model's own way of doing many at once
  REQUIRE(all.size() == 3);
  for (std::size_t n = 0; n < 3; ++n) CHECK(all[n] == model.recommend(queries[n], {.k = 2}));
  CHECK_THROWS_WITH(reco::recommend(any, {.user = 1}, {.k = -1}), "request: k must be at least 0, got -1");
}

TEST_CASE("the report of a model goes with it, copies and all, and a model without one has an empty report") {
  const reco::any_recommender<float> fitted = reco::item_scores_model<float>({1, 2}, {.epochs = 7, .stopped = true});
  const auto copy = fitted;
  CHECK(copy.report().epochs == 7);
  CHECK(copy.report().stopped);
  int batches = 0;
  const reco::any_recommender<float> silent = counting_lists{&batches};
  CHECK(silent.report().epochs == 0);
}

TEST_CASE("estimators chosen at run time are fitted as they stand, and say who they are") {
  const auto data = checkerboard();
  REQUIRE(told{} != told{.weight = 3});
  const std::vector<reco::any_estimator<float>> all{told{}, told{.weight = 3}};
  CHECK(all[0].name() == "told");
  CHECK(all[0].text() == "told");
  CHECK(all[1].text() == "told:weight=3");
  CHECK(reco::recommend(all[0].fit(data), {})[0].score == 1);
  CHECK(reco::recommend(all[1].fit(data), {})[0].score == 3);
}

TEST_CASE("an estimator chosen at run time is told how to run") {
  const auto data = checkerboard();
  const reco::any_estimator<float> any = told{};
  std::stop_source source;
  source.request_stop();
  int epochs = 0;
  const auto model =
      any.fit(data, {.observer = [&](const reco::progress& p) { epochs += p.epoch; }, .stop = source.get_token()});
  CHECK(model.report().stopped);
  CHECK(epochs == 1);
  CHECK_FALSE(any.fit(data).report().stopped);
}

TEST_CASE("an estimator chosen at run time refuses bad options when it is fitted") {
  const reco::any_estimator<float> any = told{.weight = 0};
  CHECK_THROWS_WITH(any.fit(checkerboard()), "told: weight must be at least 1, got 0");
}

namespace {

/// Foretells the item's number of whoever is known.
struct numbers {
  using scalar = float;
  std::int32_t items() const { return 3; }
  bool can_answer(const reco::query<float>&) const { return false; }
  reco::ranked_list<float> recommend(const reco::query<float>&, const reco::request&) const { return {}; }
  reco::prediction<float> predict(const reco::query<float>& q, std::int32_t item) const {
    if (!q.user) return {.value = 9, .reason = "nobody is known"};
    return {.value = static_cast<float>(item)};
  }
};
static_assert(reco::predicts_ratings<numbers> && !reco::predicts_ratings<counting_lists>);

}  // namespace

TEST_CASE("any_recommender foretells ratings where its model does, and says so where it does not") {
  const reco::any_recommender<float> rates = numbers{};
  REQUIRE(rates.predicts());
  CHECK(rates.predict({.user = 1}, 2) == reco::prediction<float>{.value = 2});
  CHECK(rates.predict({.user = 1}, 2).possible());
  CHECK(rates.predict({}, 2).reason == "nobody is known");
  CHECK_FALSE(rates.predict({}, 2).possible());
  int batches = 0;
  const reco::any_recommender<float> lists = counting_lists{&batches};
  CHECK_FALSE(lists.predicts());
  CHECK_THROWS_AS(lists.predict({.user = 1}, 2), reco::invalid_argument);
}
