// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>

#include <reco/metrics/judged_list.hpp>
#include <reco/metrics/ndcg.hpp>

/// Measures of gain that go by the order of the ideal list.
namespace trec {

using gains = std::map<std::int32_t, double>;  ///< what a relevance gains that does not gain itself

/// The list with gains in the place of grades.
inline reco::judged_list with_gains(const reco::judged_list& list, const gains& by_grade) {
  const auto gain = [&](double grade) {
    const auto found =
        grade == reco::judged_list::unjudged ? by_grade.end() : by_grade.find(static_cast<std::int32_t>(grade));
    return found == by_grade.end() ? grade : found->second;
  };
  reco::judged_list out = list;
  for (auto& g : out.grade) g = gain(g);
  out.ideal.clear();
  for (const double grade : list.ideal)
    if (gain(grade) > 0) out.ideal.push_back(gain(grade));
  if (gain(0) > 0) out.ideal.insert(out.ideal.end(), static_cast<std::size_t>(list.judged_irrelevant), gain(0));
  std::sort(out.ideal.begin(), out.ideal.end(), std::greater<>());
  return out;
}

/// Every hit is worth one over the logarithm of how many documents stand above it for nothing:
///
///     binG = 1/R sum over hits of 1 / log2(2 + misses above)
inline double binary_gain(const reco::judged_list& list) {
  double sum = 0, misses = 0;
  for (std::size_t n = 0; n < list.grade.size(); ++n) {
    if (list.hit(n)) sum += 1 / std::log2(2 + misses);
    else ++misses;
  }
  return list.relevant() > 0 ? sum / static_cast<double>(list.relevant()) : 0;
}

/// The same for gains: what a place could have gained, at least 1, less what it did, is the cost of going on.
///
///     G = sum_n g_n / log2(2 + sum_{j<=n} (max(1, ideal_j) - g_j))  /  sum of the ideal gains
inline double normalized_gain(const reco::judged_list& list) {
  double sum = 0, cost = 0, ideal = 0;
  for (const double g : list.ideal) ideal += g;
  for (std::size_t n = 0; n < list.grade.size(); ++n) {
    const double g = std::max(list.grade[n], 0.0);
    cost += std::max(1.0, n < list.ideal.size() ? list.ideal[n] : 0.0) - g;
    if (g > 0) sum += g / std::log2(2 + cost);
  }
  return ideal > 0 ? sum / ideal : 0;
}

/// NDCG at the rank of each relevant document, averaged over these; one that is not in the list counts with the gain of
/// the whole list.
inline double ndcg_at_hits(const reco::judged_list& list) {
  double sum = 0, dcg = 0, ideal = 0;
  std::int64_t hits = 0;
  const auto discounted = [](double gain, std::size_t n) { return gain / std::log2(static_cast<double>(n) + 2); };
  for (std::size_t n = 0; n < std::max(list.grade.size(), list.ideal.size()); ++n) {
    if (n < list.ideal.size()) ideal += discounted(list.ideal[n], n);
    if (n >= list.grade.size() || !list.hit(n)) continue;
    dcg += discounted(list.grade[n], n);
    sum += dcg / ideal;
    ++hits;
  }
  if (list.ideal.empty()) return 0;
  return (sum + static_cast<double>(list.relevant() - hits) * dcg / ideal) / static_cast<double>(list.relevant());
}

/// NDCG where the ideal list goes on to a lower gain, and at the end of a list that goes on below the ideal one; the
/// mean of these.
inline double ndcg_at_levels(const reco::judged_list& list) {
  if (list.ideal.empty()) return 0;
  double sum = 0, count = 0;
  const auto add = [&](int k) {
    sum += reco::ndcg{.k = k}(list);
    ++count;
  };
  for (std::size_t n = 1; n <= list.ideal.size(); ++n)
    if (n == list.ideal.size() || list.ideal[n] != list.ideal[n - 1]) add(static_cast<int>(n));
  if (list.grade.size() > list.ideal.size() + 1) add(reco::whole_list);
  return sum / count;
}

}  // namespace trec
