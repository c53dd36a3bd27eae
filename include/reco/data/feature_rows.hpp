// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/item_features.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Weights of features (tokens, tags, categories) for each item: items × features in compressed rows.
template <class T>
class feature_rows {
 public:
  using scalar = T;

  feature_rows() = default;
  explicit feature_rows(csr_matrix<T> by_item) : by_item_(std::move(by_item)) {}

  [[nodiscard]] std::int32_t items() const noexcept { return by_item_.rows(); }
  [[nodiscard]] std::int32_t features() const noexcept { return by_item_.columns(); }
  /// Throws `std::out_of_range`.
  [[nodiscard]] sparse_row<T> features_of(std::int32_t item) const {
    detail::check_index("feature_rows: item", item, items());
    return by_item_.row(item);
  }
  [[nodiscard]] const csr_matrix<T>& by_item() const noexcept { return by_item_; }
  friend bool operator==(const feature_rows&, const feature_rows&) = default;

 private:
  csr_matrix<T> by_item_ = {};
};

static_assert(item_features<feature_rows<float>> && item_features<feature_rows<double>>);

}  // namespace reco
