// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include <reco/base/instant.hpp>
#include <reco/data/event_log.hpp>

#include "settings.hpp"

/// Articles and reads, wherever they came from, as of one moment.
struct input {
  reco::event_log log = {};
  std::string articles_from = {};  ///< "built in", a file, "no list: every article that was read"
  double neutral = 0;              ///< a read of a smaller value is a dislike (ratings: the middle of the scale)
  bool has_times = false;
  reco::instant now = {};  ///< the moment of asking; no later read is in the log
  std::int64_t later = 0;  ///< reads left out because they are later
};

/// Reads what the settings name. Throws `reco::error` with a message for people.
input read_input(const settings& asked);
