// SPDX-License-Identifier: MIT
#include "reco/io/csv.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/io/file.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"

using namespace reco_test;

namespace {

using row = std::vector<std::string>;
using table = std::vector<row>;

/// All rows; without names given, the first of them is the header.
table read(std::string_view text, reco::csv_options options = {}) {
  const bool has_header = options.columns.empty();
  reco::csv_reader csv(text, "t.csv", std::move(options));
  table out;
  if (has_header) out.push_back(csv.columns());
  while (csv.next()) {
    auto& r = out.emplace_back();
    for (std::size_t c = 0; c < csv.width(); ++c) r.emplace_back(csv[c]);
  }
  return out;
}

/// The message of the first error, met while reading everything.
std::string complaint(std::string_view text, reco::csv_options options = {}) {
  try {
    read(text, std::move(options));
  } catch (const reco::parse_error& e) {
    return e.what();
  }
  return "no error";
}

/// The slow and obvious way: a machine with three states, byte by byte. For texts without errors, separator ','.
table naive(const std::string& text) {
  table out;
  row fields;
  std::string field;
  bool quoted = false, closed = false, any = false;
  const auto end_row = [&] {
    if (!any && fields.empty() && field.empty()) return;  // an empty line
    fields.push_back(field);
    out.push_back(fields);
    fields.clear();
    field.clear();
    any = closed = false;
  };
  for (std::size_t n = 0; n < text.size(); ++n) {
    const char c = text[n];
    if (quoted) {
      if (c != '"') field += c;
      else if (n + 1 < text.size() && text[n + 1] == '"') field += text[++n];
      else quoted = false, closed = true;
    } else if (c == '"' && field.empty() && !closed) {
      quoted = any = true;
    } else if (c == ',') {
      fields.push_back(field);
      field.clear();
      closed = false;
      any = true;
    } else if (c == '\n' || (c == '\r' && n + 1 < text.size() && text[n + 1] == '\n')) {
      if (c == '\r') ++n;
      end_row();
    } else {
      field += c;
      any = true;
    }
  }
  end_row();
  return out;
}

std::string in_quotes(const std::string& field) {
  std::string out = "\"";
  for (const char c : field) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

}  // namespace

TEST_CASE("fields are cut at separators and rows at line ends, LF or CRLF, with or without the last one") {
  const table expected = {{"user", "item"}, {"1", "2"}, {"3", ""}, {"", "4"}};
  CHECK(read("user,item\n1,2\n3,\n,4\n") == expected);
  CHECK(read("user,item\n1,2\n3,\n,4") == expected);
  CHECK(read("user,item\r\n1,2\r\n3,\r\n,4\r\n") == expected);
  CHECK(read("user,item\r\n1,2\r\n3,\r\n,4\r") == expected);
  CHECK(read("\xEF\xBB\xBFuser,item\n1,2\n3,\n,4\n") == expected);
  CHECK(read(" user ,\titem\n1,2\n3,\n,4\n") == expected);
  CHECK(read("\n\r\nuser,item\n\n1,2\n\r\n\n3,\n,4\n\n\n") == expected);  // empty lines
  CHECK(read("user,item\n") == table{{"user", "item"}});
  CHECK(read("user,item") == table{{"user", "item"}});
}

TEST_CASE("a CR that ends no line belongs to its field") {
  CHECK(read("a,b\n1\r2,\r\r\n") == table{{"a", "b"}, {"1\r2", "\r"}});
  CHECK(read("a,b\n\"1\r\n2\",\"\r\"\r\n") == table{{"a", "b"}, {"1\r\n2", "\r"}});
}

TEST_CASE("a quoted field holds separators, line ends and doubled quotes") {
  const std::string text =
      "title,genres\n"
      "\"Shawshank Redemption, The (1994)\",Drama\n"
      "\"\"\"Great Performances\"\" Cats (1998)\",\"Musical\"\n"
      "\"two\nlines\",\"\"\n"
      "\"\",\"\"\"\"\n"
      "\"\"\"\"\"\",\",\"\"\n\"";
  const table expected = {{"title", "genres"},
                          {"Shawshank Redemption, The (1994)", "Drama"},
                          {"\"Great Performances\" Cats (1998)", "Musical"},
                          {"two\nlines", ""},
                          {"", "\""},
                          {"\"\"", ",\"\n"}};
  CHECK(read(text) == expected);
  CHECK(naive(text) == expected);
}

TEST_CASE("a quote inside a field that does not begin with one is a character like any other") {
  CHECK(read("a,b\n5\" disk,x\"\"y\n") == table{{"a", "b"}, {"5\" disk", "x\"\"y"}});
  CHECK(read("a,b\n5\"\" disk,\"x\"\"y\"\n") == table{{"a", "b"}, {"5\"\" disk", "x\"y"}});
  CHECK(read("a,b\n \"1\",2\n") == table{{"a", "b"}, {" \"1\"", "2"}});
}

TEST_CASE("quotes can be switched off") {
  CHECK(read("1|\"Unterminated|x\n2|\"\"|\"\n", {.separator = "|", .quotes = false, .columns = {"id", "title", "x"}}) ==
        table{{"1", "\"Unterminated", "x"}, {"2", "\"\"", "\""}});
}

TEST_CASE("separators may be any bytes, several of them too") {
  const table expected = {{"a", "b", "c"}, {"1", "2", "3"}};
  CHECK(read("a\tb\tc\n1\t2\t3\n", {.separator = "\t"}) == expected);
  CHECK(read("a;b;c\n1;2;3\n", {.separator = ";"}) == expected);
  CHECK(read("a|b|c\n1|2|3\n", {.separator = "|"}) == expected);
  CHECK(read("a::b::c\n1::2::3\n", {.separator = "::"}) == expected);
  CHECK(read("a::b::c\n\"1\"::\"2\"::\"3\"\n", {.separator = "::"}) == expected);
  CHECK(read("a<->b<->c\n1<->2<->3\n", {.separator = "<->"}) == expected);
  // Parts of a separator are no separator.
  CHECK(read("a::b\n1:2::3:\n::4\n5::", {.separator = "::"}) == table{{"a", "b"}, {"1:2", "3:"}, {"", "4"}, {"5", ""}});
  CHECK(read("a::b\n1:::2\n", {.separator = "::"}) == table{{"a", "b"}, {"1", ":2"}});
}

TEST_CASE("without a separator named, the one that cuts the first line into the most fields is taken") {
  const table expected = {{"a", "b", "c"}, {"1", "2", "3"}};
  for (const std::string separator : {",", "\t", ";", "|", "::"}) {
    CAPTURE(separator);
    CHECK(read("a" + separator + "b" + separator + "c\n1" + separator + "2" + separator + "3\n", {.separator = ""}) ==
          expected);
  }
  CHECK(read("\"a;b;c;d\",e\n1,2\n", {.separator = ""}) == table{{"a;b;c;d", "e"}, {"1", "2"}});
  CHECK(read("a;b\n1,5;2,5\n", {.separator = ""}) == table{{"a", "b"}, {"1,5", "2,5"}});
  CHECK(read("alone\n1;2\n", {.separator = ""}) == table{{"alone"}, {"1;2"}});
}

TEST_CASE("a separator that could be a quote or a line end is refused") {
  CHECK_THROWS_WITH(read("a", {.separator = "\""}),
                    "csv_options: separator must hold no quote and no line end, got '\"'");
  CHECK_THROWS_AS(read("a", {.separator = "\n"}), reco::invalid_argument);
}

TEST_CASE("columns are found by name, and a missing one is named with those there are") {
  const std::string text = "reader,article\nann,a1\n";
  reco::csv_reader csv(text, "reads.csv");
  CHECK(csv.column("article") == 1);
  CHECK(csv.find_column("reader") == 0U);
  CHECK_FALSE(csv.find_column("user").has_value());
  CHECK_THROWS_WITH(csv.column("user"), "reads.csv:1: expected a column 'user', got the columns 'reader', 'article'");
}

TEST_CASE("a file without header takes its names from the options, as many as it is wide") {
  const std::string three = "1::1193::5\n1::661::3\n", four = "1::1193::5::978300760\n";
  const reco::csv_options options = {.separator = "::", .columns = {"user", "item", "rating", "time"}};
  reco::csv_reader without(three, "ratings.dat", options), with(four, "ratings.dat", options);
  CHECK_FALSE(without.find_column("time").has_value());
  CHECK(with.find_column("time") == 3U);
  REQUIRE(without.next());
  CHECK(without[1] == "1193");
  CHECK(without.rows() == 1);
  REQUIRE(without.next());
  CHECK_FALSE(without.next());
  CHECK(without.rows() == 2);
  CHECK_THROWS_AS(without[0], std::out_of_range);

  const std::string wide = "a,b,c\n";
  reco::csv_reader unnamed(wide, "x.csv", {.columns = {"first"}});
  REQUIRE(unnamed.next());
  CHECK(unnamed[2] == "c");
  CHECK_THROWS_WITH(unnamed[3], "csv_reader: column must be in 0..2, got 3");
  CHECK_THROWS_WITH(unnamed.number<int>(2), "x.csv:1:5: expected a whole number in field 3, got 'c'");
}

TEST_CASE("numbers are the whole field, blanks around it apart") {
  const std::string text = "a,b,c,d\n5, 4.5 ,-1e-3,9223372036854775807\n";
  reco::csv_reader csv(text, "t.csv");
  REQUIRE(csv.next());
  CHECK(csv.number<int>(0) == 5);
  CHECK(csv.number<double>(0) == 5);
  CHECK(csv.number<double>(1) == 4.5);
  CHECK(csv.number<float>(2) == -1e-3F);
  CHECK(csv.number<std::int64_t>(3) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("a number that is none is an error with file, line, column and name") {
  const std::string text = "userId,movieId,rating\n1,2,3.5\n\n\"a\nb\",\"x\"\"y\",four\n";
  reco::csv_reader csv(text, "ratings.csv");
  const auto rating = csv.column("rating");
  REQUIRE(csv.next());
  CHECK(csv.number<double>(rating) == 3.5);
  REQUIRE(csv.next());
  CHECK_THROWS_WITH(csv.number<double>(rating), "ratings.csv:5:11: expected a number in column 'rating', got 'four'");
  CHECK_THROWS_WITH(csv.number<int>(0), "ratings.csv:4:1: expected a whole number in column 'userId', got 'a\\nb'");
  CHECK_THROWS_WITH(csv.number<int>(1), "ratings.csv:5:4: expected a whole number in column 'movieId', got 'x\"y'");
  CHECK(csv.position().line == 4);
  CHECK(csv.position().column == 0);
  try {
    (void)csv.number<double>(rating);
    FAIL("no error");
  } catch (const reco::parse_error& e) {
    CHECK(e.file() == "ratings.csv");
    CHECK(e.line() == 5);
    CHECK(e.column() == 11);
    CHECK(e.got() == "'four'");
  }
}

TEST_CASE("empty, partial, infinite and overlarge numbers are refused") {
  for (const std::string field : {"", " ", "1.5x", "x1.5", "1 2", "nan", "inf", "-inf", "1e999", "1,5", "+1", "0x10"}) {
    const std::string text = "v;w\n" + field + ";1\n";
    reco::csv_reader csv(text, "t.csv", {.separator = ";"});
    REQUIRE(csv.next());
    CAPTURE(field);
    CHECK_THROWS_AS(csv.number<double>(0), reco::parse_error);
    CHECK_THROWS_AS(csv.number<int>(0), reco::parse_error);
  }
  const std::string text = "v,w\n2147483648,1.0\n";
  reco::csv_reader csv(text, "t.csv");
  REQUIRE(csv.next());
  CHECK_THROWS_AS(csv.number<std::int32_t>(0), reco::parse_error);
  CHECK_THROWS_AS(csv.number<std::int32_t>(1), reco::parse_error);
}

TEST_CASE("times are read from a field") {
  const std::string text = "t\n1465413032\n 2016-06-08T19:10:32Z\nyesterday\n";
  reco::csv_reader csv(text, "t.csv");
  REQUIRE(csv.next());
  const auto t = csv.time(0);
  CHECK(t.time_since_epoch().count() == 1465413032);
  REQUIRE(csv.next());
  CHECK(csv.time(0) == t);
  REQUIRE(csv.next());
  CHECK_THROWS_WITH(csv.time(0),
                    "t.csv:4:1: expected a time (seconds or milliseconds since 1970, or ISO 8601 such as "
                    "2016-03-14T10:20:30Z) in column 't', got 'yesterday'");
}

TEST_CASE("lists of numbers stand in brackets, with commas, blanks or both between them") {
  const std::string text = "v\n\"[1, -2.5,3e-2]\"\n[]\n\" [ 1\t2\n 3 ] \"\n[7]\n";
  reco::csv_reader csv(text, "t.csv");
  REQUIRE(csv.next());
  CHECK(csv.numbers<double>(0) == std::vector<double>{1, -2.5, 3e-2});
  REQUIRE(csv.next());
  CHECK(csv.numbers<double>(0).empty());
  REQUIRE(csv.next());
  CHECK(csv.numbers<float>(0) == std::vector<float>{1, 2, 3});
  REQUIRE(csv.next());
  CHECK(csv.numbers<float>(0) == std::vector<float>{7});
}

TEST_CASE("a list that is none is an error that names the entry") {
  const auto message = [](const std::string& field) {
    const std::string text = "id,v\n1,\"" + field + "\"\n";
    reco::csv_reader csv(text, "t.csv");
    REQUIRE(csv.next());
    try {
      (void)csv.numbers<float>(1);
    } catch (const reco::parse_error& e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  const std::string entry = "t.csv:2:3: expected a finite number as entry ";
  CHECK(message("1, 2") == "t.csv:2:3: expected a list of numbers in brackets in column 'v', got '1, 2'");
  CHECK(message("") == "t.csv:2:3: expected a list of numbers in brackets in column 'v', got ''");
  CHECK(message("[1, x]") == entry + "2 of the list in column 'v', got 'x'");
  CHECK(message("[1, nan]") == entry + "2 of the list in column 'v', got 'nan'");
  CHECK(message("[1e99]") == entry + "1 of the list in column 'v', got '1e99'");
  CHECK(message("[1,,2]") == entry + "2 of the list in column 'v', got ''");
  CHECK(message("[1.5.2]") == entry + "1 of the list in column 'v', got '1.5.2'");
  CHECK(message("[1, 2") == entry + "3 of the list in column 'v', got the end of the field");
  CHECK(message("[") == entry + "1 of the list in column 'v', got the end of the field");
  CHECK(message("[1] 2") ==
        "t.csv:2:3: expected nothing behind the closing bracket of the list in column 'v', got '[1] 2'");
}

TEST_CASE("what is no table is an error with its place") {
  CHECK(complaint("") == "t.csv: expected a row with the names of the columns, got an empty file");
  CHECK(complaint("\n\r\n\n") == "t.csv: expected a row with the names of the columns, got an empty file");
  CHECK(complaint("\xEF\xBB\xBF") == "t.csv: expected a row with the names of the columns, got an empty file");
  CHECK(complaint("", {.columns = {"a"}}) == "t.csv: expected rows, got an empty file");
  CHECK(complaint("a,b\n1,2,3\n") == "t.csv:2: expected 2 fields as in the first row, got 3");
  CHECK(complaint("a,b\n1,2\n3\n") == "t.csv:3: expected 2 fields as in the first row, got 1");
  CHECK(complaint("1,2\n3\n", {.columns = {"a"}}) == "t.csv:2: expected 2 fields as in the first row, got 1");
  CHECK(complaint("a,b\n1,\"2\n3,4\n") == "t.csv:2:3: expected a closing quote before the end of the file, got none");
  CHECK(complaint("\"") == "t.csv:1:1: expected a closing quote before the end of the file, got none");
  CHECK(complaint("a\n\"x\"\"") == "t.csv:2:1: expected a closing quote before the end of the file, got none");
  CHECK(complaint("a,b\n\"1\"x,2\n") ==
        "t.csv:2:4: expected a separator or the end of the row behind the closing quote, got 'x,2'");
  CHECK(complaint("a,b\n\"1\" ,2\n") ==
        "t.csv:2:4: expected a separator or the end of the row behind the closing quote, got ' ,2'");
  CHECK(complaint(std::string_view("a,b\n1,\0\n", 8)) == "t.csv:2:3: expected text, got a NUL byte");
  CHECK(complaint("\xFF\xFE"
                  "a") == "t.csv: expected UTF-8 or another text of single bytes, got UTF-16");
}

TEST_CASE("the reader agrees with a machine that goes byte by byte, on random tables") {
  const auto seed = GENERATE(std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3});
  CAPTURE(seed);
  reco::random_engine random(seed);
  const std::string letters = "ab ,\"\n\r;:";
  for (const std::int64_t rows : {1, 7, 8, 9, 1000}) {
    const auto width = 1 + static_cast<std::size_t>(reco::uniform_index(random, 5));
    table expected;
    std::string text;
    for (std::int64_t r = 0; r <= rows; ++r) {
      auto& fields = expected.emplace_back();
      for (std::size_t c = 0; c < width; ++c) {
        std::string field = r == 0 ? "c" + std::to_string(c) : "";
        for (auto n = r == 0 ? 0 : reco::uniform_index(random, 12); n > 0; --n)
          field += letters[static_cast<std::size_t>(reco::uniform_index(random, std::ssize(letters)))];
        const bool plain = field.find_first_of(",\"\n\r") == std::string::npos && !field.empty();
        text += (c > 0 ? "," : "") + (plain && reco::bernoulli(random, 0.5) ? field : in_quotes(field));
        fields.push_back(field);
      }
      text += reco::bernoulli(random, 0.5) ? "\n" : "\r\n";
    }
    CHECK(naive(text) == expected);
    CHECK(read(text) == expected);
  }
}

TEST_CASE("reading mutated tables ends with rows of one width or with a parse_error") {
  constexpr std::uint64_t seed = 20;
  CAPTURE(seed);
  reco::random_engine random(seed);
  const std::string sample =
      "id,title,weight,time,vector\r\n"
      "1,\"A, B\",4.5,1465413032,\"[0.5, -1, 2e-3]\"\n"
      "2,\"say \"\"hi\"\"\",-1,2016-03-14T10:20:30.5+01:00,[1 2 3]\n\n"
      "3,\"two\nlines\",0,1465413032123,\"[]\"\n";
  const std::string bytes("\"\n\r,;:[]0-.e\0\xFF\xC3 x", 18);
  std::int64_t good = 0, bad = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = sample;
    for (auto edits = 1 + reco::uniform_index(random, 4); edits > 0 && !text.empty(); --edits) {
      const auto at = static_cast<std::size_t>(reco::uniform_index(random, std::ssize(text)));
      const char byte = bytes[static_cast<std::size_t>(reco::uniform_index(random, std::ssize(bytes)))];
      switch (reco::uniform_index(random, 4)) {
        case 0: text[at] = byte; break;
        case 1: text.insert(at, 1, byte); break;
        case 2: text.erase(at, 1); break;
        default: text.resize(at);
      }
    }
    const std::string heap(text);  // of exactly this size, for the address sanitizer
    try {
      reco::csv_reader csv(heap, "mutated", {.separator = round % 2 == 0 ? "," : ""});
      while (csv.next())
        for (std::size_t c = 0; c < csv.width(); ++c) {
          REQUIRE(csv[c].size() <= heap.size());
          try {
            (void)csv.number<double>(c);
            (void)csv.time(c);
          } catch (const reco::parse_error& e) {
            REQUIRE(e.line() >= 1);
            REQUIRE(e.column() >= 1);
          }
          try {
            for (const float x : csv.numbers<float>(c)) REQUIRE(std::isfinite(x));
          } catch (const reco::parse_error& e) {
            REQUIRE(e.column() >= 1);
          }
        }
      ++good;
    } catch (const reco::parse_error&) {
      ++bad;
    }
  }
  CHECK(good > 100);
  CHECK(bad > 100);
}

TEST_CASE("AG's news: 7,600 quoted rows of four classes, 1,900 each") {
  RECO_NEEDS_DATA(path, "ag-news/test.csv");
  const std::string text = reco::read_file(path);
  reco::csv_reader csv(text, path.string(), {.columns = {"class", "title", "description"}});
  std::vector<int> count(5);
  while (csv.next()) ++count.at(csv.number<std::size_t>(csv.column("class")));
  CHECK(csv.rows() == 7600);
  CHECK(count == std::vector<int>{0, 1900, 1900, 1900, 1900});
}
