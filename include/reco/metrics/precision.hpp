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

/// The share of the first k places that hold something relevant.
///
///     precision@k = hits in the first k / divisor
///
/// In 0..1. Peers divide by different numbers; so the divisor is a field. Worked example: the list has hits at
/// ranks 1 and 3, holds 4 items, 3 items are relevant, k = 10: places 2/10, filled 2/4, achievable 2/3. O(k).
struct precision {
  enum class divisor {
    places,      ///< k, also for a shorter list: what is not shown is not relevant (trec_eval and most peers)
    filled,      ///< min(k, length of the list)
    achievable,  ///< min(k, relevant): 1 can always be reached ("calibrated recall" elsewhere)
  };

  int k = 10;
  divisor divide_by = divisor::places;

  static constexpr std::string_view name = "precision";
  [[nodiscard]] double operator()(const judged_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

inline double precision::operator()(const judged_list& list) const {
  const auto filled = static_cast<std::int64_t>(list.depth(k));
  const auto places = k == whole_list ? std::ssize(list.grade) : std::int64_t{k};
  const auto by = divide_by == divisor::places   ? places
                  : divide_by == divisor::filled ? filled
                                                 : std::min(places, list.relevant());
  return by > 0 ? static_cast<double>(list.hits(k)) / static_cast<double>(by) : 0;
}

static_assert(metric_at<precision>);

}  // namespace reco
