// SPDX-License-Identifier: MIT
#include "reco/io/trec.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/memory_files.hpp"

namespace {

using judgments = std::vector<std::pair<std::string, std::int32_t>>;
using documents = std::vector<std::pair<std::string, double>>;

std::map<std::string, judgments> qrels_of(const std::string& text) {
  std::map<std::string, judgments> out;
  const auto qrels = reco::parse_trec_qrels(text, "qrels");
  for (const auto& topic : qrels.topics())
    for (const auto& row : topic.rows) out[std::string(topic.id)].emplace_back(row.docno.text(), row.relevance);
  return out;
}

std::map<std::string, documents> topics_of(const reco::trec_run& run) {
  std::map<std::string, documents> out;
  for (const auto& topic : run.topics())
    for (const auto& row : topic.rows) out[std::string(topic.id)].emplace_back(row.docno.text(), row.score);
  return out;
}

std::map<std::string, documents> run_of(const std::string& text, reco::executor_ref executor = {}) {
  return topics_of(reco::parse_trec_run(text, "run", executor));
}

template <class Parse>
std::string trec_complaint(Parse parse, const std::string& text) {
  try {
    parse(text, "t", {});
  } catch (const reco::parse_error& e) {
    return e.what();
  }
  return "no error";
}
std::string qrels_complaint(const std::string& text) { return trec_complaint(reco::parse_trec_qrels, text); }
std::string run_complaint(const std::string& text) { return trec_complaint(reco::parse_trec_run, text); }

/// The slow and obvious way, for texts without errors.
std::map<std::string, documents> naive_run(const std::string& text) {
  std::map<std::string, documents> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream columns(line);
    std::string topic, q0, docno, rank, score;
    if (columns >> topic >> q0 >> docno >> rank >> score && topic[0] != '#')
      out[topic].emplace_back(docno, std::strtod(score.c_str(), nullptr));
  }
  for (auto& [id, rows] : out)
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first > b.first;
    });
  return out;
}

/// Topics of any length in any order, names and blanks of any length, many equal scores.
std::string made_run(std::uint64_t seed, int rows) {
  reco::random_engine random(seed);
  const auto any = [&](std::int64_t n) { return reco::uniform_index(random, n); };
  std::string text;
  std::int64_t topic = 0;
  for (int n = 0; n < rows; ++n) {
    if (any(20) == 0) topic = any(30);
    if (any(200) == 0) text += "# a comment\n";
    if (any(200) == 0) text += any(2) == 0 ? "\n" : " \t\n";
    text += std::string(static_cast<std::size_t>(any(8) / 7), ' ') + "t" + std::to_string(topic) + "\tQ0" +
            std::string(static_cast<std::size_t>(1 + any(3)), ' ') +
            std::string(static_cast<std::size_t>(any(12)), 'd') + std::to_string(n) + " 1 " +
            std::to_string(any(50) - 25) + "." + std::to_string(any(10)) + " \t" + "name" +
            (any(4) == 0 ? " and more\r\n" : "\n");
  }
  return text;
}

}  // namespace

TEST_CASE("trec: judgments are read by topic, whatever stands between the columns") {
  const auto topics = qrels_of("# who judged\n7 0 b 1\n\t7  x\ta   -1 \r\n\n10 0 c +2");
  CHECK(topics == std::map<std::string, judgments>{{"7", {{"b", 1}, {"a", -1}}}, {"10", {{"c", 2}}}});
}

TEST_CASE("trec: topics stand by the bytes of their ids and are found by them") {
  const auto qrels = reco::parse_trec_qrels("9 0 a 1\n10 0 b 0\n9 0 c 2\n", "qrels");
  REQUIRE(qrels.topics().size() == 2);
  CHECK(qrels.topics()[0].id == "10");
  CHECK(qrels.rows() == 3);
  REQUIRE(qrels.find("9") != nullptr);
  CHECK(qrels.find("9")->rows[1].docno.text() == "c");
  CHECK(qrels.find("1") == nullptr);
  CHECK(qrels.find("99") == nullptr);
  CHECK(qrels.run_name().empty());
}

TEST_CASE("trec: documents stand by score descending, equal scores by docno descending, whatever their rank says") {
  const auto topics = run_of("1 Q0 b 1 0.5 r\n1 Q0 a 2 7e-1 r\n1 Q0 c nine .5 r\n1 Q0 B 3 0.5 r\n1 Q0 bb 3 0.5 r\n");
  CHECK(topics.at("1") == documents{{"a", 0.7}, {"c", 0.5}, {"bb", 0.5}, {"b", 0.5}, {"B", 0.5}});
}

TEST_CASE("trec: scores are doubles, and those that differ only beyond a float are no tie") {
  const auto topics = run_of("1 Q0 z 1 0.1000000001 r\n1 Q0 a 2 0.1000000002 r\n1 Q0 i 3 -inf r\n1 Q0 p 4 +3 r\n");
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(topics.at("1") == documents{{"p", 3}, {"a", 0.1000000002}, {"z", 0.1000000001}, {"i", -infinity}});
}

TEST_CASE("trec: the run is called as its last row says, and what stands behind that is passed over") {
  const auto run = reco::parse_trec_run("1 Q0 a 1 2 first\n# x\n1 Q0 b 2 1 second and more junk\r\n\n", "run");
  CHECK(run.run_name() == "second");
  CHECK(run.rows() == 2);
}

TEST_CASE("trec: a last line that is cut short is an error, a missing line end is none") {
  CHECK(run_of("1 Q0 a 1 2 r").at("1") == documents{{"a", 2}});
  CHECK(run_complaint("1 Q0 a 1 3 r\n1 Q0 b 2 2") ==
        "t:2:11: expected 6 columns, topic Q0 docno rank score run, got 5");
  CHECK(run_complaint("1 Q0 a 1 3 r\n1") == "t:2:2: expected 6 columns, topic Q0 docno rank score run, got 1");
  CHECK(qrels_complaint("1 0 a 1\n1 0 b") == "t:2:6: expected 4 columns, topic iteration docno relevance, got 3");
}

TEST_CASE("trec: errors name line, column, what was expected and what stood there") {
  CHECK(qrels_complaint("1 0 a\n1 0 b 1\n") == "t:1:6: expected 4 columns, topic iteration docno relevance, got 3");
  CHECK(qrels_complaint("1 0 a 1 \t5\n") ==
        "t:1:10: expected 4 columns, topic iteration docno relevance, got another, '5'");
  CHECK(qrels_complaint("# x\n\n1 0 a yes\n") == "t:3:7: expected a whole number as relevance, got 'yes'");
  CHECK(qrels_complaint("1 0 a 1.5\n") == "t:1:7: expected a whole number as relevance, got '1.5'");
  CHECK(qrels_complaint("1 0 a 99999999999\n") == "t:1:7: expected a whole number as relevance, got '99999999999'");
  CHECK(qrels_complaint("1 0 a +-1\n") == "t:1:7: expected a whole number as relevance, got '+-1'");
  CHECK(run_complaint("1 Q0 a 1 high r\n") == "t:1:10: expected a number as score, got 'high'");
  CHECK(run_complaint("1 Q0 a 1 1,5 r\n") == "t:1:10: expected a number as score, got '1,5'");
  CHECK(run_complaint("1 Q0 a 1 NaN r\n") == "t:1:10: expected a number as score, got 'NaN'");
  CHECK(run_complaint("1 Q0 a 1 -nan r\n") == "t:1:10: expected a number as score, got '-nan'");
  CHECK(run_complaint(std::string("1 Q0 a\0 1 2 r\n", 14)) == "t:1:7: expected text, got a byte of value 0");
  CHECK(run_complaint("\xFF\xFE"
                      "1") == "t: expected UTF-8 or another text of single bytes, got UTF-16");
}

TEST_CASE("trec: a file without a row is an error") {
  for (const std::string text : {"", "\n", "# nothing\n", " \t\r\n\n"}) {
    CHECK(run_complaint(text) == "t: expected rows, got none");
    CHECK(qrels_complaint(text) == "t: expected rows, got none");
  }
}

TEST_CASE("trec: a document that comes twice for a topic is an error that names both lines") {
  CHECK(run_complaint("1 Q0 a 1 9 r\n2 Q0 a 1 9 r\n1 Q0 b 2 8 r\n1 Q0 a 3 7 r\n") ==
        "t:4:6: expected a document once for topic '1', got 'a' again, as in line 1");
  CHECK(qrels_complaint("1 0 a 1\n1 0 b 1\n\n1 0 b 0\n") ==
        "t:4:5: expected a document once for topic '1', got 'b' again, as in line 2");
}

TEST_CASE("trec: a byte order mark is passed over and moves no column") {
  CHECK(qrels_of("\xEF\xBB\xBF"
                 "1 0 a 1\n")
            .at("1") == judgments{{"a", 1}});
  CHECK(qrels_complaint("\xEF\xBB\xBF"
                        "1 0 a x\n") == "t:1:7: expected a whole number as relevance, got 'x'");
}

TEST_CASE("trec: a topic whose id begins with another topic's id is a topic of its own") {
  CHECK(run_of("1 Q0 a 1 3 r\n11 Q0 b 1 2 r\n1 Q0 c 2 1 r\n").at("11") == documents{{"b", 2}});
}

TEST_CASE("trec: names that differ in one byte are two, however long they are") {
  for (std::size_t length = 1; length < 40; ++length)
    for (std::size_t at = 0; at < length; ++at) {
      std::string a(length, 'x'), b = a;
      b[at] = 'y';
      REQUIRE(reco::trec_name(a) == reco::trec_name(std::string_view(a)));
      REQUIRE_FALSE(reco::trec_name(a) == reco::trec_name(b));
      REQUIRE(reco::trec_name(a).hash() != reco::trec_name(b).hash());
    }
}

TEST_CASE("trec: what is read is what the slow and obvious way reads, over pieces and scattered topics") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto text = made_run(seed, 2000);
    CHECK(run_of(text) == naive_run(text));
  }
  const auto long_text = made_run(4, 60000);  // of two pieces
  REQUIRE(long_text.size() > (std::size_t{1} << 20));
  CHECK(run_of(long_text) == naive_run(long_text));
}

TEST_CASE("trec: any number of threads reads the same and finds the same first error", "[concurrent]") {
  reco::thread_pool pool(3);
  auto text = made_run(5, 60000);
  CHECK(run_of(text, pool) == run_of(text));
  text += "t1 Q0 x 1 worse r\n";
  text[text.find(" \tname") - 1] = 'x';
  std::string errors[2];
  for (int n = 0; n < 2; ++n) try {
      errors[n] = std::to_string(
          reco::parse_trec_run(text, "t", n == 0 ? reco::executor_ref() : reco::executor_ref(pool)).rows());
    } catch (const reco::parse_error& e) {
      errors[n] = e.what();
    }
  CHECK(errors[0] == errors[1]);
  CHECK(errors[0].substr(0, 4) == "t:1:");
}

TEST_CASE("trec: copies share what was read and outlive it") {
  reco::trec_run kept;
  CHECK(kept.topics().empty());
  CHECK(kept.rows() == 0);
  {
    const auto run = reco::parse_trec_run("1 Q0 a 1 2 r\n", "run");
    kept = run;
  }
  CHECK(topics_of(kept).at("1") == documents{{"a", 2}});
}

TEST_CASE("trec: files come from where the caller takes them") {
  const auto files = reco_test::memory_files({{"q", "1 0 a 1\n"}, {"r", "1 Q0 a 1 2 name\n"}, {"bad", "1 0\n"}});
  CHECK(reco::read_trec_qrels("q", {}, files).rows() == 1);
  CHECK(reco::read_trec_run("r", {}, files).run_name() == "name");
  CHECK_THROWS_WITH(reco::read_trec_qrels("bad", {}, files),
                    "bad:1:4: expected 4 columns, topic iteration docno relevance, got 2");
}
