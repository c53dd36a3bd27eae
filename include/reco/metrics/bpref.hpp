// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// How rarely a judged irrelevant item stands above a relevant one; unjudged items have no say (Buckley and Voorhees,
/// "Retrieval evaluation with incomplete information", 2004, as trec_eval computes it):
///
///     bpref = 1/R sum over relevant items r in the list of (1 - min(n_r, R) / min(N, R))
///
/// R relevant and N irrelevant items are judged, n_r of the latter stand above r. In 0..1. Worked example: the list
/// reads relevant, irrelevant, unjudged, relevant; R = 2, N = 3: (1 + (1 - 1/2)) / 2 = 0.75. O(list).
struct bpref {
  static constexpr std::string_view name = "bpref";
  [[nodiscard]] double operator()(const judged_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

inline double bpref::operator()(const judged_list& list) const {
  const auto relevant = list.relevant();
  const auto bound = std::min(relevant, list.judged_irrelevant);
  std::int64_t above = 0;
  double sum = 0;
  for (std::size_t rank = 0; rank < list.grade.size(); ++rank) {
    if (list.hit(rank))
      sum += above > 0 ? 1 - static_cast<double>(std::min(above, relevant)) / static_cast<double>(bound) : 1;
    else if (list.grade[rank] != judged_list::unjudged) ++above;
  }
  return relevant > 0 ? sum / static_cast<double>(relevant) : 0;
}

static_assert(metric<bpref>);

}  // namespace reco
