// SPDX-License-Identifier: MIT
#include "reco/base/instant.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

reco::instant at(std::int64_t seconds) { return reco::instant(std::chrono::seconds(seconds)); }

reco::instant read(const std::string& text) {
  reco::instant t = at(-1);
  CAPTURE(text);
  REQUIRE(reco::parse_instant(text, t));
  return t;
}

}  // namespace

TEST_CASE("a moment is read as ISO 8601 in UTC, in whole seconds, or as the latest") {
  CHECK(read("1970-01-01") == at(0));
  CHECK(read("1970-01-01T00:00:01Z") == at(1));
  CHECK(read("1969-12-31 23:59:59") == at(-1));
  CHECK(read("2005-12-08T07:46:43Z") == at(1134028003));  // the epoch of reddit's source
  CHECK(read("2001-09-09T01:46:40") == at(1000000000));   // `date -u -d @1000000000`
  CHECK(read("2000-02-29T12:30") == at(951827400));
  CHECK(read("1000000000") == at(1000000000));
  CHECK(read("-5") == at(-5));
  CHECK(read("latest") == reco::latest);
}

TEST_CASE("what is no moment is refused and changes nothing") {
  const std::string bad[] = {"",
                             "now",
                             "2016-13-01",
                             "2016-00-01",
                             "2015-02-29",
                             "2016-1-1",
                             "2016/01/01",
                             "2016-01-01T",
                             "2016-01-01T24:00",
                             "2016-01-01T12:60",
                             "2016-01-01T12:00:60",
                             "2016-01-01T12:00:00+01:00",
                             "2016-01-01Z",
                             "2016-01-01T12:00:00Zx",
                             "12.5",
                             "+5",
                             "99999999999999999999"};
  for (const auto& text : bad) {
    reco::instant t = at(77);
    CAPTURE(text);
    CHECK_FALSE(reco::parse_instant(text, t));
    CHECK(t == at(77));
  }
}

TEST_CASE("a moment is written as it is read") {
  CHECK(reco::instant_text(at(0)) == "1970-01-01T00:00:00Z");
  CHECK(reco::instant_text(at(951827400)) == "2000-02-29T12:30:00Z");
  CHECK(reco::instant_text(at(-1)) == "1969-12-31T23:59:59Z");
  CHECK(reco::instant_text(read("0000-01-01")) == "0000-01-01T00:00:00Z");
  CHECK(reco::instant_text(read("9999-12-31T23:59:59")) == "9999-12-31T23:59:59Z");
  CHECK(reco::instant_text(reco::latest) == "latest");
  reco::random_engine random(11);
  for (const std::int64_t range : {std::int64_t{1000}, std::int64_t{1} << 33, std::int64_t{1} << 62}) {
    for (int n = 0; n < 300; ++n) {
      const auto t = at(reco::uniform_index(random, range) - range / 2);
      CHECK(read(reco::instant_text(t)) == t);
    }
  }
}
