// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <limits>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/metrics/judged_list.hpp"

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

/// "ndcg@10"; "r_precision" for a metric without a cutoff, "ndcg" for `whole_list`.
template <metric M>
[[nodiscard]] std::string label(const M& m) {
  std::string text(M::name);
  if constexpr (metric_at<M>)
    if (m.k != whole_list) text += '@' + detail::to_text(m.k);
  return text;
}

}  // namespace reco
