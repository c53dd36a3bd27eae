// SPDX-License-Identifier: MIT
// item_scores_model, similar_items and explain.
#include <cmath>
#include <limits>
#include <vector>

#include "reco/data/embeddings.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/item_scores_model.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("item scores answer everybody alike") {
  const reco::item_scores_model<double> m({0.5, 2});
  CHECK(m.can_answer({}));
  CHECK(m.can_answer({.user = 1000}));
  CHECK(m.score(1) == 2);
  CHECK_THROWS_AS(m.score(2), std::out_of_range);
  CHECK_THROWS_AS(m.score(-1), std::out_of_range);
}

TEST_CASE("an item score that is not finite is refused with the item's number") {
  CHECK_THROWS_WITH(reco::item_scores_model<float>({1, std::numeric_limits<float>::infinity()}),
                    "item_scores_model: the score of item 1 must be finite, got inf");
  CHECK_THROWS_AS(reco::item_scores_model<float>({std::nanf("")}), reco::numeric_error);
}

namespace {
struct vectors_only {
  using scalar = double;
  reco::embeddings<double> e = {};
  std::int32_t items() const { return e.items(); }
  std::span<const double> embedding(std::int32_t i) const { return e.vector(i); }
};

struct adding_model {
  using scalar = float;
  std::int32_t items() const { return 3; }
  bool can_answer(const reco::query<float>& q) const { return !q.history.empty(); }
  reco::explanation<float> explain(const reco::query<float>&, std::int32_t item) const {
    return {.score = 3, .base = 1, .because = reco::ranked_list<float>::best_of({{item, 2.0F}})};
  }
};
}  // namespace

TEST_CASE("items are compared by the cosine of their vectors, whatever their lengths") {
  const vectors_only m{reco::embeddings<double>(reco::matrix<double>{{1, 0}, {5, 5}, {0, 2}, {-1, 0}, {0, 0}})};
  const auto l = reco::similar_items(m, 0);
  REQUIRE(l.size() == 3);  // not itself, not the item without a direction
  CHECK(l[0].item == 1);
  CHECK_THAT(l[0].score, WithinRel(std::sqrt(0.5), 1e-15));
  CHECK(l[1].item == 2);
  CHECK_THAT(l[1].score, WithinAbs(0, 1e-15));
  CHECK(l[2].item == 3);
  CHECK_THAT(l[2].score, WithinRel(-1.0, 1e-15));
  CHECK(reco::similar_items(m, 4).empty());
  const std::vector<std::int32_t> only{0, 2, 3};
  CHECK(reco::similar_items(m, 0, {.k = 1, .only = only})[0].item == 2);
  CHECK_THROWS_AS(reco::similar_items(m, 5), std::out_of_range);
}

TEST_CASE("explain refuses items that do not exist and queries the model cannot answer") {
  const std::vector<std::int32_t> items{1};
  const reco::query<float> q{.history = {.items = items}};
  CHECK(reco::explain(adding_model{}, q, 2).because[0].item == 2);
  CHECK_THROWS_AS(reco::explain(adding_model{}, q, 3), std::out_of_range);
  CHECK_THROWS_WITH(reco::explain(adding_model{}, {}, 2), "explain: the model cannot answer this query");
}
