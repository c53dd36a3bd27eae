// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <reco/io/trec_judge.hpp>

namespace trec {

/// Average precision inferred from a sample of the pool (Yilmaz and Aslam, "Estimating average precision with
/// incomplete and imperfect judgments", 2006): where a hit stands at rank k, the precision there is expected to be
///
///     1/k + (k-1)/k · (pooled above) / (k-1) · (relevant above + ε) / (judged above + 2ε)        ε = 0.00001
///
/// Documents that are pooled but not judged count as pooled alone; with every pooled document judged it is the average
/// precision.
inline double inferred_average_precision(const reco::trec_judged& topic) {
  constexpr double epsilon = 0.00001;
  double relevant = 0, irrelevant = 0, not_judged = 0, sum = 0;
  for (std::size_t n = 0; n < topic.relevance.size(); ++n) {
    if (topic.relevance[n] == reco::trec_judged::not_pooled) continue;
    if (topic.relevance[n] == reco::trec_judged::not_judged) {
      ++not_judged;
    } else if (!topic.binary.hit(n)) {
      ++irrelevant;
    } else {
      const auto above = static_cast<double>(n);
      sum += 1 / (above + 1);
      if (n > 0)
        sum += above / (above + 1) * ((relevant + irrelevant + not_judged) / above) *
               ((relevant + epsilon) / (relevant + irrelevant + 2 * epsilon));
      ++relevant;
    }
  }
  return topic.binary.relevant() > 0 ? sum / static_cast<double>(topic.binary.relevant()) : 0;
}

}  // namespace trec
