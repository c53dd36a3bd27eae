// SPDX-License-Identifier: MIT
#include "reco/data/event_log.hpp"

#include <chrono>
#include <string>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("a report counts skipped rows by reason, keeps the first three examples and asks for no others") {
  reco::import_report report;
  CHECK(report.rows() == 0);
  CHECK(report.rows_skipped() == 0);

  int asked = 0;
  for (int n = 1; n <= 5; ++n)
    report.skip("item not listed", [&] {
      ++asked;
      return "reads.csv:" + std::to_string(n) + ": 'a9'";
    });
  report.skip("item listed before", [] { return std::string("articles.csv:3: 'a1'"); });
  report.files = {{.file = "articles.csv", .rows = 10}, {.file = "reads.csv", .rows = 32}};

  CHECK(asked == 3);
  REQUIRE(report.skipped.size() == 2);
  CHECK(report.skipped[0].reason == "item not listed");
  CHECK(report.skipped[0].rows == 5);
  CHECK(report.skipped[0].examples ==
        std::vector<std::string>{"reads.csv:1: 'a9'", "reads.csv:2: 'a9'", "reads.csv:3: 'a9'"});
  CHECK(report.skipped[1].reason == "item listed before");
  CHECK(report.skipped[1].rows == 1);
  CHECK(report.rows_skipped() == 6);
  CHECK(report.rows() == 42);
}

TEST_CASE("the shape of a log is that of its ids, also those without an event") {
  reco::event_log log;
  CHECK(log.shape() == reco::shape{});
  log.users.add("ann");
  for (const char* id : {"a1", "a2", "a3"}) log.items.add(id);
  log.events = {{.user = 0, .item = 1}};
  CHECK(log.shape() == reco::shape{.users = 1, .items = 3});
}

TEST_CASE("a log knows whether it has times and texts") {
  reco::event_log log;
  CHECK_FALSE(log.has_times());
  CHECK_FALSE(log.has_texts());
  log.events = {{.user = 0, .item = 0}, {.user = 0, .item = 1}};
  log.texts = {"", ""};
  CHECK_FALSE(log.has_times());
  CHECK_FALSE(log.has_texts());
  log.events[1].time = reco::instant(std::chrono::seconds(1));
  log.texts[1] = "words";
  CHECK(log.has_times());
  CHECK(log.has_texts());
}
