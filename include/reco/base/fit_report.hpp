// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// How a fit went; part of the model, `model.report()`. Not converging is a fact, not an error.
struct fit_report {
  int epochs = 0;                 ///< epochs run
  std::vector<double> loss = {};  ///< after each epoch, where computed
  bool converged = true;
  bool stopped = false;      ///< by `training::stop`
  std::int64_t skipped = 0;  ///< inputs that could not count, such as events later than the moment of the fit
  double seconds = 0;
};

}  // namespace reco
