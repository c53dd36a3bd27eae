// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/sparse_sum.hpp"
#include "reco/math/top_k.hpp"
#include "reco/neighborhood/rating_neighbors_model.hpp"

namespace reco::inline RECO_ABI() {

/// What is taken off a rating before ratings are compared.
enum class rating_center {
  item_mean,  ///< the item's mean
  z_score,    ///< the same, over the item's standard deviation
  baseline    ///< b_ui = mean + b_u + c_i by regularized least squares
};

/// Ratings foretold from the user's ratings of like items, `rating_neighbors_model` says how. Alike are items whose
/// ratings, less what was expected of them, go together among the n_ij users who rated both:
///
///     s_ij = (n_ij - 1) / (n_ij - 1 + λ) · sum e_ui e_uj / sqrt(sum e_ui² · sum e_uj²)
///
/// Koren, "Factor in the neighbors: scalable and accurate collaborative filtering", ACM TKDD 2010, sections 2.1
/// and 2.2.
///
///     const auto model = reco::rating_knn{}.fit(ratings, {.executor = pool});
///     const auto p = model.predict({.history = ratings.of(7)}, item);
///
/// Fit: four additions for each of the sum over users of ratings² pairs; memory 8 bytes (float) a candidate.
struct rating_knn {
  std::int32_t neighbors = 40;    ///< k >= 1 rated items a prediction rests on
  std::int32_t candidates = 800;  ///< nearest items kept of each item, >= 1
  rating_center center = rating_center::baseline;
  double shrinkage = 100;           ///< λ >= 0
  double damping = 0.5;             ///< δ >= 0: few or weak neighbors leave the prediction near b_ui
  double amplification = 1;         ///< s_ij to this power, > 0
  std::int32_t min_overlap = 2;     ///< users who rated both, >= 2
  double user_regularization = 15;  ///< of b_u, >= 0
  double item_regularization = 10;  ///< of c_i, >= 0
  int epochs = 10;                  ///< of the least squares for baselines, alternating, >= 1

  static constexpr std::string_view name = "rating_knn";
  static constexpr auto options() {
    using knn = rating_knn;
    constexpr auto log_scale = search_scale::logarithmic;
    return std::tuple{at_least("neighbors", &knn::neighbors, 1).search(10, 100, log_scale),
                      at_least("candidates", &knn::candidates, 1),
                      one_of("center", &knn::center,
                             {{"item_mean", rating_center::item_mean},
                              {"z_score", rating_center::z_score},
                              {"baseline", rating_center::baseline}}),
                      at_least("shrinkage", &knn::shrinkage, 0).search(10, 500, log_scale),
                      at_least("damping", &knn::damping, 0).search(0.01, 5, log_scale),
                      above("amplification", &knn::amplification, 0).search(0.5, 3),
                      at_least("min_overlap", &knn::min_overlap, 2),
                      at_least("user_regularization", &knn::user_regularization, 0),
                      at_least("item_regularization", &knn::item_regularization, 0),
                      at_least("epochs", &knn::epochs, 1)};
  }
  friend bool operator==(const rating_knn&, const rating_knn&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <interactions D>
  [[nodiscard]] rating_neighbors_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<rating_knn>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Mean, c_i and scales as the options ask.
template <class T>
rating_baseline baseline_of(const rating_knn& o, const csr_matrix<T>& by_user, const csr_matrix<T>& by_item) {
  const auto items = static_cast<std::size_t>(by_item.rows());
  rating_baseline b{.items = std::vector<double>(items), .scales = std::vector<double>(items, 1)};
  double sum = 0;
  for (const auto v : by_user.values()) sum += static_cast<double>(v);
  if (by_user.nonzeros() > 0) b.mean = sum / static_cast<double>(by_user.nonzeros());
  std::vector<double> users(static_cast<std::size_t>(by_user.rows()));
  // bias_r <- sum of (rating - mean - other's bias) / (lambda + ratings)
  const auto solve = [&](const csr_matrix<T>& rows, double lambda, const std::vector<double>& others,
                         std::vector<double>& biases) {
    for (std::int32_t r = 0; r < rows.rows(); ++r) {
      const auto row = rows.row(r);
      double rest = 0;
      for (std::size_t n = 0; n < row.size(); ++n)
        rest += static_cast<double>(row.values[n]) - b.mean - others[static_cast<std::size_t>(row.columns[n])];
      if (!row.empty()) biases[static_cast<std::size_t>(r)] = rest / (lambda + static_cast<double>(row.size()));
    }
  };
  if (o.center == rating_center::baseline) {
    b.user_regularization = o.user_regularization;
    for (int epoch = 0; epoch < o.epochs; ++epoch) {
      solve(by_item, o.item_regularization, users, b.items);
      solve(by_user, o.user_regularization, b.items, users);
    }
    return b;
  }
  solve(by_item, 0, users, b.items);
  if (o.center != rating_center::z_score) return b;
  for (std::int32_t i = 0; i < by_item.rows(); ++i) {
    double squares = 0;
    const auto row = by_item.row(i);
    for (const auto v : row.values)
      squares += std::pow(static_cast<double>(v) - b.mean - b.items[static_cast<std::size_t>(i)], 2);
    const double variance = row.empty() ? 0 : squares / static_cast<double>(row.size());
    if (variance > 1e-12 * (1 + b.mean * b.mean)) b.scales[static_cast<std::size_t>(i)] = std::sqrt(variance);
  }
  return b;
}

/// e_ui, users × items.
template <class T>
csr_matrix<T> residuals_of(const rating_baseline& b, const csr_matrix<T>& by_user) {
  std::vector<T> e;
  e.reserve(by_user.values().size());
  for (std::int32_t u = 0; u < by_user.rows(); ++u) {
    const auto row = by_user.row(u);
    double bias = 0;
    const auto rest = [&](std::size_t n) {
      return static_cast<double>(row.values[n]) - b.mean - b.items[static_cast<std::size_t>(row.columns[n])];
    };
    for (std::size_t n = 0; n < row.size(); ++n) bias += rest(n);
    bias /= b.user_regularization + static_cast<double>(row.size());
    for (std::size_t n = 0; n < row.size(); ++n)
      e.push_back(static_cast<T>((rest(n) - bias) / b.scales[static_cast<std::size_t>(row.columns[n])]));
  }
  return {by_user.columns(),
          {by_user.offsets().begin(), by_user.offsets().end()},
          {by_user.column_ids().begin(), by_user.column_ids().end()},
          std::move(e)};
}

}  // namespace detail

template <interactions D>
rating_neighbors_model<typename D::scalar> rating_knn::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const detail::user_rows<D> rows(data);
  const auto items = rows->columns();
  auto baseline = detail::baseline_of(*this, *rows, rows->transposed());
  const auto e = detail::residuals_of(baseline, *rows);  // E: users × items
  const auto e_by_item = e.transposed();
  std::vector<T> squares(e.values().begin(), e.values().end());
  for (auto& v : squares) v *= v;
  const std::vector<T> ones(squares.size(), T(1));
  const auto part = [&](const std::vector<T>& values, std::int32_t u) {
    const auto begin = static_cast<std::size_t>(e.offsets()[static_cast<std::size_t>(u)]);
    return sparse_row<T>{e.row(u).columns, std::span<const T>(values).subspan(begin, e.row(u).size())};
  };

  std::vector<std::vector<scored_item<T>>> nearest(static_cast<std::size_t>(items));
  for_chunks(how.executor, items, 64, [&](std::int64_t begin, std::int64_t end) {
    sparse_sum<T> counts(items), products(items), mine(items), theirs(items);
    for (auto i = static_cast<std::int32_t>(begin); i < end; ++i) {
      const auto raters = e_by_item.row(i);
      for (std::size_t n = 0; n < raters.size(); ++n) {
        const auto u = raters.columns[n];
        counts.add(T(1), part(ones, u));
        products.add(raters.values[n], e.row(u));
        mine.add(raters.values[n] * raters.values[n], part(ones, u));
        theirs.add(T(1), part(squares, u));
      }
      top_k<T> best(candidates);
      counts.for_each([&](std::int32_t first, std::span<const T> block) {
        for (std::size_t n = 0; n < block.size(); ++n) {
          const auto j = first + static_cast<std::int32_t>(n);
          const auto both = static_cast<double>(block[n]), product = static_cast<double>(products[j]);
          const double lengths = static_cast<double>(mine[j]) * static_cast<double>(theirs[j]);
          if (j == i || both < min_overlap || product <= 0 || lengths <= 1e-20) continue;
          const double s = (both - 1) / (both - 1 + shrinkage) * product / std::sqrt(lengths);
          best.push(j, static_cast<T>(amplification == 1 ? s : std::pow(s, amplification)));
        }
      });
      for (auto* sum : {&counts, &products, &mine, &theirs}) sum->clear();
      nearest[static_cast<std::size_t>(i)] = best.take();
    }
  });
  std::vector<std::int64_t> ratings;
  for (std::int32_t i = 0; i < items; ++i) ratings.push_back(std::ssize(e_by_item.row(i).columns));
  fit_report report{.epochs = center == rating_center::baseline ? epochs : 1};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {std::move(baseline), std::move(nearest), std::move(ratings), neighbors, damping, std::move(report)};
}

}  // namespace reco
