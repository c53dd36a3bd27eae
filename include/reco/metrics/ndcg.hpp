// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
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
/// Grades below 0 gain nothing. `all_of_k` needs a k that says how many; for `whole_list` it takes the length of the
/// list. O(k), and a sort of k for `retrieved`.
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

/// 1 / log2(rank + 1) for ranks from 1.
inline double log_discount(std::size_t rank) { return 1 / std::log2(static_cast<double>(rank) + 1); }

/// The same for ranks 1..1024, so that a place in a list costs no logarithm.
inline std::span<const double> log_discounts() {
  static const auto table = [] {
    std::vector<double> t(1024);
    for (std::size_t n = 0; n < t.size(); ++n) t[n] = log_discount(n + 1);
    return t;
  }();
  return table;
}

/// sum over ranks of gain(grade) / log2(rank + 1)
template <class Gain>
double discounted_gain(std::span<const double> grades, Gain gain) {
  const auto table = log_discounts();
  const std::size_t known = std::min(grades.size(), table.size());
  double sum = 0;
  for (std::size_t n = 0; n < known; ++n)
    if (grades[n] > 0) sum += gain(grades[n]) * table[n];
  for (std::size_t n = known; n < grades.size(); ++n)
    if (grades[n] > 0) sum += gain(grades[n]) * log_discount(n + 1);
  return sum;
}

}  // namespace detail

inline double ndcg::operator()(const judged_list& list) const {
  const auto dcg = [&](std::span<const double> grades) {
    if (gain == gain_of::linear) return detail::discounted_gain(grades, [](double g) { return g; });
    return detail::discounted_gain(grades, [](double g) { return std::exp2(g) - 1; });
  };
  const auto shown = std::span(list.grade).first(list.depth(k));
  double best = 0;
  if (ideal == ideal_of::achievable) {
    best = dcg(std::span(list.ideal).first(std::min(list.ideal.size(), static_cast<std::size_t>(std::max(k, 0)))));
  } else if (ideal == ideal_of::all_of_k) {
    const auto places = k == whole_list ? list.grade.size() : static_cast<std::size_t>(std::max(k, 0));
    for (std::size_t rank = 1; rank <= places; ++rank) best += detail::log_discount(rank);
  } else {
    std::vector<double> retrieved(shown.begin(), shown.end());
    std::sort(retrieved.begin(), retrieved.end(), std::greater<>());
    best = dcg(retrieved);
  }
  return best > 0 ? dcg(shown) / best : 0;
}

static_assert(metric_at<ndcg>);

}  // namespace reco
