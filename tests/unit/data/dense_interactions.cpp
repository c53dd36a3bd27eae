// SPDX-License-Identifier: MIT
#include "reco/data/dense_interactions.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

template <class A, class B>
bool same_answers(const A& a, const B& b) {
  if (a.users() != b.users() || a.items() != b.items()) return false;
  for (std::int32_t u = 0; u < a.users(); ++u) {
    const auto x = a.of(u);
    const auto y = b.of(u);
    if (!std::equal(x.items.begin(), x.items.end(), y.items.begin(), y.items.end())) return false;
    if (!std::equal(x.values.begin(), x.values.end(), y.values.begin(), y.values.end())) return false;
    if (!x.times.empty() || !y.times.empty()) return false;
  }
  return true;
}

}  // namespace

TEMPLATE_TEST_CASE("dense and sparse interactions of one log give the same answers", "", float, double) {
  const auto merge = GENERATE(reco::repeats::sum, reco::repeats::last, reco::repeats::max);
  const auto events = GENERATE(0, 1, 7, 8, 9, 300, 3000);  // 3000: most rows have no gap
  const reco::shape s{.users = 20, .items = 12};
  CAPTURE(static_cast<int>(merge), events);
  const auto log = random_log(5, s, events);
  const reco::dense_interactions<TestType> dense(log, s, merge);
  const reco::sparse_interactions<TestType> sparse(log, s, merge);
  CHECK(same_answers(dense, sparse));
  CHECK(dense.observed() == sparse.observed());
}

TEST_CASE("a table keeps what is observed and nothing else") {
  const auto density = GENERATE(0.0, 0.3, 0.95, 1.0);
  reco::random_engine random(6);
  reco::matrix<double> table(17, 9);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < 17; ++u)
    for (std::int32_t i = 0; i < 9; ++i) {
      table(u, i) = std::nan("");
      if (!reco::bernoulli(random, density)) continue;
      table(u, i) = reco::normal(random);
      log.push_back({.user = u, .item = i, .value = table(u, i)});
    }
  const reco::dense_interactions<double> dense(table);
  CHECK(same_answers(dense, reco::sparse_interactions<double>(log, {.users = 17, .items = 9})));
}

TEST_CASE("a full table takes its values and 24 bytes a user and one row of item numbers") {
  const reco::matrix<float> full = reco::matrix<float>::Ones(50, 40);
  CHECK(reco::dense_interactions<float>(full).bytes() == 50 * 40 * 4 + 50 * 24 + 40 * 4);
}

TEST_CASE("no table takes more than compressed rows and a header a user") {
  for (const int events : {0, 30, 300, 3000}) {
    const reco::shape s{.users = 30, .items = 25};
    const auto log = random_log(7, s, events);
    CHECK(reco::dense_interactions<float>(log, s).bytes() <=
          reco::sparse_interactions<float>(log, s).bytes() + 30 * 24 + 25 * 4);
  }
}

TEST_CASE("a zero is an observed value") {
  const reco::dense_interactions<float> zeros(reco::matrix<float>(reco::matrix<float>::Zero(2, 3)));
  CHECK(zeros.observed() == 6);
  CHECK(zeros.of(1).size() == 3);
}

TEST_CASE("tables without users or items answer with empty rows") {
  CHECK(reco::dense_interactions<float>().users() == 0);
  CHECK(reco::dense_interactions<float>(reco::matrix<float>(0, 3)).items() == 3);
  const reco::dense_interactions<float> no_items(reco::matrix<float>(2, 0));
  CHECK(no_items.users() == 2);
  CHECK(no_items.of(1).empty());
}

TEST_CASE("infinite entries and users outside the table are named") {
  reco::matrix<float> table = reco::matrix<float>::Ones(2, 3);
  table(1, 2) = -std::numeric_limits<float>::infinity();
  CHECK_THROWS_MATCHES(
      reco::dense_interactions<float>(table), reco::invalid_argument,
      Message("dense_interactions: user 1, item 2: value must be finite or NaN (not observed), got -inf"));
  table(1, 2) = 0;
  CHECK_THROWS_MATCHES(reco::dense_interactions<float>(table).of(2), std::out_of_range,
                       Message("dense_interactions: user must be in 0..1, got 2"));
  CHECK_THROWS_MATCHES(reco::dense_interactions<float>(std::vector<reco::event>{{.user = 2}}, {.users = 2, .items = 3}),
                       std::out_of_range, Message("dense_interactions: event 0: user must be in 0..1, got 2"));
}
