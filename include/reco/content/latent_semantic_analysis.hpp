// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/item_features.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/randomized_svd.hpp"
#include "reco/math/sparse_product.hpp"

namespace reco::inline RECO_ABI() {

template <class T>
class latent_semantic_model;

/// Dense vectors from sparse ones: words that occur in like documents come to lie in one direction, so that two
/// documents may be near without a word in common (Deerwester et al., "Indexing by latent semantic analysis", 1990).
///
///     A ~ U S V'               truncated SVD of the items × features weights
///     e_i = a_i V S^(p-1)      = row i of U S^p
///
///     const auto lsa = reco::latent_semantic_analysis{.dimensions = 64}.fit(items, {.executor = pool});
///     const auto index = reco::exact_index<float>::view(lsa.embeddings().rows(), reco::similarity::cosine);
///     const auto fresh = lsa.embed(weigher.transform(words.count(text).counts.row()).row());
///
/// Compare by cosine, and weigh first: by raw counts the leading directions are those of the commonest words. On
/// short news texts (AG's corpus) rarity must count more here than in a search by words: idf squared finds 82 of 100
/// neighbors on the query's topic with 64 dimensions, idf 79, and the words themselves 76 at best. Time and memory as
/// `randomized_svd`. Not for items known by clicks alone: see `co_reads`.
struct latent_semantic_analysis {
  std::int32_t dimensions = 128;  ///< k >= 1; fewer where the weights have no more: ask the model's `dimension()`
  double singular_power = 1;      ///< p; 1: inner products are those of the weights, 0: all directions count alike
  std::int32_t iterations = randomized_svd{}.iterations;  ///< of `randomized_svd`
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "latent_semantic_analysis";
  static constexpr auto options() {
    using lsa = latent_semantic_analysis;
    return std::tuple{at_least("dimensions", &lsa::dimensions, 1).search(16, 512, search_scale::logarithmic),
                      between("singular_power", &lsa::singular_power, 0, 4).search(0, 2),
                      at_least("iterations", &lsa::iterations, 0), any_value("seed", &lsa::seed)};
  }
  friend bool operator==(const latent_semantic_analysis&, const latent_semantic_analysis&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <item_features D>
  [[nodiscard]] latent_semantic_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<latent_semantic_analysis>);

/// The vectors of the items, and the way from features to vectors for others. Immutable.
template <class T>
class latent_semantic_model {
 public:
  using scalar = T;

  latent_semantic_model() = default;
  /// `vectors`: items × k; `basis`: features × k, V S^(p-1).
  latent_semantic_model(reco::embeddings<T> vectors, matrix<T> basis, column<T> singular_values, fit_report report)
      : vectors_(std::move(vectors)),
        basis_(std::move(basis)),
        singular_values_(std::move(singular_values)),
        report_(std::move(report)) {}

  [[nodiscard]] std::int32_t items() const noexcept { return vectors_.items(); }
  [[nodiscard]] std::int32_t features() const noexcept { return static_cast<std::int32_t>(basis_.rows()); }
  [[nodiscard]] std::int32_t dimension() const noexcept { return static_cast<std::int32_t>(basis_.cols()); }
  /// items × `dimension()`; zeros for an item without features.
  [[nodiscard]] const reco::embeddings<T>& embeddings() const noexcept { return vectors_; }
  /// One row of them. Throws `std::out_of_range`.
  [[nodiscard]] std::span<const T> embedding(std::int32_t item) const { return vectors_.vector(item); }
  /// The vector of a new item, or of a query, from its features, weighed as those of the items were. For an item's own
  /// features it is the item's vector to the last bit. Throws `std::out_of_range` for an unknown feature. O(features
  /// k).
  [[nodiscard]] column<T> embed(const sparse_row<T>& features) const;
  /// Descending.
  [[nodiscard]] const column<T>& singular_values() const noexcept { return singular_values_; }
  /// As `truncated_svd` has it.
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  reco::embeddings<T> vectors_ = {};
  matrix<T> basis_ = {};
  column<T> singular_values_ = {};
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The rows of any `item_features` as a matrix; no copy where the data has one.
template <item_features D>
decltype(auto) feature_matrix(const D& data) {
  using matrix_type = csr_matrix<typename D::scalar>;
  if constexpr (requires {
                  { data.by_item() } -> std::same_as<const matrix_type&>;
                }) {
    return data.by_item();
  } else {
    std::vector<std::int64_t> offsets = {0};
    std::vector<std::int32_t> columns;
    std::vector<typename D::scalar> values;
    for (std::int32_t i = 0; i < data.items(); ++i) {
      const auto row = data.features_of(i);
      columns.insert(columns.end(), row.columns.begin(), row.columns.end());
      values.insert(values.end(), row.values.begin(), row.values.end());
      offsets.push_back(static_cast<std::int64_t>(columns.size()));
    }
    return matrix_type(data.features(), std::move(offsets), std::move(columns), std::move(values));
  }
}

/// S^p as factors of columns.
template <class T>
column<T> powers(const column<T>& singular_values, double p) {
  return singular_values.unaryExpr([p](T s) { return static_cast<T>(std::pow(static_cast<double>(s), p)); });
}

}  // namespace detail

template <item_features D>
latent_semantic_model<typename D::scalar> latent_semantic_analysis::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const auto& weights = detail::feature_matrix(data);
  auto svd = randomized_svd{.rank = dimensions, .iterations = iterations, .seed = seed}.decompose(weights, how);
  matrix<T> basis = svd.right * detail::powers(svd.singular_values, singular_power - 1).asDiagonal();
  embeddings<T> vectors(product(weights, basis, how.executor));
  return {std::move(vectors), std::move(basis), std::move(svd.singular_values), std::move(svd.report)};
}

template <class T>
column<T> latent_semantic_model<T>::embed(const sparse_row<T>& features) const {
  for (const auto f : features.columns) detail::check_index("latent_semantic_model: feature", f, this->features());
  column<T> sum = column<T>::Zero(basis_.cols());
  add_row_product(T(1), features, basis_, std::span(sum.data(), static_cast<std::size_t>(sum.size())));
  return sum;
}

}  // namespace reco
