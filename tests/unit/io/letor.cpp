// SPDX-License-Identifier: MIT
#include "reco/io/letor.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "reco/io/file.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/memory_files.hpp"

using namespace reco_test;

namespace {

reco::letor_file read_queries(const std::string& text, const std::string& sizes = {},
                              const reco::letor_options& o = {}) {
  const auto open = [&](const std::filesystem::path& path) -> std::string {
    if (path == "d.txt") return text;
    if (path == "d.txt.query" && !sizes.empty()) return sizes;
    return reco::read_file(path);  // the message of a file that is missing
  };
  return reco::read_letor("d.txt", o, open);
}

std::vector<float> features_of(const reco::ranking_data& data, std::int32_t document) {
  std::vector<float> scratch(static_cast<std::size_t>(data.features()));
  const auto r = data.row(document, scratch);
  return {r.begin(), r.end()};
}

}  // namespace

TEST_CASE("LETOR lines are read as written, comments, blank lines, tabs and CRLF included") {
  const auto file =
      read_queries("# judged by hand\n2 qid:10 1:0.5 3:-2e1 # docid = a\r\n\n0 qid:10\t2:1\n1.5 qid:x 3:nan\n");
  CHECK(file.queries == std::vector<std::string>{"10", "x"});
  REQUIRE(file.data.documents() == 3);
  REQUIRE(file.data.features() == 4);
  CHECK(std::vector<float>(file.data.labels().begin(), file.data.labels().end()) == std::vector<float>{2, 0, 1.5F});
  CHECK(file.data.size_of(0) == 2);
  CHECK(features_of(file.data, 0) == std::vector<float>{0, 0.5F, 0, -20});
  CHECK(features_of(file.data, 1) == std::vector<float>{0, 0, 1, 0});
  CHECK(std::isnan(features_of(file.data, 2)[3]));
}

TEST_CASE("dense and sparse rows hold the same numbers") {
  const std::string text = "1 qid:1 0:1 2:3\n0 qid:1 1:2\n0 qid:2 5:1\n";
  const auto dense = read_queries(text, {}, {.dense_from = 0}), sparse = read_queries(text, {}, {.dense_from = 2});
  CHECK_FALSE(dense.data.matrix_of_features().is_sparse());
  CHECK(sparse.data.matrix_of_features().is_sparse());
  for (std::int32_t d = 0; d < 3; ++d) CHECK(features_of(dense.data, d) == features_of(sparse.data, d));
}

TEST_CASE("without a qid the sizes stand in the file beside it") {
  const auto file = read_queries("1 1:2\n0 1:3\n0\n", "2\n1\n");
  CHECK(file.queries == std::vector<std::string>{"1", "2"});
  CHECK(file.data.size_of(0) == 2);
  CHECK(file.data.size_of(1) == 1);
  CHECK_THROWS_WITH(
      read_queries("1 1:2\n0 1:3\n", "2\n1\n"),
      "d.txt.query:2:1: expected sizes that add up to 2 documents; with this line they are 1 too many, got '1'");
  CHECK_THROWS_WITH(read_queries("1 1:2\n0 1:3\n0\n", "1\n"),
                    "d.txt.query:1: expected sizes that add up to 3 documents, got 1, 2 too few");
  CHECK_THROWS_WITH(read_queries("1 1:2\n", "0\n"),
                    "d.txt.query:1:1: expected the number of documents of a query, at least 1, got '0'");
  CHECK_THROWS_WITH(read_queries("1 1:2\n"), ContainsSubstring("d.txt.query"));
}

TEST_CASE("what is no judged document is named with line and column") {
  CHECK_THROWS_WITH(read_queries(""), "d.txt:1: expected a judged document, got an empty file");
  CHECK_THROWS_WITH(read_queries("# nothing\n"), ContainsSubstring("an empty file"));
  CHECK_THROWS_WITH(read_queries("0 qid:1 1:1\nx qid:1 1:1\n"),
                    "d.txt:2:1: expected a label that is a number not below 0, got 'x'");
  CHECK_THROWS_WITH(read_queries("-1 qid:1\n"), ContainsSubstring("not below 0, got '-1'"));
  CHECK_THROWS_WITH(read_queries("0 qid:1 1:1 2\n"),
                    "d.txt:1:13: expected feature:value with a whole feature number, got '2'");
  CHECK_THROWS_WITH(read_queries("0 qid:1 -1:1\n"), ContainsSubstring("whole feature number"));
  CHECK_THROWS_WITH(read_queries("0 qid:1 1:one\n"), "d.txt:1:11: expected a finite number or nan, got 'one'");
  CHECK_THROWS_WITH(read_queries("0 qid:1 1:inf\n"), ContainsSubstring("a finite number or nan, got 'inf'"));
  CHECK_THROWS_WITH(read_queries("0 qid:1 1:\n"), ContainsSubstring("a finite number or nan"));
  CHECK_THROWS_WITH(read_queries("0 qid:1 3:1 2:1\n"),
                    "d.txt:1:13: expected feature numbers that ascend (the one before is 3), got '2:1'");
  CHECK_THROWS_WITH(read_queries("0 qid:1 3:1 3:1\n"), ContainsSubstring("that ascend"));
  CHECK_THROWS_WITH(read_queries("0 qid:1 1:1\n", {}, {.features = 1}),
                    ContainsSubstring("a feature below 1, got '1:1'"));
  CHECK_THROWS_WITH(read_queries("0 qid:1\n0 qid:2\n0 qid:1\n"),
                    ContainsSubstring("one after another (those of this one began in line 1), got 'qid:1'"));
  CHECK_THROWS_WITH(read_queries("0 qid:1\n0 1:1\n"), ContainsSubstring("d.txt:2:3: expected a qid, as in line 1"));
  CHECK_THROWS_WITH(read_queries("0 1:1\n0 qid:1\n"), ContainsSubstring("d.txt:2:3: expected no qid, as in line 1"));
  CHECK_THROWS_WITH(read_queries("0 qid:1\n", {}, {.features = -1}), "read_letor: features must be at least 0, got -1");
}

TEST_CASE("LightGBM's ranking example as published: 3,005 documents of 201 queries") {
  RECO_NEEDS_DATA_FOLDER(folder, "lightgbm-lambdarank");
  const auto train = reco::read_letor(folder / "rank.train");
  CHECK(train.data.documents() == 3005);
  CHECK(train.data.queries() == 201);
  const auto test = reco::read_letor(folder / "rank.test", {.features = train.data.features()});
  CHECK(test.data.documents() == 768);
  CHECK(test.data.queries() == 50);
  CHECK(test.data.features() == train.data.features());
}
