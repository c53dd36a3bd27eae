// SPDX-License-Identifier: MIT
#include "reco/data/query.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

namespace {
std::size_t known(const reco::query<float>& q) {
  return (q.user ? 1U : 0U) + (q.now ? 1U : 0U) + q.history.size() + q.session.size();
}
}  // namespace

TEST_CASE("every part of a query may be missing") {
  CHECK(known({}) == 0);
  CHECK(known({.user = 0}) == 1);
  CHECK(known({.now = reco::instant{}}) == 1);
}

TEST_CASE("a braced query looks into what it is given") {
  const std::vector<std::int32_t> items = {3, 5};
  const std::vector<float> values = {2, 4};
  const auto sum = [](const reco::query<float>& q) { return q.history.value(0) + q.history.value(1); };
  CHECK(sum({.user = 7, .history = {.items = items, .values = values}}) == 6);
  CHECK(sum({.history = {.items = items}}) == 2);
}
