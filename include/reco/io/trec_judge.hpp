// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/io/trec.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// A topic of a run held against its judgments.
struct trec_judged {
  static constexpr std::int32_t not_pooled = -1;  ///< nothing is said of the document
  static constexpr std::int32_t not_judged = -2;  ///< it is in the pool, with a relevance below 0

  std::vector<std::int32_t> relevance = {};  ///< by rank from 0: what the judgments say, or one of the above
  /// Grades 1 for a relevance of at least the level, 0 below: for metrics that know hits alone.
  judged_list binary = {};
  /// Grades as judged, whatever the level: for metrics that weigh a gain.
  judged_list graded = {};
};

struct trec_judge_options {
  std::int32_t level = 1;  ///< the relevance from which on a document is a hit
  std::int64_t max_documents = std::numeric_limits<std::int64_t>::max();  ///< of a topic; what stands below is cut off
};

/// Judges topic after topic without allocating for each: keep one a thread.
///
///     reco::trec_judge judge;
///     for (const auto& topic : qrels.topics())
///       if (const auto* retrieved = run.find(topic.id))
///         std::printf("%.4f\n", reco::average_precision{}(judge(*retrieved, topic).binary));
///
/// Documents that are not in the judgments, or are there with a relevance below 0, are unjudged. O(documents +
/// judgments), and a sort of the relevant ones by grade.
class trec_judge {
 public:
  explicit trec_judge(trec_judge_options options = {}) : options_(options) {}

  /// The result lives until the next call.
  const trec_judged& operator()(const trec_topic<trec_document>& retrieved, const trec_topic<trec_judgment>& judgments);

 private:
  trec_judge_options options_;
  detail::trec_row_table<trec_judgment> table_ = {};
  trec_judged judged_ = {};
};

// ---------------------------------------------------------------------------------------------------

inline const trec_judged& trec_judge::operator()(const trec_topic<trec_document>& retrieved,
                                                 const trec_topic<trec_judgment>& judgments) {
  auto& [relevance, binary, graded] = judged_;
  table_.clear(judgments.rows.size());
  graded.ideal.clear();
  std::size_t relevant = 0, irrelevant = 0;
  graded.judged_irrelevant = 0;
  for (const auto& j : judgments.rows) {
    table_.insert(j);
    if (j.relevance < 0) continue;
    ++(j.relevance >= options_.level ? relevant : irrelevant);
    if (j.relevance > 0) graded.ideal.push_back(j.relevance);
    else ++graded.judged_irrelevant;
  }
  std::sort(graded.ideal.begin(), graded.ideal.end(), std::greater<>());
  binary.ideal.assign(relevant, 1.0);
  binary.judged_irrelevant = static_cast<std::int64_t>(irrelevant);

  const auto places =
      std::min(retrieved.rows.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, options_.max_documents)));
  relevance.resize(places);
  binary.grade.resize(places);
  graded.grade.resize(places);
  for (std::size_t rank = 0; rank < places; ++rank) {
    const auto* const found = table_.find(retrieved.rows[rank].docno);
    const auto r = found == nullptr ? trec_judged::not_pooled : std::max(found->relevance, trec_judged::not_judged);
    relevance[rank] = found != nullptr && r < 0 ? trec_judged::not_judged : r;
    graded.grade[rank] = r < 0 ? judged_list::unjudged : r;
    binary.grade[rank] = r < 0 ? judged_list::unjudged : r >= options_.level ? 1.0 : 0.0;
  }
  return judged_;
}

}  // namespace reco
