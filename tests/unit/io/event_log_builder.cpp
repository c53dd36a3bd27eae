// SPDX-License-Identifier: MIT
#include "reco/io/event_log_builder.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

namespace {

const std::string text = "row\n1\n2\n3\n4\n";

/// A reader that stands in its second row.
struct second_row : reco::csv_reader {
  second_row() : reco::csv_reader(text, "f.csv") {
    next();
    next();
  }
};

}  // namespace

TEST_CASE("without a list, items and users are numbered as they come") {
  const second_row row;
  reco::event_log_builder builder;
  builder.add_event(row, "ann", "a2", 1, {});
  builder.add_event(row, "ann", "a1", 2, {});
  builder.add_event(row, "bob", "a2", 3, {});
  builder.add_event(row, "ann", "a2", 4, {});
  builder.finish_file(row);
  const auto log = builder.take();
  CHECK(log.events == std::vector<reco::event>{{.user = 0, .item = 0, .value = 1},
                                               {.user = 0, .item = 1, .value = 2},
                                               {.user = 1, .item = 0, .value = 3},
                                               {.user = 0, .item = 0, .value = 4}});
  CHECK(log.titles == std::vector<std::string>{"a2", "a1"});
  CHECK(log.texts.size() == 2);
  REQUIRE(log.report.files.size() == 1);
  CHECK(log.report.files[0].rows == 2);
}

TEST_CASE("words of an item stand on lines of their own, below its title") {
  const second_row row;
  reco::event_log_builder builder;
  CHECK(builder.list_item(row, "1", "Toy Story (1995)", "Comedy, Animation") == 0);
  CHECK(builder.list_item(row, "2", "", "Drama") == 1);
  CHECK(builder.list_item(row, "3", "Heat", "") == 2);
  builder.add_words(0, "pixar");
  builder.add_words(0, "");
  const auto log = builder.take();
  CHECK(log.titles == std::vector<std::string>{"Toy Story (1995)", "2", "Heat"});
  CHECK(log.texts == std::vector<std::string>{"Toy Story (1995)\nComedy, Animation\npixar", "Drama", "Heat"});
}

TEST_CASE("what is left out is counted with the file and the line") {
  const second_row row;
  reco::event_log_builder builder;
  CHECK(builder.list_item(row, "1", "One", "") == 0);
  CHECK_FALSE(builder.list_item(row, "1", "Again", "").has_value());
  CHECK_FALSE(builder.list_item(row, "", "Nameless", "").has_value());
  builder.add_event(row, "ann", "2", 1, {});
  builder.add_event(row, "", "1", 1, {});
  builder.add_event(row, "ann", "", 1, {});
  builder.skip(row, "unknown type", "SHARE");
  const auto log = builder.take();
  CHECK(log.events.empty());
  CHECK(log.items.size() == 1);
  CHECK(log.titles == std::vector<std::string>{"One"});
  std::vector<std::string> lines;
  for (const auto& s : log.report.skipped) lines.push_back(s.reason + " | " + s.examples.at(0));
  CHECK(lines == std::vector<std::string>{"item listed before | f.csv:3: '1'", "item without id | f.csv:3: 'Nameless'",
                                          "item not listed | f.csv:3: '2'", "event without user | f.csv:3: '1'",
                                          "event without item | f.csv:3: 'ann'", "unknown type | f.csv:3: 'SHARE'"});
}
