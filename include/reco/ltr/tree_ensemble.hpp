// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/ltr/ranking_data.hpp"

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

enum class importance_of {
  gain,   ///< the gains of the splits on a feature, added up
  split,  ///< the number of splits on it
};

/// Many trees that add up: the model that gradient boosting learns, here or in another library.
///
///     score(x) = base score + sum over trees of the value of the leaf that x falls into
///
///     const auto trees = reco::lambda_mart{}.fit(train);
///     const double score = trees.predict(row);                       // one row, higher is better
///     const auto scores = trees.predict_all(test.matrix_of_features(), pool);
///
/// Sums run over the trees in their order, in double, so that one row and a batch agree to the last bit. Immutable; any
/// number of threads may ask, none allocates or locks.
class tree_ensemble {
 public:
  tree_ensemble() = default;
  /// Throws `invalid_argument` naming tree and node where the structure is none: a feature, child or set that does not
  /// exist, a node with two parents or none, a circle, a threshold or a value that is no number.
  tree_ensemble(std::int32_t features, std::span<const decision_tree> trees, double base_score = 0,
                fit_report report = {});

  [[nodiscard]] std::int32_t features() const noexcept { return features_; }
  [[nodiscard]] std::int32_t trees() const noexcept { return static_cast<std::int32_t>(begins_.size()) - 1; }
  [[nodiscard]] double base_score() const noexcept { return base_score_; }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

  /// Children are numbers within the tree; `categories` is a number for `categories(set)`. Unchecked.
  [[nodiscard]] std::span<const tree_split> splits_of(std::int32_t tree) const noexcept;
  [[nodiscard]] std::span<const tree_leaf> leaves_of(std::int32_t tree) const noexcept;
  [[nodiscard]] std::span<const std::uint32_t> categories(std::int32_t set) const noexcept;
  /// Whether a split sends a value left.
  [[nodiscard]] bool goes_left(const tree_split& split, float value) const noexcept;
  /// The leaf of a tree that a row falls into. The row is not checked. O(depth).
  [[nodiscard]] std::int32_t leaf_of(std::int32_t tree, std::span<const float> row) const noexcept;

  /// The score of one row. Throws `invalid_argument` where it has another number of features than the trees were
  /// trained on. O(trees depth).
  [[nodiscard]] double predict(std::span<const float> row) const;
  /// The scores of many rows, the same bits as one by one. Throws likewise.
  [[nodiscard]] std::vector<double> predict_all(const ranking_features& rows, executor_ref executor = {}) const;

  /// A number for each feature; not normalised.
  [[nodiscard]] std::vector<double> importance(importance_of what = importance_of::gain) const;

  /// A tree for itself, as the constructor takes it. Throws `std::out_of_range`.
  [[nodiscard]] decision_tree tree(std::int32_t t) const;

 private:
  void check_features(std::int64_t got) const;

  std::int32_t features_ = 0;
  double base_score_ = 0;
  std::vector<std::int32_t> begins_ = {0};  // the splits of tree t are begins_[t]..; its leaves begin t places later
  std::vector<tree_split> splits_ = {};
  std::vector<tree_leaf> leaves_ = {};
  std::vector<std::int64_t> set_begins_ = {0};
  std::vector<std::uint32_t> set_bits_ = {};
  fit_report report_ = {};
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

inline tree_ensemble::tree_ensemble(std::int32_t features, std::span<const decision_tree> trees, double base_score,
                                    fit_report report) {
  if (features < 0)
    detail::fail_argument("tree_ensemble: features must be at least 0, got " + detail::to_text(features));
  if (!std::isfinite(base_score))
    detail::fail_argument("tree_ensemble: the base score must be finite, got " + detail::to_text(base_score));
  for (std::size_t t = 0; t < trees.size(); ++t) {
    const auto& tree = trees[t];
    detail::check_tree(tree, features, t);
    const auto sets = static_cast<std::int32_t>(set_begins_.size()) - 1;
    for (auto split : tree.splits) {
      if (split.categories >= 0) split.categories += sets;
      splits_.push_back(split);
    }
    leaves_.insert(leaves_.end(), tree.leaves.begin(), tree.leaves.end());
    for (const auto& set : tree.category_sets) {
      set_bits_.insert(set_bits_.end(), set.begin(), set.end());
      set_begins_.push_back(static_cast<std::int64_t>(set_bits_.size()));
    }
    begins_.push_back(static_cast<std::int32_t>(splits_.size()));
  }
  features_ = features;
  base_score_ = base_score;
  report_ = std::move(report);
}

inline std::span<const tree_split> tree_ensemble::splits_of(std::int32_t tree) const noexcept {
  RECO_ASSERT(tree >= 0 && tree < trees());
  const auto begin = static_cast<std::size_t>(begins_[static_cast<std::size_t>(tree)]);
  return std::span(splits_).subspan(begin,
                                    static_cast<std::size_t>(begins_[static_cast<std::size_t>(tree) + 1]) - begin);
}

inline std::span<const tree_leaf> tree_ensemble::leaves_of(std::int32_t tree) const noexcept {
  const auto begin = static_cast<std::size_t>(begins_[static_cast<std::size_t>(tree)] + tree);
  return std::span(leaves_).subspan(begin, splits_of(tree).size() + 1);
}

inline std::span<const std::uint32_t> tree_ensemble::categories(std::int32_t set) const noexcept {
  RECO_ASSERT(set >= 0 && static_cast<std::size_t>(set) + 1 < set_begins_.size());
  const auto begin = static_cast<std::size_t>(set_begins_[static_cast<std::size_t>(set)]);
  return std::span(set_bits_).subspan(begin,
                                      static_cast<std::size_t>(set_begins_[static_cast<std::size_t>(set) + 1]) - begin);
}

inline bool tree_ensemble::goes_left(const tree_split& split, float value) const noexcept {
  if (std::isnan(value) || (split.zero_is_missing && std::abs(value) <= 1e-35F)) return split.missing_left;
  if (split.categories < 0) return value <= split.threshold;
  return detail::in_categories(categories(split.categories), value);
}

inline std::int32_t tree_ensemble::leaf_of(std::int32_t tree, std::span<const float> row) const noexcept {
  const auto splits = splits_of(tree);
  std::int32_t node = splits.empty() ? ~0 : 0;
  while (node >= 0) {
    const auto& split = splits[static_cast<std::size_t>(node)];
    node = goes_left(split, row[static_cast<std::size_t>(split.feature)]) ? split.left : split.right;
  }
  return ~node;
}

inline void tree_ensemble::check_features(std::int64_t got) const {
  if (got != features_)
    detail::fail_argument("tree_ensemble: a row must have " + detail::to_text(features_) +
                          " features, as in training, got " + detail::to_text(got));
}

inline double tree_ensemble::predict(std::span<const float> row) const {
  check_features(static_cast<std::int64_t>(row.size()));
  double sum = base_score_;
  for (std::int32_t t = 0; t < trees(); ++t) sum += leaves_of(t)[static_cast<std::size_t>(leaf_of(t, row))].value;
  return sum;
}

inline std::vector<double> tree_ensemble::predict_all(const ranking_features& rows, executor_ref executor) const {
  check_features(rows.features());
  std::vector<double> scores(static_cast<std::size_t>(rows.documents()));
  for_chunks(executor, rows.documents(), 256, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> scratch(rows.is_sparse() ? static_cast<std::size_t>(features_) : 0);
    for (auto d = begin; d < end; ++d)
      scores[static_cast<std::size_t>(d)] = predict(rows.row(static_cast<std::int32_t>(d), scratch));
  });
  return scores;
}

inline std::vector<double> tree_ensemble::importance(importance_of what) const {
  std::vector<double> sums(static_cast<std::size_t>(features_));
  for (const auto& split : splits_)
    sums[static_cast<std::size_t>(split.feature)] += what == importance_of::gain ? static_cast<double>(split.gain) : 1;
  return sums;
}

inline decision_tree tree_ensemble::tree(std::int32_t t) const {
  detail::check_index("tree_ensemble: tree", t, trees());
  const auto splits = splits_of(t);
  const auto leaves = leaves_of(t);
  decision_tree out{.splits = {splits.begin(), splits.end()}, .leaves = {leaves.begin(), leaves.end()}};
  for (auto& split : out.splits) {
    if (split.categories < 0) continue;
    const auto bits = categories(split.categories);
    split.categories = static_cast<std::int32_t>(out.category_sets.size());
    out.category_sets.emplace_back(bits.begin(), bits.end());
  }
  return out;
}

}  // namespace reco
