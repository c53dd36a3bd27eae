// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "prequential/news.hpp"

// The task: news is lived through in the order of time. Every first read of the last fifth is asked for, of what was
// read most until then, of what is read most these hours, and of the items nearest to what the reader read; then it is
// learned.

namespace replay {

inline constexpr double warm_up = 0.8, trend_hours = 6, taste_hours = 72;
inline constexpr int depth = 10;

/// How many of the queries had the item among the first ten, by contender.
struct hits {
  std::int64_t queries = 0;
  double popular = 0, trending = 0, profile = 0;
};

/// The plain loop: every item scored for every query, a list of ten by a partial sort.
hits by_plain_loop(const news& data);
hits by_reco(const news& data);

}  // namespace replay
