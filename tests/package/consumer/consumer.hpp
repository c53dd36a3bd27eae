// SPDX-License-Identifier: MIT
#pragma once

#include <reco/reco.hpp>

reco::dataset<float> events();                                           // main.cpp
reco::item_scores_model<float> trend(const reco::dataset<float>& data);  // other.cpp
