// SPDX-License-Identifier: MIT
// Evaluates a run against judgments, in the formats of the Text Retrieval Conference, and prints what the reference
// program trec_eval prints: the same measures, names, order, columns and digits.
//
//     trec_metrics -q -m map -m P.5,10 -m ndcg_cut.10 qrels.txt run.txt

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <string>
#include <vector>

#include <reco/base/error.hpp>
#include <reco/base/thread_pool.hpp>
#include <reco/io/file.hpp>
#include <reco/io/trec.hpp>
#if defined(RECO_EXAMPLES_HAVE_XZ)
#include <reco/io/xz.hpp>
#endif

#include "built_in.hpp"
#include "evaluation.hpp"
#include "measures.hpp"

namespace {

struct settings {
  std::string qrels = {}, run = {};  ///< both empty: the built-in ones
  std::vector<std::string> measures = {};
  bool by_topic = false, complete = false, no_summary = false;
  std::int32_t level = 1;
  std::int64_t max_documents = std::numeric_limits<std::int64_t>::max();
  double documents = 0;
  unsigned threads = 1;
};

void note(std::size_t topics, const std::string& where, const std::string& what) {
  if (topics == 0) return;
  std::fprintf(stderr, "trec_metrics: %zu %s of %s %s\n", topics, topics == 1 ? "topic" : "topics", where.c_str(),
               what.c_str());
}

void run(settings asked) {
#if defined(RECO_EXAMPLES_HAVE_XZ)
  const reco::file_reader read = reco::read_file_or_xz;
#else
  const reco::file_reader read = reco::read_file;
#endif
  reco::thread_pool pool(asked.threads);
  const bool demo = asked.qrels.empty();
  if (demo) {
    asked.qrels = "the built-in judgments";
    asked.run = "the built-in run";
    if (asked.measures.empty())
      asked.measures = {"num_ret", "num_rel", "num_rel_ret", "map", "recip_rank", "P.1,3", "ndcg"};
    asked.by_topic = asked.by_topic || !asked.no_summary;
    std::printf("judgments\n%s\nrun\n%s\nmeasures\n", built_in::qrels, built_in::run);
  } else if (asked.measures.empty()) {
    asked.measures = {"official"};
  }
  const auto measures = trec::measures_of(asked.measures, asked.documents);
  const auto qrels =
      demo ? reco::parse_trec_qrels(built_in::qrels, asked.qrels) : reco::read_trec_qrels(asked.qrels, pool, read);
  const auto retrieved =
      demo ? reco::parse_trec_run(built_in::run, asked.run) : reco::read_trec_run(asked.run, pool, read);
  const auto done = trec::evaluate(
      qrels, retrieved, measures,
      {.complete = asked.complete, .judge = {.level = asked.level, .max_documents = asked.max_documents}}, pool);
  note(done.without_judgments, asked.run, "without judgments, left out");
  note(done.without_run, asked.qrels, "not in the run, left out; -c counts an empty list");
  if (done.topics.empty()) throw reco::invalid_argument("no topic is both in " + asked.qrels + " and in " + asked.run);
  const auto text = trec::print(done, measures, {.by_topic = asked.by_topic, .summary = !asked.no_summary});
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace

int main(int argc, char** argv) {
  settings asked;
  CLI::App app(
      "Evaluates a run against judgments and prints what trec_eval prints. Without files it runs on a small example\n"
      "that is built in.");
  app.add_option("QRELS", asked.qrels, "judgments, rows of: topic iteration docno relevance");
  app.add_option("RUN", asked.run, "a run, rows of: topic Q0 docno rank score run");
  app.add_option("-m,--measure", asked.measures,
                 "a measure, or MEASURE.PARAMETERS such as P.5,10; once for each. official (the default), set and "
                 "all_trec name several")
      ->allow_extra_args(false);
  app.add_flag("-q,--query_eval_wanted", asked.by_topic, "print the values of each topic too");
  app.add_flag("-c,--complete_rel_info_wanted", asked.complete,
               "average over all topics of QRELS; those that RUN lacks count as empty lists");
  app.add_flag("-n,--nosummary", asked.no_summary, "do not print the values over all topics");
  app.add_option("-l,--level_for_rel", asked.level, "the relevance from which on a document is relevant")
      ->check(CLI::Range(0, 127))
      ->capture_default_str();
  app.add_option("-M,--Max_retrieved_per_topic", asked.max_documents, "how many documents of a topic to look at")
      ->check(CLI::PositiveNumber);
  app.add_option("-N,--Number_docs_in_coll", asked.documents, "documents in the collection, for utility")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--threads", asked.threads, "threads to work with; the answer does not depend on it")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
  app.footer(
      "Measures, in the order in which they are printed:\n  " + trec::measures_offered() +
      "\nMeasures of trec_eval that are not offered:\n  " + std::string(trec::measures_not_offered()) +
      "\nA relevance below 0 means: in the pool, but not judged. Where files are packed, QRELS stands for QRELS.xz.");

  try {
    app.parse(argc, argv);
    if (asked.qrels.empty() != asked.run.empty()) throw reco::invalid_argument("a run is needed too: QRELS RUN");
    if (!asked.qrels.empty() && !asked.by_topic && asked.no_summary)
      throw reco::invalid_argument("-n without -q would print nothing");
    run(asked);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "trec_metrics: %s\n", error.what());
    return 2;
  }
}
