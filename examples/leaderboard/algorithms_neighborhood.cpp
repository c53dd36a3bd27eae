// SPDX-License-Identifier: MIT
#include <reco/neighborhood/co_occurrence.hpp>
#include <reco/neighborhood/item_knn.hpp>
#include <reco/neighborhood/rating_knn.hpp>
#include <reco/neighborhood/user_knn.hpp>

#include "algorithms.hpp"

entries neighborhood_algorithms() {
  return entries_of<reco::user_knn,    //
                    reco::item_knn,    //
                    reco::rating_knn,  //
                    reco::co_occurrence>();
}
