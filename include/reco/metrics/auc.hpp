// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"

namespace reco::inline RECO_ABI() {

/// The probability that a relevant item stands above an irrelevant one of the catalog, both drawn at random. Items not
/// in the list stand below it in no order: pairs among them count half, which is what a coin would get.
///
///     AUC = (pairs in the right order + half of the pairs that are not ordered) / (relevant × irrelevant)
///
/// In 0..1, 0.5 for a list that says nothing. Its mean over users is also called GAUC. Needs `judged_list::catalog`;
/// every item that is not relevant counts as irrelevant. Worked example: 5 items, 2 relevant, the list holds
/// irrelevant, relevant: of 6 pairs 2 are right (the listed hit above two unlisted) and 2 not ordered: 3/6. O(list).
struct auc {
  static constexpr std::string_view name = "auc";
  [[nodiscard]] double operator()(const judged_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

inline double auc::operator()(const judged_list& list) const {
  const auto relevant = static_cast<double>(list.relevant());
  const auto irrelevant = static_cast<double>(list.catalog) - relevant;
  double irrelevant_above = 0, hits = 0, right = 0;
  for (std::size_t rank = 0; rank < list.grade.size(); ++rank) {
    if (list.hit(rank)) {
      ++hits;
      right += irrelevant - irrelevant_above;
    } else {
      ++irrelevant_above;
    }
  }
  right += (relevant - hits) * (irrelevant - irrelevant_above) / 2;
  return relevant > 0 && irrelevant > 0 ? right / (relevant * irrelevant) : 0.5;
}

static_assert(metric<auc>);

}  // namespace reco
