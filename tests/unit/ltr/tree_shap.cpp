// SPDX-License-Identifier: MIT
#include "reco/ltr/tree_shap.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/ranking.hpp"

using namespace reco_test;

namespace {

/// A random tree with the covers of 1000 rows; some ways have none of them. The lower `bushy`, the more like a chain.
reco::decision_tree random_covered_tree(reco::random_engine& random, std::int32_t features, int leaves,
                                        bool bushy = true) {
  reco::decision_tree tree;
  tree.leaves.push_back({reco::normal(random), 1000});
  for (int n = 1; n < leaves; ++n) {
    const auto at = bushy ? static_cast<std::int32_t>(reco::uniform_index(random, n)) : n - 1;
    const auto split = static_cast<std::int32_t>(tree.splits.size());
    for (auto& s : tree.splits) {
      if (s.left == ~at) s.left = split;
      if (s.right == ~at) s.right = split;
    }
    auto& leaf = tree.leaves[static_cast<std::size_t>(at)];
    reco::tree_split s;
    s.feature = static_cast<std::int32_t>(reco::uniform_index(random, features));
    s.threshold = static_cast<float>(reco::normal(random));
    s.left = ~at;
    s.right = ~n;
    s.missing_left = reco::bernoulli(random, 0.5);
    s.zero_is_missing = reco::bernoulli(random, 0.1);
    s.cover = leaf.cover;
    if (reco::bernoulli(random, 0.1)) {
      s.categories = static_cast<std::int32_t>(tree.category_sets.size());
      tree.category_sets.push_back({static_cast<std::uint32_t>(random())});
    }
    const double right = bushy ? std::floor(s.cover * reco::uniform_real(random)) : std::ceil(s.cover * 0.95);
    leaf.cover -= right;
    if (leaf.cover + right == 0) leaf.cover = 1;  // of nothing, something has to be known
    tree.leaves.push_back({reco::normal(random), right});
    tree.splits.push_back(s);
  }
  return tree;
}

std::vector<float> random_row(reco::random_engine& random, std::int32_t features) {
  std::vector<float> row;
  for (std::int32_t f = 0; f < features; ++f)
    row.push_back(reco::bernoulli(random, 0.1) ? not_a_number : static_cast<float>(2 * reco::normal(random)));
  return row;
}

/// What a tree gives when only the features with a bit in `known` are.
double value(const reco::tree_ensemble& trees, std::int32_t t, std::int32_t node, const std::vector<float>& row,
             unsigned known) {
  if (node < 0) return trees.leaves_of(t)[static_cast<std::size_t>(~node)].value;
  const auto& s = trees.splits_of(t)[static_cast<std::size_t>(node)];
  const double left = value(trees, t, s.left, row, known), right = value(trees, t, s.right, row, known);
  const float x = row[static_cast<std::size_t>(s.feature)];
  if (known >> s.feature & 1U) return trees.goes_left(s, x) ? left : right;
  const auto cover = [&](std::int32_t child) {
    return child < 0 ? trees.leaves_of(t)[static_cast<std::size_t>(~child)].cover
                     : trees.splits_of(t)[static_cast<std::size_t>(child)].cover;
  };
  return (cover(s.left) * left + cover(s.right) * right) / (cover(s.left) + cover(s.right));
}

double value(const reco::tree_ensemble& trees, const std::vector<float>& row, unsigned known) {
  double sum = trees.base_score();
  for (std::int32_t t = 0; t < trees.trees(); ++t)
    sum += value(trees, t, trees.splits_of(t).empty() ? ~0 : 0, row, known);
  return sum;
}

/// Shapley's definition: what a feature adds to every set of others, weighted by the orders in which they may come.
std::vector<double> naive(const reco::tree_ensemble& trees, const std::vector<float>& row) {
  const auto features = static_cast<unsigned>(row.size());
  std::vector<double> values;
  for (unsigned known = 0; known < 1U << features; ++known) values.push_back(value(trees, row, known));
  std::vector<double> parts(features);
  for (unsigned f = 0; f < features; ++f)
    for (unsigned known = 0; known < 1U << features; ++known) {
      if (known >> f & 1U) continue;
      const auto others = static_cast<double>(std::popcount(known));
      const double weight = std::tgamma(others + 1) * std::tgamma(features - others) / std::tgamma(features + 1.0);
      parts[f] += weight * (values[known | 1U << f] - values[known]);
    }
  return parts;
}

/// How far the parts and the expected value are from the score, beside the size of what is added.
double gap(const reco::tree_shap& shap, const std::vector<float>& row) {
  double sum = shap.expected(), size = std::abs(shap.expected());
  for (const double part : shap.explain(row)) sum += part, size += std::abs(part);
  return std::abs(sum - shap.trees().predict(row)) / std::max(size, 1e-300);
}

/// x0 <= 1 ? (x1 <= 1 ? 10 : 20) : 30 with 6 of 9 rows on the left, and 4 of those on the left again.
reco::decision_tree covered_tree() {
  return {.splits = {{.feature = 0, .threshold = 1, .left = 1, .right = ~2, .cover = 9},
                     {.feature = 1, .threshold = 1, .left = ~0, .right = ~1, .cover = 6}},
          .leaves = {{10, 4}, {20, 2}, {30, 3}}};
}

}  // namespace

TEST_CASE("the parts of a small tree, worked by hand") {
  const reco::tree_shap shap(reco::tree_ensemble(3, std::vector{covered_tree()}, 100));
  CHECK_THAT(shap.expected(), WithinRel(100 + (4 * 10 + 2 * 20 + 3 * 30) / 9.0, 1e-15));
  // For (0, 0, 0), x0 known: 40/3; x1 known: (6 · 10 + 3 · 30) / 9 = 50/3; nothing: 170/9; both: 10.
  const auto parts = shap.explain(std::vector<float>{0, 0, 0});
  REQUIRE(parts.size() == 3);
  CHECK_THAT(parts[0], WithinRel(((40 / 3.0 - 170 / 9.0) + (10 - 50 / 3.0)) / 2, 1e-14));
  CHECK_THAT(parts[1], WithinRel(((50 / 3.0 - 170 / 9.0) + (10 - 40 / 3.0)) / 2, 1e-14));
  CHECK(parts[2] == 0);
}

TEST_CASE("parts are Shapley values as their definition has them, for trees of every kind") {
  reco::random_engine random(1);
  const std::int32_t features = GENERATE(1, 2, 3, 4, 5);
  for (int round = 0; round < 40; ++round) {
    std::vector<reco::decision_tree> list;
    for (int t = 0; t < 3; ++t)
      list.push_back(random_covered_tree(random, features, 1 + (7 * round + t) % 24, round % 5 != 0));
    const reco::tree_shap shap(reco::tree_ensemble(features, list, 0.5));
    for (int r = 0; r < 4; ++r) {
      const auto row = random_row(random, features);
      const auto parts = shap.explain(row), expected = naive(shap.trees(), row);
      CHECK_THAT(shap.expected(), WithinRel(value(shap.trees(), row, 0), 1e-12));
      for (std::size_t f = 0; f < row.size(); ++f) REQUIRE_THAT(parts[f], WithinAbs(expected[f], 1e-12));
    }
  }
}

TEST_CASE("parts and the expected value add up to the score, in deep trees too") {
  reco::random_engine random(2);
  for (const int leaves : {31, 64, 255}) {
    std::vector<reco::decision_tree> list;
    for (int t = 0; t < 20; ++t) list.push_back(random_covered_tree(random, 40, leaves));
    const reco::tree_shap shap(reco::tree_ensemble(40, list));
    for (int r = 0; r < 10; ++r) REQUIRE(gap(shap, random_row(random, 40)) < 1e-13);
  }
  // A chain of 400 splits on 300 features, where most of the rows go on at each.
  const reco::tree_shap chain(reco::tree_ensemble(300, std::vector{random_covered_tree(random, 300, 401, false)}));
  for (int r = 0; r < 5; ++r) REQUIRE(gap(chain, random_row(random, 300)) < 1e-12);
}

TEST_CASE("a way that no training row took adds nothing unless the row takes it") {
  auto tree = covered_tree();
  tree.leaves[0].cover = 0;
  const reco::tree_shap shap(reco::tree_ensemble(2, std::vector{tree}));
  for (const auto& row : {std::vector<float>{0, 0}, {0, 2}, {2, 0}, {2, 2}}) {
    const auto parts = shap.explain(row), expected = naive(shap.trees(), row);
    for (std::size_t f = 0; f < 2; ++f) CHECK_THAT(parts[f], WithinAbs(expected[f], 1e-13));
  }
}

TEST_CASE("shares too small to divide by are none") {
  auto tree = covered_tree();
  for (auto& split : tree.splits) split.feature = 0;
  tree.splits[1].cover = 1e-290;
  tree.leaves[0].cover = 1e-290;
  tree.leaves[1].cover = 1;
  const reco::tree_shap shap(reco::tree_ensemble(1, std::vector{tree}));
  for (const float x : {0.0F, 2.0F}) CHECK(gap(shap, {x}) < 1e-13);
}

TEST_CASE("trees of one leaf, and none, have their score as expected value") {
  const reco::decision_tree constant{.leaves = {{0.25, 0}}};
  const reco::tree_shap shap(reco::tree_ensemble(2, std::vector{constant, constant}, 1));
  CHECK(shap.expected() == 1.5);
  CHECK(shap.explain(std::vector<float>{1, 2}) == std::vector<double>{0, 0});
  const reco::tree_shap none(reco::tree_ensemble(2, {}, 7));
  CHECK(none.expected() == 7);
  CHECK(none.explain(std::vector<float>{1, 2}) == std::vector<double>{0, 0});
}

TEST_CASE("a batch is explained with the bits of single rows, dense and sparse, on any number of threads",
          "[concurrent]") {
  reco::random_engine random(3);
  std::vector<reco::decision_tree> list;
  for (int t = 0; t < 10; ++t) list.push_back(random_covered_tree(random, 9, 20 + t));
  const reco::tree_shap shap(reco::tree_ensemble(9, list));
  reco::matrix<float> x(50, 9);
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> ids;
  std::vector<float> values;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const auto row = random_row(random, 9);
    for (std::int32_t f = 0; f < 9; ++f) {
      x(i, f) = row[static_cast<std::size_t>(f)];
      ids.push_back(f), values.push_back(x(i, f));
    }
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  const reco::ranking_features dense(x), sparse(9, offsets, ids, values);
  reco::matrix<double> expected(50, 9);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const auto parts = shap.explain(reco::row_of(x, i));
    for (Eigen::Index f = 0; f < 9; ++f) expected(i, f) = parts[static_cast<std::size_t>(f)];
  }
  reco::thread_pool pool(4);
  CHECK(shap.explain_all(dense) == expected);
  CHECK(shap.explain_all(dense, pool) == expected);
  CHECK(shap.explain_all(sparse, pool) == expected);
  CHECK(shap.explain_all(reco::ranking_features(reco::matrix<float>(0, 9))).rows() == 0);
}

TEST_CASE("trees without covers, and rows of another width, are errors") {
  auto tree = covered_tree();
  tree.leaves[0].cover = tree.leaves[1].cover = 0;
  CHECK_THROWS_WITH(reco::tree_shap(reco::tree_ensemble(2, std::vector{covered_tree(), tree})),
                    "tree_shap: tree 1, split 1: the covers of its two ways must be at least 0 and one of them more, "
                    "got 0 and 0");
  tree.leaves[0].cover = -1;
  tree.leaves[1].cover = 2;
  CHECK_THROWS_WITH(reco::tree_shap(reco::tree_ensemble(2, std::vector{tree})), ContainsSubstring("got -1 and 2"));
  const reco::tree_shap shap(reco::tree_ensemble(2, std::vector{covered_tree()}));
  CHECK_THROWS_WITH(shap.explain(std::vector<float>{1}),
                    "tree_shap: a row must have 2 features, as in training, got 1");
  CHECK_THROWS_WITH(shap.explain_all(reco::ranking_features(reco::matrix<float>(1, 3).setZero())),
                    "tree_shap: a row must have 2 features, as in training, got 3");
}
