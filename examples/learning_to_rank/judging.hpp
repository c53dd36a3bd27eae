// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <reco/ltr/ranking_data.hpp>
#include <reco/metrics/concepts.hpp>
#include <reco/metrics/confidence.hpp>
#include <reco/metrics/ndcg.hpp>

/// One figure of one ranker: the mean over queries, with its interval.
struct figure {
  std::string metric = {};
  std::optional<int> k = {};
  reco::interval value = {};
};

struct judging {
  std::vector<int> at = {1, 3, 5, 10};
  reco::ndcg::gain_of gain = reco::ndcg::gain_of::exponential;
  reco::nothing_relevant empty = reco::nothing_relevant::skip;  ///< what a query without a relevant document counts
};

/// NDCG at each k, MAP and MRR (a label above 0 is relevant), equal scores in the order of the file; 95 % intervals by
/// bootstrap over queries. `runs`: the scores of each training; a query counts the mean of what they make of it.
[[nodiscard]] std::vector<figure> judge(const reco::ranking_data& data, std::span<const std::vector<double>> runs,
                                        const judging& how);
/// How many queries have nothing relevant.
[[nodiscard]] std::int32_t empty_queries(const reco::ranking_data& data);
