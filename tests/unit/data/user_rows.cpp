// SPDX-License-Identifier: MIT
#include "reco/data/user_rows.hpp"

#include <vector>

#include "reco/data/dataset.hpp"
#include "reco/data/dense_interactions.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

TEST_CASE("the matrix of any interactions is the one they hold, or one like it") {
  const reco::shape shape{12, 9};
  const auto log = random_log(3, shape, 60);
  const reco::sparse_interactions<float> sparse(log, shape);
  const reco::dense_interactions<float> dense(log, shape);
  const reco::dataset<float> data(log, shape);
  const reco::detail::user_rows<reco::sparse_interactions<float>> of_sparse(sparse);
  CHECK(&*of_sparse == &sparse.by_user());  // no copy
  CHECK(&*reco::detail::user_rows<reco::dataset<float>>(data) == &data.matrix().by_user());
  const reco::detail::user_rows<reco::dense_interactions<float>> of_dense(dense);
  CHECK(*of_dense == sparse.by_user());
}
