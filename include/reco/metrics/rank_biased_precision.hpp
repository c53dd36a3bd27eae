// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// What a reader gets who goes on to the next place with probability p (Moffat and Zobel, "Rank-biased precision for
/// measurement of retrieval effectiveness", 2008):
///
///     RBP = (1 - p) sum_rank p^(rank - 1) gain(rank)        gain: grade / max_grade, 0..1
///
/// In 0..1, and reaches 1 only for an endless list of hits. `residual` is how much of the score is still open: what
/// unjudged places of the list and everything below it could add. Worked example: p = 0.5, hits at ranks 1 and 3:
/// RBP = 0.5 (1 + 0.25) = 0.625, and of a list of 3 judged places 0.125 is open. O(k). Throws `invalid_argument` for a
/// field out of its range.
struct rank_biased_precision {
  double persistence = 0.8;  ///< p, above 0 and below 1
  double max_grade = 1;      ///< above 0, the grade that counts as a whole hit; higher ones are cut to it
  int k = whole_list;

  static constexpr std::string_view name = "rbp";
  [[nodiscard]] double operator()(const judged_list& list) const { return sum(list, false); }
  [[nodiscard]] double residual(const judged_list& list) const { return sum(list, true); }

 private:
  [[nodiscard]] double sum(const judged_list& list, bool open) const;
};

// ---------------------------------------------------------------------------------------------------

inline double rank_biased_precision::sum(const judged_list& list, bool open) const {
  if (!(persistence > 0 && persistence < 1))
    detail::fail_argument("rbp: persistence must be above 0 and below 1, got " + detail::to_text(persistence));
  if (!(max_grade > 0)) detail::fail_argument("rbp: max_grade must be above 0, got " + detail::to_text(max_grade));
  const auto depth = list.depth(k);
  double weight = 1 - persistence, total = 0;
  for (std::size_t rank = 0; rank < depth; ++rank, weight *= persistence) {
    const double grade = list.grade[rank];
    if (open ? grade == judged_list::unjudged : grade > 0)
      total += open ? weight : weight * std::min(1.0, grade / max_grade);
  }
  return open ? total + weight / (1 - persistence) : total;  // p^depth is left below the list
}

static_assert(metric_at<rank_biased_precision>);

}  // namespace reco
