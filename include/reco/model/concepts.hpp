// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/model/explanation.hpp"

namespace reco::inline RECO_ABI() {

/// What every model is: an immutable value that knows how many items it has seen and whether it has
/// anything to say to a query. Saying "no" to an unknown user is an answer, not an error: it is what
/// lets `fallback` go on to the next model.
template <class M>
concept recommender = requires(const M& m, const query<typename M::scalar>& q) {
  typename M::scalar;
  { m.items() } -> std::same_as<std::int32_t>;
  { m.can_answer(q) } -> std::same_as<bool>;
};

/// Gives a score to every item: `out` has `items()` places. The common case; selection, exclusion and
/// ties are done once, in `recommend`, so that a model holds nothing but its maths.
template <class M>
concept scorer = recommender<M> && requires(const M& m, const query<typename M::scalar>& q,
                                            std::span<typename M::scalar> out) { m.scores(q, out); };

/// Makes its lists itself: an index that never looks at every item, a chain of models.
template <class M>
concept lists = recommender<M> && requires(const M& m, const query<typename M::scalar>& q, const request& r) {
  { m.recommend(q, r) } -> std::same_as<ranked_list<typename M::scalar>>;
};

/// Has a vector for each item.
template <class M>
concept embeds_items = requires(const M& m, std::int32_t item) {
  { m.items() } -> std::same_as<std::int32_t>;
  { m.embedding(item) } -> std::same_as<std::span<const typename M::scalar>>;
};

/// Says which parts of the history a score is made of; the parts add up to the score.
template <class M>
concept explains = recommender<M> && requires(const M& m, const query<typename M::scalar>& q, std::int32_t item) {
  { m.explain(q, item) } -> std::same_as<explanation<typename M::scalar>>;
};

/// A named set of hyper-parameters whose `fit` turns data D into a model. `fit` is const and forgets
/// nothing: an estimator is a value that can be compared, printed and put in a grid.
template <class E, class D>
concept estimator = has_options<E> && std::equality_comparable<E> && requires(const E& e, const D& data) {
  { e.fit(data) } -> recommender;
  { e.fit(data, training{}) } -> recommender;
};

}  // namespace reco
