// SPDX-License-Identifier: MIT
#include "reco/io/lightgcn.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/memory_files.hpp"

using namespace reco_test;
using Catch::Matchers::Message;

namespace {

reco::published_split read_folder(const std::string& train, const std::string& test) {
  return reco::read_lightgcn("g", memory_files({{"g/train.txt", train}, {"g/test.txt", test}}));
}

}  // namespace

TEST_CASE("train and test share one numbering, in the order of the ids") {
  const auto data = read_folder("9 30 20\n4 20\n", "4 10\n9 40\n");
  CHECK(data.shape() == reco::shape{.users = 2, .items = 4});
  CHECK(data.users.id(0) == "4");
  CHECK(data.items.id(3) == "40");
  CHECK(data.train == std::vector<reco::event>{{.user = 1, .item = 2}, {.user = 1, .item = 1}, {.user = 0, .item = 1}});
  CHECK(data.test == std::vector<reco::event>{{.user = 0, .item = 0}, {.user = 1, .item = 3}});
  CHECK(data.candidates.empty());
  CHECK(data.report.rows() == 4);
  CHECK(data.report.rows_skipped() == 0);
}

TEST_CASE("ids without gaps are indices, whatever order they come in") {
  const auto data = read_folder("1 2 1\n0 0\n", "2 3\n");
  CHECK(data.train == std::vector<reco::event>{{.user = 1, .item = 2}, {.user = 1, .item = 1}, {.user = 0, .item = 0}});
  CHECK(data.test == std::vector<reco::event>{{.user = 2, .item = 3}});
}

TEST_CASE("a user may have no items and may be in one file only") {
  const auto data = read_folder("0 1\r\n1\r\n", "1\n2 1 \n");
  CHECK(data.shape() == reco::shape{.users = 3, .items = 1});
  CHECK(data.train.size() == 1);
  CHECK(data.test.size() == 1);
}

TEST_CASE("an item again in its line counts once, a pair in both files stays in both") {
  const auto data = read_folder("0 7 5 7 7\n1 7\n", "0 7\n");
  CHECK(data.train == std::vector<reco::event>{{.user = 0, .item = 1}, {.user = 0, .item = 0}, {.user = 1, .item = 1}});
  CHECK(data.test == std::vector<reco::event>{{.user = 0, .item = 1}});
  REQUIRE(data.report.skipped.size() == 1);
  CHECK(data.report.skipped[0].reason == "item again in the same line");
  CHECK(data.report.skipped[0].rows == 2);
  CHECK(data.report.skipped[0].examples == std::vector<std::string>{"g/train.txt:1: 7", "g/train.txt:1: 7"});
}

TEST_CASE("a folder that is none of LightGCN's is an error") {
  CHECK_THROWS_MATCHES(read_folder("0 1\n1 2\n0 3\n", "0 1\n"), reco::parse_error,
                       Message("g/train.txt:3:1: expected one line for each user, got user 0 again, as in line 1"));
  CHECK_THROWS_MATCHES(read_folder("0 1\n", "0 a\n"), reco::parse_error,
                       Message("g/test.txt:1:3: expected an id, a whole number of at least 0, got 'a'"));
  CHECK_THROWS_MATCHES(read_folder("0 1\n", ""), reco::parse_error,
                       Message("g/test.txt: expected lines of a user and their items, got an empty file"));
  CHECK_THROWS_MATCHES(reco::read_lightgcn("no/such"), reco::parse_error,
                       Message("no/such/train.txt: expected a file that can be read, got none"));
}

TEST_CASE("Gowalla has the users, items and pairs that its publishers name") {
  RECO_NEEDS_DATA_FOLDER(folder, "gowalla");
  const auto data = reco::read_lightgcn(folder);
  CHECK(data.shape() == reco::shape{.users = 29858, .items = 40981});
  CHECK(data.train.size() == 810128);
  CHECK(data.test.size() == 217242);
  CHECK(data.items.id(40980) == "40980");
  CHECK(data.report.rows() == 2 * 29858);
  CHECK(data.report.rows_skipped() == 0);
}
