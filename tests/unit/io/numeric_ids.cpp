// SPDX-License-Identifier: MIT
#include "reco/io/numeric_ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace {

std::vector<std::vector<std::int64_t>> read_ids(const std::string& text) {
  reco::id_lines lines(text, "ids.txt");
  std::vector<std::vector<std::int64_t>> out;
  while (lines.next()) {
    out.push_back({lines.user()});
    out.back().insert(out.back().end(), lines.items().begin(), lines.items().end());
  }
  return out;
}

using rows = std::vector<std::vector<std::int64_t>>;

}  // namespace

TEST_CASE("lines of ids are a user and their items") {
  CHECK(read_ids("0 5 6\n7\n2 1\n") == rows{{0, 5, 6}, {7}, {2, 1}});
  CHECK(read_ids("0 5 6\n7 8") == rows{{0, 5, 6}, {7, 8}});  // no line end at the end
}

TEST_CASE("blanks, tabs, CRLF, empty lines and a byte order mark are passed over") {
  CHECK(read_ids("\xEF\xBB\xBF 0\t5  6 \r\n\r\n \n7 \r\n") == rows{{0, 5, 6}, {7}});
}

TEST_CASE("lines are counted with the empty ones, rows without") {
  const std::string text = "1 2\n\n3 4\n";
  reco::id_lines lines(text, "ids.txt");
  REQUIRE(lines.next());
  CHECK(lines.line() == 1);
  REQUIRE(lines.next());
  CHECK(lines.line() == 3);
  CHECK(lines.rows() == 2);
  CHECK_FALSE(lines.next());
  CHECK_FALSE(lines.next());
}

TEST_CASE("what is no id is an error with its place") {
  using Catch::Matchers::Message;
  const std::string expected = "expected an id, a whole number of at least 0, got ";
  CHECK_THROWS_MATCHES(read_ids("0 1\n2 x3 4\n"), reco::parse_error, Message("ids.txt:2:3: " + expected + "'x3'"));
  CHECK_THROWS_MATCHES(read_ids("0 -1\n"), reco::parse_error, Message("ids.txt:1:3: " + expected + "'-1'"));
  CHECK_THROWS_MATCHES(read_ids("0 -0\n"), reco::parse_error, Message("ids.txt:1:3: " + expected + "'-0'"));
  CHECK_THROWS_MATCHES(read_ids("0 1.5\n"), reco::parse_error, Message("ids.txt:1:3: " + expected + "'1.5'"));
  CHECK_THROWS_MATCHES(read_ids("0,1\n"), reco::parse_error, Message("ids.txt:1:1: " + expected + "'0,1'"));
  CHECK_THROWS_MATCHES(read_ids("0 9223372036854775808\n"), reco::parse_error,
                       Message("ids.txt:1:3: " + expected + "'9223372036854775808'"));
  for (const std::string empty : {"", "\n \r\n", "\xEF\xBB\xBF"})
    CHECK_THROWS_MATCHES(read_ids(empty), reco::parse_error,
                         Message("ids.txt: expected lines of a user and their items, got an empty file"));
}

TEST_CASE("ids are numbered in ascending order, close together or far apart") {
  for (const std::int64_t factor : {std::int64_t{1}, std::int64_t{1'000'000'000'000}}) {
    reco::numeric_ids ids;
    for (const std::int64_t id : {7, 3, 7, 0, 5}) ids.add(id * factor);
    ids.number();
    CHECK(ids.index(0) == 0);
    CHECK(ids.index(3 * factor) == 1);
    CHECK(ids.index(5 * factor) == 2);
    CHECK(ids.index(7 * factor) == 3);
    const auto names = ids.names();
    REQUIRE(names.size() == 4);
    CHECK(names.id(3) == std::to_string(7 * factor));
  }
}

TEST_CASE("no ids are no numbers") {
  reco::numeric_ids ids;
  ids.number();
  CHECK(ids.names().size() == 0);
}
