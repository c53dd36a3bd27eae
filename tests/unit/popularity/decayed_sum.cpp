// SPDX-License-Identifier: MIT
#include "reco/popularity/decayed_sum.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/instant.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

struct addition {
  double value = 1;
  std::int64_t time = 0;
};

/// The decayed sum written out in long double, and the bound on its error that the header promises: (m + 8) 2^-53
/// for each value, m being the number of additions after it.
struct written_out {
  long double sum = 0, error = 0;
  written_out(const std::vector<addition>& additions, long double half_life, std::int64_t now) {
    for (std::size_t n = 0; n < additions.size(); ++n) {
      const long double left =
          additions[n].value * std::exp2(-static_cast<long double>(now - additions[n].time) / half_life);
      sum += left;
      error += std::abs(left) * (static_cast<long double>(additions.size() - 1 - n) + 8) * 0x1p-53L;
    }
  }
};

reco::decayed_sum sum_of(const std::vector<addition>& additions, reco::half_life_t half_life) {
  reco::decayed_sum sum;
  for (const auto& a : additions) sum.add(a.value, reco::growth_at(at(a.time), half_life));
  return sum;
}

}  // namespace

TEST_CASE("growth is 2 to the power of half-lives since 1970") {
  for (const reco::half_life_t h : {reco::half_life_t(1), reco::half_life_t(900), reco::half_life_t(0.37)}) {
    for (const std::int64_t t : {0, 1, 7, 899, 900, 901, -1, -900, -12345, 5000}) {
      const auto g = reco::growth_at(at(t), h);
      const long double half_lives = static_cast<long double>(t) / static_cast<long double>(h.count());
      const long double fraction = half_lives - static_cast<long double>(g.exponent);
      CAPTURE(h.count(), t);
      CHECK(g.factor > 0.999999);
      CHECK(g.factor < 2.000001);
      CHECK_THAT(g.factor, WithinRel(static_cast<double>(std::exp2(fraction)), rounding<double>(4)));
    }
  }
}

TEST_CASE("a half-life later growth is exactly twice as large, in a hundred million years as well") {
  reco::random_engine random(3);
  for (int n = 0; n < 1000; ++n) {
    const std::int64_t h = 1 + reco::uniform_index(random, 1000000);
    const std::int64_t t = reco::uniform_index(random, 1LL << 53) - (1LL << 52);
    const auto g = reco::growth_at(at(t), std::chrono::seconds(h));
    const auto later = reco::growth_at(at(t + h), std::chrono::seconds(h));
    CAPTURE(h, t);
    CHECK(later.factor == g.factor);
    CHECK(later.exponent == g.exponent + 1);
  }
}

TEST_CASE("where nothing fades, growth is 1") {
  const auto g = reco::growth_at(at(1700000000), reco::never);
  CHECK(g.factor == 1);
  CHECK(g.exponent == 0);
}

TEST_CASE("a moment beyond all bounds is refused") {
  CHECK_THROWS_MATCHES(
      reco::growth_at(at(2000000000), 1e-8s), reco::invalid_argument,
      Message("time must be within 2^53 seconds and half-lives of 1970, got 2033-05-18T03:33:20Z and a half_life "
              "of 1e-08s"));
  CHECK_THROWS_AS(reco::growth_at(reco::instant::min(), 1h), reco::invalid_argument);
}

TEST_CASE("a decayed sum is the sum written out, in whatever order its events come") {
  const std::uint64_t seed = 19;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const int size : {0, 1, 7, 8, 9, 1000}) {
    for (const double half_life : {1.0, 900.0, 86400.0, 1234.567}) {
      std::vector<addition> additions;
      for (int n = 0; n < size; ++n)
        additions.push_back({.value = reco::normal(random), .time = 1700000000 + reco::uniform_index(random, 20000)});
      const std::int64_t now = 1700000000 + 20000;
      const written_out expected(additions, half_life, now);
      const auto sum = sum_of(additions, reco::half_life_t(half_life));
      CAPTURE(size, half_life);
      CHECK_THAT(sum.at(reco::growth_at(at(now), reco::half_life_t(half_life))),
                 WithinAbs(static_cast<double>(expected.sum), static_cast<double>(expected.error)));
    }
  }
}

TEST_CASE("after a billion seconds the sum is as exact as at first") {
  reco::random_engine random(2);
  for (const double half_life : {900.0, 3600.0, 604800.0}) {
    std::vector<addition> additions;
    std::int64_t t = 700000000;  // 1992
    while (t < 1700000000) {     // 2023
      additions.push_back({.value = 1, .time = t});
      t += 1 + static_cast<std::int64_t>(reco::exponential(random) * half_life / 3);
    }
    const auto sum = sum_of(additions, reco::half_life_t(half_life));
    const std::int64_t now = additions.back().time + 1;
    const written_out expected(additions, half_life, now);
    const double got = sum.at(reco::growth_at(at(now), reco::half_life_t(half_life)));
    CAPTURE(half_life, additions.size());
    CHECK_THAT(got, WithinAbs(static_cast<double>(expected.sum), static_cast<double>(expected.error)));
    CHECK_THAT(got, WithinRel(static_cast<double>(expected.sum), 1e-14));  // no drift: it holds some 5 events
  }
}

TEST_CASE("a fixed landmark overflows within twenty years, a decayed sum does not") {
  const reco::half_life_t half_life = 24h;
  const std::int64_t first = 789652009, last = 1476640644;  // 1995-01-09 and 2016-10-16: MovieLens' times
  double fixed = 0;
  reco::decayed_sum sum;
  for (std::int64_t t = first; t <= last; t += 3600) {
    fixed += std::exp2(static_cast<double>(t - first) / half_life.count());
    sum.add(1, reco::growth_at(at(t), half_life));
  }
  CHECK(std::isinf(fixed));
  // One event an hour: 1 / (1 - 2^(-1/24)).
  CHECK_THAT(sum.at(reco::growth_at(at(last - (last - first) % 3600), half_life)),
             WithinRel(1 / (1 - std::exp2(-1.0 / 24)), 1e-13));
}

TEST_CASE("what is taken back at its own time is gone") {
  const auto g = reco::growth_at(at(1234567891), 777s);
  reco::decayed_sum sum;
  sum.add(1, g);
  sum.add(0.1, g);
  sum.add(-1, g);
  sum.add(-0.1, g);
  CHECK_THAT(sum.at(g), WithinAbs(0, rounding<double>(12)));
  reco::decayed_sum alone;
  alone.add(3.7, g);
  alone.add(-3.7, g);
  CHECK(alone.at(g) == 0);
  CHECK_FALSE(alone.positive());
  alone.add(1, reco::growth_at(at(-5000000000), 777s));  // nothing is left that could drown it
  CHECK(alone.positive());
}

TEST_CASE("gaps of any length neither overflow nor lose the new") {
  reco::decayed_sum sum;
  for (const std::int64_t t : std::vector<std::int64_t>{-4000000000000, -5, 0, 3000000, 4000000000000}) {
    sum.add(2, reco::growth_at(at(t), 1s));
    CHECK(sum.at(reco::growth_at(at(t), 1s)) >= 2);
    CHECK(sum.at(reco::growth_at(at(t), 1s)) < 2.1);
  }
  const auto long_after = reco::growth_at(at(4000000000000 + 5000), 1s);
  CHECK(sum.at(long_after) == 0);
  CHECK(sum.positive());  // underflow is of the answer, not of the sum: the order is still known
}

TEST_CASE("sums compare as they are, however far apart their times and whatever their sign") {
  const auto one = [](double value, std::int64_t t) {
    reco::decayed_sum s;
    s.add(value, reco::growth_at(at(t), 1s));
    return s;
  };
  // By the exact key: the sign, then log2 |value| + t.
  const std::vector<addition> points = {{1, 0},       {2, 0},      {1, 1},          {1.5, 0},       {1, 5000},
                                        {1e200, 0},   {1e-200, 0}, {1e-200, 1400},  {1, -5000},     {-1, 0},
                                        {-1, 5000},   {-2, 0},     {1e-250, 90000}, {1e250, 88000}, {-1e250, -88000},
                                        {3, 1 << 30}, {2, 1 << 30}};
  for (const auto& a : points) {
    for (const auto& b : points) {
      const auto key = [](const addition& x) {
        const long double magnitude = std::log2(std::abs(static_cast<long double>(x.value))) + x.time;
        return x.value > 0 ? magnitude + 1e12L : -magnitude - 1e12L;
      };
      const auto first = one(a.value, a.time), second = one(b.value, b.time);
      CAPTURE(a.value, a.time, b.value, b.time);
      CHECK((first < second) == (key(a) < key(b)));
    }
  }
  CHECK(one(-1, 0) < reco::decayed_sum());
  CHECK(reco::decayed_sum() < one(1e-250, -90000));
  CHECK_FALSE(reco::decayed_sum() < reco::decayed_sum());
  // 2 at t and 1 at t + 1 s are the same number in other units.
  CHECK_FALSE(one(2, 0) < one(1, 1));
  CHECK_FALSE(one(1, 1) < one(2, 0));
}

TEST_CASE("what cannot be added is named") {
  using reco::detail::check_addition;
  CHECK_NOTHROW(check_addition("x", {.item = 0, .value = -1e250, .time = at(0)}, 1s));
  CHECK_THROWS_MATCHES(check_addition("x", {.item = -1}, 1s), std::out_of_range,
                       Message("x: item must be at least 0, got -1"));
  CHECK_THROWS_MATCHES(check_addition("x", {.value = std::numeric_limits<double>::quiet_NaN()}, 1s, 7),
                       reco::invalid_argument, Message("x: event 7: value must be in -1e250..1e250, got nan"));
  CHECK_THROWS_MATCHES(check_addition("x", {.value = 1e251}, 1s), reco::invalid_argument,
                       Message("x: value must be in -1e250..1e250, got 1e+251"));
  CHECK_THROWS_MATCHES(
      check_addition("x", {.time = at(1LL << 60)}, 2s, 0), reco::invalid_argument,
      Message("x: event 0: time must be within 2^53 seconds and half-lives of 1970, got 1152921504606846976 and a "
              "half_life of 2s"));
}
