// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// Normalised discounted cumulative gain (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR
/// techniques", 2002):
///
///     DCG@k  = sum_{rank = 1..k} gain(grade at rank) / log2(rank + 1)
///     NDCG@k = DCG@k / (DCG@k of the ideal list)
///
/// In 0..1. Conventions that peers disagree on are fields. Worked example: grades 3, 0, 2 in the list, one more
/// relevant item of grade 1 not in it, k = 3:
///
///     linear       DCG = 3/1 + 0 + 2/2 = 4      ideal 3/1 + 2/1.585 + 1/2 = 4.762    NDCG 0.840
///     exponential  DCG = 7/1 + 0 + 3/2 = 8.5    ideal 7/1 + 3/1.585 + 1/2 = 9.393    NDCG 0.905
///
/// O(k).
struct ndcg {
  enum class gain_of {
    linear,       ///< the grade itself (trec_eval, ranx)
    exponential,  ///< 2^grade - 1 (Burges et al. 2005; LightGBM, XGBoost)
  };
  enum class ideal_of {
    achievable,  ///< the best min(k, relevant) grades (most peers)
    all_of_k,    ///< k grades of 1, whether or not there are so many relevant items (RecTools' default)
    retrieved,   ///< the best order of what the list holds: measures order alone (LibRecommender)
  };

  int k = 10;
  gain_of gain = gain_of::linear;
  ideal_of ideal = ideal_of::achievable;

  static constexpr std::string_view name = "ndcg";
  [[nodiscard]] double operator()(const judged_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// 1 / log2(rank + 1) for ranks from 1, the first 1024 of them from a table.
inline double log_discount(std::size_t rank) {
  static const auto table = [] {
    std::vector<double> t(1024);
    for (std::size_t n = 0; n < t.size(); ++n) t[n] = 1 / std::log2(static_cast<double>(n) + 1);
    return t;
  }();
  return rank < table.size() ? table[rank] : 1 / std::log2(static_cast<double>(rank) + 1);
}

}  // namespace detail

inline double ndcg::operator()(const judged_list& list) const {
  const auto depth = list.depth(k);
  const auto worth = [&](double grade) {
    if (!(grade > 0)) return 0.0;
    return gain == gain_of::linear ? grade : std::exp2(grade) - 1;
  };
  const auto dcg = [&](auto begin, auto end) {
    double sum = 0;
    for (std::size_t rank = 1; begin != end; ++begin, ++rank) sum += worth(*begin) * detail::log_discount(rank);
    return sum;
  };
  const auto front = [&](const std::vector<double>& grades, std::size_t count) {
    return dcg(grades.begin(), grades.begin() + static_cast<std::ptrdiff_t>(std::min(count, grades.size())));
  };
  double best = 0;
  if (ideal == ideal_of::achievable) {
    best = front(list.ideal, static_cast<std::size_t>(std::max(k, 0)));
  } else if (ideal == ideal_of::all_of_k) {
    best = front(std::vector<double>(static_cast<std::size_t>(std::max(k, 0)), 1.0),
                 static_cast<std::size_t>(std::max(k, 0)));
  } else {
    auto retrieved = list.grade;
    retrieved.resize(depth);
    std::sort(retrieved.begin(), retrieved.end(), std::greater<>());
    best = front(retrieved, depth);
  }
  return best > 0 ? front(list.grade, depth) / best : 0;
}

static_assert(metric_at<ndcg>);

}  // namespace reco
