// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <reco/base/training.hpp>
#include <reco/ltr/ranking_data.hpp>

/// A ranker that was trained: whatever it is, it scores documents and says which features it leans on.
struct trained {
  std::string options = {};  ///< "lambda_mart:trees=500"
  std::function<std::vector<double>(const reco::ranking_features&, reco::executor_ref)> scores = {};
  std::vector<double> importance = {};  ///< of each feature, comparable within one ranker
  double seconds = 0;
};

/// "lambda_mart:trees=500,leaves=15" trained on `train`; with a validation set it stops early on NDCG@10. Throws
/// `reco::invalid_argument` for an unknown name, listing those there are, and for options that are none.
[[nodiscard]] trained train_ranker(const std::string& spec, const reco::ranking_data& train,
                                   const reco::ranking_data* validation, reco::executor_ref executor);

/// Every ranker with its options, defaults and ranges, a line each.
[[nodiscard]] std::string list_rankers();
