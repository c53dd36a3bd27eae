// SPDX-License-Identifier: MIT
#include "reco/neighborhood/user_knn.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reco/data/sparse_interactions.hpp"
#include "reco/math/matrix.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/recommend.hpp"
#include "support/catch.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using reco::item_similarity;
using reco::user_knn;

namespace {

/// The scores for a user by the definition: dense rows, loops over all users and items, a full sort of the
/// neighbors.
std::vector<double> naive(const user_knn& o, const reco::sparse_interactions<double>& data, std::int32_t me) {
  const auto users = data.users(), items = data.items();
  reco::matrix<double> x = reco::matrix<double>::Zero(users, items), there = x, votes = x;
  std::vector<double> w(static_cast<std::size_t>(items));
  for (std::int32_t u = 0; u < users; ++u) {
    const auto row = data.of(u);
    double mean = 0;
    for (std::size_t n = 0; n < row.size(); ++n) mean += row.values[n] / static_cast<double>(row.size());
    for (std::size_t n = 0; n < row.size(); ++n) {
      there(u, row.items[n]) = 1;
      votes(u, row.items[n]) = x(u, row.items[n]) = row.values[n];
      if (reco::is_of_sets(o.similarity)) x(u, row.items[n]) = row.values[n] > 0;
      if (o.similarity == item_similarity::adjusted_cosine) x(u, row.items[n]) -= mean;
      w[static_cast<std::size_t>(row.items[n])] += 1;
    }
  }
  for (auto& weight : w) weight = weight > 0 ? std::pow(weight, -o.item_exponent) : 0;
  std::vector<reco::scored_item<double>> nearest;
  for (std::int32_t v = 0; v < users; ++v) {
    reco::item_pair p;
    double both = 0;
    for (std::int32_t i = 0; i < items; ++i) {
      const double wi = w[static_cast<std::size_t>(i)];
      p.s += wi * x(me, i) * x(v, i);
      p.a += wi * x(me, i) * x(me, i);
      p.b += wi * x(v, i) * x(v, i);
      p.sum_a += wi * x(me, i);
      p.sum_b += wi * x(v, i);
      p.total += wi;
      both += there(me, i) * there(v, i);
    }
    if (v == me || both < o.min_overlap) continue;
    double s = reco::similarity_of(o.similarity, p, {o.own_exponent, o.other_exponent, o.alpha, o.beta});
    if (s <= 1e-12) continue;
    s = std::pow(s, o.amplification) * both / (both + o.shrinkage);
    if (o.significance > 0) s *= std::min(both, o.significance) / o.significance;
    nearest.push_back({v, s});
  }
  std::sort(nearest.begin(), nearest.end(), reco::better);
  nearest.resize(std::min(nearest.size(), static_cast<std::size_t>(o.neighbors)));
  double sum = 0;
  for (const auto& n : nearest) sum += n.score;
  std::vector<double> out(static_cast<std::size_t>(items));
  for (const auto& n : nearest)
    for (std::int32_t i = 0; i < items; ++i)
      out[static_cast<std::size_t>(i)] += n.score / (o.normalize && sum > 0 ? sum : 1) * votes(n.item, i);
  return out;
}

void compare_scores(const user_knn& o, const reco::sparse_interactions<double>& data) {
  CAPTURE(reco::describe(o));
  const auto model = o.fit(data);
  std::vector<double> got(static_cast<std::size_t>(data.items()));
  for (std::int32_t u = 0; u < data.users(); ++u) {
    model.scores({.user = u, .history = data.of(u)}, got);
    const auto expected = naive(o, data, u);
    for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]).margin(1e-9));
  }
}

constexpr item_similarity similarities[] = {item_similarity::cosine,          item_similarity::asymmetric_cosine,
                                            item_similarity::adjusted_cosine, item_similarity::pearson,
                                            item_similarity::jaccard,         item_similarity::dice,
                                            item_similarity::tversky,         item_similarity::conditional_probability,
                                            item_similarity::log_likelihood,  item_similarity::euclidean};

}  // namespace

TEST_CASE("scores by every similarity are what loops over all users and items find") {
  const reco::shape shape{17, 23};
  const reco::sparse_interactions<double> data(positive(random_log(5, shape, 110)), shape);
  for (const auto kind : similarities) {
    compare_scores({.similarity = kind, .neighbors = 6, .alpha = 0.3, .beta = 0.8}, data);
    compare_scores({.similarity = kind, .item_exponent = 0, .alpha = 0.3, .beta = 0.8, .normalize = true}, data);
  }
}

TEST_CASE("shrinkage, significance, overlap and amplification of user_knn are what their formulas say") {
  const reco::shape shape{20, 15};
  const reco::sparse_interactions<double> data(positive(random_log(6, shape, 120)), shape);
  compare_scores({.shrinkage = 4}, data);
  compare_scores({.significance = 5}, data);
  compare_scores({.min_overlap = 3}, data);
  compare_scores({.neighbors = 5, .amplification = 2.5}, data);
  compare_scores({.own_exponent = 0.2, .other_exponent = 0.8}, data);
}

TEST_CASE("nobody is a neighbor of their own, and a stranger with the same history has the known user as a neighbor") {
  const reco::sparse_interactions<double> data(std::vector<reco::event>{{0, 0}, {0, 1}, {1, 0}, {1, 2}}, {2, 3});
  const auto model = user_knn{.item_exponent = 0}.fit(data);
  const auto mine = model.neighbors({.user = 0, .history = data.of(0)});
  REQUIRE(mine.size() == 1);
  CHECK(mine[0].item == 1);
  CHECK(mine[0].score == Approx(0.5));
  const auto strangers = model.neighbors({.history = data.of(0)});
  REQUIRE(strangers.size() == 2);
  CHECK(strangers[0].item == 0);
  CHECK(strangers[0].score == Approx(1));
}

TEST_CASE("an explanation shares a neighbor's vote out among the items in common") {
  // The only neighbor shares items 0 (had by two, weight 1/2) and 1 (weight 1/2) and votes 3 for item 2.
  const reco::sparse_interactions<double> data(
      std::vector<reco::event>{{0, 0, 1}, {0, 1, 2}, {1, 0, 1}, {1, 1, 1}, {1, 2, 3}}, {2, 3});
  const auto model = user_knn{.item_exponent = 1, .own_exponent = 0, .other_exponent = 0}.fit(data);
  const auto why = reco::explain(model, {.user = 0, .history = data.of(0)}, 2);
  CHECK(why.score == Approx(1.5 * 3));
  REQUIRE(why.because.size() == 2);
  CHECK(why.because[0].item == 1);
  CHECK(why.because[0].score == Approx(3));
  CHECK(why.because[1].score == Approx(1.5));
}

TEST_CASE("user_knn refuses values below 0 where similarities are of sets") {
  const reco::sparse_interactions<double> data(std::vector<reco::event>{{0, 0, -1}, {0, 1, 2}}, {1, 2});
  CHECK_THROWS_WITH(user_knn{.similarity = item_similarity::dice}.fit(data), ContainsSubstring("user 0, item 0"));
  CHECK_NOTHROW(user_knn{}.fit(data));
  CHECK_THROWS_AS((reco::user_neighbors_model<double>(data.by_user(), {1, 1, 1}, {})), reco::invalid_argument);
}

TEST_CASE("users without interactions and with constant ratings do no harm to user_knn") {
  const reco::sparse_interactions<float> data(std::vector<reco::event>{{1, 0, 3}, {1, 1, 3}, {2, 0, 3}, {2, 1, 3}},
                                              {4, 3});
  const auto model = user_knn{.similarity = item_similarity::adjusted_cosine, .neighbors = 1000}.fit(data);
  CHECK_FALSE(model.can_answer({.user = 0, .history = data.of(0)}));
  CHECK(model.neighbors({.user = 1, .history = data.of(1)}).empty());
}
