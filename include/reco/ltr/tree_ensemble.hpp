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
#include "reco/ltr/decision_tree.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/ltr/tree_layout.hpp"

namespace reco::inline RECO_ABI() {

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
/// number of threads may ask. `predict` neither allocates nor locks, and walks eight trees at a time; `predict_all`
/// asks every split of a tree of at most 64 leaves, for many rows in one instruction (see `detail::bit_layout`).
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
  /// Adds all trees to the scores of up to `detail::row_block` rows that lie beside each other, feature by feature.
  void add_block(const float* block, std::size_t count, double* scores) const;

  std::int32_t features_ = 0;
  double base_score_ = 0;
  std::vector<std::int32_t> begins_ = {0};  // the splits of tree t are begins_[t]..; its leaves begin t places later
  std::vector<tree_split> splits_ = {};
  std::vector<tree_leaf> leaves_ = {};
  std::vector<std::int64_t> set_begins_ = {0};
  std::vector<std::uint32_t> set_bits_ = {};
  detail::bit_layout layout_ = {};
  detail::tree_walks walks_ = {};
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

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
    layout_.push_back(tree);
    walks_.push_back(tree);
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
  constexpr std::int32_t together = detail::tree_walks::together;
  double sum = base_score_;
  std::int32_t leaves[together];
  for (std::int32_t t = 0; t < trees(); t += together) {
    const auto count = std::min(together, trees() - t);
    if (layout_.all_plain && features_ > 0) walks_.leaves(t, count, row.data(), leaves);
    else
      for (std::int32_t k = 0; k < count; ++k) leaves[k] = leaf_of(t + k, row);
    for (std::int32_t k = 0; k < count; ++k)
      sum += leaves_[static_cast<std::size_t>(begins_[static_cast<std::size_t>(t + k)] + t + k + leaves[k])].value;
  }
  return sum;
}

inline std::vector<double> tree_ensemble::predict_all(const ranking_features& rows, executor_ref executor) const {
  check_features(rows.features());
  constexpr std::size_t width = detail::row_block;
  std::vector<double> scores(static_cast<std::size_t>(rows.documents()), base_score_);
  // Several blocks a piece of work, so that the block is allocated once for them.
  for_chunks(executor, rows.documents(), 16 * std::int64_t{width}, [&](std::int64_t begin, std::int64_t end) {
    const auto features = static_cast<std::size_t>(features_);
    std::vector<float> block(features * width), scratch(features);
    for (auto first = begin; first < end; first += std::int64_t{width}) {
      const auto count = static_cast<std::size_t>(std::min(std::int64_t{width}, end - first));
      for (std::size_t r = 0; r < count; ++r) {
        const auto row = rows.row(static_cast<std::int32_t>(first) + static_cast<std::int32_t>(r), scratch);
        for (std::size_t f = 0; f < features; ++f) block[f * width + r] = row[f];
      }
      add_block(block.data(), count, scores.data() + first);
    }
  });
  return scores;
}

inline void tree_ensemble::add_block(const float* block, std::size_t count, double* scores) const {
  constexpr std::size_t width = detail::row_block;
  for (std::int32_t t = 0; t < trees(); ++t) {
    const auto& plan = layout_.plans[static_cast<std::size_t>(t)];
    if (plan.words > 0) {
      layout_.add(plan, block, count, scores);
      continue;
    }
    const auto splits = splits_of(t);
    const auto leaves = leaves_of(t);
    for (std::size_t r = 0; r < count; ++r) {
      std::int32_t node = splits.empty() ? ~0 : 0;
      while (node >= 0) {
        const auto& split = splits[static_cast<std::size_t>(node)];
        node = goes_left(split, block[static_cast<std::size_t>(split.feature) * width + r]) ? split.left : split.right;
      }
      scores[r] += leaves[static_cast<std::size_t>(~node)].value;
    }
  }
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
