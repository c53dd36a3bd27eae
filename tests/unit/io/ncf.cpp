// SPDX-License-Identifier: MIT
#include "reco/io/ncf.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/instant.hpp"
#include "support/memory_files.hpp"

using namespace reco_test;
using Catch::Matchers::Message;

namespace {

const std::string some_train = "0\t30\t4\t100\n1\t10\t3.5\t200\n";
const std::string some_test = "0\t20\t5\t300\n1\t30\t2\t400\n";
const std::string some_negatives = "(0,20)\t10\t50\n(1,30)\t20\t30\n";

reco::published_split read_parts(const std::string& train, const std::string& test, const std::string& negatives) {
  return reco::read_ncf(
      "d/x", memory_files({{"d/x.train.rating", train}, {"d/x.test.rating", test}, {"d/x.test.negative", negatives}}));
}

}  // namespace

TEST_CASE("three files are two parts and the candidates of each test row") {
  const auto data = read_parts(some_train, some_test, some_negatives);
  CHECK(data.shape() == reco::shape{.users = 2, .items = 4});
  CHECK(data.items.id(0) == "10");
  CHECK(data.items.id(3) == "50");
  CHECK(data.train == std::vector<reco::event>{{.user = 0, .item = 2, .value = 4, .time = at(100)},
                                               {.user = 1, .item = 0, .value = 3.5, .time = at(200)}});
  CHECK(data.test == std::vector<reco::event>{{.user = 0, .item = 1, .value = 5, .time = at(300)},
                                              {.user = 1, .item = 2, .value = 2, .time = at(400)}});
  CHECK(data.report.rows() == 6);
  // The held-out item is among its own negatives in the second row: it counts once.
  CHECK(data.candidates == std::vector<std::vector<std::int32_t>>{{0, 1, 3}, {1, 2}});
}

TEST_CASE("times may be missing, and rows may end with CRLF") {
  const auto data = read_parts("0\t1\t4\r\n", "0\t2\t5\r\n", "( 0, 2 )\t1\r\n");
  CHECK(data.train == std::vector<reco::event>{{.user = 0, .item = 0, .value = 4}});
  CHECK(data.test == std::vector<reco::event>{{.user = 0, .item = 1, .value = 5}});
  CHECK(data.candidates == std::vector<std::vector<std::int32_t>>{{0, 1}});
}

TEST_CASE("a row of negatives must name the pair of its test row") {
  const std::string expected = "expected (1,30) as in the same row of .test.rating in column '(user,item)', got ";
  for (const std::string pair : {"(1,31)", "(0,30)", "1,30", "(1;30)", "(1,30", "(1,30x)", "(1,)", "30"})
    CHECK_THROWS_MATCHES(read_parts(some_train, some_test, "(0,20)\t10\t50\n" + pair + "\t20\t30\n"), reco::parse_error,
                         Message("d/x.test.negative:2:1: " + expected + "'" + pair + "'"));
}

TEST_CASE("negatives must have as many rows as test") {
  CHECK_THROWS_MATCHES(read_parts(some_train, some_test, "(0,20)\t10\t50\n"), reco::parse_error,
                       Message("d/x.test.negative: expected 2 rows as in .test.rating, got 1"));
  CHECK_THROWS_MATCHES(read_parts(some_train, some_test, some_negatives + "(1,30)\t20\t30\n"), reco::parse_error,
                       Message("d/x.test.negative:3:1: expected as many rows as .test.rating has, 2, and no further "
                               "row in column '(user,item)', got '(1,30)'"));
}

TEST_CASE("a field that is no id or rating is an error with its place") {
  CHECK_THROWS_MATCHES(read_parts("0\t-1\t4\n", some_test, some_negatives), reco::parse_error,
                       Message("d/x.train.rating:1:3: expected an id of at least 0 in column 'item', got '-1'"));
  CHECK_THROWS_MATCHES(read_parts("0\t1\t4\nu\t1\t4\n", some_test, some_negatives), reco::parse_error,
                       Message("d/x.train.rating:2:1: expected a whole number in column 'user', got 'u'"));
  CHECK_THROWS_MATCHES(read_parts("0\t1\tnan\n", some_test, some_negatives), reco::parse_error,
                       Message("d/x.train.rating:1:5: expected a number in column 'rating', got 'nan'"));
  CHECK_THROWS_MATCHES(read_parts(some_train, some_test, "(0,20)\t10\t50\n(1,30)\t20\t-3\n"), reco::parse_error,
                       Message("d/x.test.negative:2:11: expected an id of at least 0 in field 3, got '-3'"));
}

TEST_CASE("a row cut short and an empty file are errors") {
  CHECK_THROWS_AS(read_parts("0\t30\t4\t100\n1\t10\n", some_test, some_negatives), reco::parse_error);
  CHECK_THROWS_AS(read_parts(some_train, some_test, "(0,20)\t10\t50\n(1,30)\t20\n"), reco::parse_error);
  CHECK_THROWS_AS(read_parts("0\t1\n", some_test, some_negatives), reco::parse_error);
  CHECK_THROWS_AS(read_parts("", some_test, some_negatives), reco::parse_error);
  CHECK_THROWS_AS(read_parts(some_train, "", some_negatives), reco::parse_error);
  CHECK_THROWS_AS(reco::read_ncf("no/such"), reco::parse_error);
}
