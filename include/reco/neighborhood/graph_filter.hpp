// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
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
#include "reco/data/interactions.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/randomized_svd.hpp"
#include "reco/neighborhood/graph_filter_model.hpp"

namespace reco::inline RECO_ABI() {

/// Filters on the graph of users and items: a history is a signal on the items, and what is smooth on the graph
/// passes. Nothing is learned but a truncated SVD, and the filter is never written down as an items × items matrix.
///
///     R = D_u^-a X D_i^-b     P = R'R     X ~ r: a history     V: leading right singular vectors of R
///     blurred   s = r P                            neighbors of neighbors
///     low pass  l = r D_i^-b V V' D_i^b            the smoothest signals on the graph, as they are
///     sharpened s <- s - (T/K) s P, K times        undoes some of the blur
///     scores    GF-CF: s + β l    BSPM: sharpened(s + β l), or sharpened(s) + β l where low_pass_late
///
/// Shen et al., "How powerful is graph convolution for recommendation?" (GF-CF), CIKM 2021, and Choi et al.,
/// "Blurring-sharpening process models for collaborative filtering" (BSPM), SIGIR 2023, with one step of blurring as
/// in their experiments. `sharpening` 0 is GF-CF. Degrees D are sums of absolute values.
///
///     const auto model = reco::graph_filter{.factors = 256, .low_pass_share = 0.3}.fit(train, {.executor = pool});
///
/// Fit: a `randomized_svd` of rank `factors`; memory 2 · pairs and items · factors numbers. A query: (2 + 2 K) · pairs
/// and items · factors multiply-adds, users + items numbers for each of the up to 64 queries worked on together.
struct graph_filter {
  std::int32_t factors = 256;   ///< of the low pass; fewer where R has no more
  double low_pass_share = 0.3;  ///< β >= 0; 0: no low pass, and no SVD
  double user_exponent = 0.5;   ///< a
  double item_exponent = 0.5;   ///< b
  double sharpening = 0;        ///< T >= 0, the time sharpened for; 0: GF-CF
  int sharpening_steps = 1;     ///< K >= 1, Euler steps of T/K; more than T of them
  bool low_pass_late = false;   ///< the low pass is added after sharpening instead of before
  std::int32_t iterations = 8;  ///< of `randomized_svd`, at most
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "graph_filter";
  static constexpr auto options() {
    using g = graph_filter;
    return std::tuple{at_least("factors", &g::factors, 1).search(32, 512, search_scale::logarithmic),
                      at_least("low_pass_share", &g::low_pass_share, 0).search(0, 1),
                      between("user_exponent", &g::user_exponent, 0, 2).search(0, 1),
                      between("item_exponent", &g::item_exponent, 0, 2).search(0, 1),
                      at_least("sharpening", &g::sharpening, 0).search(0, 2),
                      at_least("sharpening_steps", &g::sharpening_steps, 1),
                      any_value("low_pass_late", &g::low_pass_late),
                      at_least("iterations", &g::iterations, 0),
                      any_value("seed", &g::seed)};
  }
  friend bool operator==(const graph_filter&, const graph_filter&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <interactions D>
  [[nodiscard]] graph_filter_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<graph_filter>);

// ---------------------------------------------------------------------------------------------------

template <interactions D>
graph_filter_model<typename D::scalar> graph_filter::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const detail::user_rows<D> x(data);
  std::vector<double> user_degree(static_cast<std::size_t>(x->rows())),
      item_degree(static_cast<std::size_t>(x->columns()));
  for (std::int32_t u = 0; u < x->rows(); ++u) {
    const auto row = x->row(u);
    for (std::size_t n = 0; n < row.size(); ++n) {
      const double size = std::abs(static_cast<double>(row.values[n]));
      user_degree[static_cast<std::size_t>(u)] += size;
      item_degree[static_cast<std::size_t>(row.columns[n])] += size;
    }
  }
  const auto power = [](double degree, double exponent) { return degree > 0 ? std::pow(degree, exponent) : 0.0; };
  std::vector<T> values;
  values.reserve(x->values().size());
  for (std::int32_t u = 0; u < x->rows(); ++u) {
    const auto row = x->row(u);
    const double by_user = power(user_degree[static_cast<std::size_t>(u)], -user_exponent);
    for (std::size_t n = 0; n < row.size(); ++n)
      values.push_back(static_cast<T>(static_cast<double>(row.values[n]) * by_user *
                                      power(item_degree[static_cast<std::size_t>(row.columns[n])], -item_exponent)));
  }
  csr_matrix<T> r(x->columns(), {x->offsets().begin(), x->offsets().end()},
                  {x->column_ids().begin(), x->column_ids().end()}, std::move(values));

  graph_filter_parts<T> parts{.sharpening_step = static_cast<T>(sharpening / sharpening_steps),
                              .sharpening_steps = sharpening > 0 ? sharpening_steps : 0,
                              .low_pass_late = low_pass_late};
  fit_report report{.epochs = 1};
  parts.into = matrix<T>(x->columns(), 0);
  parts.out_of = parts.into;
  if (low_pass_share > 0) {
    auto svd = randomized_svd{.rank = factors, .iterations = iterations, .seed = seed}.decompose(r, how);
    report = svd.report;
    // l = r D^-b V V' D^b: the two sides of the low pass, β on the second.
    parts.into = svd.right;
    parts.out_of = std::move(svd.right);
    for (std::int32_t i = 0; i < x->columns(); ++i) {
      const double degree = item_degree[static_cast<std::size_t>(i)];
      parts.into.row(i) *= static_cast<T>(power(degree, -item_exponent));
      parts.out_of.row(i) *= static_cast<T>(low_pass_share * power(degree, item_exponent));
    }
  }
  parts.by_item = r.transposed();
  parts.by_user = std::move(r);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return graph_filter_model<T>(std::move(parts), std::move(report));
}

}  // namespace reco
