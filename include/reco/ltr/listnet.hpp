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

/// ListNet (Cao et al., "Learning to rank: from pairwise approach to listwise approach", 2007) with a linear scorer:
/// the chance of each document to come first should be as the labels say,
///
///     L(query) = - sum_i p_i log q_i        p = softmax(labels), q = softmax(scores)
///
/// less the entropy of p, so that 0 is the least there is. O(documents) a query and epoch beside the scores.
struct listnet {
  int epochs = 100;              ///< >= 1
  double learning_rate = 0.02;   ///< > 0
  double regularization = 1e-4;  ///< >= 0
  int batch = 16;                ///< queries in a step, >= 1
  int early_stopping = 15;       ///< epochs without progress on the validation set; 0: never
  int stop_at = 10;              ///< k of the NDCG that says so
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "listnet";
  static constexpr auto options() {
    using r = listnet;
    return std::tuple{at_least("epochs", &r::epochs, 1),
                      above("learning_rate", &r::learning_rate, 0).search(1e-3, 0.3, search_scale::logarithmic),
                      at_least("regularization", &r::regularization, 0).search(1e-6, 1e-1, search_scale::logarithmic),
                      at_least("batch", &r::batch, 1).search(1, 64, search_scale::logarithmic),
                      at_least("early_stopping", &r::early_stopping, 0),
                      at_least("stop_at", &r::stop_at, 1),
                      any_value("seed", &r::seed)};
  }
  friend bool operator==(const listnet&, const listnet&) = default;

  /// Throws `invalid_argument` for options out of range and for a validation set of other features.
  [[nodiscard]] linear_ranker fit(const ranking_data& train, const ranking_data* validation = nullptr,
                                  const training& how = {}) const;
  /// The loss of one query; `out` <- its derivatives by the scores.
  [[nodiscard]] double gradient(std::span<const double> scores, std::span<const float> labels,
                                std::span<double> out) const;
};
static_assert(options_are_complete<listnet>);

// ---------------------------------------------------------------------------------------------------

inline linear_ranker listnet::fit(const ranking_data& train, const ranking_data* validation,
                                  const training& how) const {
  check_options(*this);
  return descend(name, {epochs, learning_rate, regularization, batch, early_stopping, stop_at, seed}, train, validation,
                 how, [this](auto scores, auto labels, auto out) { return gradient(scores, labels, out); });
}

inline double listnet::gradient(std::span<const double> scores, std::span<const float> labels,
                                std::span<double> out) const {
  if (scores.empty()) return 0;
  const double most = *std::max_element(scores.begin(), scores.end());
  const auto top = static_cast<double>(*std::max_element(labels.begin(), labels.end()));
  double q_sum = 0, p_sum = 0, loss = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    q_sum += std::exp(scores[i] - most);
    p_sum += std::exp(static_cast<double>(labels[i]) - top);
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const double log_q = scores[i] - most - std::log(q_sum),
                 log_p = static_cast<double>(labels[i]) - top - std::log(p_sum);
    const double p = std::exp(log_p);
    loss += p * (log_p - log_q);
    out[i] = std::exp(log_q) - p;
  }
  return loss;
}

}  // namespace reco
