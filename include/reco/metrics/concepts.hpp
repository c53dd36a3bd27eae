// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/metrics/judged_list.hpp"
#include "reco/metrics/shown_list.hpp"

namespace reco::inline RECO_ABI() {

/// What becomes of users (queries) of whom nothing relevant is known. There is no right answer, so it is
/// stated: peers drop them, count them 0 or count them 1.
enum class nothing_relevant {
  skip,  ///< they do not enter the mean
  zero,  ///< they count 0
  one,   ///< they count 1: nothing could be missed
};

/// Gives one number to one judged list, larger is better unless its doc says otherwise. A metric is a plain
/// struct: its conventions are its fields, each with a stated default. It is not asked about lists for which
/// nothing is relevant; an evaluation treats those as `nothing_relevant` says.
template <class M>
concept metric = requires(const M& m, const judged_list& list) {
  { M::name } -> std::convertible_to<std::string_view>;
  { m(list) } -> std::same_as<double>;
};

/// A cutoff that cuts nothing off.
inline constexpr int whole_list = std::numeric_limits<int>::max();

/// A metric with a cutoff.
template <class M>
concept metric_at = metric<M> && requires(const M& m) {
  { m.k } -> std::convertible_to<int>;
};

/// Gives one number to one list that was shown, whatever was relevant: novelty, diversity, calibration.
template <class M>
concept list_metric = requires(const M& m, const shown_list& list) {
  { M::name } -> std::convertible_to<std::string_view>;
  { m(list) } -> std::same_as<double>;
};

/// Gives one number to many lists together: coverage, Gini. A fresh one is copied for each chunk of users, is shown
/// their lists one by one (an empty list for a user who got none), and the parts are merged in chunk order: the same
/// bits on any number of threads.
template <class A>
concept aggregate_metric = std::copyable<A> && requires(A& a, const A& whole, const shown_list& list) {
  { A::name } -> std::convertible_to<std::string_view>;
  a.add(list);
  a.merge(whole);
  { whole.value() } -> std::same_as<double>;
};

/// The mean of a list metric over all lists, as an aggregate. An empty list counts with the value that the metric
/// gives to it.
template <list_metric M>
class mean_over_lists {
 public:
  static constexpr std::string_view name = M::name;

  explicit mean_over_lists(M metric) : metric_(std::move(metric)) {}

  void add(const shown_list& list) {
    sum_ += metric_(list);
    ++lists_;
  }
  void merge(const mean_over_lists& part) {
    sum_ += part.sum_;
    lists_ += part.lists_;
  }
  /// 0 of no list at all.
  [[nodiscard]] double value() const { return lists_ > 0 ? sum_ / static_cast<double>(lists_) : 0; }
  [[nodiscard]] const M& metric() const noexcept { return metric_; }

 private:
  M metric_;
  double sum_ = 0;
  std::int64_t lists_ = 0;
};

/// "ndcg@10"; "r_precision" for a metric without a cutoff, "ndcg" for `whole_list`.
template <class M>
  requires metric<M> || list_metric<M> || aggregate_metric<M>
[[nodiscard]] std::string label(const M& m) {
  std::string text(M::name);
  if constexpr (requires { int{m.k}; }) {
    if (m.k != whole_list) text += '@' + detail::to_text(m.k);
  } else if constexpr (requires { m.metric(); }) {
    return label(m.metric());
  }
  return text;
}

}  // namespace reco
