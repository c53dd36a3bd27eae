// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/matrix.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// The items most like an item, by the model's own measure (a member `similar`), else by the cosine of
/// the model's item vectors; never the item itself. An item without a direction (a vector of zeros) is
/// like no other: its list is empty, and it stands in nobody's. Throws `std::out_of_range`.
template <class M>
  requires requires(const M& m, const request& r) { m.similar(std::int32_t{}, r); } || embeds_items<M>
[[nodiscard]] ranked_list<typename M::scalar> similar_items(const M& model, std::int32_t item, const request& r = {});

// ---------------------------------------------------------------------------------------------------

template <class M>
  requires requires(const M& m, const request& r) { m.similar(std::int32_t{}, r); } || embeds_items<M>
ranked_list<typename M::scalar> similar_items(const M& model, std::int32_t item, const request& r) {
  using T = typename M::scalar;
  check_request(r);
  detail::check_index("similar_items: item", item, model.items());
  if constexpr (requires { model.similar(item, r); }) {
    return model.similar(item, r);
  } else {
    const auto count = model.items();
    const auto target = as_column(model.embedding(item));
    const T length = target.norm();
    if (length == 0) return {};
    const std::int32_t self[] = {item};
    const auto excluded = detail::excluded_items<T>({.history = {.items = self}}, {.exclude = r.exclude}, count);
    std::vector<std::int32_t> everything;
    if (!r.only) {
      everything.resize(static_cast<std::size_t>(count));
      for (std::int32_t i = 0; i < count; ++i) everything[static_cast<std::size_t>(i)] = i;
    }
    top_k<T> best(r.k);
    for (const auto other :
         detail::allowed_items(r.only ? *r.only : std::span<const std::int32_t>(everything), excluded, count)) {
      const auto v = as_column(model.embedding(other));
      if (const T norm = v.norm(); norm > 0) best.push(other, v.dot(target) / (norm * length));
    }
    return ranked_list<T>::best_of(best.take());
  }
}

}  // namespace reco
