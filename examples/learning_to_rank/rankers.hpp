// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <reco/base/training.hpp>
#include <reco/ltr/ranking_data.hpp>

/// A ranker that was trained: whatever it is, it scores documents and says which features it leans on.
struct trained {
  std::string options = {};  ///< "lambda_mart:trees=500"
  /// Of each training, by seed: one, unless the ranker draws numbers and several seeds are asked for.
  std::vector<std::function<std::vector<double>(const reco::ranking_features&, reco::executor_ref)>> scores = {};
  std::vector<double> importance = {};  ///< of each feature, comparable within one ranker
  double seconds = 0;                   ///< of one training
};

/// How options are looked for, on the training set alone: its queries are parted into folds, several times, and each
/// fold is ranked by what was learned from the others.
struct tuning {
  int trials = 0;   ///< options tried at random, the given ones among them
  int folds = 5;    ///< of the queries
  int repeats = 2;  ///< times that the queries are parted anew
  std::uint64_t seed = 0;
};

struct tuned {
  std::string spec = {};   ///< with the options that are best
  double ndcg = 0;         ///< NDCG@10 over all folds
  double ndcg_before = 0;  ///< of the options that were given
};

/// Looks for better options by random search; none for a ranker that has nothing to search. Options that are given
/// stay. The trees of `lambda_mart` are not drawn: up to so many as given are learned, and as many kept as are best
/// over the folds. Throws as `train_ranker` does, and for fewer queries than folds.
[[nodiscard]] std::optional<tuned> tune_ranker(const std::string& spec, const reco::ranking_data& train,
                                               const tuning& how, reco::executor_ref executor);

/// "lambda_mart:trees=500,leaves=15" trained on `train`; with a validation set it stops early on NDCG@10. A
/// ranker that draws numbers is trained with `seeds` seeds, from its own on. Throws `reco::invalid_argument` for an
/// unknown name, listing those there are, and for options that are none.
[[nodiscard]] trained train_ranker(const std::string& spec, const reco::ranking_data& train,
                                   const reco::ranking_data* validation, int seeds, reco::executor_ref executor);

/// Every ranker with its options, defaults and ranges, a line each.
[[nodiscard]] std::string list_rankers();
