// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/item_features.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/rank_weight.hpp"

namespace reco::inline RECO_ABI() {

/// How far the genres of a list are from those of what the user had (Steck, "Calibrated recommendations", 2018):
/// smaller is better, 0 is calibrated, at most ln(1 / alpha).
///
///     C_KL(p, q) = sum_g p(g) ln(p(g) / q~(g)),    q~ = (1 - alpha) q + alpha p      (eqs. 3, 5, 6)
///     p(g) = sum_{i in history} p(g|i) / n,        q(g) = sum_{i in list} w(rank) p(g|i) / sum w
///
/// p(g|i) are the item's features divided by their sum; items without features have no say. Any `item_features` will do
/// for genres: tags, topics. Nothing is calibrated to an empty history: 0; an empty list is as far off as can be.
/// Worked example: genres A and B, history A, A, B, B, list A: p = (1/2, 1/2), q~ = (0.995, 0.005), value
/// ln(0.5/0.995)/2 + ln(0.5/0.005)/2 = 1.959. O(features of the items + features).
template <item_features D>
class calibration {
 public:
  static constexpr std::string_view name = "calibration";

  /// Borrows the features. Throws `invalid_argument` unless 0 < alpha < 1.
  explicit calibration(const D& features, int k = 10, rank_weight weight = rank_weight::equal, double alpha = 0.01);

  /// Throws `std::out_of_range` for an item without a row, `invalid_argument` for a feature below 0.
  [[nodiscard]] double operator()(const shown_list& list) const;

  /// The shares of features among items, weighed by their place; all 0 where no item has any.
  [[nodiscard]] std::vector<double> shares(std::span<const std::int32_t> items, rank_weight weight) const;

  int k = 10;

 private:
  const D* features_;
  rank_weight weight_;
  double alpha_;
};

// ---------------------------------------------------------------------------------------------------

template <item_features D>
calibration<D>::calibration(const D& features, int places, rank_weight weight, double alpha)
    : k(places), features_(&features), weight_(weight), alpha_(alpha) {
  if (!(alpha > 0 && alpha < 1))
    detail::fail_argument("calibration: alpha must be above 0 and below 1, got " + detail::to_text(alpha));
}

template <item_features D>
std::vector<double> calibration<D>::shares(std::span<const std::int32_t> items, rank_weight weight) const {
  std::vector<double> shares(static_cast<std::size_t>(features_->features()));
  double weights = 0;
  for (std::size_t n = 0; n < items.size(); ++n) {
    const auto row = features_->features_of(items[n]);
    double sum = 0;
    for (const auto v : row.values) {
      if (!(v >= 0))
        detail::fail_argument("calibration: features of item " + detail::to_text(items[n]) +
                              " must be at least 0, got " + detail::to_text(v));
      sum += static_cast<double>(v);
    }
    if (sum <= 0) continue;
    const double w = weight_of(weight, n + 1);
    weights += w;
    for (std::size_t f = 0; f < row.values.size(); ++f)
      shares[static_cast<std::size_t>(row.columns[f])] += w * static_cast<double>(row.values[f]) / sum;
  }
  if (weights > 0)
    for (auto& share : shares) share /= weights;
  return shares;
}

template <item_features D>
double calibration<D>::operator()(const shown_list& list) const {
  const auto p = shares(list.history, rank_weight::equal);
  const auto q = shares(list.first(k), weight_);
  double sum = 0;
  for (std::size_t g = 0; g < p.size(); ++g)
    if (p[g] > 0) sum += p[g] * std::log(p[g] / ((1 - alpha_) * q[g] + alpha_ * p[g]));
  return sum;
}

}  // namespace reco
