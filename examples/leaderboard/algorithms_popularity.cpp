// SPDX-License-Identifier: MIT
#include <reco/popularity/bayesian_average.hpp>
#include <reco/popularity/most_popular.hpp>
#include <reco/popularity/trending.hpp>

#include "algorithms.hpp"

entries popularity_algorithms() {
  return entries_of<reco::most_popular,  //
                    reco::trending,      //
                    reco::bayesian_average>();
}
