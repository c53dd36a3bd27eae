// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"
#include "reco/metrics/precision.hpp"
#include "reco/metrics/recall.hpp"

namespace reco::inline RECO_ABI() {

/// The weighted harmonic mean of precision (over k places) and recall (van Rijsbergen, "Information Retrieval", 1979):
///
///     F = (1 + beta²) P R / (beta² P + R)
///
/// In 0..1; 0 without a hit. beta = 2 values recall twice as much as precision. Worked example: P = 2/10, R = 2/3,
/// beta = 1: F = 0.308. O(k). Throws `invalid_argument` for a beta out of range.
struct f_measure {
  int k = 10;
  double beta = 1;  ///< above 0

  static constexpr std::string_view name = "f_measure";
  [[nodiscard]] double operator()(const judged_list& list) const {
    if (!(beta > 0)) detail::fail_argument("f_measure: beta must be above 0, got " + detail::to_text(beta));
    const double p = precision{.k = k}(list), r = recall{.k = k}(list), b = beta * beta;
    return p + r > 0 ? (1 + b) * p * r / (b * p + r) : 0;
  }
};

static_assert(metric_at<f_measure>);

}  // namespace reco
