// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/metrics/ndcg.hpp"

namespace reco::inline RECO_ABI() {

/// What a label is worth in NDCG: 2^label - 1, or the label.
enum class label_gain { exponential, linear };

/// NDCG@k of each query when its documents are ranked by their scores, equal scores by their order in the data; -1 for
/// a query in which nothing is relevant. Throws `invalid_argument` for a NaN and for another number of scores than
/// documents.
[[nodiscard]] std::vector<double> ndcg_by_query(const ranking_data& data, std::span<const double> scores, int k = 10,
                                                label_gain gain = label_gain::exponential);

/// Their mean over the queries in which something is relevant; 0 where there is none.
[[nodiscard]] double mean_ndcg(const ranking_data& data, std::span<const double> scores, int k = 10,
                               label_gain gain = label_gain::exponential);

// ---------------------------------------------------------------------------------------------------

inline std::vector<double> ndcg_by_query(const ranking_data& data, std::span<const double> scores, int k,
                                         label_gain gain) {
  if (scores.size() != static_cast<std::size_t>(data.documents()))
    detail::fail_argument("mean_ndcg: expected " + detail::to_text(data.documents()) + " scores, got " +
                          detail::to_text(scores.size()));
  const auto bad = std::find_if(scores.begin(), scores.end(), [](double s) { return std::isnan(s); });
  if (bad != scores.end())
    detail::fail_argument("mean_ndcg: document " + detail::to_text(bad - scores.begin()) + " has a score of nan");
  std::vector<double> out, grades, ideal;
  std::vector<std::pair<double, std::size_t>> ranked;
  for (std::int32_t q = 0; q < data.queries(); ++q) {
    const auto begin = static_cast<std::size_t>(data.begin_of(q)), size = static_cast<std::size_t>(data.size_of(q));
    const auto depth = std::min(size, static_cast<std::size_t>(std::max(k, 0)));
    ranked.clear();
    ideal.clear();
    grades.clear();
    for (std::size_t d = begin; d < begin + size; ++d) {
      ranked.emplace_back(-scores[d], d);
      ideal.push_back(static_cast<double>(data.labels()[d]));
    }
    const auto at = [&](auto& v) { return v.begin() + static_cast<std::ptrdiff_t>(depth); };
    std::partial_sort(ranked.begin(), at(ranked), ranked.end());
    std::partial_sort(ideal.begin(), at(ideal), ideal.end(), std::greater<>());
    for (std::size_t r = 0; r < depth; ++r) grades.push_back(static_cast<double>(data.labels()[ranked[r].second]));
    const auto dcg = [&](std::span<const double> of) {
      if (gain == label_gain::linear) return detail::discounted_gain(of, [](double g) { return g; });
      return detail::discounted_gain(of, [](double g) { return std::exp2(g) - 1; });
    };
    const double best = dcg(std::span<const double>(ideal).first(depth));
    out.push_back(best > 0 ? dcg(grades) / best : -1);
  }
  return out;
}

inline double mean_ndcg(const ranking_data& data, std::span<const double> scores, int k, label_gain gain) {
  double sum = 0;
  std::int64_t queries = 0;
  for (const double n : ndcg_by_query(data, scores, k, gain)) {
    sum += std::max(n, 0.0);
    queries += n >= 0 ? 1 : 0;
  }
  return queries > 0 ? sum / static_cast<double>(queries) : 0;
}

}  // namespace reco
