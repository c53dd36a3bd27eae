// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// A list put together from several models, and where each item came from.
template <class T>
struct sourced_list {
  ranked_list<T> list = {};
  std::vector<int> source = {};  ///< for each rank the number of the model, counted from 0
};

/// Asks its models in order, each for what is still missing from k: the second adds what the first did not
/// have, no item twice. Scores stay those of their own model, so they need not fall from rank to rank.
///
///     auto feed = reco::fill_up{personal, trending};
///     auto [list, source] = feed.recommend_sourced(query, {.k = 20});
template <recommender M, recommender... Ms>
  requires(std::same_as<typename M::scalar, typename Ms::scalar> && ...)
class fill_up {
 public:
  using scalar = typename M::scalar;

  explicit fill_up(M first, Ms... others) : models_(std::move(first), std::move(others)...) {}

  /// The largest catalog of any of them.
  [[nodiscard]] std::int32_t items() const {
    return std::apply([](const auto&... m) { return std::max({m.items()...}); }, models_);
  }
  [[nodiscard]] bool can_answer(const query<scalar>& q) const {
    return std::apply([&](const auto&... m) { return (m.can_answer(q) || ...); }, models_);
  }
  [[nodiscard]] ranked_list<scalar> recommend(const query<scalar>& q, const request& r) const {
    return recommend_sourced(q, r).list;
  }
  [[nodiscard]] sourced_list<scalar> recommend_sourced(const query<scalar>& q, const request& r) const;

 private:
  std::tuple<M, Ms...> models_;
};

// ---------------------------------------------------------------------------------------------------

template <recommender M, recommender... Ms>
  requires(std::same_as<typename M::scalar, typename Ms::scalar> && ...)
sourced_list<typename M::scalar> fill_up<M, Ms...>::recommend_sourced(const query<scalar>& q, const request& r) const {
  check_request(r);
  std::vector<scored_item<scalar>> items;
  std::vector<int> source;
  std::vector<std::int32_t> exclude(r.exclude.begin(), r.exclude.end());
  int number = 0;
  const auto ask = [&](const auto& model) {
    request rest = r;
    rest.k = r.k - static_cast<int>(items.size());
    rest.exclude = exclude;
    if (rest.k > 0 && model.can_answer(q)) {
      for (const auto& s : reco::recommend(model, q, rest)) {
        items.push_back(s);
        source.push_back(number);
        exclude.push_back(s.item);
      }
    }
    ++number;
  };
  std::apply([&](const auto&... m) { (ask(m), ...); }, models_);
  return {.list = ranked_list<scalar>::in_order(std::move(items)), .source = std::move(source)};
}

}  // namespace reco
