// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/data/query.hpp"
#include "reco/model/concepts.hpp"

namespace reco::inline RECO_ABI() {

/// A rating foretold, or why it could not be. A guess that rests on nothing is not passed off as a prediction:
///
///     const auto p = model.predict({.user = 7, .history = data.of(7)}, item);
///     if (p.possible()) show(p.value); else log(p.reason);     // "no rated item is similar"
template <class T>
struct prediction {
  T value = 0;                   ///< the rating; where it could not be foretold, the stand-in the model's doc names
  std::string_view reason = {};  ///< why it could not be foretold, a literal; empty where it could

  [[nodiscard]] bool possible() const noexcept { return reason.empty(); }
  friend bool operator==(const prediction&, const prediction&) = default;
};

/// Foretells what rating somebody would give to an item. `predict` takes any user and throws `std::out_of_range`
/// for an item outside 0..items()-1.
template <class M>
concept predicts_ratings =
    recommender<M> && requires(const M& m, const query<typename M::scalar>& q, std::int32_t item) {
      { m.predict(q, item) } -> std::same_as<prediction<typename M::scalar>>;
    };

}  // namespace reco
