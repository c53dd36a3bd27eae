// SPDX-License-Identifier: MIT
#include "reco/base/error.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "support/catch.hpp"

using namespace reco_test;

static_assert(std::is_base_of_v<std::runtime_error, reco::error>);
static_assert(std::is_base_of_v<reco::error, reco::invalid_argument>);
static_assert(std::is_base_of_v<reco::error, reco::numeric_error>);
static_assert(std::is_base_of_v<reco::error, reco::parse_error>);
static_assert(!std::is_base_of_v<reco::error, std::out_of_range>);

TEST_CASE("a parse error says where it stood, what was expected and what stood there") {
  const reco::parse_error e({.file = "ratings.csv", .line = 17, .column = 5}, "a number in column 'rating'", "'four'");
  CHECK(std::string(e.what()) == "ratings.csv:17:5: expected a number in column 'rating', got 'four'");
  CHECK(e.file() == "ratings.csv");
  CHECK(e.line() == 17);
  CHECK(e.column() == 5);
  CHECK(e.expected() == "a number in column 'rating'");
  CHECK(e.got() == "'four'");
}

TEST_CASE("a parse error leaves out what is not known of the place") {
  const auto text = [](const reco::file_position& where) {
    return std::string(reco::parse_error(where, "x", "y").what());
  };
  CHECK(text({.file = "a.csv"}) == "a.csv: expected x, got y");
  CHECK(text({.file = "a.csv", .line = 3}) == "a.csv:3: expected x, got y");
  CHECK(text({.file = "a.npy", .column = 80}) == "a.npy: byte 80: expected x, got y");
}

TEST_CASE("a parse error keeps its text when it is caught as its base") {
  try {
    throw reco::parse_error({.file = "f", .line = 1}, "x", "y");
  } catch (const reco::error& e) {
    CHECK(std::string(e.what()) == "f:1: expected x, got y");
  }
}

TEST_CASE("a quotation shows control bytes and stops at sixty bytes") {
  CHECK(reco::detail::quoted("") == "''");
  CHECK(reco::detail::quoted("it's") == "'it's'");
  CHECK(reco::detail::quoted("a\tb\r\n") == "'a\\tb\\r\\n'");
  CHECK(reco::detail::quoted(std::string("\0\x1f\x7f", 3)) == "'\\x00\\x1f\\x7f'");
  CHECK(reco::detail::quoted("na\xc3\xafve") == "'na\xc3\xafve'");
  CHECK(reco::detail::quoted(std::string(60, 'x')) == "'" + std::string(60, 'x') + "'");
  CHECK(reco::detail::quoted(std::string(61, 'x')) == "'" + std::string(60, 'x') + "…'");
}

TEST_CASE("a quotation shows bytes that are no UTF-8 by their numbers") {
  CHECK(reco::detail::quoted("Caf\xe9") == "'Caf\\xe9'");  // ISO-8859-1
  CHECK(reco::detail::quoted("\xe2\x82") == "'\\xe2\\x82'");
  CHECK(reco::detail::quoted("\xe2\x82x\xac") == "'\\xe2\\x82x\\xac'");
  CHECK(reco::detail::quoted(std::string(61, '\x80')).size() == 2 + 60 * 4 + std::string("…").size());
}

TEST_CASE("a quotation that is cut does not cut a character in two") {
  // 59 bytes, then one character of three.
  CHECK(reco::detail::quoted(std::string(59, 'x') + "€uro") == "'" + std::string(59, 'x') + "…'");
  CHECK(reco::detail::quoted(std::string(57, 'x') + "€uro") == "'" + std::string(57, 'x') + "€…'");
}

TEST_CASE("numbers are written in the shortest way that reads back") {
  CHECK(reco::detail::to_text(0.1) == "0.1");
  CHECK(reco::detail::to_text(0.1F) == "0.1");
  CHECK(reco::detail::to_text(1e300) == "1e+300");
  CHECK(reco::detail::to_text(-3) == "-3");
  CHECK(reco::detail::to_text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
  CHECK(reco::detail::to_text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(reco::detail::to_text(true) == "true");
}

TEST_CASE("an index is checked against both ends") {
  CHECK_NOTHROW(reco::detail::check_index("user", 0, 1));
  CHECK_NOTHROW(reco::detail::check_index("user", 4, 5));
  CHECK_THROWS_MATCHES(reco::detail::check_index("user", 5, 5), std::out_of_range,
                       Message("user must be in 0..4, got 5"));
  CHECK_THROWS_MATCHES(reco::detail::check_index("user", -1, 5), std::out_of_range,
                       Message("user must be in 0..4, got -1"));
  CHECK_THROWS_MATCHES(reco::detail::check_index("user", 0, 0), std::out_of_range,
                       Message("user: there are none, got 0"));
}

TEST_CASE("each failure throws its own type with the message as given") {
  CHECK_THROWS_MATCHES(reco::detail::fail_argument("a: b must be c"), reco::invalid_argument,
                       Message("a: b must be c"));
  CHECK_THROWS_MATCHES(reco::detail::fail_number("epoch 3: nan"), reco::numeric_error, Message("epoch 3: nan"));
}
