// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/ltr/gradient_ranker.hpp"
#include "reco/ltr/linear_ranker.hpp"
#include "reco/ltr/ranking_data.hpp"

namespace reco::inline RECO_ABI() {

/// RankNet (Burges et al., "Learning to rank using gradient descent", 2005) with a linear scorer: of two documents of
/// one query the one with the higher label should score higher,
///
///     L(query) = mean over pairs label_i > label_j of log(1 + exp(-steepness (s_i - s_j)))
///
/// O(pairs) a query and epoch beside the scores. Documents of equal labels say nothing.
struct ranknet {
  int epochs = 100;              ///< >= 1
  double learning_rate = 0.02;   ///< > 0
  double regularization = 1e-4;  ///< >= 0
  int batch = 16;                ///< queries in a step, >= 1
  int early_stopping = 15;       ///< epochs without progress on the validation set; 0: never
  int stop_at = 10;              ///< k of the NDCG that says so
  double steepness = 1;          ///< > 0
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "ranknet";
  static constexpr auto options() {
    using r = ranknet;
    return std::tuple{at_least("epochs", &r::epochs, 1),
                      above("learning_rate", &r::learning_rate, 0).search(1e-3, 0.3, search_scale::logarithmic),
                      at_least("regularization", &r::regularization, 0).search(1e-6, 1e-1, search_scale::logarithmic),
                      at_least("batch", &r::batch, 1).search(1, 64, search_scale::logarithmic),
                      at_least("early_stopping", &r::early_stopping, 0),
                      at_least("stop_at", &r::stop_at, 1),
                      above("steepness", &r::steepness, 0),
                      any_value("seed", &r::seed)};
  }
  friend bool operator==(const ranknet&, const ranknet&) = default;

  /// Throws `invalid_argument` for options out of range and for a validation set of other features.
  [[nodiscard]] linear_ranker fit(const ranking_data& train, const ranking_data* validation = nullptr,
                                  const training& how = {}) const;
  /// The loss of one query; `out` <- its derivatives by the scores.
  [[nodiscard]] double gradient(std::span<const double> scores, std::span<const float> labels,
                                std::span<double> out) const;
};
static_assert(options_are_complete<ranknet>);

// ---------------------------------------------------------------------------------------------------

inline linear_ranker ranknet::fit(const ranking_data& train, const ranking_data* validation,
                                  const training& how) const {
  check_options(*this);
  return descend(name, {epochs, learning_rate, regularization, batch, early_stopping, stop_at, seed}, train, validation,
                 how, [this](auto scores, auto labels, auto out) { return gradient(scores, labels, out); });
}

inline double ranknet::gradient(std::span<const double> scores, std::span<const float> labels,
                                std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  double loss = 0, pairs = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (!(labels[i] > labels[j])) continue;
      // log(1 + e^-x) without overflow;  its derivative by x is -1 / (1 + e^x)
      const double x = steepness * (scores[i] - scores[j]);
      const double away = x > 0 ? std::exp(-x) / (1 + std::exp(-x)) : 1 / (1 + std::exp(x));
      loss += x > 0 ? std::log1p(std::exp(-x)) : std::log1p(std::exp(x)) - x;
      out[i] -= steepness * away;
      out[j] += steepness * away;
      ++pairs;
    }
  if (pairs == 0) return 0;
  for (auto& g : out) g /= pairs;
  return loss / pairs;
}

}  // namespace reco
