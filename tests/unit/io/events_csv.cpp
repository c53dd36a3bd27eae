// SPDX-License-Identifier: MIT
#include "reco/io/events_csv.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/instant.hpp"
#include "support/memory_files.hpp"

using namespace reco_test;

namespace {

reco::event_log read_log(const std::string& reads, const reco::events_csv_options& columns = {}) {
  return reco::read_events_csv("reads.csv", columns, {}, memory_files({{"reads.csv", reads}}));
}

reco::event_log read_items(const std::string& items, const reco::items_csv_options& columns = {}) {
  return reco::read_items_csv("articles.csv", columns, memory_files({{"articles.csv", items}}));
}

reco::event_log read_both(const std::string& reads, const std::string& items) {
  return reco::read_events_csv("reads.csv", {}, read_items(items), memory_files({{"reads.csv", reads}}));
}

}  // namespace

TEST_CASE("events are read by the names of their columns, in the order of the file") {
  const auto log = read_log(
      "weight,time,user,article,agent\n"
      "0.5,2016-03-14T10:20:30Z,ann,a1,x\n"
      "1,1457950830,bob,a2,\"y,z\"\n"
      "2,1457950830123,ann,a2,\n");
  CHECK(log.events == std::vector<reco::event>{{.user = 0, .item = 0, .value = 0.5, .time = at(1457950830)},
                                               {.user = 1, .item = 1, .value = 1, .time = at(1457950830)},
                                               {.user = 0, .item = 1, .value = 2, .time = at(1457950830)}});
  CHECK(log.users.id(1) == "bob");
  CHECK(log.items.id(1) == "a2");
  CHECK(log.shape() == reco::shape{.users = 2, .items = 2});
  CHECK(log.titles == std::vector<std::string>{"a1", "a2"});
  CHECK(log.texts == std::vector<std::string>{"", ""});
  CHECK_FALSE(log.vectors.has_value());
  CHECK(log.has_times());
  REQUIRE(log.report.files.size() == 1);
  CHECK(log.report.files[0].file == "reads.csv");
  CHECK(log.report.files[0].rows == 3);
  CHECK(log.report.skipped.empty());
}

TEST_CASE("time and weight may be missing, and an article may be called an item") {
  const auto log = read_log("user;item\nann;a1\nann;a1\n");
  CHECK(log.events == std::vector<reco::event>(2, {.user = 0, .item = 0}));
  CHECK_FALSE(log.has_times());
}

TEST_CASE("a file of a header alone is a log without events") {
  const auto log = read_log("user,article,time\n");
  CHECK(log.events.empty());
  CHECK(log.shape() == reco::shape{});
  CHECK(log.report.rows() == 0);
}

TEST_CASE("other names of columns can be given, and must then be there") {
  const std::string text = "reader\tpage\twhen\tseconds\n7\t8\t1457950830\t90\n";
  const auto log = read_log(text, {.user = "reader", .item = "page", .time = "when", .weight = "seconds"});
  CHECK(log.events == std::vector<reco::event>{{.user = 0, .item = 0, .value = 90, .time = at(1457950830)}});
  const std::string has = ", got the columns 'reader', 'page', 'when', 'seconds'";
  CHECK_THROWS_WITH(read_log(text, {.item = "page"}), "reads.csv:1: expected a column 'user'" + has);
  CHECK_THROWS_WITH(read_log(text, {.user = "reader"}), "reads.csv:1: expected a column 'article'" + has);
  CHECK_THROWS_WITH(read_log(text, {.user = "reader", .item = "page", .time = "at"}),
                    "reads.csv:1: expected a column 'at'" + has);
}

TEST_CASE("a field that is no number or time ends the reading, with its place") {
  CHECK_THROWS_WITH(read_log("user,article,weight\nann,a1,1\nann,a2,much\n"),
                    "reads.csv:3:8: expected a number in column 'weight', got 'much'");
  CHECK_THROWS_AS(read_log("user,article,weight\nann,a1,nan\n"), reco::parse_error);
  CHECK_THROWS_WITH(read_log("user,article,time\nann,a1,\n"), StartsWith("reads.csv:2:8: expected a time ("));
  CHECK_THROWS_WITH(read_log(""), "reads.csv: expected a row with the names of the columns, got an empty file");
}

TEST_CASE("events without user or item are left out and counted") {
  const auto log = read_log("user,article\n,a1\nann,a2\nbob,\n,\n");
  CHECK(log.events == std::vector<reco::event>{{.user = 0, .item = 0}});
  CHECK(log.users.id(0) == "ann");
  CHECK(log.items.id(0) == "a2");
  REQUIRE(log.report.skipped.size() == 2);
  CHECK(log.report.skipped[0].reason == "event without user");
  CHECK(log.report.skipped[0].rows == 2);
  CHECK(log.report.skipped[0].examples == std::vector<std::string>{"reads.csv:2: 'a1'", "reads.csv:5: ''"});
  CHECK(log.report.skipped[1].reason == "event without item");
  CHECK(log.report.skipped[1].examples == std::vector<std::string>{"reads.csv:4: 'bob'"});
  CHECK(log.report.rows() == 4);
}

TEST_CASE("a list gives items their order, titles, texts and vectors") {
  const auto log = read_both("user,article\nann,a3\n",
                             "id,title,text,embedding\n"
                             "a1,One,\"First, of all\",\"[1, 0.5]\"\n"
                             "a2,,words,\n"
                             "a3,Three,,\"[-1 2]\"\n");
  CHECK(log.shape() == reco::shape{.users = 1, .items = 3});
  CHECK(log.events == std::vector<reco::event>{{.user = 0, .item = 2}});
  CHECK(log.titles == std::vector<std::string>{"One", "a2", "Three"});
  CHECK(log.texts == std::vector<std::string>{"One\nFirst, of all", "words", "Three"});
  REQUIRE(log.vectors.has_value());
  CHECK(log.vectors->items() == 3);
  CHECK(log.vectors->rows() == (reco::matrix<float>(3, 2) << 1, 0.5, 0, 0, -1, 2).finished());
  CHECK(log.report.rows() == 4);
  CHECK(log.report.rows_skipped() == 0);
}

TEST_CASE("an article read but not listed is left out and counted") {
  const auto log = read_both("user,article\nann,a1\nann,a9\nbob,a9\nann,a8\nann,a9\n", "id\na1\na2\n");
  CHECK(log.events.size() == 1);
  CHECK(log.users.size() == 1);  // bob read nothing that is listed
  CHECK_FALSE(log.items.find("a9").has_value());
  REQUIRE(log.report.skipped.size() == 1);
  CHECK(log.report.skipped[0].reason == "item not listed");
  CHECK(log.report.skipped[0].rows == 4);
  CHECK(log.report.skipped[0].examples ==
        std::vector<std::string>{"reads.csv:3: 'a9'", "reads.csv:4: 'a9'", "reads.csv:5: 'a8'"});

  CHECK(read_both("user,article\nann,a1\n", "id\n").events.empty());  // a list of nothing is a list
}

TEST_CASE("of an article listed twice the first row counts, and the others are counted") {
  const auto log = read_items("id,title,embedding\na1,One,[1]\na1,Uno,[2]\n,Nobody,[3]\na2,Two,[4]\n");
  CHECK(log.titles == std::vector<std::string>{"One", "Two"});
  CHECK(log.vectors->rows() == (reco::matrix<float>(2, 1) << 1, 4).finished());
  REQUIRE(log.report.skipped.size() == 2);
  CHECK(log.report.skipped[0].reason == "item listed before");
  CHECK(log.report.skipped[0].examples == std::vector<std::string>{"articles.csv:3: 'a1'"});
  CHECK(log.report.skipped[1].reason == "item without id");
  CHECK(log.report.skipped[1].examples == std::vector<std::string>{"articles.csv:4: 'Nobody'"});
}

TEST_CASE("embeddings of unequal lengths or of other things than finite numbers are refused with their place") {
  CHECK_THROWS_WITH(read_items("id,embedding\na1,\"[1, 2]\"\na2,\"[1, 2, 3]\"\n"),
                    "articles.csv:3:4: expected 2 numbers as in the rows before in column 'embedding', got 3");
  CHECK_THROWS_WITH(
      read_items("id,embedding\na1,\"[1, nan]\"\n"),
      "articles.csv:2:4: expected a finite number as entry 2 of the list in column 'embedding', got 'nan'");
  CHECK_THROWS_WITH(read_items("id,embedding\na1,0.5\n"),
                    "articles.csv:2:4: expected a list of numbers in brackets in column 'embedding', got '0.5'");
  CHECK_FALSE(read_items("id,embedding\na1,\na2,[]\n").vectors.has_value());
}

TEST_CASE("G1's articles: 100 of them with vectors of 768 numbers") {
  RECO_NEEDS_DATA(path, "g1-article-embeddings/dataset_rec.csv");
  const auto log = reco::read_items_csv(path, {.id = "url"});
  CHECK(log.items.size() == 100);
  REQUIRE(log.vectors.has_value());
  CHECK(log.vectors->items() == 100);
  CHECK(log.vectors->dimension() == 768);
  CHECK(log.vectors->vector(0)[0] == -0.11886431276798248F);
  CHECK(log.vectors->vector(0)[1] == -0.053146958351135254F);
  CHECK(log.titles[0] ==
        "Maira Cardi ameaça expor 'a verdade' sobre história com mulher de Thiago Silva: 'Não me desafie'");
  CHECK(log.report.rows_skipped() == 0);
}

TEST_CASE("by position, any of the usual separators and no header will do") {
  const reco::events_csv_options by_position{.by_position = true};
  for (const std::string s : {",", "\t", ";", "::"}) {
    const auto log =
        read_log("7" + s + "30" + s + "4.5" + s + "100\n8" + s + "30" + s + "2" + s + "200\n", by_position);
    CHECK(log.events == std::vector<reco::event>{{.user = 0, .item = 0, .value = 4.5, .time = at(100)},
                                                 {.user = 1, .item = 0, .value = 2, .time = at(200)}});
    CHECK(log.users.id(1) == "8");
    CHECK(log.report.files.at(0).rows == 2);
    const auto two = read_log("user" + s + "item\n7" + s + "30\n", by_position);
    CHECK(two.events == std::vector<reco::event>(1, {.user = 0, .item = 0}));
  }
}

TEST_CASE("by position, a header is passed over whatever it calls the columns") {
  const reco::events_csv_options by_position{.by_position = true};
  const auto log = read_log("userId,movieId,rating,timestamp\n7,30,4.5,100\n", by_position);
  CHECK(log.events == std::vector<reco::event>(1, {.user = 0, .item = 0, .value = 4.5, .time = at(100)}));
  CHECK(log.report.files.at(0).rows == 1);
  CHECK(read_log("ann,a1\nbob,a2\n", by_position).events.size() == 2);  // two ids are no header
  CHECK(read_log("ann,a1,3\n", by_position).events.size() == 1);
}

TEST_CASE("by position, a field that is no number or time is an error with its place") {
  using Catch::Matchers::Message;
  const reco::events_csv_options by_position{.by_position = true};
  CHECK_THROWS_MATCHES(read_log("1,2,x\n", by_position), reco::parse_error,
                       Message("reads.csv:1:5: expected a number in column 'value', got 'x'"));
  CHECK_THROWS_MATCHES(read_log("u,i,v\n1,2,\n", by_position), reco::parse_error,
                       Message("reads.csv:2:5: expected a number in column 'value', got ''"));
  CHECK_THROWS_AS(read_log("1,2,3,soon\n", by_position), reco::parse_error);
  CHECK_THROWS_AS(read_log("1\n", by_position), reco::parse_error);
  CHECK_THROWS_AS(read_log("", by_position), reco::parse_error);
  CHECK_THROWS_AS(read_log("1,2,3\n1,2\n", by_position), reco::parse_error);
}

TEST_CASE("a file for train and one for test share one numbering") {
  const auto data = reco::read_split_csv("a", "b", {.by_position = true},
                                         memory_files({{"a", "7,30,4\n8,31,2\n"}, {"b", "8,30,1\n9,32,5\n"}}));
  CHECK(data.shape() == reco::shape{.users = 3, .items = 3});
  CHECK(data.train == std::vector<reco::event>{{.user = 0, .item = 0, .value = 4}, {.user = 1, .item = 1, .value = 2}});
  CHECK(data.test == std::vector<reco::event>{{.user = 1, .item = 0, .value = 1}, {.user = 2, .item = 2, .value = 5}});
  CHECK(data.items.id(2) == "32");
  CHECK(data.report.rows() == 4);
}
