// SPDX-License-Identifier: MIT
// fallback and fill_up.
#include <vector>

#include "reco/model/fallback.hpp"
#include "reco/model/fill_up.hpp"
#include "reco/model/item_scores_model.hpp"
#include "support/catch.hpp"
#include "support/ranked_list.hpp"

using namespace reco_test;

namespace {

/// Answers only who has a history, and only with the first few items.
struct personal {
  using scalar = float;
  std::int32_t items() const { return 3; }
  bool can_answer(const reco::query<float>& q) const { return !q.history.empty(); }
  void scores(const reco::query<float>&, std::span<float> out) const {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(10 + i);
  }
};

const reco::item_scores_model<float> popular({5, 4, 3, 2, 1});
const std::vector<std::int32_t> read_one{1};
const reco::query<float> known{.history = {.items = read_one}};

using ids = std::vector<std::int32_t>;

}  // namespace

TEST_CASE("fallback gives the list of the first model that can answer, whole") {
  const reco::fallback chain{personal{}, popular};
  CHECK(chain.items() == 5);
  CHECK(items_of(reco::recommend(chain, known, {.k = 4})) == ids{2, 0});
  CHECK(chain.recommend_from(known, {.k = 4}).second == 0);
  CHECK(items_of(reco::recommend(chain, {}, {.k = 4})) == ids{0, 1, 2, 3});
  CHECK(chain.recommend_from({}, {.k = 4}).second == 1);
}

TEST_CASE("fallback goes on when a model can answer but has nothing left") {
  const reco::fallback chain{personal{}, popular};
  const ids late{3, 4};
  const auto [list, source] = chain.recommend_from(known, {.k = 4, .only = late});
  CHECK(items_of(list) == ids{3, 4});
  CHECK(source == 1);
}

TEST_CASE("fallback of models that cannot answer says so") {
  const reco::fallback chain{personal{}, personal{}};
  CHECK_FALSE(chain.can_answer({}));
  const auto [list, source] = chain.recommend_from({}, {});
  CHECK(list.empty());
  CHECK(source == -1);
}

TEST_CASE("fill_up appends from the next model what is missing and says where each item came from") {
  const reco::fill_up chain{personal{}, popular};
  const auto [list, source] = chain.recommend_sourced(known, {.k = 4});
  CHECK(items_of(list) == ids{2, 0, 3, 4});
  CHECK(source == std::vector<int>{0, 0, 1, 1});
  CHECK(list[0].score == 12);
  CHECK(list[2].score == 2);
  CHECK(reco::recommend(chain, known, {.k = 1}).size() == 1);
}

TEST_CASE("fill_up keeps to exclude, only and k") {
  const reco::fill_up chain{personal{}, popular};
  const ids out{2};
  CHECK(items_of(reco::recommend(chain, known, {.k = 9, .exclude = out})) == ids{0, 3, 4});
  const ids only{0, 1, 4};
  CHECK(items_of(reco::recommend(chain, known, {.k = 9, .only = only})) == ids{0, 4});
  CHECK(reco::recommend(chain, known, {.k = 0}).empty());
  CHECK_THROWS_WITH(reco::recommend(chain, known, {.k = -1}), "request: k must be at least 0, got -1");
}
