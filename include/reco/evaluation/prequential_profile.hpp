// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/options.hpp"
#include "reco/content/taste_profile.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/evaluation/prequential_concepts.hpp"
#include "reco/evaluation/prequential_vectors.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/row_scores.hpp"
#include "reco/math/top_k.hpp"

namespace reco::inline RECO_ABI() {

/// `content_recommender` on vectors that live: the items nearest to the decayed taste profile of what the user has read
/// until now. Several of them, of different half-lives say, share the vectors, which must be among the contenders
/// themselves, in front.
///
///     all.emplace_back("vectors", vectors);
///     all.emplace_back("profile 3d", reco::online_profile<float>({.half_life = std::chrono::days(3)}, vectors));
///
/// It stores nothing of its own: a profile is made of the query's session, O(reads d). Lists of many queries are made
/// by one pass over the vectors, O(items d) each, bound by arithmetic. Users none of whose reads has a vector get no
/// list.
template <class T>
class online_profile {
 public:
  using scalar = T;
  struct snapshot {
    std::optional<column<T>> taste = {};
    std::span<const std::int32_t> seen = {};
    std::vector<scored_item<T>> moving = {};  ///< the best of the vectors that may change
  };

  /// Throws `invalid_argument` for options out of range.
  online_profile(const taste_profile& rule, std::shared_ptr<const living_vectors<T>> vectors)
      : rule_(rule), vectors_(std::move(vectors)) {
    check_options(rule_);
  }

  void learn(const event&, const history_view<T>&) {}
  [[nodiscard]] bool knows(std::int32_t item) const { return vectors_->knows(item); }
  [[nodiscard]] snapshot ask(const query<T>& q, int k) const;
  [[nodiscard]] std::vector<ranked_list<T>> answer(std::span<const snapshot> asked, int k, executor_ref executor) const;

 private:
  taste_profile rule_;
  std::shared_ptr<const living_vectors<T>> vectors_;
};

// ---------------------------------------------------------------------------------------------------

template <class T>
typename online_profile<T>::snapshot online_profile<T>::ask(const query<T>& q, int k) const {
  snapshot s{.taste = vectors_->taste(rule_, q.session), .seen = q.history.items};
  const auto items = vectors_->moving();
  if (!s.taste || items.empty()) return s;
  top_k<T> best(k);
  const T* const taste = s.taste->data();
  const auto row = [&](std::int64_t n) { return vectors_->vector(items[static_cast<std::size_t>(n)]).data(); };
  score_rows<inner_product_sum>(std::span(&taste, 1), 0, std::ssize(items), row, vectors_->dimension(),
                                [&](std::size_t, std::int64_t first, std::span<T> scores) {
                                  for (std::size_t n = 0; n < scores.size(); ++n) {
                                    const auto item = items[static_cast<std::size_t>(first) + n];
                                    if (!std::binary_search(s.seen.begin(), s.seen.end(), item))
                                      best.push(item, scores[n]);
                                  }
                                });
  s.moving = best.take();
  return s;
}

template <class T>
std::vector<ranked_list<T>> online_profile<T>::answer(std::span<const snapshot> asked, int k,
                                                      executor_ref executor) const {
  constexpr std::int64_t chunk = 32;
  const T never_listed = -std::numeric_limits<T>::infinity();
  const auto& fixed = vectors_->fixed();
  std::vector<ranked_list<T>> lists(asked.size());
  for_chunks(executor, std::ssize(asked), chunk, [&](std::int64_t begin, std::int64_t end) {
    struct one {
      std::size_t number;              // among those asked
      std::vector<std::int32_t> seen;  // their rows, ascending
      std::size_t next;                // the first of them that has not been passed
      top_k<T> best;
    };
    std::vector<const T*> tastes;
    std::vector<one> them;
    for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n) {
      if (!asked[n].taste) continue;
      tastes.push_back(asked[n].taste->data());
      them.push_back({.number = n, .seen = {}, .next = 0, .best = top_k<T>(k)});
      for (const auto item : asked[n].seen)
        if (const auto row = vectors_->fixed_row(item); row >= 0) them.back().seen.push_back(row);
    }
    score_rows<inner_product_sum>(
        std::span<const T* const>(tastes), 0, fixed.rows(), [&](std::int64_t n) { return row_of(fixed, n).data(); },
        fixed.cols(),
        [&](std::size_t q, std::int64_t first, std::span<T> scores) {
          auto& [number, seen, next, best] = them[q];
          for (; next < seen.size() && seen[next] < first + std::ssize(scores); ++next)
            scores[static_cast<std::size_t>(seen[next] - first)] = never_listed;
          best.push_block(static_cast<std::int32_t>(first), scores);
        });
    for (auto& [number, seen, next, best] : them) {
      auto list = best.take();
      std::erase_if(list, [&](const auto& s) { return s.score == never_listed; });
      for (auto& s : list) s.item = vectors_->fixed_items()[static_cast<std::size_t>(s.item)];
      const auto& moving = asked[number].moving;
      const auto middle = list.insert(list.end(), moving.begin(), moving.end());
      std::inplace_merge(list.begin(), middle, list.end(), better);
      list.resize(std::min(list.size(), static_cast<std::size_t>(k)));
      lists[number] = ranked_list<T>::in_order(std::move(list));
    }
  });
  return lists;
}

static_assert(online_recommender<online_profile<float>> && online_recommender<online_profile<double>>);

}  // namespace reco
