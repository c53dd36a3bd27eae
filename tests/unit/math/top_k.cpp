// SPDX-License-Identifier: MIT
#include "reco/math/top_k.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco;
using namespace reco_test;

namespace {

/// The naive twin: sort everything.
template <class T>
std::vector<scored_item<T>> sorted_front(const std::vector<T>& scores, std::size_t k) {
  std::vector<scored_item<T>> all;
  for (std::size_t i = 0; i < scores.size(); ++i) all.push_back({static_cast<std::int32_t>(i), scores[i]});
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  all.resize(std::min(k, all.size()));
  return all;
}

/// Scores of one kind: in what order they stand decides which way the selection takes.
template <class T>
std::vector<T> scores_of(const std::string& kind, std::size_t n, std::uint64_t seed) {
  constexpr T inf = std::numeric_limits<T>::infinity();
  random_engine random(seed);
  std::vector<T> out(n);
  for (auto& s : out) {
    if (kind == "all equal") s = T(0.5);
    else if (kind == "few values") s = static_cast<T>(uniform_index(random, 3));
    else if (kind == "all -inf") s = -inf;
    else s = static_cast<T>(uniform_real(random) - 0.5);
    if (kind == "infinities" && bernoulli(random, 0.05)) s = bernoulli(random, 0.5) ? inf : -inf;
  }
  if (kind == "ascending") std::sort(out.begin(), out.end());
  if (kind == "descending") std::sort(out.begin(), out.end(), std::greater<>());
  return out;
}

const std::string kinds[] = {"random", "ascending", "descending", "all equal", "few values", "all -inf", "infinities"};

/// Around the 32 scores that are compared at once and the stretches whose maxima are taken.
const std::size_t sizes[] = {0, 1, 7, 8, 9, 31, 32, 33, 65, 127, 1000, 4095, 4096, 4097, 20001};

}  // namespace

TEMPLATE_TEST_CASE("top_k_of gives what a full sort gives", "[math]", float, double) {
  for (const auto& kind : kinds)
    for (const auto n : sizes) {
      const auto scores = scores_of<TestType>(kind, n, 1);
      for (const std::size_t k : {0U, 1U, 2U, 10U, 100U, 3000U, 30000U}) {
        CAPTURE(kind, n, k);
        CHECK(top_k_of<TestType>(scores, static_cast<std::int64_t>(k)) == sorted_front(scores, k));
      }
    }
}

TEMPLATE_TEST_CASE("top_k gives the same whether scores come one by one, in blocks or backwards", "[math]", float,
                   double) {
  for (const auto& kind : kinds)
    for (const std::size_t n : {1000U, 9000U}) {
      const auto scores = scores_of<TestType>(kind, n, 2);
      for (const std::size_t k : {1U, 10U, 500U}) {
        CAPTURE(kind, n, k);
        const auto expected = sorted_front(scores, k);
        top_k<TestType> one_by_one(static_cast<std::int64_t>(k)), backwards = one_by_one, blocks = one_by_one,
                                                                  blocks_backwards = one_by_one;
        for (std::size_t i = 0; i < n; ++i) one_by_one.push(static_cast<std::int32_t>(i), scores[i]);
        for (std::size_t i = n; i-- > 0;) backwards.push(static_cast<std::int32_t>(i), scores[i]);
        const std::size_t cuts[] = {0, 5, 5, 69, 133, 700, n};
        const auto push = [&](top_k<TestType>& to, std::size_t c) {
          to.push_block(static_cast<std::int32_t>(cuts[c]), std::span(scores).subspan(cuts[c], cuts[c + 1] - cuts[c]));
        };
        for (std::size_t c = 0; c < 6; ++c) push(blocks, c);
        for (std::size_t c = 6; c-- > 0;) push(blocks_backwards, c);
        CHECK(one_by_one.take() == expected);
        CHECK(backwards.take() == expected);
        CHECK(blocks.take() == expected);
        CHECK(blocks_backwards.take() == expected);
      }
    }
}

TEST_CASE("top_k puts equal scores in the order of their items", "[math]") {
  CHECK(top_k_of<float>(std::vector<float>{1, 5, 3, 5, 2, 5}, 3) ==
        std::vector<scored_item<float>>{{1, 5.0F}, {3, 5.0F}, {5, 5.0F}});
  top_k<float> best(2);
  for (const int item : {9, 4, 7, 4}) best.push(item, 1.0F);
  CHECK(best.take() == std::vector<scored_item<float>>{{4, 1.0F}, {4, 1.0F}});
}

TEST_CASE("top_k treats 0 and -0 as one score", "[math]") {
  CHECK(top_k_of<double>(std::vector<double>{-0.0, 0.0, -0.0}, 2) ==
        std::vector<scored_item<double>>{{0, -0.0}, {1, 0.0}});
}

TEST_CASE("top_k names the item whose score is NaN", "[math]") {
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::size_t n : {1U, 8U, 64U, 100U, 4096U, 20000U})
    for (const std::size_t at : {std::size_t(0), n / 2, n - 1})
      for (const std::int64_t k : {1, 5}) {
        auto scores = scores_of<float>("descending", n, 3);  // the NaN stands where nothing else passes the bar
        scores[at] = nan;
        CAPTURE(n, at, k);
        CHECK_THROWS_MATCHES(top_k_of<float>(scores, k), numeric_error,
                             Message("top_k: the score of item " + std::to_string(at) + " is not a number"));
        top_k<float> best(k);
        CHECK_THROWS_MATCHES(best.push_block(7, scores), numeric_error,
                             Message("top_k: the score of item " + std::to_string(at + 7) + " is not a number"));
      }
  top_k<float> best(1);
  best.push(3, 1.0F);
  CHECK_THROWS_AS(best.push(4, nan), numeric_error);
  CHECK(best.take() == std::vector<scored_item<float>>{{3, 1.0F}});
}

TEST_CASE("top_k names a NaN among infinities of both signs", "[math]") {
  auto scores = scores_of<double>("infinities", 20000, 4);
  CHECK(top_k_of<double>(scores, 10) == sorted_front(scores, 10));
  scores[19999] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_MATCHES(top_k_of<double>(scores, 10), numeric_error,
                       Message("top_k: the score of item 19999 is not a number"));
}

TEST_CASE("top_k's threshold never falls and never shuts out one of the k best", "[math]") {
  const auto scores = scores_of<float>("random", 5000, 5);
  const float tenth = sorted_front(scores, 10).back().score;
  top_k<float> best(10);
  float before = best.threshold();
  CHECK(before == -std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    best.push(static_cast<std::int32_t>(i), scores[i]);
    REQUIRE(best.threshold() >= before);
    before = best.threshold();
  }
  CHECK(before <= tenth);
  CHECK(before > -0.5F);
  CHECK(top_k<float>(0).threshold() == std::numeric_limits<float>::infinity());
}

TEST_CASE("top_k is as newly made after its list was taken", "[math]") {
  top_k<float> best(2);
  best.push_block(0, scores_of<float>("descending", 1000, 6));
  CHECK(best.take().size() == 2);
  CHECK(best.take().empty());
  best.push(5, -100.0F);
  CHECK(best.take() == std::vector<scored_item<float>>{{5, -100.0F}});
}

TEST_CASE("top_k takes the greatest k there is as everything and refuses a negative one", "[math]") {
  const auto scores = scores_of<float>("random", 100, 7);
  CHECK(top_k_of<float>(scores, std::numeric_limits<std::int64_t>::max()) == sorted_front(scores, 100));
  CHECK_THROWS_MATCHES(top_k<float>(-1), invalid_argument, Message("top_k: k must be at least 0, got -1"));
}
