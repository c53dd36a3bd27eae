// SPDX-License-Identifier: MIT
// The estimators of factorization/ that learn from implicit feedback keep the promises of check_estimator. They start
// from random numbers, so they are excused from renaming.
#include "conformance/data_sets.hpp"
#include "reco/factorization/implicit_als.hpp"

using namespace reco_test;

TEST_CASE("implicit_als keeps its promises", "[concurrent]") {
  const auto solver =
      GENERATE(reco::als_solver::exact, reco::als_solver::conjugate_gradient, reco::als_solver::subspace);
  keeps_its_promises(reco::implicit_als{.factors = 3, .epochs = 3, .solver = solver, .cg_steps = 1, .block = 1},
                     {.renaming = false, .tolerance = 1e-2});
}

TEST_CASE("implicit_als with more factors than items keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::implicit_als{.factors = 40, .epochs = 3}, {.renaming = false, .tolerance = 1e-2});
}
