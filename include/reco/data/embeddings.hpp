// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/item_vectors.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// One vector for each item: items × d, row-major, finite. A row of zeros means "nothing is known of
/// this item": it has no direction and is never near anything.
template <class T>
class embeddings {
 public:
  using scalar = T;

  embeddings() = default;
  /// Throws `invalid_argument` naming row and column of the first number that is not finite.
  explicit embeddings(matrix<T> rows);

  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(rows_.rows()); }
  [[nodiscard]] std::int32_t dimension() const noexcept { return static_cast<std::int32_t>(rows_.cols()); }
  /// Throws `std::out_of_range`.
  [[nodiscard]] std::span<const T> vector(std::int32_t item) const {
    detail::check_index("embeddings: item", item, items());
    return row_of(rows_, item);
  }
  [[nodiscard]] const matrix<T>& rows() const noexcept { return rows_; }

 private:
  matrix<T> rows_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
embeddings<T>::embeddings(matrix<T> rows) {
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  if (rows.rows() > most || rows.cols() > most)
    detail::fail_argument("embeddings: at most 2147483647 rows and columns");
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    for (Eigen::Index c = 0; c < rows.cols(); ++c)
      if (!std::isfinite(rows(i, c)))
        detail::fail_argument("embeddings: row " + detail::to_text(i) + ", column " + detail::to_text(c) +
                              " must be finite, got " + detail::to_text(rows(i, c)));
  rows_ = std::move(rows);
}

static_assert(item_vectors<embeddings<float>> && item_vectors<embeddings<double>>);

}  // namespace reco
