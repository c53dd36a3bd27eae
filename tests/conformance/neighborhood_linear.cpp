// SPDX-License-Identifier: MIT
// The linear models of neighborhood/ keep the promises of check_estimator. None is excused from any.
#include "conformance/data_sets.hpp"
#include "reco/neighborhood/ease.hpp"
#include "reco/neighborhood/graph_filter.hpp"
#include "reco/neighborhood/random_walk.hpp"
#include "reco/neighborhood/slim.hpp"
#include "reco/neighborhood/slope_one.hpp"

using namespace reco_test;

TEST_CASE("ease keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::ease{});
  keeps_its_promises(reco::ease{.regularization = 3});
}

TEST_CASE("slim keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::slim{});
  keeps_its_promises(reco::slim{.l1 = 0.1, .l2 = 2, .non_negative = false, .epochs = 500, .tolerance = 1e-6});
  keeps_its_promises(reco::slim{.l1 = 0.1, .l2 = 2, .epochs = 500, .tolerance = 1e-6, .max_memory = 0});
}

TEST_CASE("p3alpha and rp3beta keep their promises", "[concurrent]") {
  keeps_its_promises(reco::p3alpha{});
  keeps_its_promises(reco::p3alpha{.alpha = 0.5, .normalize = true});
  keeps_its_promises(reco::rp3beta{});
  keeps_its_promises(reco::rp3beta{.beta = 1, .normalize = true});
}

TEST_CASE("graph_filter keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::graph_filter{});
  keeps_its_promises(reco::graph_filter{.low_pass_share = 0, .user_exponent = 0.3});
  keeps_its_promises(reco::graph_filter{.sharpening = 1, .sharpening_steps = 2});
  keeps_its_promises(reco::graph_filter{.sharpening = 1, .low_pass_late = true});
}

TEST_CASE("slope_one keeps its promises", "[concurrent]") {
  keeps_its_promises(reco::slope_one{});
  keeps_its_promises(reco::slope_one{.weighted = false, .min_raters = 2});
}
