// SPDX-License-Identifier: MIT
// The estimators of factorization/ that learn from ratings keep the promises of check_estimator. They start from random
// numbers, so they are excused from renaming.
#include "conformance/data_sets.hpp"
#include "reco/factorization/explicit_als.hpp"
#include "reco/factorization/nmf.hpp"
#include "reco/factorization/pure_svd.hpp"

using namespace reco_test;

TEST_CASE("explicit_als keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::explicit_als{.factors = 3, .epochs = 4}, {.renaming = false});
  keeps_its_promises(reco::explicit_als{.factors = 0, .epochs = 2, .regularization = 1}, {.tolerance = 1e-2});
}

TEST_CASE("nmf keeps its promises, and refuses values below zero", "[concurrent]") {
  const auto missing = GENERATE(reco::unobserved::unknown, reco::unobserved::zero);
  keeps_its_promises(reco::nmf{.factors = 3, .epochs = 4, .missing = missing}, {.renaming = false, .tolerance = 1e-2},
                     "ratings from -2 to 3");
}

TEST_CASE("pure_svd keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::pure_svd{.factors = 2}, {.renaming = false, .tolerance = 1e-2});
  keeps_its_promises(reco::pure_svd{.factors = 64, .item_exponent = 0.5}, {.renaming = false, .tolerance = 1e-2});
}
