// SPDX-License-Identifier: MIT
#include <reco/factorization/explicit_als.hpp>
#include <reco/factorization/implicit_als.hpp>
#include <reco/factorization/nmf.hpp>
#include <reco/factorization/pure_svd.hpp>

#include "algorithms.hpp"

entries factorization_algorithms() {
  return entries_of<reco::implicit_als,  //
                    reco::explicit_als,  //
                    reco::nmf,           //
                    reco::pure_svd>();
}
