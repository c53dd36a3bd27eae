// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/ltr/feature_bins.hpp"
#include "reco/ltr/histogram.hpp"
#include "reco/ltr/split_finder.hpp"
#include "reco/ltr/tree_ensemble.hpp"

namespace reco::inline RECO_ABI() {

/// How far a tree may grow.
struct growth_rules {
  std::int32_t leaves = 31;
  std::int32_t max_depth = 0;              ///< splits on a way down; 0: no limit
  split_rules split = {};                  ///< in gradients and hessians as they are, not in units
  std::vector<std::int8_t> monotone = {};  ///< by feature: -1 falling, 1 rising, 0 free; empty: all free
};

/// Grows a tree leaf by leaf, the leaf first whose split gains most (Shi, "Best-first decision tree learning", 2007),
/// from histograms: of two children the smaller one's are added up, the larger one's are what is left of the parent's.
///
/// A leaf's rows stand together, in their old order, with their gradients beside them. A split is one call of the
/// executor over groups of features, each of which adds, subtracts and searches on its own. Whole numbers are added,
/// and ties go to the lower feature: the tree does not depend on threads. The number of rows in a leaf is looked at
/// when its turn comes, and only where hessians leave it open; were it in the histograms, they would be half as large
/// again.
///
/// Time a tree O(rows features depth / 2 + leaves features bins); memory 2 KiB for each leaf and feature.
class tree_grower {
 public:
  /// The bins must outlive the grower.
  tree_grower(const feature_bins& bins, growth_rules rules, executor_ref executor = {});

  /// One tree; the values of its leaves are not shrunk. `rows`, ascending, names the rows that take part; empty: all.
  /// `allowed`: a 0 for each feature that may not be used; empty: all may.
  [[nodiscard]] decision_tree grow(const quantised_gradients& gradients, std::span<const std::uint32_t> rows = {},
                                   std::span<const char> allowed = {});

  /// The leaf of each row, of those that took part or not, in the tree grown last: `f(row, leaf)` in any order and from
  /// any thread, once for each row.
  template <class F>
  void for_each_row(F&& f) const;

 private:
  using go_left_table = std::array<std::uint8_t, feature_bins::most_bins>;
  struct row_counts {
    std::int32_t feature = 0;
    std::vector<std::uint32_t> rows = {};
  };
  struct leaf {
    std::size_t begin = 0, end = 0;  // its rows
    gradient_sum sum = 0;
    std::int32_t depth = 0;
    value_bounds bounds = {};
    std::size_t slot = 0;  // its histograms
    split_candidate best = {};
    std::vector<row_counts> counts = {};  // of features whose best split once had too few rows

    [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
  };

  void start(const quantised_gradients& gradients, std::span<const std::uint32_t> rows);
  void scale_rules(const quantised_gradients& gradients);
  [[nodiscard]] bool may_split(const leaf& l) const noexcept;
  /// Histograms of `small` by its rows, of `large` by subtraction, then the best split of each.
  void evaluate(leaf& small, leaf* large);
  [[nodiscard]] split_candidate search_group(const leaf& l, std::int32_t group) const;
  void search_again(leaf& l);
  [[nodiscard]] gradient_sum* histograms(const leaf& l, std::int32_t group) noexcept {
    return slots_[l.slot].data() + static_cast<std::size_t>(group) * feature_bins::width * feature_bins::most_bins;
  }
  [[nodiscard]] const gradient_sum* histograms(const leaf& l, std::int32_t group) const noexcept {
    return slots_[l.slot].data() + static_cast<std::size_t>(group) * feature_bins::width * feature_bins::most_bins;
  }
  [[nodiscard]] go_left_table table_of(const split_candidate& s) const;
  [[nodiscard]] bool has_enough_rows(leaf& l, const go_left_table& left);
  [[nodiscard]] std::size_t partition(const leaf& l, std::int32_t feature, const go_left_table& left);
  [[nodiscard]] bool is_allowed(std::int32_t feature) const noexcept {
    return allowed_.empty() || allowed_[static_cast<std::size_t>(feature)] != 0;
  }
  [[nodiscard]] int monotone(std::int32_t feature) const noexcept {
    return rules_.monotone.empty() ? 0 : rules_.monotone[static_cast<std::size_t>(feature)];
  }
  void record(decision_tree& tree, std::int32_t parent, const split_candidate& s, std::size_t left_rows,
              std::size_t right_rows) const;

  const feature_bins* bins_;
  growth_rules rules_;
  executor_ref executor_;
  split_rules scaled_ = {};  // in units
  double gain_unit_ = 1;
  double value_unit_ = 1;
  std::uint32_t heaviest_ = 0;  // the greatest hessian of a row, in units
  bool all_rows_ = true;
  std::span<const char> allowed_ = {};
  std::vector<std::uint32_t> rows_ = {}, rows_aside_ = {};
  std::vector<gradient_sum> gradients_ = {}, gradients_aside_ = {};
  std::vector<std::vector<gradient_sum>> slots_ = {};
  std::vector<leaf> leaves_ = {};
  decision_tree last_ = {};
  std::vector<go_left_table> last_tables_ = {};
};

// ---------------------------------------------------------------------------------------------------

inline tree_grower::tree_grower(const feature_bins& bins, growth_rules rules, executor_ref executor)
    : bins_(&bins), rules_(std::move(rules)), executor_(executor) {}

inline void tree_grower::start(const quantised_gradients& gradients, std::span<const std::uint32_t> rows) {
  all_rows_ = rows.empty();
  const std::size_t n = all_rows_ ? gradients.of.size() : rows.size();
  rows_.resize(n);
  gradients_.resize(n);
  rows_aside_.resize(n);
  gradients_aside_.resize(n);
  if (all_rows_) std::iota(rows_.begin(), rows_.end(), 0U);
  else std::copy(rows.begin(), rows.end(), rows_.begin());
  leaf root{.end = n};
  heaviest_ = 0;
  for (std::size_t i = 0; i < n; ++i) {
    gradients_[i] = gradients.of[rows_[i]];
    root.sum += gradients_[i];
    heaviest_ = std::max(heaviest_, hessian_of(gradients_[i]));
  }
  leaves_.assign(1, std::move(root));
  last_ = {};
  last_tables_.clear();
}

inline void tree_grower::scale_rules(const quantised_gradients& gradients) {
  const double g = gradients.gradient_unit, h = gradients.hessian_unit;
  gain_unit_ = g * g / h;
  value_unit_ = g / h;
  scaled_ = rules_.split;
  scaled_.l1 /= g;
  scaled_.l2 /= h;
  scaled_.min_leaf_weight /= h;
  scaled_.category_smoothing /= h;
  scaled_.min_gain /= gain_unit_;
}

inline bool tree_grower::may_split(const leaf& l) const noexcept {
  return (rules_.max_depth == 0 || l.depth < rules_.max_depth) &&
         static_cast<std::int64_t>(l.size()) >= std::max<std::int64_t>(2, 2 * scaled_.min_leaf_rows) &&
         hessian_of(l.sum) >= 2 * scaled_.min_leaf_weight;
}

inline split_candidate tree_grower::search_group(const leaf& l, std::int32_t group) const {
  split_candidate best;
  const auto first = group * static_cast<std::int32_t>(feature_bins::width);
  const auto end = std::min(bins_->features(), first + static_cast<std::int32_t>(feature_bins::width));
  for (auto f = first; f < end; ++f) {
    const auto bins = static_cast<std::size_t>(bins_->all_bins(f));
    if (bins < 2 || !is_allowed(f)) continue;
    const auto known = std::find_if(l.counts.begin(), l.counts.end(), [&](const auto& c) { return c.feature == f; });
    const auto rows = known == l.counts.end() ? std::span<const std::uint32_t>() : std::span(known->rows);
    const std::span histogram(histograms(l, group) + static_cast<std::size_t>(f - first) * feature_bins::most_bins,
                              bins);
    const auto split = best_split(*bins_, f, histogram, l.sum, scaled_, rows, monotone(f), l.bounds);
    if (split.gain > best.gain) best = split;
  }
  return best;
}

inline void tree_grower::evaluate(leaf& small, leaf* large) {
  small.best = {};
  if (large != nullptr) large->best = {};
  const bool search_small = may_split(small), search_large = large != nullptr && may_split(*large);
  if (!search_small && !search_large) return;
  const auto groups = static_cast<std::size_t>(bins_->groups());
  std::vector<split_candidate> bests(2 * groups);
  const auto rows = all_rows_ && leaves_.size() == 1 ? std::span<const std::uint32_t>()
                                                     : std::span(rows_).subspan(small.begin, small.size());
  const auto gradients = std::span(gradients_).subspan(small.begin, small.size());
  for_chunks(executor_, bins_->groups(), 1, [&](std::int64_t chunk, std::int64_t) {
    const auto group = static_cast<std::int32_t>(chunk);
    constexpr std::size_t stride = feature_bins::most_bins;
    const auto first = group * static_cast<std::int32_t>(feature_bins::width);
    const auto features = std::min(feature_bins::width, static_cast<std::size_t>(bins_->features() - first));
    const auto size_of = [&](std::size_t k) {
      return static_cast<std::size_t>(bins_->all_bins(first + static_cast<std::int32_t>(k)));
    };
    gradient_sum* const sums = histograms(small, group);
    for (std::size_t k = 0; k < features; ++k) std::fill_n(sums + k * stride, size_of(k), gradient_sum{0});
    add_to_histograms(bins_->group(group), rows, gradients, sums);
    const auto at = 2 * static_cast<std::size_t>(chunk);
    if (search_small) bests[at] = search_group(small, group);
    if (!search_large) return;
    gradient_sum* const rest = histograms(*large, group);
    for (std::size_t k = 0; k < features; ++k)
      for (std::size_t b = k * stride, end = b + size_of(k); b < end; ++b) rest[b] -= sums[b];
    bests[at + 1] = search_group(*large, group);
  });
  for (std::size_t g = 0; g < groups; ++g) {
    if (bests[2 * g].gain > small.best.gain) small.best = bests[2 * g];
    if (large != nullptr && bests[2 * g + 1].gain > large->best.gain) large->best = bests[2 * g + 1];
  }
}

inline void tree_grower::search_again(leaf& l) {
  std::vector<split_candidate> bests(static_cast<std::size_t>(bins_->groups()));
  for_chunks(executor_, bins_->groups(), 1, [&](std::int64_t g, std::int64_t) {
    bests[static_cast<std::size_t>(g)] = search_group(l, static_cast<std::int32_t>(g));
  });
  l.best = {};
  for (const auto& b : bests)
    if (b.gain > l.best.gain) l.best = b;
}

inline tree_grower::go_left_table tree_grower::table_of(const split_candidate& s) const {
  go_left_table left = {};
  for (std::size_t b = 0; b < left.size(); ++b) {
    if (bins_->is_categorical(s.feature)) left[b] = s.categories_left[b / 64] >> (b % 64) & 1U;
    else left[b] = static_cast<std::int32_t>(b) <= s.bin;
  }
  if (bins_->has_missing(s.feature))
    left[static_cast<std::size_t>(bins_->value_bins(s.feature))] = s.missing_left ? 1 : 0;
  return left;
}

/// Whether the best split of a leaf leaves enough rows on each side; if not, the rows of its feature's bins are counted
/// for the next search.
inline bool tree_grower::has_enough_rows(leaf& l, const go_left_table& left) {
  const auto least = scaled_.min_leaf_rows;
  if (least <= 1) return true;  // a side without rows has no hessian
  const auto bound = static_cast<double>(least) * heaviest_;
  if (hessian_of(l.best.left) >= bound && hessian_of(l.sum - l.best.left) >= bound) return true;
  const auto f = static_cast<std::size_t>(l.best.feature);
  if (std::any_of(l.counts.begin(), l.counts.end(), [&](const auto& c) { return c.feature == l.best.feature; }))
    return true;  // the search knew
  row_counts counts{.feature = l.best.feature,
                    .rows = std::vector<std::uint32_t>(static_cast<std::size_t>(bins_->all_bins(l.best.feature)))};
  const std::uint8_t* const group = bins_->group(static_cast<std::int32_t>(f / feature_bins::width));
  for (std::size_t i = l.begin; i < l.end; ++i)
    ++counts.rows[group[rows_[i] * feature_bins::width + f % feature_bins::width]];
  std::int64_t rows = 0;
  for (std::size_t b = 0; b < counts.rows.size(); ++b) rows += left[b] != 0 ? counts.rows[b] : 0;
  if (rows >= least && static_cast<std::int64_t>(l.size()) - rows >= least) return true;
  l.counts.push_back(std::move(counts));
  return false;
}

/// Moves the rows that go left to the front, both sides in their old order; the number of those that went left.
inline std::size_t tree_grower::partition(const leaf& l, std::int32_t feature, const go_left_table& left) {
  constexpr std::int64_t chunk = 16384;
  const auto f = static_cast<std::size_t>(feature);
  const std::uint8_t* const group =
      bins_->group(static_cast<std::int32_t>(f / feature_bins::width)) + f % feature_bins::width;
  const auto size = static_cast<std::int64_t>(l.size());
  // In each chunk: left rows to the front of where it lies aside, right rows to the back, in reverse.
  std::vector<std::size_t> lefts(static_cast<std::size_t>((size + chunk - 1) / chunk) + 1);
  for_chunks(executor_, size, chunk, [&](std::int64_t from, std::int64_t to) {
    std::size_t front = l.begin + static_cast<std::size_t>(from), back = l.begin + static_cast<std::size_t>(to);
    for (std::size_t i = l.begin + static_cast<std::size_t>(from), end = back; i < end; ++i) {
      const auto row = rows_[i];
      const std::size_t goes = left[group[row * feature_bins::width]];
      const std::size_t place = goes != 0 ? front : back - 1;
      rows_aside_[place] = row;
      gradients_aside_[place] = gradients_[i];
      front += goes;
      back -= 1 - goes;
    }
    lefts[static_cast<std::size_t>(from / chunk) + 1] = front - l.begin - static_cast<std::size_t>(from);
  });
  for (std::size_t c = 1; c < lefts.size(); ++c) lefts[c] += lefts[c - 1];
  const auto all_left = lefts.back();
  for_chunks(executor_, size, chunk, [&](std::int64_t from, std::int64_t to) {
    const auto c = static_cast<std::size_t>(from / chunk);
    const auto front = l.begin + static_cast<std::size_t>(from), back = l.begin + static_cast<std::size_t>(to);
    const auto count = lefts[c + 1] - lefts[c];
    const auto to_left = l.begin + lefts[c], to_right = l.begin + all_left + static_cast<std::size_t>(from) - lefts[c];
    const auto copy = [&](const auto& aside, auto& target) {
      const auto at = [](auto& v, std::size_t n) { return v.begin() + static_cast<std::ptrdiff_t>(n); };
      std::copy(at(aside, front), at(aside, front + count), at(target, to_left));
      std::reverse_copy(at(aside, front + count), at(aside, back), at(target, to_right));
    };
    copy(rows_aside_, rows_);
    copy(gradients_aside_, gradients_);
  });
  return all_left;
}

inline void tree_grower::record(decision_tree& tree, std::int32_t parent, const split_candidate& s,
                                std::size_t left_rows, std::size_t right_rows) const {
  const auto node = static_cast<std::int32_t>(tree.splits.size());
  for (auto& split : tree.splits) {
    if (split.left == ~parent) split.left = node;
    if (split.right == ~parent) split.right = node;
  }
  tree_split split{.feature = s.feature,
                   .left = ~parent,
                   .right = ~static_cast<std::int32_t>(leaves_.size()),
                   .missing_left = s.missing_left,
                   .gain = static_cast<float>(s.gain * gain_unit_),
                   .cover = static_cast<double>(left_rows + right_rows)};
  if (bins_->is_categorical(s.feature)) {
    std::vector<std::uint32_t> bits;
    const auto categories = bins_->categories(s.feature);
    for (std::size_t b = 0; b < categories.size(); ++b) {
      if ((s.categories_left[b / 64] >> (b % 64) & 1U) == 0) continue;
      const auto c = static_cast<std::size_t>(categories[b]);
      bits.resize(std::max(bits.size(), c / 32 + 1));
      bits[c / 32] |= 1U << (c % 32);
    }
    split.categories = static_cast<std::int32_t>(tree.category_sets.size());
    tree.category_sets.push_back(std::move(bits));
  } else {
    split.threshold = bins_->threshold(s.feature, s.bin);
    // What never was missing in training goes the way most rows go.
    if (!bins_->has_missing(s.feature)) split.missing_left = left_rows >= right_rows;
  }
  tree.splits.push_back(split);
}

inline decision_tree tree_grower::grow(const quantised_gradients& gradients, std::span<const std::uint32_t> rows,
                                       std::span<const char> allowed) {
  allowed_ = allowed;
  start(gradients, rows);
  scale_rules(gradients);
  const auto slot_size = static_cast<std::size_t>(bins_->groups()) * feature_bins::width * feature_bins::most_bins;
  const auto ensure_slot = [&](std::size_t slot) {
    if (slots_.size() <= slot) slots_.emplace_back(slot_size);
  };
  ensure_slot(0);
  leaves_.reserve(static_cast<std::size_t>(rules_.leaves));
  decision_tree tree;
  if (rules_.leaves > 1) evaluate(leaves_[0], nullptr);
  while (leaves_.size() < static_cast<std::size_t>(rules_.leaves)) {
    const auto chosen = std::max_element(leaves_.begin(), leaves_.end(),
                                         [](const leaf& a, const leaf& b) { return a.best.gain < b.best.gain; }) -
                        leaves_.begin();
    leaf& l = leaves_[static_cast<std::size_t>(chosen)];
    if (!l.best.exists()) break;
    const auto split = l.best;
    const auto table = table_of(split);
    if (!has_enough_rows(l, table)) {
      search_again(l);
      continue;
    }
    const auto left_rows = partition(l, split.feature, table);
    record(tree, static_cast<std::int32_t>(chosen), split, left_rows, l.size() - left_rows);
    last_tables_.push_back(table);

    leaf left{
        .begin = l.begin, .end = l.begin + left_rows, .sum = split.left, .depth = l.depth + 1, .bounds = l.bounds};
    leaf right{.begin = left.end, .end = l.end, .sum = l.sum - split.left, .depth = l.depth + 1, .bounds = l.bounds};
    if (const int way = monotone(split.feature); way != 0) {
      const double middle = (best_value(left.sum, scaled_, l.bounds) + best_value(right.sum, scaled_, l.bounds)) / 2;
      (way > 0 ? left : right).bounds.high = middle;
      (way > 0 ? right : left).bounds.low = middle;
    }
    const bool left_is_small = left.size() < right.size();
    (left_is_small ? right : left).slot = l.slot;
    (left_is_small ? left : right).slot = leaves_.size();
    ensure_slot(leaves_.size());
    l = std::move(left);
    leaves_.push_back(std::move(right));
    if (leaves_.size() == static_cast<std::size_t>(rules_.leaves)) break;
    leaf &a = leaves_[static_cast<std::size_t>(chosen)], &b = leaves_.back();
    evaluate(left_is_small ? a : b, left_is_small ? &b : &a);
  }
  for (const auto& l : leaves_)
    tree.leaves.push_back({best_value(l.sum, scaled_, l.bounds) * value_unit_, static_cast<double>(l.size())});
  last_ = tree;
  return tree;
}

template <class F>
void tree_grower::for_each_row(F&& f) const {
  if (all_rows_) {
    executor_.run(static_cast<std::int64_t>(leaves_.size()), [&](std::int64_t n) {
      const auto& l = leaves_[static_cast<std::size_t>(n)];
      for (std::size_t i = l.begin; i < l.end; ++i) f(rows_[i], static_cast<std::size_t>(n));
    });
    return;
  }
  for_chunks(executor_, bins_->rows(), 4096, [&](std::int64_t begin, std::int64_t end) {
    for (auto row = static_cast<std::int32_t>(begin); row < static_cast<std::int32_t>(end); ++row) {
      std::int32_t node = last_.splits.empty() ? ~0 : 0;
      while (node >= 0) {
        const auto& split = last_.splits[static_cast<std::size_t>(node)];
        const bool left = last_tables_[static_cast<std::size_t>(node)][bins_->at(row, split.feature)] != 0;
        node = left ? split.left : split.right;
      }
      f(static_cast<std::uint32_t>(row), static_cast<std::size_t>(~node));
    }
  });
}

}  // namespace reco
