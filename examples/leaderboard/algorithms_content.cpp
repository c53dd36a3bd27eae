// SPDX-License-Identifier: MIT
#include <reco/content/content_recommender.hpp>

#include "algorithms.hpp"

entries content_algorithms() { return entries_of<reco::content_recommender>(); }
