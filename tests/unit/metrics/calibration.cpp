// SPDX-License-Identifier: MIT
#include "reco/metrics/calibration.hpp"

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "reco/data/feature_rows.hpp"
#include "support/catch.hpp"
#include "support/shown_lists.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using numbers = std::vector<double>;
using reco::rank_weight;

namespace {

/// Items 0 and 1 are of genre A, 2 and 3 of B, 4 is one part A and three parts C, 5 has none.
reco::feature_rows<double> genres() {
  return reco::feature_rows<double>(
      reco::csr_matrix<double>(3, {0, 1, 2, 3, 4, 6, 6}, {0, 0, 1, 1, 0, 2}, {1, 5, 1, 2, 1, 3}));
}

}  // namespace

TEST_CASE("calibration: the worked example") {
  const auto features = genres();
  const item_list history = {0, 1, 2, 3}, items = {0};
  const double value = reco::calibration(features)({.items = items, .history = history});
  CHECK_THAT(value, WithinAbs(1.959, 5e-4));
  CHECK_THAT(value, WithinRel((std::log(0.5 / 0.995) + std::log(100.0)) / 2, rounding<double>(100)));
}

TEST_CASE("calibration: shares are means over items, items without features have no say") {
  const auto features = genres();
  const reco::calibration c(features);
  CHECK(c.shares(item_list{0, 4, 5}, rank_weight::equal) == numbers{0.625, 0, 0.375});
  CHECK(c.shares(item_list{5}, rank_weight::equal) == numbers{0, 0, 0});
  CHECK(c.shares({}, rank_weight::equal) == numbers{0, 0, 0});
  const auto by_rank = c.shares(item_list{0, 5, 2}, rank_weight::logarithmic);  // ranks 1 and 3: weights 1 and 1/2
  CHECK_THAT(by_rank[0], WithinRel(2.0 / 3, rounding<double>(5)));
  CHECK_THAT(by_rank[1], WithinRel(1.0 / 3, rounding<double>(5)));
}

TEST_CASE("calibration is 0 for a list like the history, grows as shares move away, and ends at ln(1 / alpha)") {
  const auto features = genres();
  const reco::calibration c(features);
  const item_list history = {0, 1, 2}, alike = {3, 1, 0}, less = {1, 2, 3}, off = {3}, apart = {4}, only_a = {0, 1};
  const auto value = [&](const item_list& items) { return c({.items = items, .history = history}); };
  CHECK_THAT(value(alike), WithinAbs(0, rounding<double>(100)));
  CHECK(value(less) > 0.01);
  CHECK(value(off) > value(less));
  CHECK_THAT(value({}), WithinRel(std::log(100.0), rounding<double>(100)));
  CHECK_THAT(c({.items = off, .history = only_a}), WithinRel(std::log(100.0), rounding<double>(100)));
  const reco::calibration rough(features, 10, rank_weight::equal, 0.5);
  CHECK_THAT(rough({.items = off, .history = only_a}), WithinRel(std::log(2.0), rounding<double>(100)));
  CHECK(c({.items = off}) == 0);
}

TEST_CASE("calibration: k cuts, and the order matters if ranks have weights") {
  const auto features = genres();
  const item_list history = {0, 0, 2}, good = {0, 2}, bad = {2, 0};
  const reco::calibration flat(features), weighed(features, 10, rank_weight::logarithmic), one(features, 1);
  CHECK(flat({.items = good, .history = history}) == flat({.items = bad, .history = history}));
  CHECK(weighed({.items = good, .history = history}) < weighed({.items = bad, .history = history}));
  CHECK(one({.items = good, .history = history}) < one({.items = bad, .history = history}));
}

TEST_CASE("calibration: what cannot be is an error") {
  const auto features = genres();
  const item_list beyond = {6}, history = {0};
  CHECK_THROWS_AS(reco::calibration(features)({.items = beyond, .history = history}), std::out_of_range);
  for (const double alpha : {0.0, 1.0, std::nan("")})
    CHECK_THROWS_AS(reco::calibration(features, 10, rank_weight::equal, alpha), reco::invalid_argument);
  const reco::feature_rows<double> below(reco::csr_matrix<double>(1, {0, 1}, {0}, {-1}));
  CHECK_THROWS_MATCHES(reco::calibration(below)({.items = history}), reco::invalid_argument,
                       Message("calibration: features of item 0 must be at least 0, got -1"));
}
