// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/ranked_list.hpp"

namespace reco::inline RECO_ABI() {

/// How relevant an item is to somebody. Above 0: relevant, more is better; 0 or below: judged and found not
/// relevant. An item of which nothing is said is unjudged, and counts as not relevant everywhere but in
/// metrics that say otherwise (bpref).
struct relevance {
  std::int32_t item = 0;
  double grade = 1;

  friend bool operator==(const relevance&, const relevance&) = default;
};

/// One list held against what was relevant: all that an accuracy metric looks at. Items are looked up once,
/// and every metric at every cutoff reads the same few arrays.
struct judged_list {
  static constexpr double unjudged = -std::numeric_limits<double>::infinity();

  std::vector<double> grade = {};      ///< by rank from 0: the grade of what stands there, or `unjudged`
  std::vector<double> ideal = {};      ///< every grade above 0 there is, descending: the best list possible
  std::int64_t judged_irrelevant = 0;  ///< how many items were judged 0 or below
  std::int64_t catalog = 0;            ///< how many items could have been listed; 0 where that is not known

  [[nodiscard]] std::int64_t relevant() const noexcept { return std::ssize(ideal); }
  [[nodiscard]] bool hit(std::size_t rank) const noexcept { return grade[rank] > 0; }
  /// How many of the first k places hold something relevant.
  [[nodiscard]] std::int64_t hits(std::int64_t k) const noexcept {
    return std::count_if(grade.begin(), grade.begin() + static_cast<std::ptrdiff_t>(depth(k)),
                         [](double g) { return g > 0; });
  }
  /// Ranks to look at for a cutoff: the shorter of the list and k.
  [[nodiscard]] std::size_t depth(std::int64_t k) const noexcept {
    return std::min(grade.size(), static_cast<std::size_t>(std::max<std::int64_t>(k, 0)));
  }
};

/// Judges lists over items 0..items-1, one after another, without allocating for each: keep one a thread.
///
///     reco::judge judge(model.items());
///     const auto& judged = judge(list, truth);
///     double value = reco::ndcg{.k = 10}(judged);
///
/// O(list + truth log truth); a list position costs one load from a table of 8 bytes an item. After an exception the
/// judge is as before, but its last result is gone.
class judge {
 public:
  explicit judge(std::int32_t items);

  /// The result lives until the next call. Throws `std::out_of_range` for an item outside 0..items-1 and
  /// `invalid_argument` for an item judged twice or a grade that is not finite: numbering the items of list and
  /// truth alike is the caller's business. `left_out` of the items could not be listed (they were excluded, because
  /// the user has them): the catalog is smaller by so many.
  template <class T>
  const judged_list& operator()(const ranked_list<T>& list, std::span<const relevance> truth,
                                std::int32_t left_out = 0);
  /// Every item of the truth has grade 1; repeats count once.
  template <class T>
  const judged_list& operator()(const ranked_list<T>& list, std::span<const std::int32_t> truth,
                                std::int32_t left_out = 0);

 private:
  void set_truth(std::span<const relevance> truth);
  void forget(std::span<const relevance> truth);

  std::vector<double> grade_of_;
  std::vector<relevance> ones_ = {};
  judged_list judged_ = {};
};

// ---------------------------------------------------------------------------------------------------

inline judge::judge(std::int32_t items)
    : grade_of_(static_cast<std::size_t>(std::max(items, 0)), judged_list::unjudged) {
  if (items < 0) detail::fail_argument("judge: items must be at least 0, got " + detail::to_text(items));
}

inline void judge::set_truth(std::span<const relevance> truth) {
  const auto count = static_cast<std::int64_t>(grade_of_.size());
  judged_.ideal.clear();
  judged_.ideal.reserve(truth.size());  // nothing below can run out of memory with grades left in the table
  judged_.judged_irrelevant = 0;
  for (std::size_t n = 0; n < truth.size(); ++n) {
    const auto [item, grade] = truth[n];
    const bool fits = item >= 0 && item < count;
    const bool fresh = fits && grade_of_[static_cast<std::size_t>(item)] == judged_list::unjudged;
    if (!fits || !fresh || !std::isfinite(grade)) {
      forget(truth.first(n));
      detail::check_index("judge: item", item, count);
      detail::fail_argument("judge: item " + detail::to_text(item) +
                            (fresh ? ": grade must be finite, got " + detail::to_text(grade) : " is judged twice"));
    }
    grade_of_[static_cast<std::size_t>(item)] = grade;
    if (grade > 0) judged_.ideal.push_back(grade);
    else ++judged_.judged_irrelevant;
  }
  std::sort(judged_.ideal.begin(), judged_.ideal.end(), std::greater<>());
}

inline void judge::forget(std::span<const relevance> truth) {
  for (const auto& r : truth) grade_of_[static_cast<std::size_t>(r.item)] = judged_list::unjudged;
}

template <class T>
const judged_list& judge::operator()(const ranked_list<T>& list, std::span<const relevance> truth,
                                     std::int32_t left_out) {
  const auto count = static_cast<std::int64_t>(grade_of_.size());
  for (const auto& s : list) detail::check_index("judge: item", s.item, count);
  if (left_out < 0 || left_out > count - static_cast<std::int64_t>(list.size()))
    detail::fail_argument("judge: left_out must be at least 0 and leave room for the list, got " +
                          detail::to_text(left_out));
  judged_.grade.resize(list.size());
  set_truth(truth);
  judged_.catalog = count - left_out;
  for (std::size_t rank = 0; rank < list.size(); ++rank)
    judged_.grade[rank] = grade_of_[static_cast<std::size_t>(list[rank].item)];
  forget(truth);
  return judged_;
}

template <class T>
const judged_list& judge::operator()(const ranked_list<T>& list, std::span<const std::int32_t> truth,
                                     std::int32_t left_out) {
  ones_.clear();
  for (const auto item : truth) ones_.push_back({.item = item});
  std::sort(ones_.begin(), ones_.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
  ones_.erase(std::unique(ones_.begin(), ones_.end()), ones_.end());
  return (*this)(list, std::span<const relevance>(ones_), left_out);
}

}  // namespace reco
