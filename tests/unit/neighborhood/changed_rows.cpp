// SPDX-License-Identifier: MIT
// New events brought into models of neighbors: what a fit on everything gives, to the last bit.
#include "reco/neighborhood/changed_rows.hpp"

#include <chrono>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/neighborhood/co_occurrence.hpp"
#include "reco/neighborhood/item_knn.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using reco::association;
using reco::co_occurrence;
using reco::item_knn;
using reco::item_similarity;

namespace {

template <class E>
void compare(const E& o, const std::vector<reco::event>& past, reco::shape before,
             const std::vector<reco::event>& fresh, reco::shape after) {
  CAPTURE(reco::describe(o), fresh.size());
  auto log = past;
  log.insert(log.end(), fresh.begin(), fresh.end());
  const reco::dataset<double> data(log, after);
  const auto model = o.fit(reco::dataset<double>(past, before));
  reco::thread_pool pool(2);
  CHECK(o.updated(model, data, fresh, {.executor = pool}).weights() == o.fit(data).weights());
}

/// Old and new users, old and new items, a pair that was there before, one twice at once, and nothing at all.
template <class E>
void compare_all(const E& o) {
  const reco::shape before{60, 90}, after{63, 95};
  const auto past = positive(random_log(21, before, 260));
  compare(o, past, before, {}, before);
  compare(o, past, before, {}, after);
  compare(o, past, before, {{past[3].user, past[3].item, 2}}, before);
  compare(o, past, before, {{5, 7, 1}, {5, 7, 3}}, before);
  compare(o, past, before, {{5, 7, 1}, {8, 7, 2}, {8, 80, 1}}, before);
  compare(o, past, before, {{62, 3, 1}, {62, 94, 2}, {61, 94, 1}, {0, 93, 4}}, after);
}

}  // namespace

TEST_CASE("item_knn updated by new events is the model fitted on all of them", "[concurrent]") {
  const auto side = GENERATE(reco::neighbor_side::source, reco::neighbor_side::target);
  for (const auto kind :
       {item_similarity::cosine, item_similarity::asymmetric_cosine, item_similarity::adjusted_cosine,
        item_similarity::pearson, item_similarity::jaccard, item_similarity::dice, item_similarity::tversky,
        item_similarity::conditional_probability, item_similarity::log_likelihood, item_similarity::euclidean})
    for (const double exponent : {0.0, 0.6})
      compare_all(item_knn{.similarity = kind, .neighbors = 6, .keep = side, .user_exponent = exponent});
  compare_all(item_knn{.neighbors = 6, .keep = side, .normalize = true});
  compare_all(item_knn{.neighbors = 6, .keep = side, .shrinkage = 3, .min_overlap = 2});
  compare_all(item_knn{.neighbors = 6, .keep = side, .weighting = reco::interaction_weighting::bm25});
  compare_all(item_knn{.neighbors = 6, .keep = side, .half_life = std::chrono::hours(5)});
}

TEST_CASE("co_occurrence updated by new events is the model fitted on all of them", "[concurrent]") {
  const auto measure = GENERATE(association::count, association::lift, association::log_likelihood, association::swing);
  compare_all(co_occurrence{.measure = measure, .neighbors = 6});
  compare_all(co_occurrence{.measure = measure, .neighbors = 6, .min_overlap = 2, .swing_users = 3});
}

TEST_CASE("only rows that new events change are computed") {
  // Two groups of users with nothing in common: the model that comes in is wrong about both, and stays so about one.
  const std::vector<reco::event> log = {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 2}, {2, 3}, {3, 2}, {3, 3}};
  const std::vector<reco::event> fresh = {{0, 0}};
  const reco::sparse_interactions<double> data(log, {4, 4});
  const reco::item_weights_model<double> wrong(
      reco::csr_matrix<double>(4, {0, 1, 2, 3, 4}, {1, 0, 3, 2}, {9, 9, 9, 9}));
  const auto knn = item_knn{}.updated(wrong, data, fresh).weights();
  CHECK(knn.row(0).values[0] == item_knn{}.fit(data).weights().row(0).values[0]);
  CHECK(knn.row(2).values[0] == 9);
  const auto counts = co_occurrence{.measure = association::count}.updated(wrong, data, fresh).weights();
  CHECK(counts.row(0).values[0] == 2);
  CHECK(counts.row(3).values[0] == 9);
}

TEST_CASE("events that are not in the data, and data without the model's items, are refused") {
  const reco::sparse_interactions<double> data(std::vector<reco::event>{{0, 0}, {0, 1}}, {1, 2}),
      fewer(std::vector<reco::event>{{0, 0}}, {1, 1});
  const auto refuses = [&](const auto& o) {
    const auto model = o.fit(data);
    using events = std::vector<reco::event>;
    CHECK_THROWS_AS(o.updated(model, data, events{{1, 0}}), std::out_of_range);
    CHECK_THROWS_AS(o.updated(model, data, events{{0, 2}}), std::out_of_range);
    CHECK_THROWS_AS(o.updated(model, data, events{{0, -1}}), std::out_of_range);
    CHECK_THROWS_WITH(o.updated(model, fewer, events{}), ContainsSubstring("the model's 2 items, got 1"));
  };
  refuses(item_knn{});
  refuses(co_occurrence{});
}
