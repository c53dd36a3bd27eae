// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/shown_list.hpp"

namespace reco::inline RECO_ABI() {

/// The share of users who got a list with enough items in it. Worked example: lists of 0, 1 and 3 items: 2/3 of the
/// users got something, 1/3 at least 2 items.
struct user_coverage {
  std::int64_t at_least = 1;  ///< items that are enough

  static constexpr std::string_view name = "user_coverage";
  void add(const shown_list& list) {
    ++users;
    covered += std::ssize(list.items) >= at_least;
  }
  void merge(const user_coverage& part) {
    users += part.users;
    covered += part.covered;
  }
  [[nodiscard]] double value() const {
    return users > 0 ? static_cast<double>(covered) / static_cast<double>(users) : 0;
  }

  std::int64_t users = 0;    ///< shown so far
  std::int64_t covered = 0;  ///< of them, with enough
};

static_assert(aggregate_metric<user_coverage>);

}  // namespace reco
