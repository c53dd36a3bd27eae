// SPDX-License-Identifier: MIT
#include "reco/ltr/tree_ensemble.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/ranking.hpp"

using namespace reco_test;

namespace {

/// x0 <= 1 ? (x1 in {2, 33} ? 10 : 20) : 30, missing left and right.
reco::decision_tree small_tree() {
  return {
      .splits = {{.feature = 0, .threshold = 1, .left = 1, .right = ~2, .missing_left = true, .gain = 5, .cover = 9},
                 {.feature = 1, .left = ~0, .right = ~1, .categories = 0, .gain = 3, .cover = 6}},
      .leaves = {{10, 4}, {20, 2}, {30, 3}},
      .category_sets = {{1U << 2, 1U << 1}}};
}

double score(const reco::tree_ensemble& trees, std::vector<float> row) { return trees.predict(row); }

reco::tree_ensemble of(const reco::decision_tree& tree) { return {2, std::vector{tree}}; }

/// A random tree of any shape, numerical alone where `plain`, else with every kind of split.
reco::decision_tree random_tree(reco::random_engine& random, std::int32_t features, int leaves, bool plain) {
  reco::decision_tree tree;
  const auto leaf = [&] {
    tree.leaves.push_back({reco::normal(random), 1});
    return ~static_cast<std::int32_t>(tree.leaves.size() - 1);
  };
  leaf();
  // Each step turns a leaf into a split of two.
  for (int n = 1; n < leaves; ++n) {
    const auto at = static_cast<std::int32_t>(reco::uniform_index(random, n));
    const auto split = static_cast<std::int32_t>(tree.splits.size());
    for (auto& s : tree.splits) {
      if (s.left == ~at) s.left = split;
      if (s.right == ~at) s.right = split;
    }
    reco::tree_split s;
    s.feature = static_cast<std::int32_t>(reco::uniform_index(random, features));
    s.threshold = static_cast<float>(std::round(reco::normal(random) * 4) / 4);
    s.left = ~at;
    s.right = leaf();
    s.missing_left = reco::bernoulli(random, 0.5);
    s.zero_is_missing = !plain && reco::bernoulli(random, 0.1);
    s.gain = static_cast<float>(reco::uniform_real(random));
    if (!plain && reco::bernoulli(random, 0.1)) {
      s.categories = static_cast<std::int32_t>(tree.category_sets.size());
      tree.category_sets.push_back({static_cast<std::uint32_t>(random())});
    }
    tree.splits.push_back(s);
  }
  return tree;
}

reco::matrix<float> random_rows(reco::random_engine& random, Eigen::Index rows, Eigen::Index features) {
  reco::matrix<float> x(rows, features);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < features; ++j)
      x(i, j) =
          reco::bernoulli(random, 0.1) ? not_a_number : static_cast<float>(std::round(reco::normal(random) * 4) / 4);
  return x;
}

}  // namespace

TEST_CASE("a row falls into the leaf that its splits lead to") {
  const auto trees = of(small_tree());
  CHECK(score(trees, {1, 2}) == 10);
  CHECK(score(trees, {0.5F, 33}) == 10);
  CHECK(score(trees, {0.5F, 33.9F}) == 10);  // the whole part counts
  CHECK(score(trees, {1, 3}) == 20);
  CHECK(score(trees, {1, 64}) == 20);  // beyond the set
  CHECK(score(trees, {1, 1e30F}) == 20);
  CHECK(score(trees, {1, -2}) == 20);
  CHECK(score(trees, {1, not_a_number}) == 20);  // missing goes right
  CHECK(score(trees, {not_a_number, 2}) == 10);  // missing goes left
  CHECK(score(trees, {std::nextafter(1.0F, 2.0F), 2}) == 30);
  CHECK(trees.leaf_of(0, std::vector<float>{2, 2}) == 2);
}

TEST_CASE("zero counts as missing where a split says so") {
  auto tree = small_tree();
  tree.splits[0].zero_is_missing = true;
  tree.splits[0].missing_left = false;
  CHECK(score(of(tree), {0, 2}) == 30);
  CHECK(score(of(tree), {-0.0F, 2}) == 30);
  CHECK(score(of(tree), {0.01F, 2}) == 10);
}

TEST_CASE("trees and the base score add up") {
  const reco::decision_tree constant{.leaves = {{0.25, 1}}};
  const std::vector<reco::decision_tree> two = {small_tree(), constant, small_tree()};
  const reco::tree_ensemble trees(2, two, 100);
  CHECK(trees.trees() == 3);
  CHECK(score(trees, {1, 2}) == 120.25);
  CHECK(trees.leaves_of(1)[0].value == 0.25);
  CHECK(trees.splits_of(1).empty());
  CHECK(trees.tree(0) == small_tree());
  CHECK(trees.tree(2) == small_tree());  // its set of categories is number 0 again
  CHECK_THROWS_AS(trees.tree(3), std::out_of_range);
  CHECK(score(reco::tree_ensemble(2, {}, 7), {0, 0}) == 7);
  CHECK(trees.importance() == std::vector<double>{10, 6});
  CHECK(trees.importance(reco::importance_of::split) == std::vector<double>{2, 2});
}

TEST_CASE("another number of features than in training is an error") {
  const auto trees = of(small_tree());
  CHECK_THROWS_WITH(score(trees, {1}), "tree_ensemble: a row must have 2 features, as in training, got 1");
  CHECK_THROWS_WITH(trees.predict_all(reco::ranking_features(reco::matrix<float>(4, 3).setZero())),
                    "tree_ensemble: a row must have 2 features, as in training, got 3");
}

TEST_CASE("a batch has the bits of single rows, dense and sparse, on any number of threads", "[concurrent]") {
  reco::random_engine random(1);
  const auto leaves = GENERATE(1, 2, 31, 32, 33, 64, 65, 200);
  const bool plain = GENERATE(true, false);
  CAPTURE(leaves, plain);
  std::vector<reco::decision_tree> list;
  for (int t = 0; t < 13; ++t) list.push_back(random_tree(random, 9, leaves + t % 2, plain || t % 3 == 0));
  const reco::tree_ensemble trees(9, list, 0.5);
  for (const Eigen::Index rows : {0, 1, 7, 63, 64, 65, 300}) {
    const auto x = random_rows(random, rows, 9);
    std::vector<double> expected;
    for (Eigen::Index i = 0; i < rows; ++i) {
      const auto row = reco::row_of(x, i);
      double sum = 0.5;
      for (std::int32_t t = 0; t < trees.trees(); ++t)
        sum += trees.leaves_of(t)[static_cast<std::size_t>(trees.leaf_of(t, row))].value;
      expected.push_back(sum);
      REQUIRE(trees.predict(row) == sum);
    }
    std::vector<std::int64_t> offsets = {0};
    std::vector<std::int32_t> ids;
    std::vector<float> values;
    for (Eigen::Index i = 0; i < rows; ++i) {
      for (Eigen::Index j = 0; j < 9; ++j)
        if (x(i, j) != 0) ids.push_back(static_cast<std::int32_t>(j)), values.push_back(x(i, j));
      offsets.push_back(static_cast<std::int64_t>(ids.size()));
    }
    for (const unsigned threads : {1U, 2U, 5U}) {
      reco::thread_pool pool(threads);
      CHECK(trees.predict_all(reco::ranking_features(x), pool) == expected);
      CHECK(trees.predict_all(reco::ranking_features(9, offsets, ids, values), pool) == expected);
    }
  }
}

TEST_CASE("what is no tree is refused with tree and node") {
  const auto broken = [](auto change) {
    auto tree = small_tree();
    change(tree);
    const std::vector<reco::decision_tree> list = {small_tree(), tree};
    return reco::tree_ensemble(2, list);
  };
  using tree = reco::decision_tree;
  CHECK_THROWS_WITH(broken([](tree& t) { t.leaves.pop_back(); }),
                    "tree_ensemble: tree 1 must have one leaf more than splits, got 2 splits and 2 leaves");
  CHECK_THROWS_WITH(broken([](tree& t) { t.splits[1].right = ~3; }),
                    "tree_ensemble: tree 1, split 1: there is no leaf 3");
  CHECK_THROWS_WITH(broken([](tree& t) { t.splits[1].right = 2; }),
                    "tree_ensemble: tree 1, split 1: there is no split 2");
  CHECK_THROWS_WITH(broken([](tree& t) { t.splits[1].right = std::numeric_limits<std::int32_t>::min(); }),
                    "tree_ensemble: tree 1, split 1: there is no leaf 2147483647");
  CHECK_THROWS_WITH(broken([](tree& t) { t.splits[1].right = ~2; }),
                    "tree_ensemble: tree 1, split 1: its child, leaf 2, is reached a second time: two parents, or a "
                    "circle");
  CHECK_THROWS_WITH(broken([](tree& t) { t.splits[1].right = 0; }),
                    "tree_ensemble: tree 1, split 1: its child, split 0, is reached a second time: two parents, or a "
                    "circle");
  CHECK_THROWS_WITH(broken([](tree& t) {
                      t.splits[0].left = ~0;
                      t.splits[1].left = 1;
                    }),
                    "tree_ensemble: tree 1: split 1 is not reached from the root");
  CHECK_THROWS_WITH(broken([](tree& t) { t.splits[1].feature = 2; }), "tree_ensemble: tree 1, split 1: feature 2 of 2");
  CHECK_THROWS_WITH(broken([](tree& t) { t.splits[1].categories = 1; }),
                    "tree_ensemble: tree 1, split 1: there is no set of categories 1");
  CHECK_THROWS_WITH(broken([](tree& t) { t.splits[0].threshold = not_a_number; }),
                    "tree_ensemble: tree 1, split 0: threshold, gain and cover must be numbers");
  CHECK_THROWS_WITH(broken([](tree& t) { t.leaves[1].value = std::numeric_limits<double>::infinity(); }),
                    "tree_ensemble: tree 1, leaf 1: value and cover must be finite");
  CHECK_THROWS_AS(reco::tree_ensemble(-1, {}), reco::invalid_argument);
  CHECK_THROWS_AS(reco::tree_ensemble(1, {}, static_cast<double>(not_a_number)), reco::invalid_argument);
}
