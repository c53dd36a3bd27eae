// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <reco/base/executor.hpp>
#include <reco/io/trec.hpp>
#include <reco/io/trec_judge.hpp>

#include "measures.hpp"

namespace trec {

struct evaluation_options {
  bool complete = false;  ///< a topic of the judgments that the run lacks counts as an empty list
  reco::trec_judge_options judge = {};
};

/// The values of all measures for all topics.
struct evaluation {
  struct topic {
    std::string_view id = {};
    std::vector<double> values = {};        ///< of the measures' names, one after another
    std::vector<std::string> strings = {};  ///< of the measures that are strings
  };
  std::vector<topic> topics = {};  ///< by id
  std::string run_name = {};
  std::size_t without_run = 0;        ///< topics of the judgments that the run lacks and that were left out
  std::size_t without_judgments = 0;  ///< topics of the run that the judgments lack, left out always
};

/// Topics are judged at once where the executor can; their values do not depend on it.
evaluation evaluate(const reco::trec_qrels& qrels, const reco::trec_run& run, const std::vector<measure>& measures,
                    const evaluation_options& options, reco::executor_ref executor = {});

struct print_options {
  bool by_topic = false;
  bool summary = true;
};

/// In trec_eval's columns: the name, the topic or "all", the value.
std::string print(const evaluation& done, const std::vector<measure>& measures, const print_options& options);

}  // namespace trec
