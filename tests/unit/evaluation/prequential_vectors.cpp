// SPDX-License-Identifier: MIT
#include "reco/evaluation/prequential_vectors.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/instant.hpp"

using namespace reco_test;
using namespace std::chrono_literals;
using living = reco::living_vectors<float>;

namespace {

living two_axes(const reco::taste_profile& fold_in = {}) {  // items 0 and 1; 2 has no vector
  return living::given(reco::embeddings<float>(reco::matrix<float>{{2, 0}, {0, 3}, {0, 0}}), fold_in);
}

struct history {
  std::vector<std::int32_t> items = {};
  std::vector<float> values = {};
  std::vector<reco::instant> times = {};

  [[nodiscard]] reco::history_view<float> view() const { return {items, values, times}; }
};

}  // namespace

TEST_CASE("living_vectors: a given vector, made one of length 1, counts from its item's first event on") {
  auto v = two_axes();
  v.refit({}, {});
  CHECK_FALSE(v.knows(0));
  CHECK(v.moving().empty());
  v.learn({.item = 0}, {});
  v.learn({.item = 0}, {});
  CHECK(v.knows(0));
  CHECK(v.vector(0)[0] == 1);
  CHECK(std::vector(v.moving().begin(), v.moving().end()) == std::vector<std::int32_t>{0});
  CHECK(v.fixed_row(0) == -1);
  CHECK_FALSE(v.knows(1));
  CHECK_FALSE(v.knows(-1));
  CHECK_FALSE(v.knows(99));
}

TEST_CASE("living_vectors: what occurred before the fit stands in the fixed rows, ascending") {
  auto v = two_axes();
  v.learn({.item = 1}, {});
  v.learn({.item = 0}, {});
  v.learn({.item = 2}, {});
  v.refit({}, {});
  CHECK(std::vector(v.fixed_items().begin(), v.fixed_items().end()) == std::vector<std::int32_t>{0, 1});
  CHECK(v.fixed_row(1) == 1);
  CHECK(v.fixed()(1, 1) == 1);
  CHECK(v.moving().empty());
  CHECK_FALSE(v.knows(2));
}

TEST_CASE("living_vectors: a new item gets the mean direction of its readers' tastes just then") {
  auto v = two_axes({.half_life = 10s});
  v.learn({.item = 0}, {});
  v.learn({.item = 1}, {});
  v.refit({}, {});
  const history ann{{0, 1}, {1, 1}, {at(0), at(10)}};  // taste (1/2, 1) / |…|
  const history bob{{0}, {1}, {at(0)}};
  v.learn({.user = 0, .item = 2, .time = at(20)}, ann.view());
  CHECK(v.knows(2));
  CHECK_THAT(static_cast<double>(v.vector(2)[0]), WithinAbs(0.5 / std::sqrt(1.25), 1e-6));
  v.learn({.user = 1, .item = 2, .time = at(20)}, bob.view());
  const double x = 0.5 / std::sqrt(1.25) + 1, y = 1 / std::sqrt(1.25);
  CHECK_THAT(static_cast<double>(v.vector(2)[0]), WithinAbs(x / std::hypot(x, y), 1e-6));
  CHECK_THAT(static_cast<double>(v.vector(2)[1]), WithinAbs(y / std::hypot(x, y), 1e-6));
  CHECK(std::vector(v.moving().begin(), v.moving().end()) == std::vector<std::int32_t>{2});

  // Nothing is added by a reader without a taste, by a second read, by a dislike.
  const auto before = std::vector<float>(v.vector(2).begin(), v.vector(2).end());
  const history again{{1, 2}, {1, 1}, {at(0), at(20)}};
  v.learn({.user = 2, .item = 2, .time = at(30)}, {});
  v.learn({.user = 3, .item = 2, .time = at(30)}, again.view());
  v.learn({.user = 1, .item = 2, .value = -1, .time = at(30)}, bob.view());
  CHECK(std::vector<float>(v.vector(2).begin(), v.vector(2).end()) == before);
}

TEST_CASE("living_vectors: items that no fit could know of may be folded in") {
  auto v = two_axes();
  v.learn({.item = 0}, {});
  v.refit({}, {});
  const history bob{{0}, {1}, {at(0)}};
  v.learn({.user = 1, .item = 1000, .time = at(20)}, bob.view());
  CHECK(v.knows(1000));
  CHECK(v.vector(1000)[0] == 1);
  CHECK_FALSE(v.knows(999));
}

TEST_CASE("living_vectors: a fit replaces what was folded in, unless the first serves for good") {
  int fits = 0;
  const auto fit = [&](std::span<const reco::event> past, const reco::training&) {
    ++fits;
    reco::matrix<float> rows = reco::matrix<float>::Zero(2, 2);
    rows(0, 0) = 1;
    if (past.size() > 1) rows(1, 1) = 1;
    return reco::embeddings<float>(rows);
  };
  const history bob{{0}, {1}, {at(0)}};
  const std::vector<reco::event> past(2);
  for (const bool once : {false, true}) {
    fits = 0;
    living v(fit, once);
    v.learn({.item = 0}, {});
    v.refit(std::span(past).first(1), {});
    v.learn({.user = 1, .item = 1}, bob.view());
    CHECK(v.vector(1)[0] == 1);
    v.refit(past, {});
    CHECK(fits == (once ? 1 : 2));
    CHECK(v.vector(1)[0] == (once ? 1 : 0));
    CHECK(v.fixed_row(1) == (once ? -1 : 1));
  }
}

TEST_CASE("living_vectors: folding in begins anew with each fit") {
  const auto fit = [](std::span<const reco::event>, const reco::training&) {
    return reco::embeddings<float>(reco::matrix<float>{{1, 0}, {0, 1}});
  };
  const history likes_0{{0}, {1}, {at(0)}}, likes_1{{1}, {1}, {at(0)}};
  living v(fit);
  for (const auto item : {0, 1}) v.learn({.item = item}, {});
  v.refit({}, {});
  v.learn({.user = 0, .item = 2}, likes_0.view());
  CHECK(v.vector(2)[0] == 1);
  v.refit({}, {});
  CHECK_FALSE(v.knows(2));
  CHECK(v.moving().empty());
  v.learn({.user = 1, .item = 2}, likes_1.view());
  CHECK(v.vector(2)[0] == 0);
  CHECK(v.vector(2)[1] == 1);
}

TEST_CASE("living_vectors: given vectors of items that came move to the fixed rows when there are many") {
  reco::matrix<float> rows = reco::matrix<float>::Ones(100, 3);
  auto v = living::given(reco::embeddings<float>(rows));
  v.refit({}, {});
  for (std::int32_t i = 0; i < 63; ++i) v.learn({.item = 99 - i}, {});
  v.settle();
  CHECK(v.fixed_items().empty());
  CHECK(v.moving().size() == 63);
  v.learn({.item = 0}, {});
  v.settle();
  CHECK(v.fixed_items().size() == 64);
  CHECK(v.moving().empty());
  CHECK(v.fixed_row(0) == 0);
  CHECK(v.fixed_row(99) == 63);
}

TEST_CASE("living_vectors: tastes that cancel point nowhere") {
  auto v = two_axes();
  v.learn({.item = 0}, {});
  v.refit({}, {});
  const history torn{{0, 0}, {1, -4}, {at(0), at(0)}};
  CHECK_FALSE(v.taste({}, torn.view()));
  CHECK_FALSE(v.taste({}, {}));
  CHECK(v.taste({}, history{{0}, {1}, {at(0)}}.view()));
}

TEST_CASE("living_vectors: vectors that are not numbers, options out of range and no function at all are refused") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(living::given(reco::embeddings<float>(reco::matrix<float>{{1, 0}, {0, nan}})),
                    "embeddings: row 1, column 1 must be finite, got nan");
  CHECK_THROWS_AS(two_axes({.half_life = 0s}), reco::invalid_argument);
  CHECK_THROWS_WITH(living(living::fit_function{}), "living_vectors: a function that makes vectors is needed");
}
