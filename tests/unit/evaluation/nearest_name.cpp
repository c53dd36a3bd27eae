// SPDX-License-Identifier: MIT
#include "reco/evaluation/nearest_name.hpp"

#include <string_view>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("the edit distance counts insertions, deletions, replacements and swaps of neighbors") {
  CHECK(reco::edit_distance("", "") == 0);
  CHECK(reco::edit_distance("ease", "ease") == 0);
  CHECK(reco::edit_distance("", "slim") == 4);
  CHECK(reco::edit_distance("kitten", "sitting") == 3);
  CHECK(reco::edit_distance("itme_knn", "item_knn") == 1);
  CHECK(reco::edit_distance("ca", "abc") == 3);  // restricted: what was swapped is not edited again
  CHECK(reco::edit_distance("user_knn", "item_knn") == reco::edit_distance("item_knn", "user_knn"));
}

TEST_CASE("the nearest name is the first of those with the least distance") {
  const std::vector<std::string_view> names{"user_knn", "item_knn", "ease", "nmf"};
  CHECK(reco::nearest_name("item_kn", names) == "item_knn");
  CHECK(reco::nearest_name("est", names) == "ease");
  CHECK(reco::nearest_name("_knn", names) == "user_knn");
  CHECK(reco::nearest_name("ease", {}).empty());
  CHECK(reco::no_such_name("estimator", "nnf", names) ==
        "no estimator 'nnf'; did you mean 'nmf'? There are: user_knn, item_knn, ease, nmf");
  CHECK(reco::no_such_name("estimator", "nnf", {}) == "no estimator 'nnf'; there are none");
}
