// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// How a fit went; part of the model, `model.report()`. Not converging is a fact, not an error.
struct fit_report {
  int epochs = 0;                 ///< epochs run
  std::vector<double> loss = {};  ///< after each epoch, where computed
  bool converged = true;
  bool stopped = false;  ///< by `training::stop`
  double seconds = 0;
};

}  // namespace reco
