// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/event.hpp"
#include "reco/evaluation/evaluate.hpp"
#include "reco/metrics/rated_pairs.hpp"
#include "reco/model/prediction.hpp"

namespace reco::inline RECO_ABI() {

struct rating_evaluation_options {
  /// What of a rating that could not be foretold: true, the model's stand-in counts as its prediction, so that all
  /// models are measured on all pairs; false, the pair has no prediction, and rating metrics pass it over.
  bool fill = true;
  executor_ref executor = {};  ///< never changes the answer
};

/// Each test event with the rating foretold for it.
struct rating_evaluation {
  std::vector<rated_pair> pairs = {};  ///< in the order of the test events
  /// Events whose rating the model could not foretell, those of items it does not know among them; these have no
  /// stand-in and no prediction either way.
  std::int64_t unpredicted = 0;
};

/// Foretells the rating of every test event from its user's training history.
///
///     auto result = reco::evaluate_ratings(model, data, split.test);
///     double error = reco::rmse{}(result.pairs);
///
/// Test users outside the data are asked without a history. One prediction an event; 32 bytes an event. Throws
/// `std::out_of_range` for a negative index.
template <predicts_ratings M>
[[nodiscard]] rating_evaluation evaluate_ratings(const M& model, const dataset<typename M::scalar>& data,
                                                 std::span<const event> test,
                                                 const rating_evaluation_options& how = {});

// ---------------------------------------------------------------------------------------------------

template <predicts_ratings M>
rating_evaluation evaluate_ratings(const M& model, const dataset<typename M::scalar>& data, std::span<const event> test,
                                   const rating_evaluation_options& how) {
  using T = typename M::scalar;
  detail::check_test("evaluate_ratings", test);
  rating_evaluation out;
  out.pairs.resize(test.size());
  std::vector<char> possible(test.size());
  for_chunks(how.executor, std::ssize(test), 256, [&](std::int64_t first, std::int64_t last) {
    for (auto n = static_cast<std::size_t>(first); n < static_cast<std::size_t>(last); ++n) {
      const auto& e = test[n];
      auto& pair = out.pairs[n];
      pair = {.user = e.user, .actual = e.value};
      if (e.item >= model.items()) continue;
      const auto q = e.user < data.users() ? data.query(e.user) : query<T>{.user = e.user};
      const prediction<T> p = model.predict(q, e.item);
      possible[n] = p.possible();
      if (p.possible() || how.fill) pair.predicted = static_cast<double>(p.value);
    }
  });
  for (const char p : possible) out.unpredicted += p == 0;
  return out;
}

}  // namespace reco
