// SPDX-License-Identifier: MIT
#include "reco/io/time.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// Seconds since 1970; -1 if it is no time.
std::int64_t seconds(const std::string& text) {
  CAPTURE(text);
  const auto t = reco::parse_time(text);
  return t ? t->time_since_epoch().count() : -1;
}

std::string shown(std::int64_t seconds) { return reco::format_time(reco::instant(std::chrono::seconds(seconds))); }

}  // namespace

// The seconds are those of `date -u -d TEXT +%s` (GNU coreutils).

TEST_CASE("whole numbers are seconds, and milliseconds from 10^11 on") {
  CHECK(seconds("0") == 0);
  CHECK(seconds("881250949") == 881250949);
  CHECK(seconds("1465413032") == 1465413032);
  CHECK(seconds("99999999999") == 99999999999);
  CHECK(seconds("100000000000") == 100000000);
  CHECK(seconds("1465413032000") == 1465413032);
  CHECK(seconds("1465413032999") == 1465413032);
  CHECK(seconds("99999999999999") == 99999999999);
  CHECK(seconds("-86400") == -86400);
  CHECK(seconds("-1000000000001") == -1000000001);  // rounded down, as everywhere before 1970
}

TEST_CASE("fractions of a second are dropped") {
  CHECK(seconds("1465413032.0") == 1465413032);
  CHECK(seconds("1465413032.999") == 1465413032);
  CHECK(seconds("-1.0") == reco::parse_time("-1")->time_since_epoch().count());
  CHECK(seconds("-1.5") == -2);
  CHECK(seconds("2016-06-08T19:10:32.999Z") == 1465413032);
  CHECK(seconds("2016-06-08T19:10:32,5") == 1465413032);
  CHECK(seconds("2016-06-08 19:10:32.123456789+00:00") == 1465413032);
}

TEST_CASE("dates and times of ISO 8601 are read, in UTC unless they bring an offset") {
  CHECK(seconds("1970-01-01") == 0);
  CHECK(seconds("2016-03-14") == 1457913600);
  CHECK(seconds("2016-03-14T10:20") == 1457950800);
  CHECK(seconds("2016-03-14T10:20Z") == 1457950800);
  CHECK(seconds("2016-03-14 10:20:30") == 1457950830);
  CHECK(seconds("2016-03-14t10:20:30z") == 1457950830);
  CHECK(seconds("2016-03-14T10:20:30Z") == 1457950830);
  CHECK(seconds("2016-03-14T10:20:30+01:00") == 1457947230);
  CHECK(seconds("2016-03-14T10:20:30-0330") == 1457963430);
  CHECK(seconds("2016-03-14T10:20:30+01") == 1457947230);
  CHECK(seconds("2016-03-14T10:20+05:30") == 1457931000);
  CHECK(seconds("2016-02-29T23:59:59-23:59") == 1456876739);
  CHECK(seconds("1969-12-31T23:59:58Z") == -2);
}

TEST_CASE("what is no time is nothing") {
  for (const std::string text : {"",
                                 " ",
                                 "yesterday",
                                 "latest",
                                 "+5",
                                 "12.",
                                 "1.5x",
                                 "1e9",
                                 "nan",
                                 "-",
                                 "--5",
                                 "100000000000000",
                                 "99999999999999999999",
                                 "2015-02-29",
                                 "2016-13-01",
                                 "2016-3-14",
                                 "2016/03/14",
                                 "14-03-2016",
                                 "2016-03-14T",
                                 "2016-03-14Z",
                                 "2016-03-14+01:00",
                                 "2016-03-14T10",
                                 "2016-03-14T24:00",
                                 "2016-03-14T10:20:60",
                                 "2016-03-14T10:20:3",
                                 "2016-03-14T10:20:30.",
                                 "2016-03-14T10:20.5",
                                 "2016-03-14T10:20:30+1",
                                 "2016-03-14T10:20:30+24:00",
                                 "2016-03-14T10:20:30+01:60",
                                 "2016-03-14T10:20:30+01:00Z",
                                 "2016-03-14T10:20:30ZZ",
                                 "2016-03-14T10:20:30 Z",
                                 " 2016-03-14",
                                 "2016-03-14 ",
                                 "12016-03-14",
                                 "2016-03-14T10:20:30+",
                                 "2016-03-14T-1:20"}) {
    CAPTURE(text);
    CHECK_FALSE(reco::parse_time(text).has_value());
  }
}

TEST_CASE("times are shown to the minute") {
  CHECK(shown(0) == "1970-01-01 00:00");
  CHECK(shown(1457950859) == "2016-03-14 10:20");
  CHECK(shown(-1) == "1969-12-31 23:59");
  CHECK(shown(253402300800) == "253402300800");  // the year 10000
}

TEST_CASE("a shown time is read back, to the minute") {
  constexpr std::uint64_t seed = 4;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (int n = 0; n < 1000; ++n) {
    const std::int64_t t = 60 * (reco::uniform_index(random, 200'000'000) - 100'000'000);
    CHECK(seconds(shown(t)) == t);
    CHECK(seconds(reco::instant_text(reco::instant(std::chrono::seconds(t + 7)))) == t + 7);
  }
}

TEST_CASE("mutated times are read or refused, and never lie outside the years that can be written") {
  constexpr std::uint64_t seed = 5;
  CAPTURE(seed);
  reco::random_engine random(seed);
  const std::string samples[] = {"1465413032123", "2016-03-14", "2016-03-14T10:20:30.25+01:00", "-12.5"};
  const std::string bytes = "0123456789-+:.,TZz x";
  int good = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = samples[reco::uniform_index(random, 4)];
    for (auto edits = 1 + reco::uniform_index(random, 3); edits > 0 && !text.empty(); --edits) {
      const auto at = static_cast<std::size_t>(reco::uniform_index(random, std::ssize(text)));
      const char byte = bytes[static_cast<std::size_t>(reco::uniform_index(random, std::ssize(bytes)))];
      switch (reco::uniform_index(random, 4)) {
        case 0: text[at] = byte; break;
        case 1: text.insert(at, 1, byte); break;
        case 2: text.erase(at, 1); break;
        default: text.resize(at);
      }
    }
    if (const auto t = reco::parse_time(std::string(text))) {
      ++good;
      CAPTURE(text);
      REQUIRE(t->time_since_epoch().count() < 253402300800 + 86400);
    }
  }
  CHECK(good > 1000);
}
