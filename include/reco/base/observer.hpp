// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// What a fit tells after each epoch (or phase, where an algorithm has no epochs).
struct progress {
  int epoch = 0;       ///< counted from 1
  int epochs = 0;      ///< how many there will be at most; 0: not known
  double loss = 0;     ///< the objective; NaN where it is not computed
  double seconds = 0;  ///< since the fit began
};

/// Called from the thread that called `fit`; never changes the answer. To end a fit early, ask the
/// `std::stop_source` whose token went into `training`.
using observer = std::function<void(const progress&)>;

}  // namespace reco
