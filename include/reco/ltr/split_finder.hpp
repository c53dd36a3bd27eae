// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/ltr/feature_bins.hpp"
#include "reco/ltr/histogram.hpp"

namespace reco::inline RECO_ABI() {

/// What a split must keep to, and how one is judged. Gradients and hessians are in the units of `quantised_gradients`,
/// and so are these: with g gradient units and h hessian units to 1, l1 is multiplied by g, l2 and weights by h, gains
/// by g^2 / h.
struct split_rules {
  double l1 = 0;
  double l2 = 0;
  double min_gain = 0;
  double min_leaf_weight = 0;      ///< least sum of hessians on each side
  std::int64_t min_leaf_rows = 1;  ///< least number of rows, looked at where rows are counted
  double category_smoothing = 0;   ///< added to the weight of a category when categories are ordered
  int max_categories = 32;         ///< most categories that one split sends left
};

/// What a leaf may answer where features must be monotone.
struct value_bounds {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// A way to part the rows of a leaf by one feature.
struct split_candidate {
  float gain = -std::numeric_limits<float>::infinity();  ///< a float: what rounding alone tells apart is a tie
  std::int32_t feature = -1;
  std::int32_t bin = -1;  ///< numerical: bins 0..bin go left
  bool missing_left = false;
  gradient_sum left = 0;
  std::array<std::uint64_t, 4> categories_left = {};  ///< categorical: a bit for each bin that goes left

  [[nodiscard]] bool exists() const noexcept { return feature >= 0; }
};

/// The answer of a leaf with these sums that lowers the objective most, G w + (H + l2) w^2 / 2 + l1 |w|.
[[nodiscard]] double best_value(gradient_sum sum, const split_rules& rules, value_bounds bounds = {}) noexcept;

/// What the objective falls by, twice, when a leaf answers `best_value` rather than 0.
[[nodiscard]] double leaf_gain(gradient_sum sum, const split_rules& rules, value_bounds bounds = {}) noexcept;

/// The best split of a leaf by one feature, or none that keeps to the rules. `histogram` holds a sum for each of the
/// feature's bins. `rows`, where not empty, holds the number of rows in each, and the rule about them is looked at.
/// `monotone`: -1 falling, 1 rising, 0 free. Ties go to the lower bin, missing values right. O(bins); categories
/// O(bins log bins).
[[nodiscard]] split_candidate best_split(const feature_bins& bins, std::int32_t feature,
                                         std::span<const gradient_sum> histogram, gradient_sum total,
                                         const split_rules& rules, std::span<const std::uint32_t> rows = {},
                                         int monotone = 0, value_bounds bounds = {});

// ---------------------------------------------------------------------------------------------------

inline double best_value(gradient_sum sum, const split_rules& rules, value_bounds bounds) noexcept {
  const double g = gradient_of(sum), h = hessian_of(sum) + rules.l2;
  const double pull = std::copysign(std::max(std::abs(g) - rules.l1, 0.0), g);
  return std::clamp(h > 0 ? -pull / h : 0.0, bounds.low, bounds.high);
}

inline double leaf_gain(gradient_sum sum, const split_rules& rules, value_bounds bounds) noexcept {
  const double w = best_value(sum, rules, bounds);
  return -(2.0 * gradient_of(sum) * w + (hessian_of(sum) + rules.l2) * w * w + 2 * rules.l1 * std::abs(w));
}

namespace detail {

class split_search {
 public:
  split_search(std::int32_t feature, gradient_sum total, std::int64_t all_rows, const split_rules& rules, int monotone,
               value_bounds bounds)
      : feature_(feature),
        total_(total),
        all_rows_(all_rows),
        rules_(rules),
        monotone_(monotone),
        bounds_(bounds),
        bounded_(monotone != 0 || bounds.low > -std::numeric_limits<double>::infinity() ||
                 bounds.high < std::numeric_limits<double>::infinity()),
        to_beat_(leaf_gain(total, rules, bounds) + rules.min_gain) {}

  /// True where the split is the best so far. `rows`: on the left; no rows counted where there are none in all.
  bool offer(gradient_sum left, std::int64_t rows, std::int32_t bin, bool missing_left) {
    const gradient_sum right = total_ - left;
    if (hessian_of(left) < rules_.min_leaf_weight || hessian_of(right) < rules_.min_leaf_weight) return false;
    if (hessian_of(left) == 0 || hessian_of(right) == 0) return false;
    if (all_rows_ > 0 && std::min(rows, all_rows_ - rows) < rules_.min_leaf_rows) return false;
    const auto gain = static_cast<float>(gain_of(left, right) - to_beat_);
    if (!(gain > best_.gain) || !(gain > 0)) return false;
    best_.gain = gain;
    best_.feature = feature_;
    best_.bin = bin;
    best_.missing_left = missing_left;
    best_.left = left;
    return true;
  }
  [[nodiscard]] split_candidate& best() { return best_; }

 private:
  double gain_of(gradient_sum left, gradient_sum right) const {
    if (!bounded_) {
      // G_L^2 / H_L + G_R^2 / H_R with one division
      const double gl = shrunk(left), gr = shrunk(right);
      const double hl = hessian_of(left) + rules_.l2, hr = hessian_of(right) + rules_.l2;
      return (gl * gl * hr + gr * gr * hl) / (hl * hr);
    }
    const double wl = best_value(left, rules_, bounds_), wr = best_value(right, rules_, bounds_);
    if (monotone_ * (wr - wl) < 0) return -std::numeric_limits<double>::infinity();
    return leaf_gain(left, rules_, bounds_) + leaf_gain(right, rules_, bounds_);
  }
  double shrunk(gradient_sum s) const {
    return std::max(std::abs(static_cast<double>(gradient_of(s))) - rules_.l1, 0.0);
  }

  std::int32_t feature_;
  gradient_sum total_;
  std::int64_t all_rows_;
  const split_rules& rules_;
  int monotone_;
  value_bounds bounds_;
  bool bounded_;
  double to_beat_;
  split_candidate best_ = {};
};

/// Numerical bins from the left, then once more with the missing on the left.
inline void search_thresholds(std::span<const gradient_sum> histogram, std::span<const std::uint32_t> rows, int values,
                              bool missing, split_search& search) {
  const auto count = static_cast<std::size_t>(values);
  for (int way = 0; way < (missing ? 2 : 1); ++way) {
    gradient_sum left = way == 1 ? histogram[count] : 0;
    std::int64_t left_rows = way == 1 && !rows.empty() ? rows[count] : 0;
    // All values left makes sense only against missing ones on the right.
    const std::size_t last = missing && way == 0 ? count : count - 1;
    for (std::size_t b = 0; b < last; ++b) {
      if (histogram[b] == 0 && rows.empty()) continue;  // nobody is there: the same split as one bin before
      left += histogram[b];
      if (!rows.empty()) left_rows += rows[b];
      search.offer(left, left_rows, static_cast<std::int32_t>(b), way == 1);
    }
  }
}

/// Categories in the order of their gradient per weight: the best of all subsets is a prefix of it, from one end or the
/// other (Fisher, "On grouping for maximum homogeneity", 1958). Where rules cut prefixes short, one category against
/// the others may be better, so each is tried too. What is rare or missing stays right.
inline void search_categories(std::span<const gradient_sum> histogram, std::span<const std::uint32_t> rows, int values,
                              const split_rules& rules, split_search& search) {
  std::vector<std::size_t> order;
  for (std::size_t b = 0; b + 1 < static_cast<std::size_t>(values); ++b)
    if (hessian_of(histogram[b]) > 0) order.push_back(b);
  const auto ratio = [&](std::size_t b) {
    return gradient_of(histogram[b]) / (hessian_of(histogram[b]) + rules.category_smoothing);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ratio(a) < ratio(b); });
  const auto bit = [](std::size_t b, auto& chosen) { chosen[b / 64] |= std::uint64_t{1} << (b % 64); };
  for (const auto b : order)
    if (search.offer(histogram[b], rows.empty() ? 0 : rows[b], -1, false)) {
      search.best().categories_left = {};
      bit(b, search.best().categories_left);
    }
  for (int way = 0; way < 2; ++way) {
    gradient_sum left = 0;
    std::int64_t left_rows = 0;
    std::array<std::uint64_t, 4> chosen = {};
    const auto most = std::min(order.size(), static_cast<std::size_t>(rules.max_categories));
    for (std::size_t n = 0; n < most; ++n) {
      const auto b = order[n];
      left += histogram[b];
      if (!rows.empty()) left_rows += rows[b];
      bit(b, chosen);
      if (search.offer(left, left_rows, -1, false)) search.best().categories_left = chosen;
    }
    std::reverse(order.begin(), order.end());
  }
}

}  // namespace detail

inline split_candidate best_split(const feature_bins& bins, std::int32_t feature,
                                  std::span<const gradient_sum> histogram, gradient_sum total, const split_rules& rules,
                                  std::span<const std::uint32_t> rows, int monotone, value_bounds bounds) {
  std::int64_t all_rows = 0;
  for (const auto r : rows) all_rows += r;
  detail::split_search search(feature, total, all_rows, rules, monotone, bounds);
  if (bins.is_categorical(feature)) detail::search_categories(histogram, rows, bins.value_bins(feature), rules, search);
  else detail::search_thresholds(histogram, rows, bins.value_bins(feature), bins.has_missing(feature), search);
  return search.best();
}

}  // namespace reco
