// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/cholesky_inverse.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/sparse_gram.hpp"
#include "reco/model/dense_item_weights_model.hpp"

namespace reco::inline RECO_ABI() {

/// EASE: the item weights that reproduce everybody's history best when no item may speak for itself, in closed form.
///
///     min |X - X B|² + λ |B|²  with  diag B = 0          X: users × items, as the data have it
///     P = (X'X + λI)^-1      B = I - P diag(1 / diag P)  (eq. 6 to 8)
///
/// Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019. It has one option and no random number,
/// and on data with many reads per item few models are better. Negative weights say which items speak against
/// each other.
///
///     const auto model = reco::ease{.regularization = 250}.fit(train, {.executor = pool});
///     const auto list = reco::recommend(model, {.history = train.of(7)}, {.k = 10});
///
/// The Gram matrix X'X is added up straight into the one items × items array in which it is then inverted
/// (`sparse_gram`, `cholesky_inverse`): 1/2 sum of history² + items³ operations, of which the second part runs at
/// the speed of a matrix product, and memory for items² numbers, 256 items more and 8 bytes a pair. A catalog that
/// needs more than `max_memory` is refused before anything is taken. The fit is one epoch: a stop comes too late.
/// Not for catalogs of more than some 40,000 items: see `slim`, or leave out rare items by `min_count_filter`.
struct ease {
  double regularization = 250;  ///< λ >= 0; at 0 every item needs a history that is no combination of others'
  double max_memory = 8e9;      ///< bytes the table of weights may take

  static constexpr std::string_view name = "ease";
  static constexpr auto options() {
    return std::tuple{at_least("regularization", &ease::regularization, 0).search(1, 10000, search_scale::logarithmic),
                      at_least("max_memory", &ease::max_memory, 0)};
  }
  friend bool operator==(const ease&, const ease&) = default;

  /// Throws `invalid_argument` for options out of range, for a catalog too large, and for items without a history, or
  /// with one that is a combination of others', where `regularization` is too small to tell them apart.
  template <interactions D>
  [[nodiscard]] dense_item_weights_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<ease>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The upper triangle of P becomes B: B_ij <- -P_ij / P_jj, 0 on the diagonal. Pairs of tiles, one the mirror of the
/// other.
template <class T>
void weights_of_inverse(matrix<T>& p, executor_ref executor) {
  constexpr Eigen::Index tile = 64;
  const Eigen::Index n = p.rows();
  const column<T> inverse = p.diagonal().cwiseInverse();
  for_chunks(executor, n, tile, [&](std::int64_t begin, std::int64_t end) {
    for (Eigen::Index other = begin; other < n; other += tile)
      for (Eigen::Index i = begin; i < end; ++i)
        for (Eigen::Index j = std::max(i + 1, other); j < std::min(n, other + tile); ++j) {
          const T value = -p(i, j);
          p(i, j) = value * inverse[j];
          p(j, i) = value * inverse[i];
        }
  });
  p.diagonal().setZero();
}

}  // namespace detail

template <interactions D>
dense_item_weights_model<typename D::scalar> ease::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const double items = data.items(), bytes = items * items * double{sizeof(T)};
  if (bytes > max_memory)
    detail::fail_argument("ease: a catalog of " + detail::to_text(data.items()) + " items needs " +
                          detail::to_text(bytes) + " bytes, max_memory allows " + detail::to_text(max_memory));
  auto g = std::make_shared<matrix<T>>(sparse_gram(*detail::user_rows<D>(data), how.executor));
  g->diagonal().array() += static_cast<T>(regularization);
  if (const auto bad = cholesky_inverse(*g, how.executor); bad >= 0)
    detail::fail_argument("ease: regularization is too small, " + detail::to_text(regularization) + ": item " +
                          detail::to_text(bad) + " has no history or one that is a combination of other items'");
  detail::weights_of_inverse(*g, how.executor);
  fit_report report{.epochs = 1};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return dense_item_weights_model<T>(std::move(g), std::move(report));
}

}  // namespace reco
