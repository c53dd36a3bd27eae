// SPDX-License-Identifier: MIT
#include "reco/data/request.hpp"

#include <cstdint>
#include <span>
#include <vector>

#include "reco/data/query.hpp"
#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("a request of nothing asks for ten unseen items of all") {
  const reco::request r;
  CHECK(r.k == 10);
  CHECK(r.exclude_seen);
  CHECK(r.exclude.empty());
  CHECK_FALSE(r.only.has_value());
  CHECK_NOTHROW(reco::check_request(r));
}

TEST_CASE("nothing but these is not the same as nothing stated") {
  const std::vector<std::int32_t> none;
  const reco::request r{.only = std::span(none)};
  CHECK(r.only.has_value());
  CHECK(r.only->empty());
}

TEST_CASE("zero items may be asked for and fewer may not") {
  CHECK_NOTHROW(reco::check_request({.k = 0}));
  CHECK_THROWS_MATCHES(reco::check_request({.k = -1}), reco::invalid_argument,
                       Message("request: k must be at least 0, got -1"));
}
