// SPDX-License-Identifier: MIT
#include "reco/data/ranked_list.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

using list = reco::ranked_list<float>;
using items = std::vector<reco::scored_item<float>>;

items content(const list& l) { return {l.begin(), l.end()}; }

}  // namespace

TEST_CASE("the best of some items stand by falling score and ties by lower item") {
  CHECK(content(list::best_of({{5, 1.0F}, {2, 3.0F}, {9, 2.0F}, {1, 1.0F}})) ==
        items{{2, 3.0F}, {9, 2.0F}, {1, 1.0F}, {5, 1.0F}});
}

TEST_CASE("the best of some items do not depend on the order they come in") {
  const auto size = GENERATE(0, 1, 2, 7, 8, 9, 1000);
  reco::random_engine random(static_cast<std::uint64_t>(size));
  items all;
  for (int n = 0; n < size; ++n) all.push_back({n, static_cast<float>(reco::uniform_index(random, 10))});
  const auto expected = list::best_of(all);
  CHECK(expected.size() == all.size());
  for (std::size_t n = 1; n < expected.size(); ++n) CHECK(reco::better(expected[n - 1], expected[n]));
  for (int round = 0; round < 5; ++round) {
    reco::shuffle(random, std::span(all));
    CHECK(list::best_of(all) == expected);
  }
}

TEST_CASE("zeros of either sign tie and infinities have a place") {
  constexpr float inf = std::numeric_limits<float>::infinity();
  CHECK(content(list::best_of({{4, -inf}, {3, 0.0F}, {2, -0.0F}, {1, inf}})) ==
        items{{1, inf}, {2, 0.0F}, {3, 0.0F}, {4, -inf}});
}

TEST_CASE("an order that is given is kept") {
  const items given = {{3, 1.0F}, {1, 9.0F}, {2, 5.0F}};
  const auto l = list::in_order(given);
  CHECK(content(l) == given);
  CHECK(l.size() == 3);
  CHECK(l[1].item == 1);
  CHECK_FALSE(l.empty());
  CHECK(list().empty());
}

TEST_CASE("a score that is no number and an item that stands twice are refused") {
  const float nan = std::nanf("");
  for (const auto& make : {&list::best_of, &list::in_order}) {
    CHECK_THROWS_MATCHES(make({{1, 2.0F}, {7, nan}}), reco::invalid_argument,
                         Message("ranked_list: the score of item 7 is not a number"));
    CHECK_THROWS_MATCHES(make({{3, 2.0F}, {1, 1.0F}, {3, 2.0F}}), reco::invalid_argument,
                         Message("ranked_list: item 3 stands there twice"));
  }
}

TEST_CASE("many scores that are no numbers are refused and not sorted") {
  reco::random_engine random(4);
  items all;
  for (int n = 0; n < 1000; ++n)
    all.push_back({n, reco::bernoulli(random, 0.5) ? std::nanf("") : static_cast<float>(reco::normal(random))});
  CHECK_THROWS_AS(list::best_of(all), reco::invalid_argument);
}
