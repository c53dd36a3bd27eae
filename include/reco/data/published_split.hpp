// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/data/event.hpp"
#include "reco/data/event_log.hpp"
#include "reco/data/id_map.hpp"

namespace reco::inline RECO_ABI() {

/// Data that its publisher divided into train and test, so that figures of different programs can be compared. Both
/// parts share one numbering of users and items.
///
///     auto data  = reco::read_lightgcn("gowalla");
///     auto train = reco::dataset<float>(data.train, data.shape());
struct published_split {
  std::vector<event> train = {};
  std::vector<event> test = {};
  /// Of each test event the items to be ranked, its own among them: a set, in ascending order. Empty: all items.
  std::vector<std::vector<std::int32_t>> candidates = {};
  id_map<std::string> users = {};
  id_map<std::string> items = {};
  import_report report = {};

  /// Every user and item the ids know, also those of only one part.
  [[nodiscard]] reco::shape shape() const noexcept { return {.users = users.size(), .items = items.size()}; }
};

}  // namespace reco
