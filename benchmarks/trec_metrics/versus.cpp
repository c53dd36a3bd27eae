// SPDX-License-Identifier: MIT
// Whole programs: read both files, judge, compute the official measures, print. The peer is the program trec_eval,
// where the environment variable TREC_EVAL names one; its text must be ours, byte for byte.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "../../examples/trec_metrics/evaluation.hpp"
#include "../../examples/trec_metrics/measures.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/io/trec.hpp"
#include "support/interleaved.hpp"
#include "trec_metrics/files.hpp"

namespace {

using trec_metrics::files;

std::string ours(const files& made, reco::executor_ref executor) {
  const auto measures = trec::measures_of({"official"}, 0);
  const auto done = trec::evaluate(reco::read_trec_qrels(made.qrels, executor), reco::read_trec_run(made.run, executor),
                                   measures, {}, executor);
  return trec::print(done, measures, {});
}

std::string trec_eval(const char* program, const files& made) {
  std::string text;
  FILE* const pipe = popen((std::string(program) + ' ' + made.qrels.string() + ' ' + made.run.string()).c_str(), "r");
  char piece[4096];
  while (pipe != nullptr && std::fgets(piece, sizeof piece, pipe) != nullptr) text += piece;
  if (pipe != nullptr) pclose(pipe);
  return text;
}

/// What one writes first: streams, maps, and MAP alone.
std::string naive_map(const files& made) {
  std::map<std::string, std::map<std::string, int>> qrels;
  std::map<std::string, std::vector<std::pair<double, std::string>>> run;
  std::ifstream judgments(made.qrels), documents(made.run);
  std::string topic, iteration, docno, name;
  int relevance = 0, rank = 0;
  double score = 0;
  while (judgments >> topic >> iteration >> docno >> relevance) qrels[topic][docno] = relevance;
  while (documents >> topic >> iteration >> docno >> rank >> score >> name) run[topic].emplace_back(score, docno);
  double sum = 0;
  for (auto& [id, list] : run) {
    std::sort(list.rbegin(), list.rend());
    const auto& judged = qrels[id];
    const auto relevant = std::count_if(judged.begin(), judged.end(), [](const auto& j) { return j.second > 0; });
    double hits = 0, precisions = 0;
    for (std::size_t n = 0; n < list.size(); ++n) {
      const auto found = judged.find(list[n].second);
      if (found != judged.end() && found->second > 0) precisions += ++hits / static_cast<double>(n + 1);
    }
    if (relevant > 0) sum += precisions / static_cast<double>(relevant);
  }
  char text[64];
  std::snprintf(text, sizeof text, "map                   \tall\t%6.4f\n", sum / static_cast<double>(run.size()));
  return text;
}

void versus(benchmark::State& state) {
  const auto made = trec_metrics::make_files(state.range(0), state.range(1) != 0);
  const bool naive = state.range(0) <= 1000;
  const char* const peer = std::getenv("TREC_EVAL");
  reco::thread_pool two(2);
  const auto text = ours(made, {});
  if (ours(made, two) != text) return state.SkipWithError("two threads print something else");
  if (naive && text.find(naive_map(made)) == std::string::npos) return state.SkipWithError("a wrong MAP");
  if (peer != nullptr && trec_eval(peer, made) != text) return state.SkipWithError("trec_eval prints something else");

  std::vector<bench::contender> contenders = {
      {"reco", [&] { benchmark::DoNotOptimize(ours(made, {})); }},
      {"reco_2_threads", [&] { benchmark::DoNotOptimize(ours(made, two)); }},
      {"read_alone", [&] { benchmark::DoNotOptimize(reco::read_file(made.run)); }}};  // a limit
  if (naive) contenders.push_back({"streams_and_maps", [&] { benchmark::DoNotOptimize(naive_map(made)); }});
  if (peer != nullptr) contenders.push_back({"trec_eval", [&] { benchmark::DoNotOptimize(trec_eval(peer, made)); }});
  bench::interleaved rounds(contenders);
  rounds.run(state);
  for (std::size_t c = 0; c < contenders.size(); ++c)
    state.counters["ns/document_" + contenders[c].name] = rounds.seconds(c) * 1e9 / made.documents;
  state.counters["MB/s"] = made.bytes / rounds.seconds(0) / 1e6;
  state.counters["MB/s_2_threads"] = made.bytes / rounds.seconds(1) / 1e6;
  if (peer != nullptr) state.counters["trec_eval/reco_2_threads"] = rounds.ratio(contenders.size() - 1, 1);
}
BENCHMARK(versus)
    ->ArgNames({"queries", "in_order"})
    ->Args({100, 1})
    ->Args({1000, 1})
    ->Args({1000, 0})
    ->Args({10000, 1})
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
