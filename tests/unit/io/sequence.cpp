// SPDX-License-Identifier: MIT
#include "reco/io/sequence.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "reco/data/split.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/instant.hpp"
#include "support/memory_files.hpp"

using namespace reco_test;
using Catch::Matchers::Message;

namespace {

reco::event_log read_sequences(const std::string& text) {
  return reco::read_sequences("s.txt", memory_files({{"s.txt", text}}));
}

}  // namespace

TEST_CASE("the time of an event is its place in the line, ids are numbered in their order") {
  const auto log = read_sequences("5 30 10 30\n2 10\n3\n");
  CHECK(log.shape() == reco::shape{.users = 3, .items = 2});
  CHECK(log.events == std::vector<reco::event>{{.user = 2, .item = 1, .time = at(1)},
                                               {.user = 2, .item = 0, .time = at(2)},
                                               {.user = 2, .item = 1, .time = at(3)},
                                               {.user = 0, .item = 0, .time = at(1)}});
  CHECK(log.users.id(1) == "3");
  CHECK(log.titles == std::vector<std::string>{"10", "30"});
  CHECK(log.texts.size() == 2);
  CHECK(log.has_times());
  CHECK(log.report.rows() == 3);
}

TEST_CASE("leaving the last out twice gives test and validation") {
  const auto log = read_sequences("1 1 2 3 4\n");
  const auto test = reco::leave_last_out(log.events);
  const auto tune = reco::leave_last_out(test.train);
  REQUIRE(test.test.size() == 1);
  CHECK(log.items.id(test.test[0].item) == "4");
  REQUIRE(tune.test.size() == 1);
  CHECK(log.items.id(tune.test[0].item) == "3");
  CHECK(tune.train.size() == 2);
}

TEST_CASE("a file of no sequences is an error") {
  CHECK_THROWS_MATCHES(read_sequences("1 2\n\n1 3\n"), reco::parse_error,
                       Message("s.txt:3:1: expected one line for each user, got user 1 again, as in line 1"));
  CHECK_THROWS_MATCHES(read_sequences("1 2\r\n2 3;4\r\n"), reco::parse_error,
                       Message("s.txt:2:3: expected an id, a whole number of at least 0, got '3;4'"));
  CHECK_THROWS_MATCHES(read_sequences(""), reco::parse_error,
                       Message("s.txt: expected lines of a user and their items, got an empty file"));
  CHECK_THROWS_MATCHES(reco::read_sequences("no-such.txt"), reco::parse_error,
                       Message("no-such.txt: expected a file that can be read, got none"));
}

TEST_CASE("Amazon Beauty has its users, items and events") {
  RECO_NEEDS_DATA(file, "amazon-beauty-seq/Beauty.txt");
  const auto log = reco::read_sequences(file);
  CHECK(log.shape() == reco::shape{.users = 22363, .items = 12101});
  CHECK(log.events.size() == 198502);
  CHECK(reco::leave_last_out(log.events).test.size() == 22363);
}
