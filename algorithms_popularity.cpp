// SPDX-License-Identifier: MIT
#include <reco/popularity/most_popular.hpp>
#include <reco/popularity/trending.hpp>

#include "algorithms.hpp"

void add_popularity(algorithms& to) {
  to.add<reco::most_popular>();
  to.add<reco::trending>();
}
