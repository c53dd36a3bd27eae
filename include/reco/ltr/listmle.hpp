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

/// ListMLE (Xia et al., "Listwise approach to learning to rank: theory and algorithm", 2008) with a linear scorer: the
/// likelihood of the order by labels under the Plackett-Luce model, documents drawn one after another in proportion to
/// exp(score),
///
///     L(query) = - sum over k of [ s_(k) - log sum over l >= k of exp(s_(l)) ] / documents
///
/// (k): the document in place k by label, equal labels in the order of the data. O(documents log documents) a query and
/// epoch beside the scores.
struct listmle {
  int epochs = 100;              ///< >= 1
  double learning_rate = 0.02;   ///< > 0
  double regularization = 1e-4;  ///< >= 0
  int batch = 16;                ///< queries in a step, >= 1
  int early_stopping = 15;       ///< epochs without progress on the validation set; 0: never
  int stop_at = 10;              ///< k of the NDCG that says so
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "listmle";
  static constexpr auto options() {
    using r = listmle;
    return std::tuple{at_least("epochs", &r::epochs, 1),
                      above("learning_rate", &r::learning_rate, 0).search(1e-3, 0.3, search_scale::logarithmic),
                      at_least("regularization", &r::regularization, 0).search(1e-6, 1e-1, search_scale::logarithmic),
                      at_least("batch", &r::batch, 1).search(1, 64, search_scale::logarithmic),
                      at_least("early_stopping", &r::early_stopping, 0),
                      at_least("stop_at", &r::stop_at, 1),
                      any_value("seed", &r::seed)};
  }
  friend bool operator==(const listmle&, const listmle&) = default;

  /// Throws `invalid_argument` for options out of range and for a validation set of other features.
  [[nodiscard]] linear_ranker fit(const ranking_data& train, const ranking_data* validation = nullptr,
                                  const training& how = {}) const;
  /// The loss of one query; `out` <- its derivatives by the scores.
  [[nodiscard]] double gradient(std::span<const double> scores, std::span<const float> labels,
                                std::span<double> out) const;
};
static_assert(options_are_complete<listmle>);

// ---------------------------------------------------------------------------------------------------

inline linear_ranker listmle::fit(const ranking_data& train, const ranking_data* validation,
                                  const training& how) const {
  check_options(*this);
  return descend(name, {epochs, learning_rate, regularization, batch, early_stopping, stop_at, seed}, train, validation,
                 how, [this](auto scores, auto labels, auto out) { return gradient(scores, labels, out); });
}

inline double listmle::gradient(std::span<const double> scores, std::span<const float> labels,
                                std::span<double> out) const {
  const std::size_t size = scores.size();
  if (size == 0) return 0;
  std::vector<std::size_t> place(size);
  std::iota(place.begin(), place.end(), std::size_t{0});
  std::stable_sort(place.begin(), place.end(), [&](auto a, auto b) { return labels[a] > labels[b]; });
  const double most = *std::max_element(scores.begin(), scores.end()), share = 1 / static_cast<double>(size);
  std::vector<double> rest(size);  // sum over l >= k of exp(s_(l))
  double sum = 0;
  for (std::size_t k = size; k-- > 0;) rest[k] = sum += std::exp(scores[place[k]] - most);
  double loss = 0, drawn = 0;  // sum over k so far of 1 / rest
  for (std::size_t k = 0; k < size; ++k) {
    const auto d = place[k];
    loss -= scores[d] - most - std::log(rest[k]);
    drawn += 1 / rest[k];
    out[d] = share * (std::exp(scores[d] - most) * drawn - 1);
  }
  return share * loss;
}

}  // namespace reco
