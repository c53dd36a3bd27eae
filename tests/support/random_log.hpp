// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/event.hpp"

namespace reco_test {

/// A log that is hard on purpose: repeated pairs, equal times, events out of order, users and items
/// without any event, values below 0. Values are multiples of 1/4, so that sums of them are exact.
inline std::vector<reco::event> random_log(std::uint64_t seed, reco::shape s, std::int64_t events,
                                           std::int64_t moments = 50) {
  reco::random_engine random(seed);
  std::vector<reco::event> log;
  if (s.users == 0 || s.items == 0) return log;
  for (std::int64_t n = 0; n < events; ++n) {
    const auto user = static_cast<std::int32_t>(reco::uniform_index(random, s.users));
    const auto item = static_cast<std::int32_t>(reco::uniform_index(random, s.items));
    const auto value = 0.25 * static_cast<double>(reco::uniform_index(random, 41) - 10);
    const auto time = reco::instant(std::chrono::seconds(reco::uniform_index(random, moments)));
    log.push_back({.user = user, .item = item, .value = value, .time = time});
  }
  return log;
}

/// The same events with values above 0.
inline std::vector<reco::event> positive(std::vector<reco::event> log) {
  for (auto& e : log) e.value = std::abs(e.value) + 0.25;
  return log;
}

}  // namespace reco_test
