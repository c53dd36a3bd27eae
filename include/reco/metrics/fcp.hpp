// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/metrics/rated_pairs.hpp"

namespace reco::inline RECO_ABI() {

/// The fraction of concordant pairs: of two items that a user rated differently, how often the better rated one is
/// predicted higher (Koren and Sill, "OrdRec: an ordinal model for predicting personalized item rating distributions",
/// 2011). Sees order alone, and within users alone.
///
///     FCP = concordant / (concordant + discordant)
///
/// In 0..1, 0.5 is chance. Over the ratings that could be predicted (see `unpredicted`); not a number if no user rated
/// two items differently. Worked example: a user rated 1, 2, 3, predicted 1, 3, 2: 2 of 3 pairs; another rated 5, 4,
/// predicted 3, 3: a tie. Pairs 2.5/4 = 0.625, users (2/3 + 1/2) / 2 = 0.583. O(sum of squares of the users' ratings).
struct fcp {
  enum class tied_predictions {
    half,        ///< half concordant: what a coin would get
    discordant,  ///< not told apart is wrong (Surprise)
    skipped,     ///< no pair at all (the paper's sets)
  };

  rating_mean over = rating_mean::pairs;
  tied_predictions ties = tied_predictions::half;

  static constexpr std::string_view name = "fcp";
  /// Throws `invalid_argument` for a rating or prediction that is not finite.
  [[nodiscard]] double operator()(std::span<const rated_pair> pairs) const;
};

// ---------------------------------------------------------------------------------------------------

inline double fcp::operator()(std::span<const rated_pair> pairs) const {
  std::vector<rated_pair> by_user;
  for (const auto& p : pairs) {
    if (!p.predicted) continue;
    detail::check_rated(name, p);
    by_user.push_back(p);
  }
  std::sort(by_user.begin(), by_user.end(), [](const auto& a, const auto& b) { return a.user < b.user; });
  double concordant = 0, compared = 0, sum = 0, users = 0;
  for (std::size_t begin = 0, end = 0; begin < by_user.size(); begin = end) {
    while (end < by_user.size() && by_user[end].user == by_user[begin].user) ++end;
    double right = 0, all = 0;
    for (std::size_t i = begin; i < end; ++i) {
      for (std::size_t j = begin; j < i; ++j) {
        const auto &a = by_user[i], &b = by_user[j];
        if (a.actual == b.actual) continue;
        if (*a.predicted == *b.predicted) {
          right += ties == tied_predictions::half ? 0.5 : 0;
          all += ties == tied_predictions::skipped ? 0 : 1;
        } else {
          right += (a.actual > b.actual) == (*a.predicted > *b.predicted) ? 1 : 0;
          all += 1;
        }
      }
    }
    concordant += right;
    compared += all;
    if (all == 0) continue;
    sum += right / all;
    ++users;
  }
  if (compared == 0) return detail::not_rated;
  return over == rating_mean::pairs ? concordant / compared : sum / users;
}

}  // namespace reco
