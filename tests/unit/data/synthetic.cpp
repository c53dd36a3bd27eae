// SPDX-License-Identifier: MIT
#include "reco/data/synthetic.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include <Eigen/SVD>

#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

using pairs = std::set<std::pair<std::int32_t, std::int32_t>>;

pairs pairs_of(const std::vector<reco::event>& log) {
  pairs out;
  for (const auto& e : log) out.emplace(e.user, e.item);
  return out;
}

/// How often each of n blocks has been given out.
std::vector<int> block_sizes(const std::vector<std::int32_t>& blocks, int n) {
  std::vector<int> out(static_cast<std::size_t>(n));
  for (const auto b : blocks) ++out.at(static_cast<std::size_t>(b));
  return out;
}

template <class Problem>
bool fits_its_shape(const Problem& p) {
  return std::all_of(p.events.begin(), p.events.end(), [&](const reco::event& e) {
    return e.user >= 0 && e.user < p.shape.users && e.item >= 0 && e.item < p.shape.items && std::isfinite(e.value);
  });
}

}  // namespace

TEST_CASE("a checkerboard tells every pair of one color but the diagonal") {
  const auto size = GENERATE(1, 2, 7, 8, 50);
  const auto p = reco::checkerboard(size);
  CHECK(p.shape == reco::shape{.users = size, .items = size});
  pairs told, withheld;
  for (std::int32_t u = 0; u < size; ++u)
    for (std::int32_t i = 0; i < size; ++i)
      if ((u - i) % 2 == 0) (u == i ? withheld : told).emplace(u, i);
  CHECK(pairs_of(p.events) == told);
  CHECK(p.events.size() == told.size());
  CHECK(pairs_of(p.withheld) == withheld);
  CHECK(p.withheld.size() == static_cast<std::size_t>(size));
}

TEST_CASE("planted blocks of probability one and zero are separate cliques") {
  const auto p = reco::planted_blocks({.users = 31, .items = 17, .blocks = 3, .seed = 4});
  const auto told = pairs_of(p.events);
  for (std::int32_t u = 0; u < 31; ++u)
    for (std::int32_t i = 0; i < 17; ++i)
      CHECK(told.contains({u, i}) ==
            (p.block_of_user[static_cast<std::size_t>(u)] == p.block_of_item[static_cast<std::size_t>(i)]));
}

TEST_CASE("planted blocks are nearly equal in size and shuffled") {
  const auto p = reco::planted_blocks({.users = 31, .items = 17, .blocks = 3, .seed = 4});
  auto users = block_sizes(p.block_of_user, 3);
  auto items = block_sizes(p.block_of_item, 3);
  std::sort(users.begin(), users.end());
  std::sort(items.begin(), items.end());
  CHECK(users == std::vector<int>{10, 10, 11});
  CHECK(items == std::vector<int>{5, 6, 6});
  CHECK_FALSE(std::is_sorted(p.block_of_user.begin(), p.block_of_user.end()));
  CHECK(p.block_of_user != reco::planted_blocks({.users = 31, .items = 17, .blocks = 3, .seed = 5}).block_of_user);
}

TEST_CASE("planted blocks have the stated density inside and outside") {
  const auto p = reco::planted_blocks({.users = 200, .items = 150, .blocks = 5, .inside = 0.4, .outside = 0.05});
  CHECK(fits_its_shape(p));
  double inside = 0, outside = 0;
  for (const auto& e : p.events)
    (p.block_of_user[static_cast<std::size_t>(e.user)] == p.block_of_item[static_cast<std::size_t>(e.item)]
         ? inside
         : outside) += 1;
  const double within = 200 * 30, across = 200 * 120;
  CHECK_THAT(inside / within, WithinAbs(0.4, mean_error(std::sqrt(0.24), within)));
  CHECK_THAT(outside / across, WithinAbs(0.05, mean_error(std::sqrt(0.0475), across)));
}

TEST_CASE("a planted matrix without noise has the stated rank and values") {
  const auto p = reco::planted_low_rank({.users = 40, .items = 30, .rank = 3, .seed = 2});
  REQUIRE(p.events.size() == 40 * 30);
  reco::matrix<double> table(40, 30);
  for (const auto& e : p.events) {
    table(e.user, e.item) = e.value;
    CHECK(e.value == p.expected(e.user, e.item));
  }
  CHECK((table - p.user_factors * p.item_factors.transpose()).norm() <= sum_error<double>(6, table.norm() * 4));
  const Eigen::VectorXd singular = Eigen::JacobiSVD<Eigen::MatrixXd>(table).singularValues();
  CHECK(singular(2) > 0.1 * singular(0));
  CHECK(singular(3) < sum_error<double>(100, singular(0)));
}

TEST_CASE("planted values have variance one at any rank") {
  for (const int rank : {1, 4, 25}) {
    const auto p = reco::planted_low_rank({.users = 400, .items = 400, .rank = rank, .seed = 6});
    CAPTURE(rank);
    double squares = 0;
    for (const auto& e : p.events) squares += e.value * e.value;
    // tr(X'X Y'Y) / 400²: each of the two factors adds a variance of 2 / (400 rank).
    CHECK_THAT(squares / static_cast<double>(p.events.size()), WithinAbs(1, mean_error(2, 400 * rank)));
  }
}

TEST_CASE("planted values have the stated noise and density") {
  const auto p = reco::planted_low_rank({.users = 300, .items = 200, .rank = 2, .observed = 0.25, .noise = 0.5});
  const auto n = static_cast<double>(p.events.size());
  CHECK_THAT(n / 60000, WithinAbs(0.25, mean_error(std::sqrt(0.1875), 60000)));
  CHECK(pairs_of(p.events).size() == p.events.size());
  double sum = 0, squares = 0;
  for (const auto& e : p.events) {
    const double off = e.value - p.expected(e.user, e.item);
    sum += off;
    squares += off * off;
  }
  CHECK_THAT(sum / n, WithinAbs(0, mean_error(0.5, n)));
  CHECK_THAT(squares / n, WithinAbs(0.25, mean_error(0.25 * std::sqrt(2.0), n)));
}

TEST_CASE("Zipf probabilities fall with the rank and add up to one") {
  const auto p = reco::zipf_popularity({.items = 50, .events = 0, .exponent = 1.3, .seed = 8});
  CHECK(p.events.empty());
  CHECK(p.shape == reco::shape{.users = 100, .items = 50});
  auto sorted = p.probability;
  std::sort(sorted.rbegin(), sorted.rend());
  CHECK(sorted != p.probability);
  CHECK_THAT(std::accumulate(sorted.begin(), sorted.end(), 0.0), WithinAbs(1, sum_error<double>(100, 1)));
  for (std::size_t r = 0; r < 50; ++r)
    CHECK_THAT(sorted[r] / sorted[0], WithinRel(std::pow(static_cast<double>(r + 1), -1.3), 1e-14));
}

TEST_CASE("Zipf events follow their probabilities and favor no user") {
  const auto exponent = GENERATE(0.0, 1.0, 2.0);
  const auto p = reco::zipf_popularity({.users = 20, .items = 30, .events = 60000, .exponent = exponent, .seed = 9});
  REQUIRE(p.events.size() == 60000);
  CHECK(fits_its_shape(p));
  std::vector<double> items(30), users(20);
  for (const auto& e : p.events) {
    ++items[static_cast<std::size_t>(e.item)];
    ++users[static_cast<std::size_t>(e.user)];
  }
  double items_off = 0, users_off = 0;
  for (std::size_t i = 0; i < 30; ++i)
    items_off += std::pow(items[i] - 60000 * p.probability[i], 2) / (60000 * p.probability[i]);
  for (const double n : users) users_off += std::pow(n - 3000, 2) / 3000;
  CHECK(items_off < chi_square_limit(29));
  CHECK(users_off < chi_square_limit(19));
  for (std::size_t n = 0; n < 100; ++n) CHECK(p.events[n].time == reco::instant(std::chrono::seconds(n)));
}

TEST_CASE("drifting readers turn to another topic in the middle half of the time") {
  const reco::drifting_readers_options o{.readers = 101, .drifting = 0.3, .span = 400h, .seed = 3};
  const auto p = reco::drifting_readers(o);
  REQUIRE(p.readers.size() == 101);
  int drifters = 0;
  for (const auto& r : p.readers) {
    CHECK((r.topic >= 0 && r.topic < 6 && r.later_topic >= 0 && r.later_topic < 6));
    CHECK(r.drifts.has_value() == (r.topic != r.later_topic));
    if (!r.drifts) continue;
    ++drifters;
    CHECK((*r.drifts >= reco::instant(100h) && *r.drifts < reco::instant(300h)));
    CHECK(r.topic_at(*r.drifts - 1s) == r.topic);
    CHECK(r.topic_at(*r.drifts) == r.later_topic);
  }
  CHECK(drifters == 30);
}

TEST_CASE("readers read what they are after with the stated focus before and after they drift") {
  const reco::drifting_readers_options o{
      .readers = 200, .items = 40, .topics = 6, .reads_per_reader = 100, .focus = 0.7};
  const auto p = reco::drifting_readers(o);
  CHECK(fits_its_shape(p));
  CHECK(p.events.size() == 200 * 100);
  CHECK(block_sizes(p.topic_of_item, 6) == std::vector<int>{7, 7, 7, 7, 6, 6});
  CHECK(std::is_sorted(p.events.begin(), p.events.end(), [](const auto& a, const auto& b) { return a.time < b.time; }));
  CHECK((p.events.front().time >= reco::instant{} && p.events.back().time < reco::instant(o.span)));
  std::vector<int> reads(200);
  double hits[2] = {}, expected[2] = {}, total[2] = {};
  for (const auto& e : p.events) {
    ++reads[static_cast<std::size_t>(e.user)];
    const auto& reader = p.readers[static_cast<std::size_t>(e.user)];
    const auto topic = reader.topic_at(e.time);
    const std::size_t drifted = reader.drifts && e.time >= *reader.drifts ? 1 : 0;
    total[drifted] += 1;
    hits[drifted] += p.topic_of_item[static_cast<std::size_t>(e.item)] == topic ? 1 : 0;
    expected[drifted] += 0.7 + 0.3 * (topic < 4 ? 7 : 6) / 40;
  }
  CHECK(reads == std::vector<int>(200, 100));
  for (const std::size_t d : {0U, 1U}) {
    CAPTURE(d, total[d]);
    CHECK(total[d] > 1000);
    CHECK_THAT(hits[d] / total[d], WithinAbs(expected[d] / total[d], mean_error(0.5, total[d])));
  }
}

TEST_CASE("every problem is the same for the same seed and another for another") {
  const auto differs = [](const auto& make) {
    CHECK(make(1).events == make(1).events);
    CHECK(make(1).events != make(2).events);
  };
  differs([](std::uint64_t s) { return reco::planted_blocks({.inside = 0.5, .seed = s}); });
  differs([](std::uint64_t s) { return reco::planted_low_rank({.seed = s}); });
  differs([](std::uint64_t s) { return reco::zipf_popularity({.events = 100, .seed = s}); });
  differs([](std::uint64_t s) { return reco::drifting_readers({.seed = s}); });
}

TEST_CASE("options out of range are named by their problem") {
  CHECK_THROWS_MATCHES(reco::checkerboard(0), reco::invalid_argument,
                       Message("checkerboard: size must be at least 1, got 0"));
  CHECK_THROWS_MATCHES(reco::planted_blocks({.inside = 1.5}), reco::invalid_argument,
                       Message("planted_blocks: inside must be at most 1, got 1.5"));
  CHECK_THROWS_MATCHES(reco::planted_low_rank({.rank = 0}), reco::invalid_argument,
                       Message("planted_low_rank: rank must be at least 1, got 0"));
  CHECK_THROWS_MATCHES(reco::zipf_popularity({.events = -1}), reco::invalid_argument,
                       Message("zipf_popularity: events must be at least 0, got -1"));
  CHECK_THROWS_MATCHES(reco::drifting_readers({.topics = 1}), reco::invalid_argument,
                       Message("drifting_readers: topics must be at least 2, got 1"));
  CHECK_THROWS_MATCHES(reco::drifting_readers({.items = 5}), reco::invalid_argument,
                       Message("drifting_readers: items must be at least topics, 6, got 5"));
  CHECK_THROWS_MATCHES(reco::drifting_readers({.span = 1s}), reco::invalid_argument,
                       Message("drifting_readers: span must be at least 2s, got 1s"));
}
