// SPDX-License-Identifier: MIT
#include "reco/metrics/judged_list.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"

using namespace reco_test;

namespace {

using list = reco::ranked_list<double>;
constexpr double unjudged = reco::judged_list::unjudged;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

std::span<const reco::relevance> view(const std::vector<reco::relevance>& truth) { return truth; }

}  // namespace

TEST_CASE("a judged list is what a map of grades says, rank by rank") {
  const auto seed = 31U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto judged_list = judged(c);
    std::vector<double> ideal;
    std::int64_t irrelevant = 0;
    for (const auto& [item, grade] : c.truth) {
      if (grade > 0) ideal.push_back(grade);
      else ++irrelevant;
    }
    std::sort(ideal.begin(), ideal.end(), std::greater<>());
    CHECK(judged_list.ideal == ideal);
    CHECK(judged_list.relevant() == static_cast<std::int64_t>(ideal.size()));
    CHECK(judged_list.judged_irrelevant == irrelevant);
    CHECK(judged_list.catalog == c.catalog);
    REQUIRE(judged_list.grade.size() == c.ranked.size());
    for (std::size_t n = 0; n < c.ranked.size(); ++n) {
      const auto found = c.truth.find(c.ranked[n]);
      CHECK(judged_list.grade[n] == (found == c.truth.end() ? unjudged : found->second));
      CHECK(judged_list.hit(n) == c.relevant(c.ranked[n]));
    }
    for (const auto k : cutoffs) {
      const auto most = static_cast<std::size_t>(std::max(k, 0));
      CHECK(judged_list.depth(k) == std::min(most, c.ranked.size()));
      CHECK(static_cast<double>(judged_list.hits(k)) == c.hits(most));
    }
  }
}

TEST_CASE("a judge forgets one truth before it hears the next") {
  reco::judge judge(4);
  const auto all = list::in_order({{3, 1}, {2, 1}, {1, 1}, {0, 1}});
  const std::vector<reco::relevance> first = {{0, 3}, {1, -1}}, second = {{3, 2}};
  CHECK(judge(all, view(first)).grade == std::vector<double>{unjudged, unjudged, -1, 3});
  const auto& then = judge(all, view(second));
  CHECK(then.grade == std::vector<double>{2, unjudged, unjudged, unjudged});
  CHECK(then.ideal == std::vector<double>{2});
  CHECK(then.judged_irrelevant == 0);
  CHECK(judge(list(), view({})).grade.empty());
}

TEST_CASE("items without grades have grade 1, and repeats of them count once") {
  reco::judge judge(5);
  const std::vector<std::int32_t> truth = {4, 1, 4, 4};
  const auto& judged_list = judge(list::in_order({{1, 9}, {0, 8}}), std::span<const std::int32_t>(truth));
  CHECK(judged_list.grade == std::vector<double>{1, unjudged});
  CHECK(judged_list.ideal == std::vector<double>{1, 1});
  CHECK(judged_list.judged_irrelevant == 0);
}

TEST_CASE("items that could not be listed make the catalog smaller") {
  reco::judge judge(5);
  const std::vector<std::int32_t> truth = {1};
  const auto two = list::in_order({{1, 9}, {0, 8}});
  CHECK(judge(two, std::span<const std::int32_t>(truth), 3).catalog == 2);
  CHECK_THROWS_MATCHES((judge(two, std::span<const std::int32_t>(truth), 4)), reco::invalid_argument,
                       Message("judge: left_out must be at least 0 and leave room for the list, got 4"));
  CHECK_THROWS_AS((judge(two, std::span<const std::int32_t>(truth), -1)), reco::invalid_argument);
}

TEST_CASE("items and grades that cannot be judged are errors, and leave nothing behind in the judge") {
  reco::judge judge(3);
  const auto all = list::in_order({{0, 1}, {1, 1}, {2, 1}});
  const auto fails = [&](const std::vector<reco::relevance>& truth, const char* message) {
    CHECK_THROWS_MATCHES(judge(all, view(truth)), reco::invalid_argument, Message(message));
    CHECK(judge(all, view({})).grade == std::vector<double>{unjudged, unjudged, unjudged});
  };
  fails({{0, 1}, {2, 1}, {0, 2}}, "judge: item 0 is judged twice");
  fails({{0, 1}, {1, not_a_number}}, "judge: item 1: grade must be finite, got nan");
  fails({{0, 1}, {1, inf}}, "judge: item 1: grade must be finite, got inf");
  fails({{0, 1}, {1, -inf}}, "judge: item 1: grade must be finite, got -inf");
  const std::vector<reco::relevance> beyond = {{0, 1}, {3, 1}}, below = {{-1, 1}}, fine = {{0, 1}};
  CHECK_THROWS_MATCHES(judge(all, view(beyond)), std::out_of_range, Message("judge: item must be in 0..2, got 3"));
  CHECK_THROWS_AS(judge(all, view(below)), std::out_of_range);
  CHECK_THROWS_MATCHES(judge(list::in_order({{3, 1}}), view(fine)), std::out_of_range,
                       Message("judge: item must be in 0..2, got 3"));
  CHECK(judge(all, view({})).grade == std::vector<double>{unjudged, unjudged, unjudged});
  CHECK_THROWS_MATCHES(reco::judge(-1), reco::invalid_argument, Message("judge: items must be at least 0, got -1"));
  reco::judge none(0);
  CHECK(none(list(), view({})).catalog == 0);
}
