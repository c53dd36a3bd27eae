// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"

namespace reco::inline RECO_ABI() {

/// The share of a list that is both of use and unexpected: relevant (`shown_list::grade` above 0), and not in the list
/// that a primitive recommender shows (`shown_list::baseline`, most popular as a rule) (Ge, Delgado-Battenfeld and
/// Jannach, "Beyond accuracy: evaluating recommender systems by coverage and serendipity", 2010).
///
/// In 0..1; 0 of an empty list. Worked example: items 1, 2, 3, 4 of which 2, 3, 4 are relevant, baseline 4, 5: 2 and 3
/// are serendipitous, 1 is unexpected only: shown 2/4, unexpected 2/3. O(k × baseline).
struct serendipity {
  enum class divisor {
    shown,       ///< the items shown (Adamopoulos and Tuzhilin 2014; Kotkov et al. 2016)
    unexpected,  ///< those that the baseline does not show (Ge et al.); 0 if there are none
  };

  int k = 10;  ///< places of the list; the baseline is taken as it is
  divisor divide_by = divisor::shown;

  static constexpr std::string_view name = "serendipity";
  [[nodiscard]] double operator()(const shown_list& list) const;
};

// ---------------------------------------------------------------------------------------------------

inline double serendipity::operator()(const shown_list& list) const {
  const auto shown = list.first(k);
  std::int64_t unexpected = 0, serendipitous = 0;
  for (std::size_t rank = 0; rank < shown.size(); ++rank) {
    if (std::find(list.baseline.begin(), list.baseline.end(), shown[rank]) != list.baseline.end()) continue;
    ++unexpected;
    serendipitous += list.hit(rank);
  }
  const auto by = divide_by == divisor::shown ? std::ssize(shown) : unexpected;
  return by > 0 ? static_cast<double>(serendipitous) / static_cast<double>(by) : 0;
}

static_assert(list_metric<serendipity>);

}  // namespace reco
