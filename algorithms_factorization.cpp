// SPDX-License-Identifier: MIT
#include <reco/factorization/explicit_als.hpp>
#include <reco/factorization/nmf.hpp>
#include <reco/factorization/pure_svd.hpp>

#include "algorithms.hpp"

void add_factorization(algorithms& to) {
  to.add<reco::explicit_als>();
  to.add<reco::nmf>();
  to.add<reco::pure_svd>();
}
