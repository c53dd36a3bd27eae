// SPDX-License-Identifier: MIT
#include "reco/base/duration.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

template <class Duration>
std::optional<Duration> parsed(std::string_view text) {
  Duration out(77);
  if (reco::parse_duration(text, out)) return out;
  CHECK(out == Duration(77));
  return std::nullopt;
}

}  // namespace

TEST_CASE("durations are read with one unit") {
  using std::chrono::seconds;
  CHECK(parsed<seconds>("90") == 90s);
  CHECK(parsed<seconds>("90s") == 90s);
  CHECK(parsed<seconds>("15m") == 15min);
  CHECK(parsed<seconds>("36h") == 36h);
  CHECK(parsed<seconds>("3d") == 72h);
  CHECK(parsed<seconds>("2w") == 336h);
  CHECK(parsed<seconds>("1.5d") == 36h);
  CHECK(parsed<seconds>("-3h") == -3h);
  CHECK(parsed<seconds>("0") == 0s);
  CHECK(parsed<reco::half_life_t>("0.5s") == reco::half_life_t(0.5));
  CHECK(parsed<reco::half_life_t>("never") == reco::never);
}

TEST_CASE("a decimal fraction that is a whole number of ticks is read as that number") {
  // 1.1 * 3600 is 3960.0000000000005 in double.
  CHECK(parsed<std::chrono::seconds>("1.1h") == 3960s);
  CHECK(parsed<std::chrono::milliseconds>("0.001") == 1ms);
  for (int tenths = 1; tenths < 1000; ++tenths) {
    CAPTURE(tenths);
    const auto text = std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
    CHECK(parsed<std::chrono::seconds>(text + 'h') == tenths * 360s);
    CHECK(parsed<std::chrono::seconds>(text + 'w') == tenths * 60480s);
  }
}

TEST_CASE("what is no duration is refused and changes nothing") {
  for (const std::string text : {"", "h", "3x", "3hh", "3 h", " 3h", "h3", "+3h", "three", "Never", "inf", "-inf",
                                 "nan", "infs", "1e999", "0x10", "3d12h"}) {
    CAPTURE(text);
    CHECK_FALSE(parsed<reco::half_life_t>(text));
    CHECK_FALSE(parsed<std::chrono::seconds>(text));
  }
  CHECK_FALSE(parsed<reco::half_life_t>("1e308w"));
}

TEST_CASE("what does not fit the duration's ticks is refused") {
  CHECK_FALSE(parsed<std::chrono::seconds>("1.5"));
  CHECK_FALSE(parsed<std::chrono::minutes>("90s"));
  CHECK_FALSE(parsed<std::chrono::seconds>("never"));
  CHECK_FALSE(parsed<std::chrono::seconds>("9223372036854775808"));
  CHECK_FALSE(parsed<std::chrono::nanoseconds>("1e10s"));
  CHECK(parsed<std::chrono::nanoseconds>("9e9s") == 9'000'000'000s);
}

TEST_CASE("a duration is written with the largest unit that divides it") {
  CHECK(reco::duration_text(0s) == "0s");
  CHECK(reco::duration_text(90s) == "90s");
  CHECK(reco::duration_text(120s) == "2m");
  CHECK(reco::duration_text(36h) == "36h");
  CHECK(reco::duration_text(48h) == "2d");
  CHECK(reco::duration_text(336h) == "2w");
  CHECK(reco::duration_text(-3h) == "-3h");
  CHECK(reco::duration_text(1500ms) == "1.5s");
  CHECK(reco::duration_text(reco::never) == "never");
}

TEST_CASE("a duration that is written reads back as the same duration") {
  std::vector<double> hard = {0, 0.1, 1e-7, 5e-324, 1e15, 1e20, 1e300, 1e18 + 128, 604800 * 1e15, -0.3, 1.0 / 3};
  reco::random_engine random(11);
  for (int n = 0; n < 2000; ++n) {
    hard.push_back(std::ldexp(reco::normal(random), static_cast<int>(reco::uniform_index(random, 120)) - 60));
    hard.push_back(static_cast<double>(reco::uniform_index(random, 100000) * 60));
  }
  for (const double seconds : hard) {
    const reco::half_life_t value(seconds);
    CAPTURE(seconds, reco::duration_text(value));
    CHECK(parsed<reco::half_life_t>(reco::duration_text(value)) == value);
  }
  for (int n = 0; n < 2000; ++n) {
    const std::chrono::milliseconds value(reco::uniform_index(random, 1'000'000'000'000) - 500'000'000'000);
    CAPTURE(value.count(), reco::duration_text(value));
    CHECK(parsed<std::chrono::milliseconds>(reco::duration_text(value)) == value);
  }
}

TEST_CASE("decay halves every half-life and is one for the present and the future") {
  CHECK(reco::decay(0s, 1h) == 1);
  CHECK(reco::decay(1h, 1h) == 0.5);
  CHECK(reco::decay(72h, 24h) == 0.125);
  CHECK(reco::decay(-5h, 1h) == 1);
  CHECK(reco::decay(1h, reco::never) == 1);
  CHECK(reco::decay(24h * 365 * 20, 15min) == 0);
}

TEST_CASE("decaying twice is decaying for the sum") {
  for (const int a : {1, 100, 5000})
    for (const int b : {7, 3600}) {
      const reco::half_life_t half_life(1234.5);
      const double twice =
          reco::decay(std::chrono::seconds(a), half_life) * reco::decay(std::chrono::seconds(b), half_life);
      CHECK_THAT(reco::decay(std::chrono::seconds(a + b), half_life),
                 WithinRel(twice, 8 * std::numeric_limits<double>::epsilon()));
    }
}
