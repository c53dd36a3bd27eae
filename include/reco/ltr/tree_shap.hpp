// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/ltr/tree_ensemble.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Why trees gave a row its score: a part for each feature (Lundberg et al., "Consistent individualized feature
/// attribution for tree ensembles", 2018).
///
///     const reco::tree_shap shap(trees);
///     const auto parts = shap.explain(row);      // shap.expected() + the sum of parts = trees.predict(row)
///
/// The parts are Shapley values of the game v(S), the score that is expected when the features of S alone are known: at
/// a split on another feature both ways are taken, each with the share of training rows that went there (LightGBM's
/// `pred_contrib`, XGBoost's `pred_contribs`). `expected()` is v(nothing).
///
/// A leaf adds value · Π_f [f unknown ? z_f : o_f] to v, where z_f is the product of the shares at the splits on f
/// above it, and o_f is 1 where the row takes those splits and else 0. The Shapley value of such a product is an
/// integral (Owen, 1972),
///
///     φ_f = value · ∫₀¹ (o_f − z_f) Π_{g ≠ f} (z_g (1 − t) + o_g t) dt,
///
/// over a polynomial, so Gauss-Legendre quadrature with half as many points as there are features on the way to the
/// leaf gives it exactly. Products live on the way down, sums of leaves on the way up, and every edge of a tree adds
/// its part once: O(trees leaves depth) for a row where the paper has O(trees leaves depth²), and all sums are of
/// well-scaled terms. Bound by three divisions for each edge and point. The parts and the score agree to rounding.
///
/// Immutable; any number of threads may ask. Holds the trees.
class tree_shap {
 public:
  /// Throws `invalid_argument` naming tree and split where both ways have cover 0, or one has less: a model from a file
  /// without covers cannot be explained.
  explicit tree_shap(tree_ensemble trees);

  [[nodiscard]] const tree_ensemble& trees() const noexcept { return trees_; }
  /// The score of a row of which nothing is known: the mean over the training rows, as the covers have it.
  [[nodiscard]] double expected() const noexcept { return expected_; }

  /// A part for each feature. Throws `invalid_argument` where the row has another number of features than the trees.
  [[nodiscard]] std::vector<double> explain(std::span<const float> row) const;
  /// A row of parts for each row, the same bits as one by one. Throws likewise.
  [[nodiscard]] matrix<double> explain_all(const ranking_features& rows, executor_ref executor = {}) const;

 private:
  /// Points and weights of a quadrature on [0, 1].
  struct quadrature {
    std::vector<double> points = {}, weights = {};
  };
  /// What is known of a feature above a node: the product of shares, and whether the row takes all splits on it.
  struct way {
    double share = 1;
    double taken = 1;
    [[nodiscard]] double at(double t) const noexcept { return share * (1 - t) + taken * t; }
  };
  /// A split on the way down, entered: 0 not yet, 1 into its left, 2 into its right.
  struct visit {
    std::int32_t split = 0;
    int entered = 0;
    way before = {};  ///< of its feature
  };
  struct workspace {
    std::vector<double> products = {}, sums = {};  ///< by level and point
    std::vector<way> ways = {};                    ///< by feature
    std::vector<visit> path = {};
  };

  static quadrature gauss_legendre(std::size_t points);
  [[nodiscard]] double left_share(std::int32_t tree, const tree_split& split) const;
  /// Finds the expected value of the tree, its depth and the number of points it needs. `times`: 0 for each feature.
  void survey(std::int32_t tree, std::vector<std::int32_t>& times);
  void add_tree(std::int32_t tree, std::span<const float> row, workspace& work, double* parts) const;
  [[nodiscard]] workspace make_workspace() const;
  void check_features(std::int64_t got) const;

  tree_ensemble trees_;
  double expected_ = 0;
  std::size_t depth_ = 0;  // the greatest number of splits above a leaf
  std::vector<std::int32_t> begins_ = {};
  std::vector<double> left_shares_ = {};      // by split, trees one after another
  std::vector<std::size_t> points_ = {};      // by tree
  std::vector<quadrature> quadratures_ = {};  // by number of points
};

// ---------------------------------------------------------------------------------------------------

/// The roots of the Legendre polynomial P_n by Newton's method, from Tricomi's approximation.
inline tree_shap::quadrature tree_shap::gauss_legendre(std::size_t points) {
  quadrature out{std::vector<double>(points), std::vector<double>(points)};
  const auto n = static_cast<double>(points);
  for (std::size_t i = 0; i < points; ++i) {
    double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (n + 0.5)), slope = 1;
    for (int step = 0; step < 100; ++step) {
      double p = 1, before = 0;  // P_k(x), P_{k - 1}(x)
      for (std::size_t k = 1; k <= points; ++k) {
        const auto order = static_cast<double>(k);
        before = std::exchange(p, ((2 * order - 1) * x * p - (order - 1) * before) / order);
      }
      slope = n * (x * p - before) / (x * x - 1);
      const double move = p / slope;
      x -= move;
      if (std::abs(move) < 1e-15) break;
    }
    out.points[i] = (1 - x) / 2;
    out.weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return out;
}

inline tree_shap::tree_shap(tree_ensemble trees) : trees_(std::move(trees)), expected_(trees_.base_score()) {
  for (std::int32_t t = 0; t < trees_.trees(); ++t) {
    begins_.push_back(static_cast<std::int32_t>(left_shares_.size()));
    for (const auto& split : trees_.splits_of(t)) left_shares_.push_back(left_share(t, split));
  }
  std::vector<std::int32_t> times(static_cast<std::size_t>(trees_.features()));
  for (std::int32_t t = 0; t < trees_.trees(); ++t) survey(t, times);
  const auto most = points_.empty() ? 0 : *std::max_element(points_.begin(), points_.end());
  std::vector<char> needed(most + 1);
  for (const auto points : points_) needed[points] = 1;
  quadratures_.resize(most + 1);
  for (std::size_t points = 1; points <= most; ++points)
    if (needed[points]) quadratures_[points] = gauss_legendre(points);
}

inline double tree_shap::left_share(std::int32_t tree, const tree_split& split) const {
  const auto cover = [&](std::int32_t node) {
    return node >= 0 ? trees_.splits_of(tree)[static_cast<std::size_t>(node)].cover
                     : trees_.leaves_of(tree)[static_cast<std::size_t>(~node)].cover;
  };
  const double left = cover(split.left), right = cover(split.right);
  if (!(left >= 0 && right >= 0 && left + right > 0))
    detail::fail_argument("tree_shap: tree " + detail::to_text(tree) + ", split " +
                          detail::to_text(&split - trees_.splits_of(tree).data()) +
                          ": the covers of its two ways must be at least 0 and one of them more, got " +
                          detail::to_text(left) + " and " + detail::to_text(right));
  return left / (left + right);
}

inline void tree_shap::survey(std::int32_t tree, std::vector<std::int32_t>& times) {
  struct step {
    std::int32_t node = 0;
    std::int32_t feature_left = -1;  ///< below 0: enter node; else leave what that feature's split has added
    std::size_t depth = 0;
    double share = 1;
  };
  const auto splits = trees_.splits_of(tree);
  std::size_t distinct = 0, most = 0;
  std::vector<step> open = {{.node = splits.empty() ? ~0 : 0}};
  while (!open.empty()) {
    const auto now = open.back();
    open.pop_back();
    if (now.feature_left >= 0) {
      if (--times[static_cast<std::size_t>(now.feature_left)] == 0) --distinct;
      continue;
    }
    if (now.node < 0) {
      expected_ += now.share * trees_.leaves_of(tree)[static_cast<std::size_t>(~now.node)].value;
      depth_ = std::max(depth_, now.depth);
      most = std::max(most, distinct);
      continue;
    }
    const auto& split = splits[static_cast<std::size_t>(now.node)];
    const double left = left_shares_[static_cast<std::size_t>(begins_[static_cast<std::size_t>(tree)] + now.node)];
    if (times[static_cast<std::size_t>(split.feature)]++ == 0) ++distinct;
    open.push_back({.feature_left = split.feature});
    open.push_back({.node = split.right, .depth = now.depth + 1, .share = now.share * (1 - left)});
    open.push_back({.node = split.left, .depth = now.depth + 1, .share = now.share * left});
  }
  // The integrand for one feature is a product over the others: n points are exact up to degree 2n - 1.
  points_.push_back((most + 1) / 2);
}

inline tree_shap::workspace tree_shap::make_workspace() const {
  const std::size_t size = (depth_ + 1) * std::max<std::size_t>(quadratures_.size(), 1);
  return {std::vector<double>(size),
          std::vector<double>(size),
          std::vector<way>(static_cast<std::size_t>(trees_.features())),
          {}};
}

inline void tree_shap::add_tree(std::int32_t tree, std::span<const float> row, workspace& work, double* parts) const {
  constexpr double tiny = 1e-200;  // no share of rows, and a divisor that could overflow
  const auto splits = trees_.splits_of(tree);
  if (splits.empty()) return;
  const auto leaves = trees_.leaves_of(tree);
  const auto count = points_[static_cast<std::size_t>(tree)];
  const double* const t = quadratures_[count].points.data();
  const double* const weights = quadratures_[count].weights.data();
  const double* const left_shares = left_shares_.data() + begins_[static_cast<std::size_t>(tree)];
  // At level n: the product over the features above, and the sum of value · product over the leaves below.
  const auto products = [&](std::size_t level) { return work.products.data() + level * count; };
  const auto sums = [&](std::size_t level) { return work.sums.data() + level * count; };

  std::fill_n(products(0), count, 1.0);
  std::fill_n(sums(0), count, 0.0);
  work.path.assign(1, {});
  while (!work.path.empty()) {
    const auto level = work.path.size() - 1;
    auto& here = work.path.back();
    const auto& split = splits[static_cast<std::size_t>(here.split)];
    auto& now = work.ways[static_cast<std::size_t>(split.feature)];
    // Back from a child: what is summed there is what its edge has to share out.
    const auto come_up = [&](std::size_t child_level) {
      const auto before = here.before;
      double part = 0;
      for (std::size_t q = 0; q < count; ++q) {
        const double sum = sums(child_level)[q];
        part += weights[q] * sum *
                ((now.taken - now.share) / now.at(t[q]) - (before.taken - before.share) / before.at(t[q]));
        sums(level)[q] += sum;
      }
      parts[split.feature] += part;
    };
    if (here.entered == 0) here.before = now;
    else if (now.share > 0 || now.taken > 0) come_up(level + 1);
    now = here.before;
    if (here.entered == 2) {
      work.path.pop_back();
      continue;
    }
    const bool left = here.entered++ == 0;
    const double share = left_shares[here.split];
    now.share *= left ? share : 1 - share;
    if (now.share < tiny) now.share = 0;
    if (trees_.goes_left(split, row[static_cast<std::size_t>(split.feature)]) != left) now.taken = 0;
    if (!(now.share > 0 || now.taken > 0)) continue;  // no row comes here, whatever is known

    const auto child = left ? split.left : split.right;
    for (std::size_t q = 0; q < count; ++q)
      products(level + 1)[q] = products(level)[q] / here.before.at(t[q]) * now.at(t[q]);
    if (child >= 0) {
      std::fill_n(sums(level + 1), count, 0.0);
      work.path.push_back({.split = child});
    } else {
      const double value = leaves[static_cast<std::size_t>(~child)].value;
      for (std::size_t q = 0; q < count; ++q) sums(level + 1)[q] = value * products(level + 1)[q];
    }
  }
}

inline void tree_shap::check_features(std::int64_t got) const {
  if (got != trees_.features())
    detail::fail_argument("tree_shap: a row must have " + detail::to_text(trees_.features()) +
                          " features, as in training, got " + detail::to_text(got));
}

inline std::vector<double> tree_shap::explain(std::span<const float> row) const {
  check_features(static_cast<std::int64_t>(row.size()));
  std::vector<double> parts(row.size());
  auto work = make_workspace();
  for (std::int32_t t = 0; t < trees_.trees(); ++t) add_tree(t, row, work, parts.data());
  return parts;
}

inline matrix<double> tree_shap::explain_all(const ranking_features& rows, executor_ref executor) const {
  check_features(rows.features());
  matrix<double> parts = matrix<double>::Zero(rows.documents(), rows.features());
  for_chunks(executor, rows.documents(), 16, [&](std::int64_t begin, std::int64_t end) {
    auto work = make_workspace();
    std::vector<float> scratch(static_cast<std::size_t>(rows.features()));
    for (auto d = begin; d < end; ++d)
      for (std::int32_t t = 0; t < trees_.trees(); ++t)
        add_tree(t, rows.row(static_cast<std::int32_t>(d), scratch), work, parts.row(d).data());
  });
  return parts;
}

}  // namespace reco
