// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/concepts.hpp"

namespace reco::inline RECO_ABI() {

/// The k best items for a query, best first: score descending, ties by lower item. Empty where the model
/// cannot answer. Throws `numeric_error` if the model scored an allowed item NaN.
///
/// O(items) beside what the model's scores cost.
///
///     auto list = reco::recommend(model, {.user = 7, .history = train.of(7)}, {.k = 10});
template <recommender M>
  requires scorer<M> || lists<M>
[[nodiscard]] ranked_list<typename M::scalar> recommend(const M& model, const query<typename M::scalar>& q,
                                                        const request& r = {});

/// A list for each query, in their order; the queries are shared out by the executor and each list is the
/// same as `recommend` gives. A model may bring a member `recommend_all(queries, request, executor)` that
/// does many at once.
template <recommender M>
  requires scorer<M> || lists<M>
[[nodiscard]] std::vector<ranked_list<typename M::scalar>> recommend_all(
    const M& model, std::span<const query<typename M::scalar>> queries, const request& r = {},
    executor_ref executor = {});

/// The k best of scores that were computed elsewhere, under the terms of a request: `scores[i]` belongs to
/// item i. `q` is where the seen items come from.
template <class T>
[[nodiscard]] ranked_list<T> select(std::span<const T> scores, const query<T>& q, const request& r);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Everything a request rules out for a query, as an item set.
template <class T>
std::vector<std::int32_t> excluded_items(const query<T>& q, const request& r, std::int32_t count) {
  std::vector<std::int32_t> out(r.exclude.begin(), r.exclude.end());
  if (r.exclude_seen) {
    out.insert(out.end(), q.history.items.begin(), q.history.items.end());
    out.insert(out.end(), q.session.items.begin(), q.session.items.end());
  }
  make_item_set(out, count);
  return out;
}

/// `recommend` with a buffer that is used again.
template <recommender M>
ranked_list<typename M::scalar> recommend_into(const M& model, const query<typename M::scalar>& q, const request& r,
                                               std::vector<typename M::scalar>& scores) {
  if constexpr (lists<M>) {
    return model.recommend(q, r);
  } else {
    check_request(r);
    if (r.k == 0 || !model.can_answer(q)) return {};
    scores.resize(static_cast<std::size_t>(model.items()));
    model.scores(q, std::span(scores));
    return select<typename M::scalar>(scores, q, r);
  }
}

}  // namespace detail

template <class T>
ranked_list<T> select(std::span<const T> scores, const query<T>& q, const request& r) {
  check_request(r);
  const auto count = static_cast<std::int32_t>(scores.size());
  const auto excluded = detail::excluded_items(q, r, count);
  top_k<T> best(r.k);
  if (r.only) {
    for (const auto item : detail::allowed_items(*r.only, excluded, count))
      best.push(item, scores[static_cast<std::size_t>(item)]);
  } else {
    // The stretches between excluded items, each scanned at memory speed.
    std::int32_t begin = 0;
    const auto scan = [&](std::int32_t end) {
      const auto piece = scores.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
      best.push_block(begin, piece);
    };
    for (const auto item : excluded) {
      scan(item);
      begin = item + 1;
    }
    scan(count);
  }
  return ranked_list<T>::best_of(best.take());
}

template <recommender M>
  requires scorer<M> || lists<M>
ranked_list<typename M::scalar> recommend(const M& model, const query<typename M::scalar>& q, const request& r) {
  std::vector<typename M::scalar> scores;
  return detail::recommend_into(model, q, r, scores);
}

template <recommender M>
  requires scorer<M> || lists<M>
std::vector<ranked_list<typename M::scalar>> recommend_all(const M& model,
                                                           std::span<const query<typename M::scalar>> queries,
                                                           const request& r, executor_ref executor) {
  if constexpr (requires { model.recommend_all(queries, r, executor); }) {
    return model.recommend_all(queries, r, executor);
  } else {
    constexpr std::int64_t chunk = 16;  // one buffer of scores for each
    std::vector<ranked_list<typename M::scalar>> out(queries.size());
    for_chunks(executor, static_cast<std::int64_t>(queries.size()), chunk, [&](std::int64_t begin, std::int64_t end) {
      std::vector<typename M::scalar> scores;
      for (auto n = static_cast<std::size_t>(begin); n < static_cast<std::size_t>(end); ++n)
        out[n] = detail::recommend_into(model, queries[n], r, scores);
    });
    return out;
  }
}

}  // namespace reco
