// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

#include "reco/base/instant.hpp"

namespace reco_test {

inline reco::instant at(std::int64_t seconds) { return reco::instant(std::chrono::seconds(seconds)); }

}  // namespace reco_test
