// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
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
#include "reco/math/keep_best.hpp"
#include "reco/math/sparse_sum.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/item_weights_model.hpp"
#include "reco/neighborhood/neighbor_rows.hpp"

namespace reco::inline RECO_ABI() {

/// P3: where a random walk of three steps from a user ends, user -> item -> user -> item.
///
///     p_ui = x_ui / sum over i of x_ui     p_iu = x_ui / sum over u of x_ui
///     W_ij = sum over u of p_iu^α p_uj^α   score_j = sum over i in the history of x_i W_ij
///
/// Cooper, Lee, Radinsky and Siligardi, "Random walks in recommender systems: exact computation and simulations",
/// WWW 2014. Of each item the `neighbors` strongest others are kept; W is made row by row and never stands there
/// whole. A pair whose value is 0 or less is no edge of the graph.
///
///     const auto model = reco::p3alpha{.neighbors = 200}.fit(train, {.executor = pool});
///
/// Fit: sum over users of history² multiply-adds, bound by adding to scattered places of one row of W; memory
/// 8 bytes (float) a neighbor, twice while it fits.
struct p3alpha {
  double alpha = 1;              ///< α >= 0: below 1 lets rare steps count more
  std::int32_t neighbors = 200;  ///< of each item, >= 1
  bool normalize = false;        ///< each item's weights then sum to 1: all items of a history have the same say

  static constexpr std::string_view name = "p3alpha";
  static constexpr auto options() {
    return std::tuple{at_least("alpha", &p3alpha::alpha, 0).search(0.2, 1.5),
                      at_least("neighbors", &p3alpha::neighbors, 1).search(50, 800, search_scale::logarithmic),
                      any_value("normalize", &p3alpha::normalize)};
  }
  friend bool operator==(const p3alpha&, const p3alpha&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <interactions D>
  [[nodiscard]] item_weights_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<p3alpha>);

/// RP3: P3 with the popular ends of the walk held back, all of which it reaches too easily.
///
///     W_ij / (sum over u of x_uj)^β
///
/// Paudel, Christoffel, Newell and Bernstein, "Updatable, accurate, diverse, and scalable recommendations for
/// interactive applications", ACM TiiS 2016. The neighbors are chosen after the division. All else as `p3alpha`.
///
///     const auto model = reco::rp3beta{.alpha = 0.6, .beta = 0.3}.fit(train, {.executor = pool});
struct rp3beta {
  double alpha = 0.6;            ///< α >= 0
  double beta = 0.3;             ///< β >= 0; 0: P3
  std::int32_t neighbors = 400;  ///< of each item, >= 1
  bool normalize = false;        ///< as in p3alpha

  static constexpr std::string_view name = "rp3beta";
  static constexpr auto options() {
    return std::tuple{at_least("alpha", &rp3beta::alpha, 0).search(0.2, 1.5),
                      at_least("beta", &rp3beta::beta, 0).search(0, 1),
                      at_least("neighbors", &rp3beta::neighbors, 1).search(50, 800, search_scale::logarithmic),
                      any_value("normalize", &rp3beta::normalize)};
  }
  friend bool operator==(const rp3beta&, const rp3beta&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <interactions D>
  [[nodiscard]] item_weights_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<rp3beta>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Rows of probabilities to a power: those of `x` over their sums, values of 0 or less being none.
template <class T>
csr_matrix<T> step_probabilities(const csr_matrix<T>& x, double power) {
  std::vector<T> values;
  values.reserve(x.values().size());
  for (std::int32_t r = 0; r < x.rows(); ++r) {
    double sum = 0;
    for (const auto v : x.row(r).values) sum += std::max(0.0, static_cast<double>(v));
    for (const auto v : x.row(r).values)
      values.push_back(v > 0 ? static_cast<T>(std::pow(static_cast<double>(v) / sum, power)) : T(0));
  }
  return {x.columns(),
          {x.offsets().begin(), x.offsets().end()},
          {x.column_ids().begin(), x.column_ids().end()},
          std::move(values)};
}

/// The neighbors of every item; `end_weight[j]` is what an arrival at item j counts.
template <class T>
csr_matrix<T> walk_weights(const csr_matrix<T>& from_user, const csr_matrix<T>& from_item,
                           std::span<const T> end_weight, std::int32_t neighbors, bool normalize,
                           executor_ref executor) {
  const auto items = static_cast<std::size_t>(from_item.rows());
  neighbor_rows<T> rows(items);
  for_chunks(executor, from_item.rows(), 64, [&](std::int64_t begin, std::int64_t end) {
    sparse_sum<T> arrivals(from_user.columns());
    std::vector<scored_item<T>> found;
    keep_best<T> keep;
    for (auto i = begin; i < end; ++i) {
      const auto users = from_item.row(static_cast<std::int32_t>(i));
      for (std::size_t n = 0; n < users.size(); ++n) arrivals.add(users.values[n], from_user.row(users.columns[n]));
      std::size_t count = 0;
      arrivals.for_each([&](std::int32_t first, std::span<const T> sums) {
        found.resize(count + sums.size());
        for (std::size_t n = 0; n < sums.size(); ++n) {  // each is written, and stays if there is something to it
          const auto j = first + static_cast<std::int32_t>(n);
          const T score = sums[n] * end_weight[static_cast<std::size_t>(j)];
          found[count] = {j, score};
          count += static_cast<std::size_t>(score > 0 && j != i);
        }
      });
      arrivals.clear();
      found.resize(count);
      keep(found, static_cast<std::size_t>(neighbors));
      auto& row = rows[static_cast<std::size_t>(i)];
      row.assign(found.begin(), found.end());
      if (!normalize) continue;
      double sum = 0;
      for (const auto& s : row) sum += static_cast<double>(s.score);
      for (auto& s : row) s.score = static_cast<T>(static_cast<double>(s.score) / sum);
    }
  });
  return matrix_of(from_item.rows(), rows);
}

template <interactions D>
item_weights_model<typename D::scalar> fit_random_walk(const D& data, const rp3beta& o, const training& how) {
  using T = typename D::scalar;
  const auto start = std::chrono::steady_clock::now();
  const user_rows<D> by_user(data);
  const auto by_item = by_user->transposed();
  std::vector<T> end_weight;
  for (std::int32_t i = 0; i < by_item.rows(); ++i) {
    double popularity = 0;
    for (const auto v : by_item.row(i).values) popularity += std::max(0.0, static_cast<double>(v));
    end_weight.push_back(popularity > 0 ? static_cast<T>(std::pow(popularity, -o.beta)) : T(0));
  }
  auto weights = walk_weights<T>(step_probabilities(*by_user, o.alpha), step_probabilities(by_item, o.alpha),
                                 end_weight, o.neighbors, o.normalize, how.executor);
  fit_report report{.epochs = 1};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return item_weights_model<T>(std::move(weights), std::move(report));
}

}  // namespace detail

template <interactions D>
item_weights_model<typename D::scalar> p3alpha::fit(const D& data, const training& how) const {
  check_options(*this);
  return detail::fit_random_walk(
      data, rp3beta{.alpha = alpha, .beta = 0, .neighbors = neighbors, .normalize = normalize}, how);
}

template <interactions D>
item_weights_model<typename D::scalar> rp3beta::fit(const D& data, const training& how) const {
  check_options(*this);
  return detail::fit_random_walk(data, *this, how);
}

}  // namespace reco
