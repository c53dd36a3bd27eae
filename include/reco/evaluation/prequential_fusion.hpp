// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/evaluation/prequential_concepts.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {

/// How two lists become one: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), weighted,
///
///     score(i) = weight / (constant + rank_1(i)) + (1 - weight) / (constant + rank_2(i))
///
/// over the first `candidates` of each list; a list that lacks an item adds nothing for it. Ranks alone count, so that
/// scores of different kinds need no common scale.
struct rank_fusion {
  double weight = 0.5;   ///< of the first list, in 0..1
  double constant = 60;  ///< above 0; the larger, the less the first places stand out
  int candidates = 100;  ///< of each list, at least 1

  static constexpr std::string_view name = "rank_fusion";
  static constexpr auto options() {
    return std::tuple{between("weight", &rank_fusion::weight, 0, 1), above("constant", &rank_fusion::constant, 0),
                      at_least("candidates", &rank_fusion::candidates, 1)};
  }
  friend bool operator==(const rank_fusion&, const rank_fusion&) = default;
};
static_assert(options_are_complete<rank_fusion>);

/// The k best of the fused lists. O(candidates log candidates).
template <class T>
[[nodiscard]] ranked_list<T> fuse(const rank_fusion& how, const ranked_list<T>& first, const ranked_list<T>& second,
                                  int k);

namespace detail {

/// Two online recommenders that learn the same and are asked the same.
template <online_recommender A, online_recommender B>
  requires std::same_as<typename A::scalar, typename B::scalar>
class online_pair {
 public:
  using scalar = typename A::scalar;
  struct snapshot {
    typename A::snapshot first;
    typename B::snapshot second;
  };

  online_pair(A first, B second) : first_(std::move(first)), second_(std::move(second)) {}

  void learn(const event& e, const history_view<scalar>& before) {
    first_.learn(e, before);
    second_.learn(e, before);
  }
  void refit(std::span<const event> past, const training& how) {
    refit_if_wanted(first_, past, how);
    refit_if_wanted(second_, past, how);
  }
  void settle() {
    settle_if_wanted(first_);
    settle_if_wanted(second_);
  }
  [[nodiscard]] bool knows(std::int32_t item) const {
    return knows_or_does_not_say(first_, item) || knows_or_does_not_say(second_, item);
  }

 protected:
  using list_of_each = std::vector<ranked_list<scalar>>;
  [[nodiscard]] snapshot ask_both(const query<scalar>& q, int k) const { return {first_.ask(q, k), second_.ask(q, k)}; }
  [[nodiscard]] std::pair<list_of_each, list_of_each> answer_both(std::span<const snapshot> asked, int k,
                                                                  executor_ref executor) const {
    std::vector<typename A::snapshot> first;
    std::vector<typename B::snapshot> second;
    for (const auto& s : asked) {
      first.push_back(s.first);
      second.push_back(s.second);
    }
    return {first_.answer(std::span<const typename A::snapshot>(first), k, executor),
            second_.answer(std::span<const typename B::snapshot>(second), k, executor)};
  }

 private:
  A first_;
  B second_;
};

}  // namespace detail

/// Two online recommenders as one, by `rank_fusion`. Where one of them has nothing to say there is nothing to fuse, and
/// no list: put an `online_fallback` around it.
///
///     reco::online_fusion(profile, trending, {.weight = 0.3})
template <online_recommender A, online_recommender B>
class online_fusion : public detail::online_pair<A, B> {
  using both = detail::online_pair<A, B>;

 public:
  using typename both::scalar;
  using typename both::snapshot;

  /// Throws `invalid_argument` for options out of range.
  online_fusion(A first, B second, const rank_fusion& how = {}) : both(std::move(first), std::move(second)), how_(how) {
    check_options(how_);
  }

  [[nodiscard]] snapshot ask(const query<scalar>& q, int) const { return this->ask_both(q, how_.candidates); }
  [[nodiscard]] std::vector<ranked_list<scalar>> answer(std::span<const snapshot> asked, int k,
                                                        executor_ref executor) const {
    auto [lists, others] = this->answer_both(asked, how_.candidates, executor);
    for (std::size_t n = 0; n < lists.size(); ++n)
      lists[n] = lists[n].empty() || others[n].empty() ? ranked_list<scalar>() : fuse(how_, lists[n], others[n], k);
    return std::move(lists);
  }

 private:
  rank_fusion how_;
};

/// The first's list, or the second's where the first has nothing to say.
template <online_recommender A, online_recommender B>
class online_fallback : public detail::online_pair<A, B> {
  using both = detail::online_pair<A, B>;

 public:
  using typename both::scalar;
  using typename both::snapshot;

  online_fallback(A first, B second) : both(std::move(first), std::move(second)) {}

  [[nodiscard]] snapshot ask(const query<scalar>& q, int k) const { return this->ask_both(q, k); }
  [[nodiscard]] std::vector<ranked_list<scalar>> answer(std::span<const snapshot> asked, int k,
                                                        executor_ref executor) const {
    auto [lists, others] = this->answer_both(asked, k, executor);
    for (std::size_t n = 0; n < lists.size(); ++n)
      if (lists[n].empty()) lists[n] = std::move(others[n]);
    return std::move(lists);
  }
};

// ---------------------------------------------------------------------------------------------------

template <class T>
ranked_list<T> fuse(const rank_fusion& how, const ranked_list<T>& first, const ranked_list<T>& second, int k) {
  std::vector<scored_item<double>> sums;
  const auto add = [&](const ranked_list<T>& list, double weight) {
    const auto count = std::min(list.size(), static_cast<std::size_t>(how.candidates));
    for (std::size_t n = 0; n < count; ++n)
      sums.push_back({list[n].item, weight / (how.constant + static_cast<double>(n + 1))});
  };
  add(first, how.weight);
  add(second, 1 - how.weight);
  std::stable_sort(sums.begin(), sums.end(), [](const auto& a, const auto& b) { return a.item < b.item; });
  std::size_t count = 0;
  for (const auto& s : sums) {  // an item stands in each list once
    if (count > 0 && sums[count - 1].item == s.item) sums[count - 1].score += s.score;
    else sums[count++] = s;
  }
  sums.resize(count);
  const auto end = sums.begin() + std::min<std::ptrdiff_t>(std::max(k, 0), std::ssize(sums));
  std::partial_sort(sums.begin(), end, sums.end(), better);
  std::vector<scored_item<T>> best;
  for (auto s = sums.begin(); s != end; ++s) best.push_back({s->item, static_cast<T>(s->score)});
  return ranked_list<T>::in_order(std::move(best));
}

}  // namespace reco
