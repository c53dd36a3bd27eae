// SPDX-License-Identifier: MIT
#include "judging.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <reco/data/ranked_list.hpp>
#include <reco/metrics/average_precision.hpp>
#include <reco/metrics/judged_list.hpp>
#include <reco/metrics/reciprocal_rank.hpp>

std::vector<figure> judge(const reco::ranking_data& data, std::span<const std::vector<double>> runs,
                          const judging& how) {
  std::vector<figure> figures;
  for (const int k : how.at) figures.push_back({.metric = "ndcg", .k = k});
  figures.push_back({.metric = "map"});
  figures.push_back({.metric = "mrr"});
  std::vector<std::vector<double>> values(figures.size());
  for (std::int32_t q = 0; q < data.queries(); ++q) {
    const auto begin = static_cast<std::size_t>(data.begin_of(q)), size = static_cast<std::size_t>(data.size_of(q));
    std::vector<reco::relevance> truth;
    for (std::size_t d = 0; d < size; ++d)
      truth.push_back({static_cast<std::int32_t>(d), static_cast<double>(data.labels()[begin + d])});
    std::vector<double> sums(figures.size());
    bool empty = false;
    for (const auto& scores : runs) {
      std::vector<reco::scored_item<double>> items;
      for (std::size_t d = 0; d < size; ++d) items.push_back({static_cast<std::int32_t>(d), scores[begin + d]});
      reco::judge judge(static_cast<std::int32_t>(size));
      const auto list = reco::ranked_list<double>::best_of(std::move(items));
      const auto& judged = judge(list, std::span<const reco::relevance>(truth));
      empty = judged.relevant() == 0;
      if (empty) break;
      std::size_t n = 0;
      for (const int k : how.at) sums[n++] += reco::ndcg{.k = k, .gain = how.gain}(judged);
      sums[n++] += reco::average_precision{}(judged);
      sums[n++] += reco::reciprocal_rank{}(judged);
    }
    if (empty && how.empty == reco::nothing_relevant::skip) continue;
    for (std::size_t n = 0; n < values.size(); ++n)
      values[n].push_back(!empty                                     ? sums[n] / static_cast<double>(runs.size())
                          : how.empty == reco::nothing_relevant::one ? 1
                                                                     : 0);
  }
  for (std::size_t n = 0; n < figures.size(); ++n)
    if (!values[n].empty()) figures[n].value = reco::bootstrap{}.mean(values[n]);
  return figures;
}

std::int32_t empty_queries(const reco::ranking_data& data) {
  std::int32_t empty = 0;
  for (std::int32_t q = 0; q < data.queries(); ++q) {
    const auto labels =
        data.labels().subspan(static_cast<std::size_t>(data.begin_of(q)), static_cast<std::size_t>(data.size_of(q)));
    empty += std::none_of(labels.begin(), labels.end(), [](float l) { return l > 0; });
  }
  return empty;
}
