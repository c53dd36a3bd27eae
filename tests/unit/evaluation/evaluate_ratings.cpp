// SPDX-License-Identifier: MIT
#include "reco/evaluation/evaluate_ratings.hpp"

#include <stdexcept>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/model/any_recommender.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// Foretells ten times the item and the length of the history; of even items only. The stand-in is -1.
struct odd_only {
  using scalar = float;
  std::int32_t items() const { return 6; }
  bool can_answer(const reco::query<float>&) const { return true; }
  void scores(const reco::query<float>&, std::span<float> out) const { std::fill(out.begin(), out.end(), 0.0F); }
  reco::prediction<float> predict(const reco::query<float>& q, std::int32_t item) const {
    if (item % 2 == 0) return {.value = -1, .reason = "it is even"};
    return {.value = static_cast<float>(10 * item) + static_cast<float>(q.history.items.size())};
  }
};

reco::dataset<float> train() {
  const std::vector<reco::event> log{{0, 1, 3, {}}, {0, 2, 4, {}}, {1, 5, 2, {}}};
  return {log, {.users = 2, .items = 6}};
}

}  // namespace

TEST_CASE("each test event gets its prediction, and what is not foretold is counted and filled") {
  const std::vector<reco::event> test{{0, 3, 4, {}}, {0, 4, 2, {}}, {1, 1, 5, {}}, {9, 1, 1, {}}, {1, 8, 3, {}}};
  const auto filled = reco::evaluate_ratings(odd_only{}, train(), test);
  REQUIRE(filled.pairs.size() == 5);
  CHECK(filled.pairs[0].predicted == 32.0);
  CHECK(filled.pairs[0].actual == 4.0);
  CHECK(filled.pairs[1].predicted == -1.0);  // the stand-in
  CHECK(filled.pairs[2].predicted == 11.0);
  CHECK(filled.pairs[3].predicted == 10.0);  // a user outside the data has no history
  CHECK(filled.pairs[3].user == 9);
  CHECK_FALSE(filled.pairs[4].predicted.has_value());  // an item outside the model has no stand-in
  CHECK(filled.unpredicted == 2);

  const auto left_out = reco::evaluate_ratings(odd_only{}, train(), test, {.fill = false});
  CHECK_FALSE(left_out.pairs[1].predicted.has_value());
  CHECK(left_out.unpredicted == 2);
  CHECK_THROWS_AS(reco::evaluate_ratings(odd_only{}, train(), std::vector<reco::event>{{-1, 0, 1, {}}}),
                  std::out_of_range);
}

TEST_CASE("ratings are the same through any_recommender and on any number of threads", "[concurrent]") {
  std::vector<reco::event> test;
  for (std::int32_t n = 0; n < 1000; ++n) test.push_back({n % 3, n % 6, 1, {}});
  reco::thread_pool pool(3);
  const auto a = reco::evaluate_ratings(odd_only{}, train(), test);
  const auto b = reco::evaluate_ratings(reco::any_recommender<float>(odd_only{}), train(), test, {.executor = pool});
  CHECK(a.unpredicted == b.unpredicted);
  for (std::size_t n = 0; n < test.size(); ++n) REQUIRE(a.pairs[n].predicted == b.pairs[n].predicted);
}
