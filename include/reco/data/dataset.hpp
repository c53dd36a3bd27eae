// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/event.hpp"
#include "reco/data/event_sequences.hpp"
#include "reco/data/feature_rows.hpp"
#include "reco/data/query.hpp"
#include "reco/data/sparse_interactions.hpp"

namespace reco::inline RECO_ABI() {

/// Everything a fit may ask for, built once from one log: merged rows, timelines, and vectors and
/// features of the items where there are any. Models all four input concepts, so that every
/// estimator fits on it.
///
///     reco::dataset<float> data(split.train, log.shape());
///     auto list = reco::recommend(model, data.query(7), {.k = 10});
template <class T>
class dataset {
 public:
  using scalar = T;

  dataset() = default;
  /// Throws as `sparse_interactions`, and `invalid_argument` if vectors or features are not of as many
  /// items as the shape has.
  dataset(std::span<const event> log, shape s, std::optional<embeddings<T>> vectors = {},
          std::optional<feature_rows<T>> features = {});

  [[nodiscard]] std::int32_t users() const noexcept { return matrix_.users(); }
  [[nodiscard]] std::int32_t items() const noexcept { return matrix_.items(); }
  [[nodiscard]] history_view<T> of(std::int32_t user) const { return matrix_.of(user); }
  [[nodiscard]] history_view<T> timeline(std::int32_t user) const { return log_.timeline(user); }
  /// 0 without vectors; a fit that needs them says so.
  [[nodiscard]] std::int32_t dimension() const noexcept { return vectors_ ? vectors_->dimension() : 0; }
  /// Throws `invalid_argument` without vectors.
  [[nodiscard]] std::span<const T> vector(std::int32_t item) const;
  [[nodiscard]] std::int32_t features() const noexcept { return features_ ? features_->features() : 0; }
  /// Throws `invalid_argument` without features.
  [[nodiscard]] sparse_row<T> features_of(std::int32_t item) const;

  /// Asks as this user did so far: index, merged row, timeline. Throws `std::out_of_range`.
  [[nodiscard]] reco::query<T> query(std::int32_t user, std::optional<instant> now = {}) const {
    return {.user = user, .history = of(user), .session = timeline(user), .now = now};
  }

  [[nodiscard]] const sparse_interactions<T>& matrix() const noexcept { return matrix_; }
  [[nodiscard]] const event_sequences<T>& log() const noexcept { return log_; }

 private:
  sparse_interactions<T> matrix_ = {};
  event_sequences<T> log_ = {};
  std::optional<embeddings<T>> vectors_ = {};
  std::optional<feature_rows<T>> features_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
dataset<T>::dataset(std::span<const event> log, shape s, std::optional<embeddings<T>> vectors,
                    std::optional<feature_rows<T>> features)
    : matrix_(log, s), log_(log, s), vectors_(std::move(vectors)), features_(std::move(features)) {
  const auto agree = [&](std::int32_t rows, const std::string& what) {
    if (rows != s.items)
      detail::fail_argument("dataset: " + what + " must be of as many items as the log, " + detail::to_text(s.items) +
                            ", got " + detail::to_text(rows));
  };
  if (vectors_) agree(vectors_->items(), "vectors");
  if (features_) agree(features_->items(), "features");
}

template <class T>
std::span<const T> dataset<T>::vector(std::int32_t item) const {
  if (!vectors_) detail::fail_argument("dataset: it holds no item vectors");
  return vectors_->vector(item);
}

template <class T>
sparse_row<T> dataset<T>::features_of(std::int32_t item) const {
  if (!features_) detail::fail_argument("dataset: it holds no item features");
  return features_->features_of(item);
}

static_assert(interactions<dataset<float>> && sequences<dataset<float>> && item_vectors<dataset<float>> &&
              item_features<dataset<float>>);

}  // namespace reco
