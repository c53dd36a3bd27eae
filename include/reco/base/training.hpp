// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/observer.hpp"

namespace reco::inline RECO_ABI() {

/// How to run a fit, apart from what to fit (the estimator's own fields). `executor` and `observer`
/// never change the answer. A stop ends the fit after the epoch under way; the model is what had
/// been learned by then and its `fit_report` says `stopped`.
struct training {
  executor_ref executor = {};
  reco::observer observer = {};
  std::stop_token stop = {};
};

}  // namespace reco
