// SPDX-License-Identifier: MIT
#include "reco/popularity/most_popular.hpp"

#include <chrono>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/dense_interactions.hpp"
#include "reco/model/recommend.hpp"
#include "support/catch.hpp"
#include "support/instant.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using namespace std::chrono_literals;
using reco::popularity_measure;

namespace {

/// What the name says, in as many words.
double naive(const std::vector<reco::event>& log, std::int32_t item, popularity_measure by, double window,
             std::int64_t now) {
  double events = 0, sum = 0;
  std::set<std::int32_t> users;
  for (const auto& e : log) {
    const auto age = static_cast<double>(now - e.time.time_since_epoch().count());
    if (e.item != item || age < 0 || age >= window) continue;
    events += 1;
    sum += e.value;
    users.insert(e.user);
  }
  switch (by) {
    case popularity_measure::events: return events;
    case popularity_measure::users: return static_cast<double>(users.size());
    case popularity_measure::sum: return sum;
    case popularity_measure::mean: return events == 0 ? 0 : sum / events;
  }
  return -1;
}

}  // namespace

TEST_CASE("most_popular is the count it names, over the whole log and over windows") {
  using enum popularity_measure;
  const auto by = GENERATE(events, users, sum);
  for (const reco::shape s : {reco::shape{0, 0}, {1, 1}, {1, 9}, {8, 7}, {9, 40}}) {
    const auto log = random_log(17, s, 400);
    const reco::event_sequences<double> data(log, s);
    for (const auto window : {reco::half_life_t(0.5), reco::half_life_t(1), reco::half_life_t(20), reco::never}) {
      for (const auto now : {-1, 0, 20, 49, 1000}) {
        const auto model = reco::most_popular{.by = by, .window = window, .now = at(now)}.fit(data);
        REQUIRE(model.items() == s.items);
        for (std::int32_t i = 0; i < s.items; ++i) {
          CAPTURE(s.users, s.items, window.count(), now, i);
          CHECK(model.score(i) == naive(log, i, by, window.count(), now));
        }
      }
    }
  }
}

TEST_CASE("windows that touch add up to the whole") {
  const reco::shape s{6, 30};
  const reco::event_sequences<double> data(random_log(5, s, 700), s);
  const auto newer = reco::most_popular{.window = 20s, .now = at(49)}.fit(data);
  const auto older = reco::most_popular{.window = 30s, .now = at(29)}.fit(data);
  const auto whole = reco::most_popular{}.fit(data);
  for (std::int32_t i = 0; i < s.items; ++i) CHECK(newer.score(i) + older.score(i) == whole.score(i));
}

TEST_CASE("without a moment asked for, a window ends at the newest event") {
  const std::vector<reco::event> log = {{.user = 0, .item = 0, .time = at(100)},
                                        {.user = 0, .item = 1, .time = at(199)},
                                        {.user = 1, .item = 1, .time = at(200)}};
  const auto model = reco::most_popular{.window = 100s}.fit(reco::event_sequences<float>(log, {2, 2}));
  CHECK(model.score(0) == 0);  // exactly 100 s old: the window is (now - 100 s, now]
  CHECK(model.score(1) == 2);
}

TEST_CASE("an event in the future is left out and counted, never lost in silence") {
  const std::vector<reco::event> log = {{.user = 0, .item = 0, .time = at(10)}, {.user = 0, .item = 1, .time = at(11)}};
  const auto model = reco::most_popular{.now = at(10)}.fit(reco::event_sequences<float>(log, {1, 2}));
  CHECK(model.score(0) == 1);
  CHECK(model.score(1) == 0);
  CHECK(model.report().skipped == 1);
  CHECK(reco::most_popular{}.fit(reco::event_sequences<float>(log, {1, 2})).report().skipped == 0);
}

TEST_CASE("an item of too few events has no mean and ranks behind every other") {
  const std::vector<reco::event> log = {
      {.user = 0, .item = 0, .value = 5}, {.user = 0, .item = 1, .value = -2}, {.user = 1, .item = 1, .value = -1},
      {.user = 0, .item = 2, .value = 3}, {.user = 1, .item = 2, .value = 4},
  };
  const reco::event_sequences<double> data(log, {2, 4});
  const auto all = reco::most_popular{.by = popularity_measure::mean}.fit(data);
  CHECK(all.score(0) == 5);
  CHECK(all.score(1) == -1.5);
  CHECK(all.score(2) == 3.5);
  CHECK(all.score(3) < -1.5);
  const auto two = reco::most_popular{.by = popularity_measure::mean, .min_count = 2}.fit(data);
  CHECK(two.score(1) == -1.5);
  CHECK(two.score(0) < -1.5);
  CHECK(two.score(0) == two.score(3));
  const auto list = reco::recommend(two, {}, {.k = 4});
  REQUIRE(list.size() == 4);
  CHECK(list[0].item == 2);
  CHECK(list[1].item == 1);
  CHECK(list[2].item == 0);  // equal scores by lower item
}

TEST_CASE("on a matrix an observed pair is one event, and sparse and dense count alike") {
  const reco::shape s{12, 20};
  const auto log = random_log(8, s, 300);
  const reco::dataset<double> data(log, s);
  std::set<std::pair<std::int32_t, std::int32_t>> pairs;
  for (const auto& e : log) pairs.emplace(e.user, e.item);
  std::vector<reco::event> once;
  for (const auto& [user, item] : pairs) once.push_back({.user = user, .item = item});
  const reco::dense_interactions<double> dense(once, s);
  const auto events = reco::most_popular{}.fit(data.matrix());
  const auto users = reco::most_popular{.by = popularity_measure::users}.fit(data);
  const auto sum = reco::most_popular{.by = popularity_measure::sum}.fit(data.matrix());
  const auto sum_of_log = reco::most_popular{.by = popularity_measure::sum}.fit(data);
  const auto from_dense = reco::most_popular{}.fit(dense);
  for (std::int32_t i = 0; i < s.items; ++i) {
    CHECK(events.score(i) == users.score(i));
    CHECK(events.score(i) == from_dense.score(i));
    CHECK(sum.score(i) == sum_of_log.score(i));  // the values are multiples of 1/4
  }
}

TEST_CASE("a window or a moment over a matrix is refused") {
  const reco::sparse_interactions<float> matrix({}, {1, 1});
  CHECK_THROWS_MATCHES((reco::most_popular{.window = 24h}.fit(matrix)), reco::invalid_argument,
                       Message("most_popular: window needs events with times, got a matrix without"));
  CHECK_THROWS_MATCHES((reco::most_popular{.now = at(5)}.fit(matrix)), reco::invalid_argument,
                       Message("most_popular: now needs events with times, got a matrix without"));
}

TEST_CASE("most_popular names the option that is out of range") {
  const reco::event_sequences<float> data({}, {1, 1});
  CHECK_THROWS_MATCHES((reco::most_popular{.window = 0s}.fit(data)), reco::invalid_argument,
                       Message("most_popular: window must be above 0s, got 0s"));
  CHECK_THROWS_MATCHES((reco::most_popular{.min_count = 0}.fit(data)), reco::invalid_argument,
                       Message("most_popular: min_count must be at least 1, got 0"));
  CHECK_THROWS_MATCHES((reco::most_popular{.by = static_cast<popularity_measure>(9)}.fit(data)), reco::invalid_argument,
                       Message("most_popular: by must be one of its named values, got an unnamed value"));
  const auto read = reco::parse_options<reco::most_popular>("by=users,window=7d,now=2016-10-16");
  CHECK(read == reco::most_popular{.by = popularity_measure::users, .window = 24h * 7, .now = at(1476576000)});
  CHECK(reco::describe(read) == "most_popular:by=users,window=1w,now=2016-10-16T00:00:00Z");
  CHECK_THROWS_MATCHES((reco::parse_options<reco::most_popular>("now=soon")), reco::invalid_argument,
                       Message("most_popular: now must be a moment such as 2016-10-16T19:57:24Z, got 'soon'"));
}
