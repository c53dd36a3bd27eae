// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/training.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/evaluation/prequential_concepts.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// Any estimator as an online recommender: it cannot learn by event, so it is fitted anew every period on everything
/// before. Histories are those of the moment of asking, the model is that of the last fit.
///
///     all.emplace_back("item_knn", reco::refitted<float>(reco::item_knn{}));
///
/// The data of a fit know the users and items met so far and no others. Items without an event by then are in no
/// list before the next fit; a user without one is asked for by history alone.
template <class T, class E>
  requires requires(const E& e, const dataset<T>& data, const training& how) {
    { e.fit(data, how) } -> recommender;
  }
class refitted_estimator {
 public:
  using scalar = T;
  using snapshot = query<T>;

  explicit refitted_estimator(E estimator) : estimator_(std::move(estimator)) {}

  void learn(const event&, const history_view<T>&) {}
  void refit(std::span<const event> past, const training& how);
  [[nodiscard]] snapshot ask(query<T> q, int) const {
    if (q.user && (*q.user >= std::ssize(met_) || !met_[static_cast<std::size_t>(*q.user)])) q.user.reset();
    return q;
  }
  /// No list before the first fit.
  [[nodiscard]] std::vector<ranked_list<T>> answer(std::span<const snapshot> asked, int k, executor_ref executor) const;

 private:
  using model = decltype(std::declval<const E&>().fit(std::declval<const dataset<T>&>(), training{}));

  E estimator_;
  std::optional<model> model_ = {};
  std::vector<bool> met_ = {};             // users with events by the last fit
  std::vector<std::int32_t> absent_ = {};  // items the model knows of that nobody had read by then
};

template <class T, class E>
[[nodiscard]] refitted_estimator<T, E> refitted(E estimator) {
  return refitted_estimator<T, E>(std::move(estimator));
}

// ---------------------------------------------------------------------------------------------------

template <class T, class E>
  requires requires(const E& e, const dataset<T>& data, const training& how) {
    { e.fit(data, how) } -> recommender;
  }
void refitted_estimator<T, E>::refit(std::span<const event> past, const training& how) {
  const auto s = shape_of(past);
  std::vector<bool> read(static_cast<std::size_t>(s.items));
  met_.assign(static_cast<std::size_t>(s.users), false);
  for (const auto& e : past) {
    met_[static_cast<std::size_t>(e.user)] = true;
    read[static_cast<std::size_t>(e.item)] = true;
  }
  absent_.clear();
  for (std::int32_t i = 0; i < s.items; ++i)
    if (!read[static_cast<std::size_t>(i)]) absent_.push_back(i);
  model_.emplace(estimator_.fit(dataset<T>(past, s), how));
}

template <class T, class E>
  requires requires(const E& e, const dataset<T>& data, const training& how) {
    { e.fit(data, how) } -> recommender;
  }
std::vector<ranked_list<T>> refitted_estimator<T, E>::answer(std::span<const snapshot> asked, int k,
                                                             executor_ref executor) const {
  if (!model_) return std::vector<ranked_list<T>>(asked.size());
  return recommend_all(*model_, asked, {.k = k, .exclude_seen = true, .exclude = absent_}, executor);
}

}  // namespace reco
