// SPDX-License-Identifier: MIT
#include "reco/popularity/decayed_counts.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/instant.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

/// The same sums in a map, every answer by looking at all of them.
struct naive_counts {
  std::map<std::int32_t, reco::decayed_sum> sums = {};

  void add(const reco::event& e, reco::half_life_t half_life) {
    sums[e.item].add(e.value, reco::growth_at(e.time, half_life));
  }
  std::vector<std::int32_t> best(std::size_t k, const std::vector<std::int32_t>& excluded) const {
    std::vector<reco::decayed_counts::standing> all;
    for (const auto& [item, sum] : sums)
      if (sum.positive() && !std::binary_search(excluded.begin(), excluded.end(), item)) all.push_back({item, sum});
    std::sort(all.begin(), all.end(), reco::decayed_counts::better);
    std::vector<std::int32_t> items;
    for (std::size_t n = 0; n < std::min(k, all.size()); ++n) items.push_back(all[n].item);
    return items;
  }
};

std::vector<std::int32_t> items_of(const std::vector<reco::decayed_counts::standing>& standings) {
  std::vector<std::int32_t> items;
  for (const auto& s : standings) items.push_back(s.item);
  return items;
}

}  // namespace

TEST_CASE("decayed counts keep each item's sum, whatever the items are called") {
  reco::random_engine random(1);
  reco::decayed_counts counts(100s, 3);
  naive_counts naive;
  for (int n = 0; n < 5000; ++n) {
    // Small numbers, multiples of a power of two and the largest there are: hard on a hash.
    const auto name = static_cast<std::int32_t>(reco::uniform_index(random, 400));
    const std::int32_t item = n % 3 == 0   ? name
                              : n % 3 == 1 ? name << 21
                                           : std::numeric_limits<std::int32_t>::max() - name;
    const reco::event e{.item = item, .value = reco::normal(random), .time = at(reco::uniform_index(random, 3000))};
    counts.add(e);
    naive.add(e, 100s);
  }
  REQUIRE(counts.size() == naive.sums.size());
  const auto moment = reco::growth_at(at(3000), 100s);
  for (const auto& [item, sum] : naive.sums) CHECK(counts.at(item, at(3000)) == sum.at(moment));
  CHECK(counts.at(401, at(3000)) == 0);
  CHECK(counts.find(1 << 20) == nullptr);
  CHECK(counts.find(-1) == nullptr);
  std::set<std::int32_t> in_slots;
  for (const auto& s : counts.slots())
    if (s.item >= 0) CHECK(in_slots.insert(s.item).second);
  CHECK(in_slots.size() == counts.size());
}

TEST_CASE("the best are those that a look at every item finds, at any time") {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    const bool takes_back = seed > 2;  // values below 0 make leaders fall
    reco::random_engine random(seed);
    for (const int leaders : {1, 2, 5, 16}) {
      reco::decayed_counts counts(50s, leaders);
      naive_counts naive;
      int told = 0;
      for (int n = 0; n < 3000; ++n) {
        // A few items are hot for a while; equal counts are common.
        const auto item =
            static_cast<std::int32_t>((n / 500 * 7 + reco::uniform_index(random, 1 + reco::uniform_index(random, 60))));
        const double value = takes_back && reco::bernoulli(random, 0.2) ? -2 : 1;
        const reco::event e{.item = item, .value = value, .time = at(n / 4 - reco::uniform_index(random, 30))};
        counts.add(e);
        naive.add(e, 50s);
        if (n % 3 != 0) continue;
        std::vector<std::int32_t> excluded;
        for (int i = 0; i < 70; ++i)
          if (reco::bernoulli(random, n % 2 == 0 ? 0.0 : 0.05)) excluded.push_back(i);
        const auto k = static_cast<std::size_t>(reco::uniform_index(random, leaders + 2));
        const auto best = counts.best(k, excluded);
        CAPTURE(seed, leaders, n, k, excluded);
        if (best) CHECK(items_of(*best) == naive.best(k, excluded));
        if (best) ++told;
        if (!takes_back && excluded.empty() && k <= static_cast<std::size_t>(leaders)) CHECK(best.has_value());
      }
      CHECK(told > 500);
    }
  }
}

TEST_CASE("the leaders tell as many as were asked for, or all there are, or say that they don't know") {
  reco::decayed_counts counts(10s, 4);
  REQUIRE(counts.best(3).has_value());
  CHECK(counts.best(3)->empty());
  for (int item = 0; item < 7; ++item) counts.add({.item = item, .time = at(item)});
  CHECK(items_of(*counts.best(100)) == std::vector<std::int32_t>{6, 5, 4, 3, 2, 1, 0});  // all lead so far
  for (int item = 7; item < 9; ++item) counts.add({.item = item, .time = at(item)});
  CHECK(items_of(*counts.best(4)) == std::vector<std::int32_t>{8, 7, 6, 5});
  CHECK_FALSE(counts.best(100).has_value());
  const std::vector<std::int32_t> excluded = {4, 5, 6, 7, 8};
  CHECK_FALSE(counts.best(4, excluded).has_value());
  CHECK(counts.best(0)->empty());
}

TEST_CASE("an item whose sum is not above 0 is no leader") {
  reco::decayed_counts counts(10s, 2);
  counts.add({.item = 0, .value = 1, .time = at(0)});
  counts.add({.item = 1, .value = -1, .time = at(0)});
  counts.add({.item = 2, .value = 0, .time = at(0)});
  CHECK(items_of(*counts.best(5)) == std::vector<std::int32_t>{0});
  counts.add({.item = 0, .value = -1, .time = at(0)});
  CHECK(counts.best(5)->empty());
  counts.add({.item = 1, .value = 3, .time = at(0)});
  CHECK(items_of(*counts.best(5)) == std::vector<std::int32_t>{1});
}

TEST_CASE("equal counts stand by lower item") {
  reco::decayed_counts counts(10s, 2);
  for (const int item : {9, 3, 7, 1, 5, 8, 2}) counts.add({.item = item, .time = at(100)});
  CHECK(items_of(*counts.best(2)) == std::vector<std::int32_t>{1, 2});
}

TEST_CASE("a moment before the newest addition stands for that, and so does the latest") {
  reco::decayed_counts counts(10s);
  counts.add({.item = 0, .time = at(100)});
  counts.add({.item = 1, .time = at(90)});
  CHECK(counts.at(0, at(50)) == 1);
  CHECK(counts.at(1, at(50)) == 0.5);
  CHECK(counts.at(1, reco::latest) == 0.5);
  CHECK(counts.at(1, at(110)) == 0.25);
  reco::decayed_counts long_ago(10s);
  long_ago.add({.item = 0, .time = at(-1000)});
  CHECK(long_ago.at(0, reco::latest) == 1);
  CHECK(long_ago.at(0, at(-990)) == 0.5);
}

TEST_CASE("what has faded can be forgotten, and the rest stays as it is") {
  reco::decayed_counts counts(10s, 3);
  for (int item = 0; item < 1000; ++item) counts.add({.item = item, .time = at(item)});
  const auto before = counts.bytes();
  CHECK(counts.forget(at(999), 0.5) == 989);  // of item 989 exactly half is left
  CHECK(counts.size() == 11);
  CHECK(counts.bytes() < before / 10);
  CHECK(counts.at(989, at(999)) == 0.5);
  CHECK(counts.at(988, at(999)) == 0);
  CHECK(items_of(*counts.best(3)) == std::vector<std::int32_t>{999, 998, 997});
  CHECK(counts.forget(at(999), 0) == 0);
  counts.add({.item = 5, .value = 9, .time = at(1000)});
  CHECK(items_of(*counts.best(2)) == std::vector<std::int32_t>{5, 999});
  CHECK(counts.forget(at(1000000), 1e-300) == 12);
  CHECK(counts.size() == 0);
  REQUIRE(counts.best(2).has_value());
  CHECK(counts.best(2)->empty());
}

TEST_CASE("what was taken back below 0 is remembered like what stands above") {
  reco::decayed_counts counts(10s);
  counts.add({.item = 0, .value = -5, .time = at(0)});
  counts.add({.item = 1, .value = -0.1, .time = at(0)});
  CHECK(counts.forget(at(0), 0.5) == 1);
  CHECK(counts.at(0, at(0)) == -5);
  CHECK(counts.at(1, at(0)) == 0);
}

TEST_CASE("forgetting leaders leaves an order that is still right") {
  reco::random_engine random(6);
  reco::decayed_counts counts(20s, 4);
  naive_counts naive;
  for (int n = 0; n < 4000; ++n) {
    const reco::event e{.item = static_cast<std::int32_t>(reco::uniform_index(random, 90)), .time = at(n)};
    counts.add(e);
    naive.add(e, 20s);
    if (n % 50 == 0) {
      const double below = n % 100 == 0 ? 0.01 : 0.9;
      counts.forget(at(n), below);
      std::erase_if(naive.sums, [&](const auto& s) { return s.second.at(reco::growth_at(at(n), 20s)) < below; });
    }
    REQUIRE(counts.size() == naive.sums.size());
    if (const auto best = counts.best(3)) CHECK(items_of(*best) == naive.best(3, {}));
  }
}

TEST_CASE("reserved room is room: items stay in their slots") {
  reco::decayed_counts counts(10s);
  counts.reserve(1000);
  const auto generation = counts.generation();
  for (int item = 0; item < 1000; ++item) counts.add({.item = item});
  CHECK(counts.generation() == generation);
  CHECK(counts.size() == 1000);
  counts.reserve(10);
  CHECK(counts.generation() == generation);
  for (int item = 1000; item < 3000; ++item) counts.add({.item = item});
  CHECK(counts.generation() > generation);
}

TEST_CASE("a table takes 32 to 64 bytes an item, once there are many") {
  reco::decayed_counts counts(10s);
  const auto overhead = counts.bytes();
  for (int item = 0; item < 100000; ++item) {
    counts.add({.item = item});
    if (item < 1000) continue;
    const double each = static_cast<double>(counts.bytes() - overhead) / (item + 1);
    if (each < 31 || each > 64) FAIL(each << " bytes an item at " << item);
  }
  CHECK(sizeof(reco::decayed_counts::slot) == 24);
}

TEST_CASE("decayed counts refuse what they cannot count, and nothing changes") {
  CHECK_THROWS_MATCHES(reco::decayed_counts(0s), reco::invalid_argument,
                       Message("decayed_counts: half_life must be above 0, got 0s"));
  CHECK_THROWS_MATCHES(reco::decayed_counts(1s, 0), reco::invalid_argument,
                       Message("decayed_counts: leaders must be at least 1, got 0"));
  reco::decayed_counts counts(1s);
  CHECK_THROWS_MATCHES(counts.add({.item = -3}), std::out_of_range,
                       Message("decayed_counts: item must be at least 0, got -3"));
  CHECK_THROWS_AS(counts.add({.value = std::nan("")}), reco::invalid_argument);
  CHECK_THROWS_AS(counts.add({.time = reco::instant::max()}), reco::invalid_argument);
  CHECK(counts.size() == 0);
}
