// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// An inner node of a tree: asks one feature and sends a row left or right.
///
/// Numerical, `categories < 0`: a value of at most the threshold goes left. Other libraries' rules are rewritten to
/// this one without loss, as features are floats: `x < t` is `x <= the float before t`, and a threshold that is a
/// double is the greatest float not above it. Categorical: a value whose whole part is in the set goes left; what is
/// negative or beyond the set is not in it. In both a NaN, and 0 where `zero_is_missing`, goes the way `missing_left`
/// says.
struct tree_split {
  std::int32_t feature = 0;
  float threshold = 0;
  std::int32_t left = -1;        ///< from 0: a split of the same tree; below: leaf `~left`
  std::int32_t right = -2;       ///< likewise
  std::int32_t categories = -1;  ///< number of its set of categories; -1: the split is numerical
  bool missing_left = false;
  bool zero_is_missing = false;  ///< |x| <= 1e-35 counts as missing (LightGBM's `zero_as_missing`)
  float gain = 0;                ///< how much the objective fell by this split
  double cover = 0;              ///< rows of the training set that came by, or their weight

  friend bool operator==(const tree_split&, const tree_split&) = default;
};

struct tree_leaf {
  double value = 0;
  double cover = 0;

  friend bool operator==(const tree_leaf&, const tree_leaf&) = default;
};

/// One tree as learned or read: split 0 is the root, and there is one leaf more than there are splits. A set of
/// categories is a row of bits: category c is bit c % 32 of word c / 32.
struct decision_tree {
  std::vector<tree_split> splits = {};
  std::vector<tree_leaf> leaves = {};
  std::vector<std::vector<std::uint32_t>> category_sets = {};

  friend bool operator==(const decision_tree&, const decision_tree&) = default;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Throws unless the splits and leaves are one binary tree, all of it below split 0.
inline void check_tree(const decision_tree& tree, std::int32_t features, std::size_t number) {
  const auto at = [&] { return "tree_ensemble: tree " + to_text(number); };
  const auto splits = static_cast<std::int32_t>(tree.splits.size());
  if (tree.leaves.size() != tree.splits.size() + 1)
    fail_argument(at() + " must have one leaf more than splits, got " + to_text(tree.splits.size()) + " splits and " +
                  to_text(tree.leaves.size()) + " leaves");
  for (std::size_t leaf = 0; leaf < tree.leaves.size(); ++leaf)
    if (!std::isfinite(tree.leaves[leaf].value) || !std::isfinite(tree.leaves[leaf].cover))
      fail_argument(at() + ", leaf " + to_text(leaf) + ": value and cover must be finite");

  std::vector<char> split_seen(tree.splits.size()), leaf_seen(tree.leaves.size());
  std::vector<std::int32_t> open;
  const auto reach = [&](std::int32_t node, const auto& where) {
    const auto leaf = ~node;
    if (node >= splits || (node < 0 && leaf > splits))
      fail_argument(where() + ": there is no " + (node < 0 ? "leaf " + to_text(leaf) : "split " + to_text(node)));
    auto& seen = node < 0 ? leaf_seen[static_cast<std::size_t>(leaf)] : split_seen[static_cast<std::size_t>(node)];
    if (seen)
      fail_argument(where() + ": its child, " + (node < 0 ? "leaf " + to_text(leaf) : "split " + to_text(node)) +
                    ", is reached a second time: two parents, or a circle");
    seen = 1;
    if (node >= 0) open.push_back(node);
  };
  if (splits > 0) reach(0, at);
  else leaf_seen[0] = 1;
  while (!open.empty()) {
    const auto node = open.back();
    open.pop_back();
    const auto& split = tree.splits[static_cast<std::size_t>(node)];
    const auto where = [&] { return at() + ", split " + to_text(node); };
    if (split.feature < 0 || split.feature >= features)
      fail_argument(where() + ": feature " + to_text(split.feature) + " of " + to_text(features));
    if (split.categories >= static_cast<std::int64_t>(tree.category_sets.size()))
      fail_argument(where() + ": there is no set of categories " + to_text(split.categories));
    if (std::isnan(split.threshold) || !std::isfinite(split.gain) || !std::isfinite(split.cover))
      fail_argument(where() + ": threshold, gain and cover must be numbers");
    reach(split.left, where);
    reach(split.right, where);
  }
  // A circle of their own. (When every split is reached, so is every leaf: n splits have 2n children.)
  const auto lost = std::find(split_seen.begin(), split_seen.end(), 0);
  if (lost != split_seen.end())
    fail_argument(at() + ": split " + to_text(lost - split_seen.begin()) + " is not reached from the root");
}

inline bool in_categories(std::span<const std::uint32_t> bits, float value) noexcept {
  if (!(value >= 0) || !(value < 32 * static_cast<float>(bits.size()))) return false;
  const auto c = static_cast<std::size_t>(value);
  return (bits[c / 32] >> (c % 32) & 1U) != 0;
}

}  // namespace detail

}  // namespace reco
