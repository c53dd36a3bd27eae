// SPDX-License-Identifier: MIT
#include <reco/content/content_recommender.hpp>

#include "algorithms.hpp"

void add_content(algorithms& to) { to.add<reco::content_recommender>(); }
