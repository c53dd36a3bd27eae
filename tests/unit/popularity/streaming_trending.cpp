// SPDX-License-Identifier: MIT
#include "reco/popularity/streaming_trending.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <numeric>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/event_sequences.hpp"
#include "reco/model/recommend.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/instant.hpp"
#include "support/random_log.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using namespace std::chrono_literals;
using reco::popularity_measure;

namespace {

/// Every item's count, as `top` should list them: by looking at all.
reco::ranked_list<double> all_ranked(const reco::item_scores_model<double>& model, int k) {
  std::vector<reco::scored_item<double>> items;
  for (std::int32_t i = 0; i < model.items(); ++i)
    if (model.score(i) > 0) items.push_back({i, model.score(i)});
  std::sort(items.begin(), items.end(), reco::better);
  items.resize(std::min(items.size(), static_cast<std::size_t>(k)));
  return reco::ranked_list<double>::best_of(items);
}

}  // namespace

TEST_CASE("the stream's model is what trending makes of the same events, whatever their order") {
  const auto by = GENERATE(popularity_measure::events, popularity_measure::sum);
  for (const reco::shape s : {reco::shape{1, 1}, {1, 7}, {3, 8}, {7, 9}, {9, 1000}}) {
    const std::int64_t events = 3000;
    const auto log = random_log(41, s, events, 2000);  // times are not in order
    const reco::trending rule{.half_life = 97s, .by = by};
    reco::streaming_trending live(rule);
    for (const auto& e : log) CHECK(live.observe(e));
    auto at_moment = rule;
    at_moment.now = at(2500);
    const auto batch = at_moment.fit(reco::event_sequences<double>(log, s));
    const auto model = live.model<double>(s.items, at(2500));
    for (std::int32_t i = 0; i < s.items; ++i) {
      CAPTURE(s.users, s.items, i);
      // |value| <= 7.5; at 2500 an event of the newest second has at most 2^(-501/97) of it left.
      const double magnitude = 7.5 * static_cast<double>(events) * std::exp2(-501.0 / 97);
      CHECK_THAT(model.score(i),
                 WithinAbs(batch.score(i), 2 * sum_error<double>(static_cast<double>(events) + 8, magnitude)));
      CHECK(live.count(i, at(2500)) == model.score(i));
    }
  }
}

TEST_CASE("top lists the largest counts, best first, for any k, with exclusions and with only") {
  const reco::shape s{5, 300};
  reco::streaming_trending live({.half_life = 40s}, 8);
  reco::random_engine random(12);
  for (int n = 0; n < 4000; ++n) {
    const auto item = static_cast<std::int32_t>(reco::uniform_index(random, 1 + reco::uniform_index(random, 300)));
    live.observe({.item = item, .value = 1 + reco::uniform_real(random), .time = at(n / 10)});
    if (n % 100 != 0) continue;
    const auto now = at(n / 10 + 15);
    const auto model = live.model<double>(s.items, now);
    for (const int k : {0, 1, 7, 8, 9, 20, 1000}) {
      CAPTURE(n, k);
      CHECK(live.top({.k = k}, now) == all_ranked(model, k));
    }
    std::vector<std::int32_t> some;
    for (int i = 0; i < 310; ++i)
      if (reco::bernoulli(random, 0.3)) some.push_back(309 - i);  // any order, unknown items among them
    std::vector<double> without(model.scores().begin(), model.scores().end()), within(without.size());
    for (const auto i : some) {
      if (i >= s.items) continue;
      std::swap(without[static_cast<std::size_t>(i)], within[static_cast<std::size_t>(i)]);
    }
    CHECK(live.top({.k = 5, .exclude = some}, now) == all_ranked(reco::item_scores_model<double>(without), 5));
    CHECK(live.top({.k = 5, .only = some}, now) == all_ranked(reco::item_scores_model<double>(within), 5));
    CHECK(live.top({.k = 5, .exclude = some, .only = some}, now).empty());
    CHECK(live.top({.k = 5, .only = std::span<const std::int32_t>()}, now).empty());
  }
}

TEST_CASE("the order does not change with time, only the counts do") {
  reco::streaming_trending live({.half_life = 1h});
  live.observe({.item = 4, .value = 3, .time = at(0)});
  live.observe({.item = 2, .value = 2, .time = at(1800)});
  live.observe({.item = 9, .time = at(3600)});
  const auto soon = live.top({.k = 3}, at(3600));
  const auto later = live.top({.k = 3}, at(3600 * 6));
  REQUIRE(soon.size() == 3);
  for (std::size_t n = 0; n < 3; ++n) {
    CHECK(soon[n].item == later[n].item);
    CHECK_THAT(later[n].score, WithinRel(soon[n].score / 32, rounding<double>(10)));
  }
  CHECK(soon[0].item == 4);
  CHECK(soon[0].score == 1.5);
  // Ten years on nothing that a double could hold is left of the counts; the order is known all the same.
  const auto faded = live.top({.k = 3}, at(315360000));
  REQUIRE(faded.size() == 3);
  for (std::size_t n = 0; n < 3; ++n) CHECK(faded[n] == reco::scored_item<double>{soon[n].item, 0});
}

TEST_CASE("asked about a moment before the newest event, the answer is as of that event") {
  reco::streaming_trending live({.half_life = 10s});
  live.observe({.item = 0, .time = at(100)});
  live.observe({.item = 1, .time = at(90)});
  for (const auto now : {at(0), at(100), reco::latest}) {
    CHECK(live.count(0, now) == 1);
    CHECK(live.count(1, now) == 0.5);
    CHECK(live.top({.k = 1}, now)[0] == reco::scored_item<double>{0, 1});
    CHECK(live.model<float>(2, now).score(1) == 0.5F);
  }
}

TEST_CASE("an event counts in the whole and in each of its segments") {
  reco::streaming_trending live({.half_life = reco::never});
  const std::int32_t sports = 3, europe = 1000000;
  live.observe({.item = 0}, std::array{sports, europe});
  live.observe({.item = 0}, europe);
  live.observe({.item = 1}, sports);
  live.observe({.item = 2});
  CHECK(live.count(0, at(0)) == 2);
  CHECK(live.count(0, at(0), sports) == 1);
  CHECK(live.count(0, at(0), europe) == 2);
  CHECK(live.count(2, at(0), europe) == 0);
  CHECK(live.top({.k = 5}, at(0)).size() == 3);
  CHECK(live.top({.k = 5}, at(0), sports).size() == 2);
  CHECK(live.model<float>(3, at(0), sports).score(1) == 1);
  // A segment of which nothing was heard is empty, not an error.
  CHECK(live.top({.k = 5}, at(0), 77).empty());
  CHECK(live.count(0, at(0), 77) == 0);
  CHECK(live.model<float>(3, at(0), 77).score(0) == 0);
}

TEST_CASE("segments add up to the whole") {
  reco::random_engine random(4);
  reco::streaming_trending live({.half_life = 50s});
  for (int n = 0; n < 3000; ++n)
    live.observe({.item = static_cast<std::int32_t>(reco::uniform_index(random, 50)), .time = at(n / 3)},
                 static_cast<std::int32_t>(reco::uniform_index(random, 9)));
  for (std::int32_t i = 0; i < 50; ++i) {
    double sum = 0;
    for (std::int32_t segment = 0; segment < 9; ++segment) sum += live.count(i, at(1000), segment);
    CHECK_THAT(live.count(i, at(1000)), WithinRel(sum, rounding<double>(200)));
  }
}

TEST_CASE("many events at once count as one by one") {
  const auto log = random_log(6, {4, 60}, 2000, 500);
  reco::streaming_trending one({.half_life = 30s}), many({.half_life = 30s});
  for (const auto& e : log) one.observe(e, 2);
  for (std::size_t n = 0; n < log.size(); n += 7)
    CHECK(many.observe(std::span(log).subspan(n, std::min<std::size_t>(7, log.size() - n)), 2) ==
          static_cast<std::int64_t>(std::min<std::size_t>(7, log.size() - n)));
  CHECK(many.observe(std::span<const reco::event>()) == 0);
  for (std::int32_t i = 0; i < 60; ++i) {
    CHECK(one.count(i, at(500)) == many.count(i, at(500)));
    CHECK(one.count(i, at(500), 2) == many.count(i, at(500), 2));
  }
  CHECK(one.top({.k = 60}, at(500)) == many.top({.k = 60}, at(500)));
}

TEST_CASE("with a clock, events of the future are left out and counted") {
  reco::streaming_trending live({.half_life = 1h});
  live.advance(at(1000));
  CHECK(live.observe({.item = 0, .time = at(1000)}));
  CHECK_FALSE(live.observe({.item = 1, .time = at(1001)}, 5));
  const std::vector<reco::event> batch = {
      {.item = 2, .time = at(900)}, {.item = 2, .time = at(4000000000)}, {.item = 3}};
  CHECK(live.observe(batch, 5) == 2);
  CHECK(live.skipped() == 2);
  CHECK(live.count(1, at(1000)) == 0);
  CHECK(live.count(0, at(1000)) == 1);
  CHECK(live.count(2, at(1000), 5) == live.count(2, at(1000)));
  live.advance(at(1001));
  CHECK(live.observe({.item = 1, .time = at(1001)}));
  CHECK(live.skipped() == 2);
}

TEST_CASE("a model knows the items asked for and counts those beyond") {
  reco::streaming_trending live;
  for (int item = 0; item < 10; ++item) live.observe({.item = item});
  const auto model = live.model<double>(4, at(0));
  CHECK(model.items() == 4);
  CHECK(model.score(3) == 1);
  CHECK(model.report().skipped == 6);
  CHECK(live.model<double>(20, at(0)).report().skipped == 0);
  CHECK(live.model<double>(20, at(0)).score(15) == 0);
  CHECK(live.model<double>(0, at(0)).items() == 0);
  CHECK(reco::recommend(model, {}, {.k = 2}).size() == 2);
}

TEST_CASE("what has faded is forgotten everywhere, and its memory freed") {
  reco::streaming_trending live({.half_life = 1s});
  for (int item = 0; item < 10000; ++item) live.observe({.item = item, .time = at(item)}, item % 4);
  const auto before = live.bytes();
  CHECK(live.forget(at(9999), 0.5) == 2 * 9998);
  CHECK(live.bytes() < before / 10);
  CHECK(live.count(9998, at(9999)) == 0.5);
  CHECK(live.count(9997, at(9999)) == 0);
  CHECK(live.top({.k = 5}, at(9999)).size() == 2);
  CHECK(live.count(9998, reco::latest, 9998 % 4) == 1);  // at the newest of its own segment
}

TEST_CASE("a stream refuses what it cannot count, naming it, and nothing changes") {
  CHECK_THROWS_MATCHES(reco::streaming_trending({.half_life = 0s}), reco::invalid_argument,
                       Message("trending: half_life must be above 0s, got 0s"));
  CHECK_THROWS_MATCHES(reco::streaming_trending({.half_life = -3h}), reco::invalid_argument,
                       Message("trending: half_life must be above 0s, got -3h"));
  CHECK_THROWS_MATCHES(reco::streaming_trending({.by = popularity_measure::users}), reco::invalid_argument,
                       Message("streaming_trending: by must be events or sum, got users"));
  CHECK_THROWS_MATCHES(reco::streaming_trending({.now = at(0)}), reco::invalid_argument,
                       Message("streaming_trending: now must be left out, got 1970-01-01T00:00:00Z"));
  CHECK_THROWS_MATCHES(reco::streaming_trending({}, 0), reco::invalid_argument,
                       Message("streaming_trending: leaders must be at least 1, got 0"));
  reco::streaming_trending live;
  CHECK_THROWS_MATCHES(live.observe({.item = -1}), std::out_of_range,
                       Message("streaming_trending: item must be at least 0, got -1"));
  CHECK_THROWS_MATCHES(live.observe({.item = 0}, std::array{3, -2}), std::out_of_range,
                       Message("streaming_trending: segment must be at least 0, got -2"));
  CHECK_THROWS_MATCHES(live.observe({.value = std::numeric_limits<double>::quiet_NaN()}), reco::invalid_argument,
                       Message("streaming_trending: value must be in -1e250..1e250, got nan"));
  const std::vector<reco::event> batch = {{.item = 0}, {.item = 1, .value = std::numeric_limits<double>::infinity()}};
  CHECK_THROWS_MATCHES(live.observe(batch, 3), reco::invalid_argument,
                       Message("streaming_trending: event 1: value must be in -1e250..1e250, got inf"));
  CHECK_THROWS_MATCHES(live.top({.k = -1}, at(0)), reco::invalid_argument,
                       Message("request: k must be at least 0, got -1"));
  CHECK_THROWS_MATCHES(live.count(-1, at(0)), std::out_of_range,
                       Message("streaming_trending: item must be at least 0, got -1"));
  CHECK_THROWS_AS(live.top({}, at(0), -1), std::out_of_range);
  CHECK_THROWS_MATCHES(live.model<float>(-1, at(0)), reco::invalid_argument,
                       Message("streaming_trending: items must be at least 0, got -1"));
  CHECK(live.top({.k = 5}, at(0)).empty());
  CHECK(live.model<double>(2, at(0)).score(0) == 0);
}

TEST_CASE("twenty-one years of MovieLens neither overflow nor lose accuracy") {
  RECO_NEEDS_DATA(path, "ml-latest-small/ratings.csv");
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::vector<reco::event> log;
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    reco::event e;
    std::int64_t seconds = 0;
    fields >> e.user >> e.item >> e.value >> seconds;
    e.time = at(seconds);
    log.push_back(e);
  }
  REQUIRE(log.size() == 100004);
  const reco::trending rule{.half_life = 15min};
  const auto first = std::min_element(log.begin(), log.end(), [](auto& a, auto& b) { return a.time < b.time; })->time;

  reco::streaming_trending live(rule);
  std::vector<double> fixed(200000);
  for (const auto& e : log) {  // in the order of users, not of time
    live.observe(e);
    fixed[static_cast<std::size_t>(e.item)] += e.value * std::exp2((e.time - first) / rule.half_life);
  }
  CHECK(std::count_if(fixed.begin(), fixed.end(), [](double x) { return std::isinf(x); }) > 9000);
  const auto shape = reco::shape_of(log);
  const auto batch = rule.fit(reco::event_sequences<double>(log, shape));
  const auto model = live.model<double>(shape.items, reco::latest);
  double worst = 0;
  std::int64_t compared = 0;
  for (std::int32_t i = 0; i < shape.items; ++i) {
    if (batch.score(i) < std::numeric_limits<double>::min()) continue;  // faded below what a double holds
    worst = std::max(worst, std::abs(model.score(i) - batch.score(i)) / batch.score(i));
    ++compared;
  }
  CHECK(compared > 100);
  // 300 ratings of one film at most; the batch takes exp2 of up to 1022 half-lives, an ulp of which is 2^-43.
  CHECK(worst < rounding<double>(2 * (300 + 8) + 1022));
  CHECK(live.top({.k = 10}, reco::latest)[0].item == all_ranked(model, 1)[0].item);
}

TEST_CASE("readers see whole events in their order while others write", "[concurrent]") {
  // One writer counts items 0, 1, 2, 0, 1, 2, …: at every moment c0 >= c1 >= c2 >= c0 - 1, and a list must show it.
  reco::streaming_trending live({.half_life = reco::never});
  constexpr int rounds = 3000;
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (int n = 0; n < rounds; ++n)
      for (int item = 0; item < 3; ++item) live.observe({.item = item}, item);
    done = true;
  });
  std::atomic<int> wrong = 0, lists = 0;
  const auto read = [&] {
    double before = 0;
    do {
      const double part = live.count(1, at(0), 1);
      double count[3] = {0, 0, 0};
      for (const auto& s : live.top({.k = 3}, at(0))) count[s.item] = s.score;
      wrong += !(count[0] >= count[1] && count[1] >= count[2] && count[2] >= count[0] - 1);
      wrong += count[0] + count[1] + count[2] < before;  // never back in time
      wrong += part > count[1];                          // the whole hears of an event first
      before = count[0] + count[1] + count[2];
      ++lists;
    } while (!done);
  };
  std::thread reader(read);
  read();
  writer.join();
  reader.join();
  CHECK(wrong == 0);
  CHECK(lists > 1);
  for (int item = 0; item < 3; ++item) {
    CHECK(live.count(item, at(0)) == rounds);
    CHECK(live.count(item, at(0), item) == rounds);
  }
}

TEST_CASE("many writers, segments that appear and all kinds of readers at once lose nothing", "[concurrent]") {
  reco::streaming_trending live({.half_life = reco::never}, 4);
  constexpr int writers = 3, events = 4000, items = 500;
  std::atomic<int> writing = writers, wrong = 0;
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&, w] {
      reco::random_engine random(7, static_cast<std::uint64_t>(w));
      std::vector<reco::event> batch;
      for (int n = 0; n < events; ++n) {
        const reco::event e{.item = static_cast<std::int32_t>(reco::uniform_index(random, items)), .time = at(n)};
        if (n % 2 == 0) live.observe(e, std::array{n % 37, 1000 + w});
        else batch.push_back(e);
        if (batch.size() < 100) continue;
        live.observe(batch);
        batch.clear();
      }
      live.observe(batch);
      --writing;
    });
  }
  threads.emplace_back([&] {
    double before = 0;
    do {
      const auto model = live.model<double>(items, at(0));  // grows under our eyes
      const double sum = std::accumulate(model.scores().begin(), model.scores().end(), 0.0);
      wrong += sum < before;
      before = sum;
      const auto list = live.top({.k = 50}, at(0), 1000);
      for (std::size_t n = 1; n < list.size(); ++n) wrong += list[n - 1].score < list[n].score;
      wrong += live.forget(at(0), 0) != 0;  // moves every item to another slot
      wrong += live.bytes() == 0;
      live.advance(at(events));
    } while (writing > 0);
  });
  for (auto& t : threads) t.join();
  CHECK(wrong == 0);
  const auto model = live.model<double>(items, at(0));
  CHECK(std::accumulate(model.scores().begin(), model.scores().end(), 0.0) == writers * events);
  double in_segments = 0;
  for (int w = 0; w < writers; ++w) {
    const auto part = live.model<double>(items, at(0), 1000 + w);
    in_segments += std::accumulate(part.scores().begin(), part.scores().end(), 0.0);
  }
  CHECK(in_segments == writers * events / 2);
  CHECK(live.skipped() == 0);
}
