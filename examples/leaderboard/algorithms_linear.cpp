// SPDX-License-Identifier: MIT
#include <reco/neighborhood/ease.hpp>
#include <reco/neighborhood/graph_filter.hpp>
#include <reco/neighborhood/random_walk.hpp>
#include <reco/neighborhood/slim.hpp>
#include <reco/neighborhood/slope_one.hpp>

#include "algorithms.hpp"

entries linear_algorithms() {
  return entries_of<reco::slope_one,  //
                    reco::ease,       //
                    reco::slim,       //
                    reco::p3alpha,    //
                    reco::rp3beta,    //
                    reco::graph_filter>();
}
