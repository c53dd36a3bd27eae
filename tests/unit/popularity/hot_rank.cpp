// SPDX-License-Identifier: MIT
#include "reco/popularity/hot_rank.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <vector>

#include "reco/data/event_sequences.hpp"
#include "support/catch.hpp"
#include "support/instant.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

/// Item 0: 11 votes, submitted at 1000000. Item 1: 2 votes, a day later. Item 2: 1 for, 2 against. Item 3: nothing.
std::vector<reco::event> votes() {
  std::vector<reco::event> log;
  for (int u = 0; u < 11; ++u) log.push_back({.user = u, .item = 0, .time = at(1000000 + 60 * u)});
  for (int u = 0; u < 2; ++u) log.push_back({.user = u, .item = 1, .time = at(1086400 + u)});
  for (int u = 0; u < 3; ++u)
    log.push_back({.user = u, .item = 2, .value = u == 0 ? 1.0 : -1.0, .time = at(1050000 + u)});
  return log;
}

}  // namespace

TEST_CASE("the rank of Hacker News at hand-worked points") {
  // (p - 1)^0.8 / (age + 2)^1.8, computed with 40 digits.
  const reco::hacker_news_rank rule;
  const double u = rounding<double>(20);
  CHECK_THAT(rule.score(2, 0h), WithinRel(0.28717458874925875, u));
  CHECK_THAT(rule.score(2, 1h), WithinRel(0.13841454884616859, u));
  CHECK_THAT(rule.score(101, 5h), WithinRel(1.1990119953901963, u));
  CHECK_THAT(rule.score(11, 24h), WithinRel(0.017908036614017674, u));
  CHECK(rule.score(1, 3h) == 0);                                           // nobody but the submitter
  CHECK_THAT(rule.score(-3, 0h), WithinRel(-4 * 0.28717458874925875, u));  // without the exponent
}

TEST_CASE("the rank of Reddit at hand-worked points") {
  const reco::reddit_hot rule;
  const double u = rounding<double>(10);
  CHECK(rule.score(1, at(1134028003)) == 0);
  CHECK(rule.score(10, at(1134028003)) == 1);
  CHECK(rule.score(1, at(1134028003 + 45000)) == 1);
  CHECK_THAT(rule.score(0, at(1262304000)), WithinRel(2850.5777111111111, u));
  CHECK_THAT(rule.score(123, at(1262304000)), WithinRel(2852.6676162225505, u));
  CHECK_THAT(rule.score(-100, at(1400000000)), WithinRel(5908.4888222222222, u));
  CHECK(rule.score(-0.5, at(1134028003)) == 0);  // less than a vote either way counts as none
}

TEST_CASE("ten times the votes make up for 12.5 hours") {
  const reco::reddit_hot rule;
  for (const int votes : {1, 7, 400})
    CHECK_THAT(rule.score(10.0 * votes, at(1500000000)),
               WithinRel(rule.score(votes, at(1500045000)), rounding<double>(10)));
}

TEST_CASE("a log gives the sum of votes and the time of the first") {
  const reco::event_sequences<double> data(votes(), {11, 4});
  const auto now = at(1086400 + 3600);
  const auto hn = reco::hacker_news_rank{.now = now}.fit(data);
  const reco::hacker_news_rank rule;
  CHECK(hn.score(0) == rule.score(11, now - at(1000000)));
  CHECK(hn.score(1) == rule.score(2, now - at(1086400)));
  CHECK(hn.score(2) == rule.score(-1, now - at(1050000)));
  CHECK(hn.score(2) < 0);
  CHECK(hn.score(3) < hn.score(2));  // never submitted
  CHECK(hn.score(1) > hn.score(0));  // young beats much voted for
  const auto reddit = reco::reddit_hot{.now = now}.fit(data);
  CHECK(reddit.score(0) == reco::reddit_hot{}.score(11, at(1000000)));
  CHECK(reddit.score(2) == reco::reddit_hot{}.score(-1, at(1050000)));
  CHECK(reddit.score(3) < reddit.score(0));
}

TEST_CASE("votes of the future are left out and counted") {
  const reco::event_sequences<double> data(votes(), {11, 4});
  const auto model = reco::hacker_news_rank{.now = at(1000000 + 120)}.fit(data);
  CHECK(model.report().skipped == 8 + 2 + 3);
  CHECK(model.score(0) == reco::hacker_news_rank{}.score(3, 120s));
  CHECK(model.score(1) == model.score(3));  // not submitted yet
  CHECK(reco::reddit_hot{.now = at(1000000 + 120)}.fit(data).report().skipped == 13);
}

TEST_CASE("the moment makes the order of Hacker News, not that of Reddit") {
  // 100 votes against 3, submitted an hour apart: the younger leads at first only.
  std::vector<reco::event> log = {{.user = 0, .item = 0, .value = 5, .time = at(0)},
                                  {.user = 0, .item = 1, .value = 3, .time = at(3600)}};
  const reco::event_sequences<double> data(log, {1, 2});
  const auto order = [&](const auto& rule) {
    const auto model = rule.fit(data);
    return model.score(0) < model.score(1);
  };
  CHECK(order(reco::hacker_news_rank{.gravity = 3, .now = at(3600)}) == true);
  CHECK(order(reco::hacker_news_rank{.gravity = 3, .now = at(360000)}) == false);
  CHECK(order(reco::reddit_hot{.now = at(3600)}) == order(reco::reddit_hot{.now = at(360000)}));
}

TEST_CASE("no votes at all: every item scores 0") {
  const reco::event_sequences<float> data({}, {2, 3});
  CHECK(reco::hacker_news_rank{}.fit(data).score(2) == 0);
  CHECK(reco::reddit_hot{}.fit(data).score(2) == 0);
}

TEST_CASE("the hot ranks name the option that is out of range") {
  const reco::event_sequences<float> data({}, {1, 1});
  CHECK_THROWS_MATCHES((reco::hacker_news_rank{.gravity = -1}.fit(data)), reco::invalid_argument,
                       Message("hacker_news_rank: gravity must be at least 0, got -1"));
  CHECK_THROWS_MATCHES((reco::hacker_news_rank{.exponent = 0}.fit(data)), reco::invalid_argument,
                       Message("hacker_news_rank: exponent must be above 0, got 0"));
  CHECK_THROWS_MATCHES((reco::hacker_news_rank{.head_start = 0s}.fit(data)), reco::invalid_argument,
                       Message("hacker_news_rank: head_start must be above 0s, got 0s"));
  CHECK_THROWS_MATCHES((reco::reddit_hot{.period = -1s}.fit(data)), reco::invalid_argument,
                       Message("reddit_hot: period must be above 0s, got -1s"));
}
