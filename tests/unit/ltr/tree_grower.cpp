// SPDX-License-Identifier: MIT
#include "reco/ltr/tree_grower.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_ranking.hpp"

using namespace reco_test;

namespace {

struct sample {
  reco::matrix<float> x;
  std::vector<float> g, h;
  reco::quantised_gradients quantised;
};

sample make_sample(std::int32_t rows, std::int32_t features, double missing, double steps, std::uint64_t seed) {
  reco::random_engine random(seed, 3);
  sample s;
  s.x = random_features({.queries = rows,
                         .most_documents = 1,
                         .features = features,
                         .missing = missing,
                         .steps = steps,
                         .seed = seed})
            .first;
  for (Eigen::Index i = 0; i < s.x.rows(); ++i) {
    const double x0 = std::isnan(s.x(i, 0)) ? 1 : static_cast<double>(s.x(i, 0));
    s.g.push_back(static_cast<float>(-x0 - (s.x(i, 1) > 0.25F ? 1 : 0) + 0.3 * reco::normal(random)));
    s.h.push_back(static_cast<float>(0.5 + reco::uniform_real(random)));
  }
  reco::quantise(s.g, s.h, s.quantised);
  return s;
}

/// The same tree by the shortest way: rows are sent around, sums are rebuilt for every split that is tried.
class naive_grower {
 public:
  naive_grower(const sample& s, const reco::feature_bins& bins, reco::growth_rules rules)
      : s_(s), bins_(bins), rules_(std::move(rules)) {}

  /// The leaf of each row, and the gains in the order of the splits.
  std::pair<std::vector<int>, std::vector<double>> grow(const std::vector<std::uint32_t>& rows) {
    std::vector<std::vector<std::uint32_t>> leaves = {rows};
    std::vector<int> depth = {0};
    std::vector<double> gains;
    while (leaves.size() < static_cast<std::size_t>(rules_.leaves)) {
      std::optional<choice> best;
      for (std::size_t l = 0; l < leaves.size(); ++l) {
        if (rules_.max_depth > 0 && depth[l] >= rules_.max_depth) continue;
        for (std::int32_t f = 0; f < bins_.features(); ++f)
          for (int missing_left = 0; missing_left < 2; ++missing_left)
            for (int bin = 0; bin < bins_.value_bins(f); ++bin)
              try_split(leaves[l], {l, f, bin, missing_left != 0}, best);
      }
      if (!best) break;
      gains.push_back(best->gain);
      std::vector<std::uint32_t> left, right;
      for (const auto r : leaves[best->leaf]) (goes_left(r, *best) ? left : right).push_back(r);
      leaves[best->leaf] = left;
      leaves.push_back(right);
      depth.push_back(++depth[best->leaf]);
    }
    std::vector<int> of(s_.g.size(), -1);
    for (std::size_t l = 0; l < leaves.size(); ++l)
      for (const auto r : leaves[l]) of[r] = static_cast<int>(l);
    return {of, gains};
  }

 private:
  struct choice {
    std::size_t leaf = 0;
    std::int32_t feature = 0;
    int bin = 0;
    bool missing_left = false;
    double gain = 0;
  };
  bool goes_left(std::uint32_t row, const choice& c) const {
    const float v = s_.x(row, c.feature);
    return std::isnan(v) ? c.missing_left : v <= bins_.threshold(c.feature, c.bin);
  }
  void try_split(const std::vector<std::uint32_t>& rows, choice c, std::optional<choice>& best) const {
    double g[2] = {}, h[2] = {};
    std::int64_t n[2] = {};
    for (const auto r : rows) {
      const int side = goes_left(r, c) ? 0 : 1;
      g[side] += reco::gradient_of(s_.quantised.of[r]) * s_.quantised.gradient_unit;
      h[side] += reco::hessian_of(s_.quantised.of[r]) * s_.quantised.hessian_unit;
      ++n[side];
    }
    if (std::min(n[0], n[1]) < rules_.split.min_leaf_rows || std::min(h[0], h[1]) < rules_.split.min_leaf_weight)
      return;
    const auto part = [&](double sg, double sh) { return sg * sg / (sh + rules_.split.l2); };
    c.gain = part(g[0], h[0]) + part(g[1], h[1]) - part(g[0] + g[1], h[0] + h[1]) - rules_.split.min_gain;
    if (c.gain > 1e-9 && (!best || c.gain > best->gain * (1 + 1e-7))) best = c;
  }

  const sample& s_;
  const reco::feature_bins& bins_;
  reco::growth_rules rules_;
};

/// Leaves numbered by the first row in them, so that two partitions can be compared.
std::vector<int> in_order(const std::vector<int>& leaves) {
  std::vector<int> names(leaves.size() + 1, -1), out;
  int next = 0;
  for (const int l : leaves) {
    if (l >= 0 && names[static_cast<std::size_t>(l)] < 0) names[static_cast<std::size_t>(l)] = next++;
    out.push_back(l < 0 ? -1 : names[static_cast<std::size_t>(l)]);
  }
  return out;
}

std::vector<int> leaves_of(const reco::decision_tree& tree, const reco::matrix<float>& x) {
  const reco::tree_ensemble one(static_cast<std::int32_t>(x.cols()), std::span(&tree, 1));
  std::vector<int> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) out.push_back(one.leaf_of(0, reco::row_of(x, i)));
  return out;
}

}  // namespace

TEST_CASE("a tree is grown as the shortest way grows it") {
  const double missing = GENERATE(0.0, 0.15);
  const auto s = make_sample(200, 5, missing, 2, missing > 0 ? 11 : 12);
  const reco::feature_bins bins{reco::ranking_features(s.x)};
  const reco::growth_rules rules[] = {{.leaves = 8},
                                      {.leaves = 12, .split = {.l2 = 3}},
                                      {.leaves = 31, .split = {.min_gain = 1}},
                                      {.leaves = 31, .max_depth = 3},
                                      {.leaves = 16, .split = {.min_leaf_rows = 25}},
                                      {.leaves = 16, .split = {.min_leaf_weight = 20}},
                                      {.leaves = 2}};
  for (const auto& r : rules) {
    CAPTURE(r.leaves, r.max_depth, r.split.min_leaf_rows);
    reco::tree_grower grower(bins, r);
    const auto tree = grower.grow(s.quantised);
    std::vector<std::uint32_t> all(200);
    for (std::uint32_t i = 0; i < 200; ++i) all[i] = i;
    const auto [leaves, gains] = naive_grower(s, bins, r).grow(all);
    CHECK(in_order(leaves_of(tree, s.x)) == in_order(leaves));
    REQUIRE(tree.splits.size() == gains.size());
    for (std::size_t n = 0; n < gains.size(); ++n)
      CHECK_THAT(static_cast<double>(tree.splits[n].gain), WithinRel(gains[n], 1e-5));

    std::vector<int> told(200, -1);
    grower.for_each_row([&](std::uint32_t row, std::size_t leaf) { told[row] = static_cast<int>(leaf); });
    CHECK(told == leaves_of(tree, s.x));
    // A leaf's answer is -G / (H + l2) of its rows.
    for (std::size_t l = 0; l < tree.leaves.size(); ++l) {
      double g = 0, h = 0, rows = 0;
      for (std::size_t i = 0; i < 200; ++i)
        if (told[i] == static_cast<int>(l)) g += double{s.g[i]}, h += double{s.h[i]}, ++rows;
      CHECK_THAT(tree.leaves[l].value, WithinAbs(-g / (h + r.split.l2), 1e-5));
      CHECK(tree.leaves[l].cover == rows);
    }
  }
}

TEST_CASE("rows left out take no part, and have a leaf all the same") {
  const auto s = make_sample(300, 4, 0.1, 3, 13);
  const reco::feature_bins bins{reco::ranking_features(s.x)};
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < 300; ++i)
    if (i % 3 != 1) rows.push_back(i);
  const reco::growth_rules rules{.leaves = 10, .split = {.min_leaf_rows = 5}};
  reco::tree_grower grower(bins, rules);
  const auto tree = grower.grow(s.quantised, rows);
  const auto [leaves, gains] = naive_grower(s, bins, rules).grow(rows);
  auto got = leaves_of(tree, s.x);
  std::vector<int> told(300, -1);
  grower.for_each_row([&](std::uint32_t row, std::size_t leaf) { told[row] = static_cast<int>(leaf); });
  CHECK(told == got);
  for (std::size_t i = 1; i < 300; i += 3) got[i] = -1;
  CHECK(in_order(got) == in_order(leaves));
}

TEST_CASE("only features that are allowed are asked") {
  const auto s = make_sample(300, 20, 0, 0, 14);
  const reco::feature_bins bins{reco::ranking_features(s.x)};
  std::vector<char> allowed(20, 0);
  allowed[3] = allowed[18] = 1;
  reco::tree_grower grower(bins, {.leaves = 12});
  const auto tree = grower.grow(s.quantised, {}, allowed);
  CHECK(tree.splits.size() == 11);
  for (const auto& split : tree.splits) CHECK((split.feature == 3 || split.feature == 18));
}

TEST_CASE("a tree of many rows has the same bits on any number of threads", "[concurrent]") {
  const auto s = make_sample(40000, 37, 0.05, 0, 15);
  const reco::feature_bins bins{reco::ranking_features(s.x)};
  reco::tree_grower alone(bins, {.leaves = 20, .split = {.min_leaf_rows = 50}});
  const auto expected = alone.grow(s.quantised);
  CHECK(expected.leaves.size() == 20);
  for (const unsigned threads : {2U, 5U}) {
    reco::thread_pool pool(threads);
    reco::tree_grower grower(bins, {.leaves = 20, .split = {.min_leaf_rows = 50}}, pool);
    CHECK(grower.grow(s.quantised) == expected);
    CHECK(grower.grow(s.quantised) == expected);  // nothing is left over from the tree before
  }
  for (const auto& leaf : expected.leaves) CHECK(leaf.cover >= 50);
}

TEST_CASE("what was never missing goes the way most rows go") {
  const auto s = make_sample(500, 3, 0, 0, 16);
  const reco::feature_bins bins{reco::ranking_features(s.x)};
  const auto tree = reco::tree_grower(bins, {.leaves = 6}).grow(s.quantised);
  const auto cover = [&](std::int32_t child) {
    return child < 0 ? tree.leaves[static_cast<std::size_t>(~child)].cover
                     : tree.splits[static_cast<std::size_t>(child)].cover;
  };
  for (const auto& split : tree.splits) {
    CHECK(split.missing_left == (cover(split.left) >= cover(split.right)));
    CHECK(cover(split.left) + cover(split.right) == split.cover);
  }
}
