// SPDX-License-Identifier: MIT
#include "reco/data/dataset.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;

namespace {

template <class T>
bool same(std::span<const T> a, std::span<const T> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}
template <class T>
bool same(const reco::history_view<T>& a, const reco::history_view<T>& b) {
  return same(a.items, b.items) && same(a.values, b.values) && same(a.times, b.times);
}

}  // namespace

TEST_CASE("a dataset answers as the parts it is built of") {
  const reco::shape s{.users = 15, .items = 8};
  const auto log = random_log(9, s, 400);
  const reco::dataset<float> data(
      log, s, reco::embeddings<float>(reco::matrix<float>::Random(8, 3)),
      reco::feature_rows<float>(reco::csr_matrix<float>(5, {0, 1, 1, 1, 1, 1, 1, 1, 2}, {4, 0}, {1, 2})));
  const reco::sparse_interactions<float> rows(log, s);
  const reco::event_sequences<float> timelines(log, s);
  CHECK(data.users() == 15);
  CHECK(data.items() == 8);
  CHECK(data.matrix() == rows);
  for (std::int32_t u = 0; u < s.users; ++u) {
    CHECK(same(data.of(u), rows.of(u)));
    CHECK(same(data.timeline(u), timelines.timeline(u)));
    CHECK(same(data.log().timeline(u), timelines.timeline(u)));
  }
  CHECK(data.dimension() == 3);
  CHECK(data.vector(7).size() == 3);
  CHECK(data.features() == 5);
  CHECK(data.features_of(7).columns[0] == 0);
}

TEST_CASE("a query of a user holds who and both histories and when") {
  const reco::shape s{.users = 3, .items = 4};
  const auto log = random_log(10, s, 60);
  const reco::dataset<double> data(log, s);
  const auto q = data.query(2);
  CHECK(q.user == 2);
  CHECK(same(q.history, data.of(2)));
  CHECK(same(q.session, data.timeline(2)));
  CHECK_FALSE(q.now.has_value());
  const reco::instant now(std::chrono::seconds(77));
  CHECK(data.query(2, now).now == now);
  CHECK_THROWS_AS(data.query(3), std::out_of_range);
}

TEST_CASE("what a dataset was not given it says it lacks") {
  const reco::dataset<float> data({}, {.users = 1, .items = 2});
  CHECK(data.dimension() == 0);
  CHECK(data.features() == 0);
  CHECK_THROWS_MATCHES(data.vector(0), reco::invalid_argument, Message("dataset: it holds no item vectors"));
  CHECK_THROWS_MATCHES(data.features_of(0), reco::invalid_argument, Message("dataset: it holds no item features"));
  CHECK(reco::dataset<float>().users() == 0);
}

TEST_CASE("vectors and features must be of the log's items") {
  const reco::shape s{.users = 1, .items = 2};
  CHECK_THROWS_MATCHES(reco::dataset<float>({}, s, reco::embeddings<float>(reco::matrix<float>::Zero(3, 4))),
                       reco::invalid_argument,
                       Message("dataset: vectors must be of as many items as the log, 2, got 3"));
  CHECK_THROWS_MATCHES(
      reco::dataset<float>({}, s, {}, reco::feature_rows<float>(reco::csr_matrix<float>(4, {0, 0}, {}, {}))),
      reco::invalid_argument, Message("dataset: features must be of as many items as the log, 2, got 1"));
  CHECK_THROWS_AS(reco::dataset<float>(std::vector<reco::event>{{.item = 2}}, s), std::out_of_range);
}
