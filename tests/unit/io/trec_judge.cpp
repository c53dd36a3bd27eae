// SPDX-License-Identifier: MIT
#include "reco/io/trec_judge.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "reco/metrics/average_precision.hpp"
#include "reco/metrics/bpref.hpp"
#include "reco/metrics/ndcg.hpp"
#include "reco/metrics/precision.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"

using namespace reco_test;

namespace {

constexpr auto not_pooled = reco::trec_judged::not_pooled;
constexpr auto not_judged = reco::trec_judged::not_judged;
constexpr auto unjudged = reco::judged_list::unjudged;

const auto qrels = reco::parse_trec_qrels("1 0 a 2\n1 0 b 0\n1 0 c 1\n1 0 d -1\n1 0 e -7\n1 0 f 3\n", "qrels");
const auto run =
    reco::parse_trec_run("1 Q0 a 1 9 r\n1 Q0 x 2 8 r\n1 Q0 c 3 7 r\n1 Q0 d 4 6 r\n1 Q0 e 5 5 r\n1 Q0 b 6 4 r\n", "run");

reco::trec_judged judged(reco::trec_judge_options options = {}) {
  return reco::trec_judge(options)(run.topics()[0], qrels.topics()[0]);
}

}  // namespace

TEST_CASE("trec_judge: each rank has what the judgments say, apart: not pooled, pooled and not judged") {
  const auto j = judged();
  CHECK(j.relevance == std::vector<std::int32_t>{2, not_pooled, 1, not_judged, not_judged, 0});
  CHECK(j.graded.grade == std::vector<double>{2, unjudged, 1, unjudged, unjudged, 0});
  CHECK(j.binary.grade == std::vector<double>{1, unjudged, 1, unjudged, unjudged, 0});
  CHECK(j.graded.ideal == std::vector<double>{3, 2, 1});
  CHECK(j.binary.ideal == std::vector<double>{1, 1, 1});
  CHECK(j.graded.judged_irrelevant == 1);
  CHECK(j.binary.judged_irrelevant == 1);
}

TEST_CASE("trec_judge: the level moves what a hit is and leaves grades alone") {
  const auto j = judged({.level = 2});
  CHECK(j.binary.grade == std::vector<double>{1, unjudged, 0, unjudged, unjudged, 0});
  CHECK(j.binary.relevant() == 2);
  CHECK(j.binary.judged_irrelevant == 2);
  CHECK(j.graded.grade == judged().graded.grade);
  CHECK(j.graded.ideal == judged().graded.ideal);
  CHECK(judged({.level = 4}).binary.relevant() == 0);
}

TEST_CASE("trec_judge: what stands below the most documents is cut off, and relevant all the same") {
  const auto j = judged({.max_documents = 2});
  CHECK(j.relevance == std::vector<std::int32_t>{2, not_pooled});
  CHECK(j.binary.grade.size() == 2);
  CHECK(j.binary.relevant() == 3);
  CHECK(judged({.max_documents = 100}).relevance.size() == 6);
}

TEST_CASE("trec_judge: a topic that retrieved nothing, and one that was judged of no documents but others'") {
  reco::trec_judge judge;
  CHECK(judge({.id = "1"}, qrels.topics()[0]).relevance.empty());
  CHECK(judge({.id = "1"}, qrels.topics()[0]).binary.relevant() == 3);
  const auto& none = judge(run.topics()[0], {.id = "1"});
  CHECK(none.relevance == std::vector<std::int32_t>(6, not_pooled));
  CHECK(none.binary.relevant() == 0);
}

TEST_CASE("trec_judge: nothing of one topic is left in the next") {
  const auto others = reco::parse_trec_qrels("2 0 x 1\n", "qrels");
  reco::trec_judge judge;
  judge(run.topics()[0], qrels.topics()[0]);
  const auto& j = judge(run.topics()[0], others.topics()[0]);
  CHECK(j.relevance == std::vector<std::int32_t>{not_pooled, 1, not_pooled, not_pooled, not_pooled, not_pooled});
  CHECK(j.graded.ideal == std::vector<double>{1});
  CHECK(j.graded.judged_irrelevant == 0);
}

TEST_CASE("trec_judge: the library's metrics of the reference program's test files have its digits") {
  RECO_NEEDS_DATA_FOLDER(folder, "trec_eval");
  const auto judgments = reco::read_trec_qrels(folder / "qrels.test");
  const auto retrieved = reco::read_trec_run(folder / "results.test");
  reco::trec_judge judge;
  double map = 0, ndcg = 0, bpref = 0, p_5 = 0, topics = 0;
  for (const auto& topic : judgments.topics()) {
    const auto* const found = retrieved.find(topic.id);
    REQUIRE(found != nullptr);
    const auto& j = judge(*found, topic);
    map += reco::average_precision{}(j.binary);
    ndcg += reco::ndcg{.k = reco::whole_list}(j.graded);
    bpref += reco::bpref{}(j.binary);
    p_5 += reco::precision{.k = 5}(j.binary);
    ++topics;
  }
  CHECK(topics == 3);
  CHECK(map / topics == Approx(0.1785).margin(5e-5));  // out.test and out.test.a
  CHECK(ndcg / topics == Approx(0.4021).margin(5e-5));
  CHECK(bpref / topics == Approx(0.1981).margin(5e-5));
  CHECK(p_5 / topics == Approx(0.2667).margin(5e-5));
}
