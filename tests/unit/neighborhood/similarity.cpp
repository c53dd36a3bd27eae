// SPDX-License-Identifier: MIT
#include "reco/neighborhood/similarity.hpp"

#include <cmath>

#include "support/catch.hpp"

using reco::item_pair;
using reco::item_similarity;
using reco::similarity_of;

namespace {

// Two columns over six users: a = (1, 2, 0, 0, 3, 0), b = (2, 1, 1, 0, 0, 0).
const item_pair values{.s = 4, .a = 14, .b = 6, .sum_a = 6, .sum_b = 4, .total = 6};
// As sets: a has 3 users, b has 3, both 2.
const item_pair both{.s = 2, .a = 3, .b = 3, .sum_a = 3, .sum_b = 3, .total = 6};

item_pair turned(item_pair p) {
  std::swap(p.a, p.b);
  std::swap(p.sum_a, p.sum_b);
  return p;
}

}  // namespace

TEST_CASE("similarities of a pair worked by hand") {
  CHECK(similarity_of(item_similarity::cosine, values) == Approx(4 / std::sqrt(84)));
  CHECK(similarity_of(item_similarity::cosine, values, {.source_exponent = 1, .target_exponent = 0}) ==
        Approx(4 / 14.));
  CHECK(similarity_of(item_similarity::asymmetric_cosine, values, {.alpha = 0.25}) ==
        Approx(4 / (std::pow(14, 0.25) * std::pow(6, 0.75))));
  CHECK(similarity_of(item_similarity::pearson, values) ==
        Approx((4 - 4.) / std::sqrt(8 * (6 - 16 / 6.))).margin(1e-15));
  CHECK(similarity_of(item_similarity::jaccard, both) == Approx(0.5));
  CHECK(similarity_of(item_similarity::dice, both) == Approx(2 / 3.));
  CHECK(similarity_of(item_similarity::tversky, both, {.alpha = 1, .beta = 0.5}) == Approx(2 / 3.5));
  CHECK(similarity_of(item_similarity::conditional_probability, {.s = 2, .a = 8, .b = 4}) == Approx(0.25));
  CHECK(similarity_of(item_similarity::euclidean, values) == Approx(1 / (1 + std::sqrt(12))));
  // Table: 2 1 / 1 2, all expected 1.5.
  const double llr = 2 * (2 * 2 * std::log(2 / 1.5) + 2 * std::log(1 / 1.5));
  CHECK(reco::log_likelihood_ratio(2, 3, 3, 6) == Approx(llr));
  CHECK(similarity_of(item_similarity::log_likelihood, both) == Approx(1 - 1 / (1 + llr)));
}

TEST_CASE("Tversky is Jaccard with both parameters 1 and Dice with both 0.5") {
  CHECK(similarity_of(item_similarity::tversky, both, {.alpha = 1, .beta = 1}) ==
        Approx(similarity_of(item_similarity::jaccard, both)));
  CHECK(similarity_of(item_similarity::tversky, both, {.alpha = 0.5, .beta = 0.5}) ==
        Approx(similarity_of(item_similarity::dice, both)));
}

TEST_CASE("a column is as like itself as can be, and symmetric measures are symmetric") {
  for (const auto kind :
       {item_similarity::cosine, item_similarity::adjusted_cosine, item_similarity::asymmetric_cosine,
        item_similarity::pearson, item_similarity::jaccard, item_similarity::dice, item_similarity::tversky,
        item_similarity::conditional_probability, item_similarity::euclidean}) {
    CAPTURE(static_cast<int>(kind));
    CHECK(similarity_of(kind, {.s = 5, .a = 5, .b = 5, .sum_a = 5, .sum_b = 5, .total = 9}) == Approx(1));
  }
  for (const auto kind : {item_similarity::cosine, item_similarity::pearson, item_similarity::jaccard,
                          item_similarity::dice, item_similarity::log_likelihood, item_similarity::euclidean}) {
    const item_pair p{.s = 3, .a = 4, .b = 7, .sum_a = 4, .sum_b = 7, .total = 20};
    CHECK(similarity_of(kind, p) == similarity_of(kind, turned(p)));
  }
}

TEST_CASE("the log-likelihood ratio is 0 at independence and below it, and grows with evidence") {
  CHECK(reco::log_likelihood_ratio(6, 12, 10, 20) == 0);
  CHECK(reco::log_likelihood_ratio(2, 12, 10, 20) == 0);
  CHECK(reco::log_likelihood_ratio(8, 12, 10, 20) > 0);
  CHECK(reco::log_likelihood_ratio(80, 120, 100, 200) == Approx(10 * reco::log_likelihood_ratio(8, 12, 10, 20)));
  CHECK(reco::log_likelihood_ratio(4, 4, 4, 4) == 0);
}

TEST_CASE("columns without length or variance are like nothing") {
  const item_pair empty{.total = 5};
  for (const auto kind : {item_similarity::cosine, item_similarity::asymmetric_cosine, item_similarity::pearson,
                          item_similarity::jaccard, item_similarity::dice, item_similarity::tversky,
                          item_similarity::conditional_probability, item_similarity::log_likelihood})
    CHECK(similarity_of(kind, empty) == 0);
  // Everybody gave both a 3: there is nothing to correlate.
  CHECK(similarity_of(item_similarity::pearson, {.s = 45, .a = 45, .b = 45, .sum_a = 15, .sum_b = 15, .total = 5}) ==
        0);
}
