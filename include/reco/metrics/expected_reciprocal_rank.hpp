// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// The expected one-over-rank of the place where a reader stops who is satisfied by a grade g with probability
/// (2^g - 1) / 2^max_grade (Chapelle et al., "Expected reciprocal rank for graded relevance", 2009):
///
///     ERR = sum_rank 1/rank R(rank) prod_{earlier} (1 - R(earlier))
///
/// In 0..1. Worked example: grades 3, 0, 2 with max_grade 4: R = 7/16, 0, 3/16;
/// ERR = 7/16 + (1/3)(9/16)(3/16) = 0.4727. O(k). Throws `invalid_argument` for a max_grade out of its range.
struct expected_reciprocal_rank {
  double max_grade = 4;  ///< above 0, the best grade there is; higher ones are cut to it
  int k = whole_list;

  static constexpr std::string_view name = "err";
  [[nodiscard]] double operator()(const judged_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

inline double expected_reciprocal_rank::operator()(const judged_list& list) const {
  if (!(max_grade > 0)) detail::fail_argument("err: max_grade must be above 0, got " + detail::to_text(max_grade));
  const auto depth = list.depth(k);
  double reading_on = 1, sum = 0;
  for (std::size_t rank = 0; rank < depth; ++rank) {
    if (!list.hit(rank)) continue;
    const double satisfied = (std::exp2(std::min(list.grade[rank], max_grade)) - 1) / std::exp2(max_grade);
    sum += reading_on * satisfied / (static_cast<double>(rank) + 1);
    reading_on *= 1 - satisfied;
  }
  return sum;
}

static_assert(metric_at<expected_reciprocal_rank>);

}  // namespace reco
