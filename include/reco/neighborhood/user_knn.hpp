// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/neighborhood/similarity.hpp"
#include "reco/neighborhood/user_neighbors_model.hpp"

namespace reco::inline RECO_ABI() {

/// People are recommended what those have who are most like them:
///
///     score_i = sum over the k users v nearest to u of W_uv x_vi
///     W_uv = similarity(u, v)^ρ · n_uv / (n_uv + λ) · min(n_uv, γ) / γ      n_uv: items in common
///
/// Similarities are of rows in which item i counts w_i = n_i^-d (n_i users): to share what everybody has says little.
/// Resnick et al., "GroupLens: an open architecture for collaborative filtering of netnews", CSCW 1994; Breese,
/// Heckerman and Kadie, UAI 1998 (amplification, inverse user frequency).
///
///     const auto model = reco::user_knn{.neighbors = 300}.fit(train);
///
/// Lazy: a fit copies the data twice and sums rows; neighbors are found when asked, so unseen users are as good as
/// known ones. A query costs the users of its items and the items of its neighbors.
struct user_knn {
  item_similarity similarity = item_similarity::cosine;
  std::int32_t neighbors = 400;  ///< k >= 1
  double item_exponent = 0.5;    ///< d >= 0; 0: all items count alike
  double own_exponent = 0.5;     ///< p >= 0 of the cosine, of the one who asks
  double other_exponent = 0.5;   ///< q >= 0 of the cosine, of the neighbor
  double alpha = 0.5;            ///< 0..1, of Tversky and the asymmetric cosine
  double beta = 0.5;             ///< 0..1, of Tversky
  double shrinkage = 0;          ///< λ >= 0
  double significance = 0;       ///< γ >= 0; 0: off
  std::int32_t min_overlap = 1;  ///< >= 1: users with fewer items in common are no neighbors
  double amplification = 1;      ///< ρ > 0
  bool normalize = false;        ///< divide by the sum of the neighbors' similarities

  static constexpr std::string_view name = "user_knn";
  static constexpr auto options() {
    using knn = user_knn;
    return std::tuple{one_of("similarity", &knn::similarity,
                             {{"cosine", item_similarity::cosine},
                              {"asymmetric_cosine", item_similarity::asymmetric_cosine},
                              {"adjusted_cosine", item_similarity::adjusted_cosine},
                              {"pearson", item_similarity::pearson},
                              {"jaccard", item_similarity::jaccard},
                              {"dice", item_similarity::dice},
                              {"tversky", item_similarity::tversky},
                              {"conditional_probability", item_similarity::conditional_probability},
                              {"log_likelihood", item_similarity::log_likelihood},
                              {"euclidean", item_similarity::euclidean}}),
                      at_least("neighbors", &knn::neighbors, 1).search(50, 1000, search_scale::logarithmic),
                      at_least("item_exponent", &knn::item_exponent, 0).search(0, 1),
                      at_least("own_exponent", &knn::own_exponent, 0),
                      at_least("other_exponent", &knn::other_exponent, 0).search(0.1, 0.8),
                      between("alpha", &knn::alpha, 0, 1),
                      between("beta", &knn::beta, 0, 1),
                      at_least("shrinkage", &knn::shrinkage, 0),
                      at_least("significance", &knn::significance, 0),
                      at_least("min_overlap", &knn::min_overlap, 1),
                      above("amplification", &knn::amplification, 0).search(0.5, 2.5),
                      any_value("normalize", &knn::normalize)};
  }
  friend bool operator==(const user_knn&, const user_knn&) = default;

  /// Throws `invalid_argument` for options out of range and for values below 0 where similarities are of sets.
  template <interactions D>
  [[nodiscard]] user_neighbors_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<user_knn>);

// ---------------------------------------------------------------------------------------------------

template <interactions D>
user_neighbors_model<typename D::scalar> user_knn::fit(const D& data, const training&) const {
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const detail::user_rows<D> rows(data);
  std::vector<double> weight(static_cast<std::size_t>(rows->columns()));
  for (std::int32_t u = 0; u < rows->rows(); ++u) {
    const auto row = rows->row(u);
    for (std::size_t n = 0; n < row.size(); ++n) {
      ++weight[static_cast<std::size_t>(row.columns[n])];
      if (is_of_sets(similarity) && row.values[n] < 0)
        detail::fail_argument("user_knn: user " + detail::to_text(u) + ", item " + detail::to_text(row.columns[n]) +
                              ": similarities of sets need values of at least 0, got " +
                              detail::to_text(row.values[n]));
    }
  }
  for (auto& w : weight) w = w > 0 ? std::pow(w, -item_exponent) : 0.0;
  const user_neighbor_rule rule{.similarity = similarity,
                                .parameters = {own_exponent, other_exponent, alpha, beta},
                                .neighbors = neighbors,
                                .shrinkage = shrinkage,
                                .significance = significance,
                                .min_overlap = min_overlap,
                                .amplification = amplification,
                                .normalize = normalize};
  fit_report report{.epochs = 1};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {*rows, std::move(weight), rule, std::move(report)};
}

}  // namespace reco
