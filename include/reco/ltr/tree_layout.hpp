// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/ltr/decision_tree.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {

// Two ways to lay out trees for being asked: many rows at a time, and one row.

namespace detail {

/// Rows that are scored together: four registers of floats.
inline constexpr std::size_t row_block = 4 * simd<float>::lanes;

/// A numerical split of a tree as a mask: where a row goes right, the leaves below on the left cannot be its leaf.
struct mask_split {
  float threshold = 0;
  std::int32_t feature = 0;
  std::uint32_t keep[2] = {};  ///< bits of the leaves that stay when the row goes right
};

/// Trees of at most 64 leaves as bits (Lucchese et al., "QuickScorer", 2015): leaves are numbered from left to right,
/// and the leaf of a row is the first that no split strikes out. All splits are asked, in any order, without a branch,
/// and the bits of a block of rows stay in registers meanwhile. Larger trees, and those with categories or zeros that
/// are missing, are walked.
struct bit_layout {
  struct plan {
    std::int32_t begin = 0, middle = 0, end = 0;  ///< splits: missing goes right, then left
    std::int32_t values = 0;                      ///< of the leaves, from left to right
    std::int32_t words = 0;                       ///< of 32 leaves; 0: the tree is walked
  };
  std::vector<plan> plans = {};
  std::vector<mask_split> splits = {};
  std::vector<double> values = {};
  bool all_plain = true;  ///< no categories and no zeros that are missing anywhere

  void push_back(const decision_tree& tree);
  /// Adds a tree to the scores of `count` <= `row_block` rows; the block holds `row_block` places for each feature.
  void add(const plan& p, const float* block, std::size_t count, double* scores) const;

 private:
  template <std::size_t Words>
  void add_words(const plan& p, const float* block, std::size_t count, double* scores) const;
};

/// Trees for one row: nodes of 16 bytes, several trees walked side by side so that one's loads hide another's.
struct tree_walks {
  static constexpr std::int32_t together = 8;
  struct node {
    float threshold = 0;
    std::uint32_t feature = 0;  ///< twice, plus 1 where missing values go left
    std::int32_t child[2] = {~0, ~0};
  };
  std::vector<node> nodes = {};
  std::vector<std::int32_t> begins = {};  ///< of each tree

  void push_back(const decision_tree& tree);
  /// The leaves of trees first..first + count <= `together` for a row. For numerical splits only.
  void leaves(std::int32_t first, std::int32_t count, const float* row, std::int32_t* out) const noexcept;
};

// ---------------------------------------------------------------------------------------------------

inline void bit_layout::push_back(const decision_tree& tree) {
  plan p{.begin = static_cast<std::int32_t>(splits.size()), .values = static_cast<std::int32_t>(values.size())};
  const bool plain = std::none_of(tree.splits.begin(), tree.splits.end(),
                                  [](const auto& s) { return s.categories >= 0 || s.zero_is_missing; });
  all_plain &= plain;
  p.middle = p.end = p.begin;
  if (!plain || tree.leaves.size() > 64) {
    plans.push_back(p);
    return;
  }
  p.words = tree.leaves.size() > 32 ? 2 : 1;
  // Leaves from left to right, and for each split which of them lie on its left: first..past.
  struct range {
    std::uint32_t first = 0, past = 0;
  };
  std::vector<range> lefts(tree.splits.size());
  std::vector<std::int32_t> open = {tree.splits.empty() ? ~0 : 0};
  std::vector<char> entered(tree.splits.size());
  std::uint32_t next = 0;
  while (!open.empty()) {
    const auto node = open.back();
    if (node < 0) {
      values.push_back(tree.leaves[static_cast<std::size_t>(~node)].value);
      ++next;
      open.pop_back();
      continue;
    }
    const auto& split = tree.splits[static_cast<std::size_t>(node)];
    auto& left = lefts[static_cast<std::size_t>(node)];
    if (!entered[static_cast<std::size_t>(node)]) {
      entered[static_cast<std::size_t>(node)] = 1;
      left.first = next;
      open.push_back(split.left);
    } else {  // all of the left is numbered
      left.past = next;
      open.back() = split.right;
    }
  }
  for (const bool missing_left : {false, true}) {
    for (std::size_t n = 0; n < tree.splits.size(); ++n) {
      const auto& split = tree.splits[n];
      if (split.missing_left != missing_left) continue;
      const auto width = lefts[n].past - lefts[n].first;  // at most 63: the right has a leaf too
      const auto struck = ((std::uint64_t{1} << width) - 1) << lefts[n].first;
      splits.push_back({split.threshold,
                        split.feature,
                        {static_cast<std::uint32_t>(~struck), static_cast<std::uint32_t>(~struck >> 32)}});
    }
    (missing_left ? p.end : p.middle) = static_cast<std::int32_t>(splits.size());
  }
  plans.push_back(p);
}

inline void bit_layout::add(const plan& p, const float* block, std::size_t count, double* scores) const {
  if (p.words == 1) add_words<1>(p, block, count, scores);
  else add_words<2>(p, block, count, scores);
}

template <std::size_t Words>
void bit_layout::add_words(const plan& p, const float* block, std::size_t count, double* scores) const {
  using packet = simd<float>;
  typedef std::uint32_t bits __attribute__((vector_size(packet::bytes)));
  bits alive[Words][4];
  for (auto& word : alive)
    for (auto& b : word) b = ~bits{};
  const auto ask = [&](const mask_split& split, auto goes_left) {
    const float* const x = block + static_cast<std::size_t>(split.feature) * row_block;
#pragma GCC unroll 4
    for (std::size_t part = 0; part < 4; ++part) {
      const auto stays = reinterpret_cast<bits>(goes_left(packet::load(x + part * packet::lanes), split.threshold));
#pragma GCC unroll 2
      for (std::size_t w = 0; w < Words; ++w) alive[w][part] &= stays | split.keep[w];
    }
  };
  const auto at = [&](std::int32_t n) { return splits.begin() + n; };
  for (auto s = at(p.begin); s != at(p.middle); ++s) ask(*s, [](auto x, float t) { return x <= t; });
  for (auto s = at(p.middle); s != at(p.end); ++s) ask(*s, [](auto x, float t) { return ~(x > t); });

  std::uint32_t words[Words][row_block];
  for (std::size_t w = 0; w < Words; ++w) __builtin_memcpy(words[w], alive[w], sizeof words[w]);
  const double* const leaf_values = values.data() + p.values;
  for (std::size_t r = 0; r < count; ++r) {
    auto leaf = static_cast<std::size_t>(std::countr_zero(words[0][r]));
    if constexpr (Words == 2)
      if (words[0][r] == 0) leaf = 32 + static_cast<std::size_t>(std::countr_zero(words[1][r]));
    scores[r] += leaf_values[leaf];
  }
}

inline void tree_walks::push_back(const decision_tree& tree) {
  begins.push_back(static_cast<std::int32_t>(nodes.size()));
  for (const auto& s : tree.splits)
    nodes.push_back(
        {s.threshold, 2 * static_cast<std::uint32_t>(s.feature) + (s.missing_left ? 1U : 0U), {s.left, s.right}});
  if (tree.splits.empty()) nodes.push_back({});  // both ways lead to the only leaf
}

inline void tree_walks::leaves(std::int32_t first, std::int32_t count, const float* row,
                               std::int32_t* out) const noexcept {
  const node* trees[together];
  std::int32_t at[together] = {};
  for (std::int32_t k = 0; k < together; ++k)
    trees[k] = nodes.data() + begins[static_cast<std::size_t>(first + std::min(k, count - 1))];
  for (bool inside = true; inside;) {
    std::int32_t all = -1;
#pragma GCC unroll 8
    for (std::int32_t k = 0; k < together; ++k) {
      const node& n = trees[k][std::max(at[k], 0)];
      const float x = row[n.feature / 2];
      // right: above, or missing where missing goes right
      const unsigned right = static_cast<unsigned>(x > n.threshold) | (static_cast<unsigned>(x != x) & ~n.feature & 1U);
      at[k] = at[k] < 0 ? at[k] : n.child[right];
      all &= at[k];
    }
    inside = all >= 0;
  }
  for (std::int32_t k = 0; k < count; ++k) out[k] = ~at[k];
}

}  // namespace detail
}  // namespace reco
