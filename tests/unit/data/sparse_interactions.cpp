// SPDX-License-Identifier: MIT
#include "reco/data/sparse_interactions.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

using row = std::map<std::int32_t, double>;

/// What the rows must hold, from the words of `repeats`, one event after the other.
std::vector<row> naive(const std::vector<reco::event>& log, reco::shape s, reco::repeats merge) {
  std::vector<row> rows(static_cast<std::size_t>(s.users));
  std::map<std::pair<std::int32_t, std::int32_t>, reco::instant> newest;
  for (const auto& e : log) {
    auto& r = rows[static_cast<std::size_t>(e.user)];
    const auto [at, is_new] = r.try_emplace(e.item, e.value);
    auto& time = newest.try_emplace({e.user, e.item}, e.time).first->second;
    if (is_new) continue;
    if (merge == reco::repeats::sum) at->second += e.value;
    if (merge == reco::repeats::max) at->second = std::max(at->second, e.value);
    if (merge == reco::repeats::last && e.time >= time) {
      at->second = e.value;
      time = e.time;
    }
  }
  return rows;
}

template <class T>
row content(const reco::history_view<T>& h) {
  row r;
  for (std::size_t n = 0; n < h.size(); ++n) r[h.items[n]] = h.value(n);
  return r;
}

}  // namespace

TEMPLATE_TEST_CASE("rows hold every pair once by item with its merged value", "", float, double) {
  const auto merge = GENERATE(reco::repeats::sum, reco::repeats::last, reco::repeats::max);
  const auto events = GENERATE(0, 1, 7, 8, 9, 1000);
  const auto moments = GENERATE(1, 50);
  const reco::shape s{.users = 20, .items = 9};
  CAPTURE(static_cast<int>(merge), events, moments);
  const auto log = random_log(2, s, events, moments);
  const reco::sparse_interactions<TestType> data(log, s, merge);
  const auto expected = naive(log, s, merge);
  CHECK(data.users() == 20);
  CHECK(data.items() == 9);
  std::size_t observed = 0;
  for (std::int32_t u = 0; u < s.users; ++u) {
    const auto h = data.of(u);
    CHECK(std::is_sorted(h.items.begin(), h.items.end()));
    CHECK(content(h) == expected[static_cast<std::size_t>(u)]);
    CHECK(h.items.size() == expected[static_cast<std::size_t>(u)].size());
    CHECK(h.values.size() == h.items.size());
    CHECK(h.times.empty());
    observed += h.size();
  }
  CHECK(data.observed() == static_cast<std::int64_t>(observed));
}

TEST_CASE("of equal times the last to arrive counts") {
  using std::chrono::seconds;
  const std::vector<reco::event> log = {{.value = 1, .time = reco::instant(seconds(5))},
                                        {.value = 2, .time = reco::instant(seconds(5))},
                                        {.value = 3, .time = reco::instant(seconds(4))}};
  CHECK(reco::sparse_interactions<float>(log, {.users = 1, .items = 1}, reco::repeats::last).of(0).values[0] == 2);
}

TEST_CASE("sums do not depend on how users are mixed in the log") {
  const reco::shape s{.users = 30, .items = 10};
  auto log = random_log(3, s, 2000);
  for (auto& e : log) e.value = e.value / 3;
  const reco::sparse_interactions<double> mixed(log, s);
  std::stable_sort(log.begin(), log.end(), [](const auto& a, const auto& b) { return a.user < b.user; });
  CHECK(reco::sparse_interactions<double>(log, s) == mixed);
}

TEST_CASE("sums are added up in double before they are stored") {
  std::vector<reco::event> log(1001, reco::event{.value = 1});
  log[0].value = 1e8;  // in float, adding 1 to it changes nothing
  CHECK(reco::sparse_interactions<float>(log, {.users = 1, .items = 1}).of(0).values[0] == 100001000.0F);
}

TEST_CASE("a matrix and a log of the same numbers give the same interactions") {
  const std::vector<reco::event> log = {{.user = 1, .item = 2, .value = 4}, {.user = 0, .item = 1, .value = 3}};
  const reco::sparse_interactions<float> data(log, {.users = 2, .items = 3});
  CHECK(data == reco::sparse_interactions<float>(reco::csr_matrix<float>(3, {0, 1, 2}, {1, 2}, {3, 4})));
  CHECK(data.by_user().transposed().row(2).columns[0] == 1);
  CHECK(data.bytes() == 3 * 8 + 2 * 8);
}

TEST_CASE("no interactions have no users") {
  const reco::sparse_interactions<float> none;
  CHECK(none.users() == 0);
  CHECK(none.items() == 0);
  CHECK(none.observed() == 0);
  CHECK_THROWS_MATCHES(none.of(0), std::out_of_range, Message("sparse_interactions: user: there are none, got 0"));
}

TEST_CASE("users outside the shape and bad events are named") {
  const reco::shape s{.users = 2, .items = 2};
  const auto build = [&](std::vector<reco::event> log) { return reco::sparse_interactions<float>(log, s); };
  const auto data = build({});
  CHECK(data.of(1).empty());
  CHECK_THROWS_MATCHES(data.of(2), std::out_of_range, Message("sparse_interactions: user must be in 0..1, got 2"));
  CHECK_THROWS_MATCHES(data.of(-1), std::out_of_range, Message("sparse_interactions: user must be in 0..1, got -1"));
  CHECK_THROWS_MATCHES(build({{.user = 2}}), std::out_of_range,
                       Message("sparse_interactions: event 0: user must be in 0..1, got 2"));
  CHECK_THROWS_MATCHES(build({{}, {.item = -1}}), std::out_of_range,
                       Message("sparse_interactions: event 1: item must be in 0..1, got -1"));
  CHECK_THROWS_MATCHES(build({{.value = std::nan("")}}), reco::invalid_argument,
                       Message("sparse_interactions: event 0: value must be finite, got nan"));
}

TEST_CASE("a merged value that the scalar cannot hold is named") {
  const reco::shape s{.users = 2, .items = 2};
  const double most = std::numeric_limits<double>::max();
  const std::vector<reco::event> sum = {{.user = 1, .value = most}, {.user = 1, .value = most}};
  CHECK_THROWS_MATCHES(reco::sparse_interactions<double>(sum, s), reco::invalid_argument,
                       Message("sparse_interactions: user 1, item 0: the merged value must be finite, got inf"));
  CHECK_NOTHROW(reco::sparse_interactions<double>(sum, s, reco::repeats::max));
  CHECK_THROWS_MATCHES(reco::sparse_interactions<float>(sum, s, reco::repeats::max), reco::invalid_argument,
                       Message("sparse_interactions: user 1, item 0: the merged value must be finite, got inf"));
}
