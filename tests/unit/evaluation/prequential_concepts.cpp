// SPDX-License-Identifier: MIT
#include "reco/evaluation/prequential_concepts.hpp"

#include <cstdint>
#include <memory>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// The least that learns; counts what it is told.
struct pupil {
  using scalar = float;
  int learned = 0, refits = 0, settled = 0;
  void learn(const reco::event&, const reco::history_view<float>&) { ++learned; }
};
/// The same with all that may be added.
struct model_pupil : pupil {
  void refit(std::span<const reco::event>, const reco::training&) { ++refits; }
  void settle() { ++settled; }
  [[nodiscard]] bool knows(std::int32_t item) const { return item == 7; }
};
/// Answers with how much it had learned when it was asked.
struct diary : pupil {
  using snapshot = int;
  [[nodiscard]] int ask(const reco::query<float>&, int) const { return learned; }
  [[nodiscard]] std::vector<reco::ranked_list<float>> answer(std::span<const int> asked, int k,
                                                             reco::executor_ref) const {
    std::vector<reco::ranked_list<float>> lists;
    for (const int n : asked) lists.push_back(reco::ranked_list<float>::best_of({{n, static_cast<float>(k)}}));
    return lists;
  }
};
struct silent : pupil {
  using snapshot = int;
  [[nodiscard]] int ask(const reco::query<float>&, int) const { return 0; }
};

static_assert(reco::online_learner<pupil> && !reco::online_recommender<pupil>);
static_assert(reco::online_recommender<diary>);
static_assert(!reco::online_recommender<silent>, "asks, but never answers");
static_assert(!reco::online_learner<int>);

}  // namespace

TEST_CASE("a contender notes what is asked and answers it later, in order, once") {
  reco::contender<float> c("diary", diary{});
  CHECK(c.name() == "diary");
  CHECK(c.makes_lists());
  c.ask({}, 3);
  c.learn({}, {});
  c.learn({}, {});
  c.ask({}, 3);
  const auto lists = c.answer(3, {});
  REQUIRE(lists.size() == 2);
  CHECK(lists[0][0] == reco::scored_item<float>{0, 3});
  CHECK(lists[1][0] == reco::scored_item<float>{2, 3});
  CHECK(c.answer(3, {}).empty());
  CHECK(c.knows(123));  // it does not say
  c.refit({}, {});
  c.settle();
}

TEST_CASE("a contender may be a learner that others share: it learns and is never asked") {
  const auto shared = std::make_shared<model_pupil>();
  reco::contender<float> c("vectors", shared);
  CHECK_FALSE(c.makes_lists());
  c.learn({}, {});
  c.refit({}, {});
  c.settle();
  c.settle();
  c.ask({}, 3);
  CHECK(c.answer(3, {}).empty());
  CHECK(shared->learned == 1);
  CHECK(shared->refits == 1);
  CHECK(shared->settled == 2);
  CHECK(c.knows(7));
  CHECK_FALSE(c.knows(8));
  const reco::contender<float> plain("pupil", std::make_shared<pupil>());
  CHECK(plain.knows(8));
}
