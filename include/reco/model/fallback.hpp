// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <tuple>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// Asks its models in order; the first that can answer and has something to say gives the whole list.
///
///     auto all = reco::fallback{personal, trending};   // a reader without history gets what is trending
///
/// Items are numbered alike in all of them.
template <recommender M, recommender... Ms>
  requires(std::same_as<typename M::scalar, typename Ms::scalar> && ...)
class fallback {
 public:
  using scalar = typename M::scalar;

  explicit fallback(M first, Ms... others) : models_(std::move(first), std::move(others)...) {}

  /// The largest catalog of any of them.
  [[nodiscard]] std::int32_t items() const {
    return std::apply([](const auto&... m) { return std::max({m.items()...}); }, models_);
  }
  [[nodiscard]] bool can_answer(const query<scalar>& q) const {
    return std::apply([&](const auto&... m) { return (m.can_answer(q) || ...); }, models_);
  }
  [[nodiscard]] ranked_list<scalar> recommend(const query<scalar>& q, const request& r) const {
    return recommend_from(q, r).first;
  }
  /// The list and which model gave it, counted from 0; -1 for an empty list.
  [[nodiscard]] std::pair<ranked_list<scalar>, int> recommend_from(const query<scalar>& q, const request& r) const;

 private:
  std::tuple<M, Ms...> models_;
};

// ---------------------------------------------------------------------------------------------------

template <recommender M, recommender... Ms>
  requires(std::same_as<typename M::scalar, typename Ms::scalar> && ...)
std::pair<ranked_list<typename M::scalar>, int> fallback<M, Ms...>::recommend_from(const query<scalar>& q,
                                                                                   const request& r) const {
  check_request(r);
  ranked_list<scalar> list;
  int source = -1, number = 0;
  const auto ask = [&](const auto& model) {
    if (model.can_answer(q)) list = reco::recommend(model, q, r);
    if (!list.empty()) source = number;
    ++number;
    return !list.empty();
  };
  std::apply([&](const auto&... m) { (void)(ask(m) || ...); }, models_);
  return {std::move(list), source};
}

}  // namespace reco
