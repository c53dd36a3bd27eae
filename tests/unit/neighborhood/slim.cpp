// SPDX-License-Identifier: MIT
#include "reco/neighborhood/slim.hpp"

#include <algorithm>
#include <cmath>
#include <stop_token>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

reco::sparse_interactions<double> random_rows(std::uint64_t seed, reco::shape shape, std::int64_t events, bool ones) {
  auto log = random_log(seed, shape, events);
  if (ones)
    for (auto& e : log) e.value = 1;
  return {log, shape, reco::repeats::last};
}

reco::matrix<double> gram_of(const reco::sparse_interactions<double>& data) {
  reco::matrix<double> x = reco::matrix<double>::Zero(data.users(), data.items());
  for (std::int32_t u = 0; u < data.users(); ++u)
    for (std::size_t n = 0; n < data.of(u).size(); ++n) x(u, data.of(u).items[n]) = data.of(u).values[n];
  return x.transpose() * x;
}

}  // namespace

TEST_CASE("SLIM's weights meet the optimality conditions of their objective, from a table of products or without") {
  const bool ones = GENERATE(true, false), non_negative = GENERATE(true, false);
  const double max_memory = GENERATE(0.0, 1e9);
  CAPTURE(ones, non_negative, max_memory);
  const auto data = random_rows(4, {70, 25}, 500, ones);
  const double l1 = ones ? 1.5 : 4, l2 = 3;
  const auto model = reco::slim{.l1 = l1,
                                .l2 = l2,
                                .non_negative = non_negative,
                                .candidates = 1000,
                                .epochs = 5000,
                                .tolerance = 1e-12,
                                .max_memory = max_memory}
                         .fit(data);
  CHECK(model.report().converged);
  const auto w = dense(model.weights()), g = gram_of(data);
  const reco::matrix<double> slope = g - g * w - l2 * w;  // downhill, of the smooth part
  std::int64_t weights = 0, negative = 0;
  for (Eigen::Index j = 0; j < 25; ++j)
    for (Eigen::Index i = 0; i < 25; ++i) {
      CAPTURE(j, i, w(j, i), slope(j, i));
      if (j == i) REQUIRE(w(j, i) == 0);
      else if (w(j, i) > 0) REQUIRE(std::abs(slope(j, i) - l1) <= 1e-7);
      else if (w(j, i) < 0) REQUIRE(std::abs(slope(j, i) + l1) <= 1e-7);
      else if (g(j, i) != 0) REQUIRE((slope(j, i) <= l1 + 1e-7 && (non_negative || slope(j, i) >= -l1 - 1e-7)));
      weights += w(j, i) != 0;
      negative += w(j, i) < 0;
    }
  CHECK(weights > 25);
  CHECK(weights < 25 * 24);
  CHECK((non_negative ? negative == 0 : negative > 0));
}

TEST_CASE("with few candidates SLIM takes the nearest by cosine") {
  const auto data = random_rows(5, {80, 30}, 700, true);
  const auto g = gram_of(data);
  const double max_memory = GENERATE(0.0, 1e9);
  const auto w = dense(reco::slim{.l1 = 0, .l2 = 0.1, .candidates = 4, .max_memory = max_memory}.fit(data).weights());
  for (Eigen::Index i = 0; i < 30; ++i) {
    std::vector<double> cosines;
    for (Eigen::Index j = 0; j < 30; ++j)
      if (j != i) cosines.push_back(g(i, j) / std::sqrt(g(i, i) * g(j, j)));
    std::sort(cosines.rbegin(), cosines.rend());
    CHECK((w.col(i).array() != 0).count() <= 4);
    for (Eigen::Index j = 0; j < 30; ++j)
      if (w(j, i) != 0) REQUIRE(g(i, j) / std::sqrt(g(i, i) * g(j, j)) >= cosines[3] - 1e-12);
  }
}

TEST_CASE("items without a history, or alone in all histories, have no weights") {
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < 12; ++u)
    for (const std::int32_t i : {0, 1})
      if (u < 10) log.push_back({.user = u, .item = i});
  log.push_back({.user = 11, .item = 3});
  const reco::sparse_interactions<double> data(log, {12, 5});
  const auto w = dense(reco::slim{.l1 = 0.5, .l2 = 1}.fit(data).weights());
  CHECK(w(0, 1) == Approx(9.5 / 11));  // (shared - l1) / (own + l2)
  CHECK(w(1, 0) == Approx(9.5 / 11));
  CHECK((w.array() != 0).count() == 2);
}

TEST_CASE("a stop leaves SLIM with a whole model that says so") {
  std::stop_source source;
  source.request_stop();
  const auto data = random_rows(6, {30, 20}, 200, true);
  const auto model = reco::slim{}.fit(data, {.stop = source.get_token()});
  CHECK(model.items() == 20);
  CHECK(model.report().stopped);
  CHECK(model.weights().nonzeros() == 0);
}

TEST_CASE("SLIM has the same bits on any number of threads", "[concurrent]") {
  const auto data = random_rows(7, {150, 200}, 4000, true);
  reco::thread_pool pool(GENERATE(2U, 5U));
  const double max_memory = GENERATE(0.0, 1e9);
  const reco::slim slim{.l1 = 0.2, .l2 = 2, .max_memory = max_memory};
  CHECK(slim.fit(data, {.executor = pool}).weights() == slim.fit(data).weights());
}

TEST_CASE("inner products of chosen columns agree with a dense product") {
  const auto data = random_rows(8, {60, 40}, 600, false);
  const auto g = gram_of(data);
  const auto by_item = data.by_user().transposed();
  reco::detail::local_gram<double> local(data.by_user(), by_item);
  for (const std::vector<std::int32_t>& chosen :
       {std::vector<std::int32_t>{3, 4, 39}, std::vector<std::int32_t>{}, std::vector<std::int32_t>{0, 7, 8, 20, 33}}) {
    local.choose(chosen);
    for (std::size_t a = 0; a < chosen.size(); ++a)
      for (std::size_t b = 0; b < chosen.size(); ++b)
        REQUIRE(local.row(a)[b] == Approx(g(chosen[a], chosen[b])).margin(1e-12));
  }
}

TEST_CASE("values whose squares SLIM cannot add up are refused by their item") {
  const reco::event log[] = {{.user = 0, .item = 0}, {.user = 0, .item = 1, .value = 1e30}};
  const reco::sparse_interactions<float> data(log, {1, 2});
  CHECK_THROWS_WITH(reco::slim{}.fit(data), ContainsSubstring("slim: the squares of the values of item 1"));
}
