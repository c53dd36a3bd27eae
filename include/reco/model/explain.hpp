// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/query.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"

namespace reco::inline RECO_ABI() {

/// Why the model would give this item its score: the parts of the history, adding up to it. Throws
/// `std::out_of_range` for an item the model does not know and `invalid_argument` where it cannot answer.
template <explains M>
[[nodiscard]] explanation<typename M::scalar> explain(const M& model, const query<typename M::scalar>& q,
                                                      std::int32_t item) {
  detail::check_index("explain: item", item, model.items());
  if (!model.can_answer(q)) detail::fail_argument("explain: the model cannot answer this query");
  return model.explain(q, item);
}

}  // namespace reco
