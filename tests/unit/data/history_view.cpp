// SPDX-License-Identifier: MIT
#include "reco/data/history_view.hpp"

#include <cstdint>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("a history without values counts one each") {
  const std::vector<std::int32_t> items = {4, 9};
  const reco::history_view<double> plain{.items = items};
  CHECK(plain.size() == 2);
  CHECK_FALSE(plain.empty());
  CHECK(plain.value(0) == 1);
  CHECK(plain.value(1) == 1);
  const std::vector<double> values = {0.5, -3};
  const reco::history_view<double> valued{.items = items, .values = values};
  CHECK(valued.value(0) == 0.5);
  CHECK(valued.value(1) == -3);
}

TEST_CASE("a history of nothing is empty") {
  CHECK(reco::history_view<float>{}.empty());
  CHECK(reco::history_view<float>{}.size() == 0);
}
