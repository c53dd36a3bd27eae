// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/item_features.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/randomized_svd.hpp"

namespace reco::inline RECO_ABI() {

template <class T>
class latent_semantic_model;

/// Dense vectors from sparse ones: words that occur in like documents come to lie in one direction, so that two
/// documents may be near without a word in common (Deerwester et al., "Indexing by latent semantic analysis", 1990).
///
///     A ~ U S V'          truncated SVD of the items × features weights
///     e_i = a_i V         = row i of U S
///
///     const auto lsa = reco::latent_semantic_analysis{.dimensions = 128}.fit(weights, {.executor = pool});
///     const auto& vectors = lsa.embeddings();
///     const auto fresh = lsa.embed(model.transform(words.count<float>(text).counts.row()).row());
///
/// Weights should be scaled (TF-IDF, rows of length 1) and be compared by cosine. Time and memory as `randomized_svd`.
/// Not for items that were learned from clicks: there a factorization knows more.
struct latent_semantic_analysis {
  std::int32_t dimensions = 128;                          ///< k >= 1; fewer come out where the weights have no more
  std::int32_t iterations = randomized_svd{}.iterations;  ///< see randomized_svd
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "latent_semantic_analysis";
  static constexpr auto options() {
    return std::tuple{at_least("dimensions", &latent_semantic_analysis::dimensions, 1),
                      at_least("iterations", &latent_semantic_analysis::iterations, 0),
                      any_value("seed", &latent_semantic_analysis::seed)};
  }
  friend bool operator==(const latent_semantic_analysis&, const latent_semantic_analysis&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <item_features D>
  [[nodiscard]] latent_semantic_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<latent_semantic_analysis>);

/// The vectors of the items, and the way from features to vectors for others.
template <class T>
class latent_semantic_model {
 public:
  using scalar = T;

  /// `items`: items × features, `basis`: features × k.
  latent_semantic_model(const csr_matrix<T>& items, matrix<T> basis, column<T> singular_values, fit_report report,
                        executor_ref executor = {});

  /// items × `dimension()`; zeros for an item without features.
  [[nodiscard]] const reco::embeddings<T>& embeddings() const noexcept { return embeddings_; }
  [[nodiscard]] std::int32_t dimension() const noexcept { return static_cast<std::int32_t>(basis_.cols()); }
  [[nodiscard]] std::int32_t features() const noexcept { return static_cast<std::int32_t>(basis_.rows()); }
  /// Descending.
  [[nodiscard]] const column<T>& singular_values() const noexcept { return singular_values_; }
  /// The vector of features that need not be those of an item: a new text, a query. Of an item's own features it is
  /// the item's vector to the last bit. Throws `std::out_of_range` for a feature that is not known. O(features k).
  [[nodiscard]] column<T> embed(const sparse_row<T>& features) const;
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  matrix<T> basis_;
  column<T> singular_values_;
  reco::embeddings<T> embeddings_ = {};
  fit_report report_;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The rows of any `item_features` as a matrix.
template <item_features D>
csr_matrix<typename D::scalar> feature_matrix(const D& data) {
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> ids;
  std::vector<typename D::scalar> values;
  for (std::int32_t i = 0; i < data.items(); ++i) {
    const auto row = data.features_of(i);
    ids.insert(ids.end(), row.columns.begin(), row.columns.end());
    values.insert(values.end(), row.values.begin(), row.values.end());
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  return {data.features(), std::move(offsets), std::move(ids), std::move(values)};
}

}  // namespace detail

template <item_features D>
latent_semantic_model<typename D::scalar> latent_semantic_analysis::fit(const D& data, const training& how) const {
  check_options(*this);
  const auto weights = detail::feature_matrix(data);
  auto svd = randomized_svd{.rank = dimensions, .iterations = iterations, .seed = seed}.decompose(weights, how);
  return {weights, std::move(svd.right), std::move(svd.singular_values), std::move(svd.report), how.executor};
}

template <class T>
latent_semantic_model<T>::latent_semantic_model(const csr_matrix<T>& items, matrix<T> basis, column<T> singular_values,
                                                fit_report report, executor_ref executor)
    : basis_(std::move(basis)), singular_values_(std::move(singular_values)), report_(std::move(report)) {
  matrix<T> rows(items.rows(), basis_.cols());
  for_chunks(executor, items.rows(), 256, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) rows.row(i) = embed(items.row(static_cast<std::int32_t>(i))).transpose();
  });
  embeddings_ = reco::embeddings<T>(std::move(rows));
}

template <class T>
column<T> latent_semantic_model<T>::embed(const sparse_row<T>& features) const {
  column<T> sum = column<T>::Zero(basis_.cols());
  for (std::size_t n = 0; n < features.size(); ++n) {
    detail::check_index("latent_semantic_model: feature", features.columns[n], this->features());
    sum += features.values[n] * basis_.row(features.columns[n]).transpose();
  }
  return sum;
}

}  // namespace reco
