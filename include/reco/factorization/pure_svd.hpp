// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
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
#include "reco/data/interactions.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/randomized_svd.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"
#include "reco/model/inner_product_lists.hpp"

namespace reco::inline RECO_ABI() {

template <class T>
class projection_model;

/// PureSVD: users projected on the leading right singular vectors of the interactions, what did not happen being 0.
///
///     R S ~ U diag(sigma) V'        S = diag(|r_i|^-item_exponent), |r_i|: length of an item's column
///     scores of a user = r_u V V'
///
/// Cremonesi, Koren and Turrin ("Performance of recommender algorithms on top-N recommendation tasks", 2010); scaled
/// columns, which keep popular items from taking all directions, after Nikolakopoulos et al. ("EigenRec", 2019). No
/// user is stored: everyone is asked by history, in O(h d + items d).
///
///     const auto model = reco::pure_svd{.factors = 128}.fit(clicks, {.executor = pool});
///
/// Time and memory of the fit as `randomized_svd`.
struct pure_svd {
  int factors = 128;         ///< d >= 1; fewer where the interactions have no more
  double item_exponent = 0;  ///< 0..1; 0: PureSVD as published, 1: all items are equally long
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "pure_svd";
  static constexpr auto options() {
    return std::tuple{at_least("factors", &pure_svd::factors, 1).search(16, 512, search_scale::logarithmic),
                      between("item_exponent", &pure_svd::item_exponent, 0, 1).search(0, 1),
                      any_value("seed", &pure_svd::seed)};
  }
  friend bool operator==(const pure_svd&, const pure_svd&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <interactions D>
  [[nodiscard]] projection_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<pure_svd>);

/// Scores r_u V V': a history is projected on d directions and back. Answers whoever has a history with a known item.
template <class T>
class projection_model {
 public:
  using scalar = T;

  projection_model() = default;
  /// `vectors`: items × d. Throws `numeric_error` if a number is not finite.
  explicit projection_model(matrix<T> vectors, column<T> singular_values = {}, fit_report report = {});

  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(vectors_.rows()); }
  [[nodiscard]] std::int32_t factors() const noexcept { return static_cast<std::int32_t>(vectors_.cols()); }
  [[nodiscard]] std::span<const T> embedding(std::int32_t item) const {
    detail::check_index("projection_model: item", item, items());
    return row_of(vectors_, item);
  }
  /// Descending.
  [[nodiscard]] const column<T>& singular_values() const noexcept { return singular_values_; }
  [[nodiscard]] bool can_answer(const query<T>& q) const {
    return std::any_of(q.history.items.begin(), q.history.items.end(), [&](auto i) { return i >= 0 && i < items(); });
  }
  /// V'r_u; items the model does not know are passed over.
  [[nodiscard]] column<T> project(const history_view<T>& history) const;
  void scores(const query<T>& q, std::span<T> out) const { lists_.inner_products(project(q.history).data(), out); }
  [[nodiscard]] std::vector<ranked_list<T>> recommend_all(std::span<const query<T>> queries, const request& r = {},
                                                          executor_ref executor = {}) const {
    return lists_.best(
        vectors_, queries, r, executor, [&](const query<T>& q) { return can_answer(q); },
        [&] {
          return [this](const query<T>& q, std::span<T> x) {
            Eigen::Map<column<T>>(x.data(), std::ssize(x)) = project(q.history);
          };
        });
  }
  /// One part for each item of the history: r_uj v_j'v_i.
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  matrix<T> vectors_ = {};
  column<T> singular_values_ = {};
  fit_report report_ = {};
  detail::inner_product_lists<T> lists_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <interactions D>
projection_model<typename D::scalar> pure_svd::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const detail::user_rows<D> rows_of_users(data);
  const auto& rows = *rows_of_users;
  std::vector<double> squares(static_cast<std::size_t>(rows.columns()));
  for (std::size_t n = 0; n < rows.values().size(); ++n)
    squares[static_cast<std::size_t>(rows.column_ids()[n])] += std::pow(static_cast<double>(rows.values()[n]), 2);
  std::vector<T> values(rows.values().begin(), rows.values().end());
  if (item_exponent > 0)
    for (std::size_t n = 0; n < values.size(); ++n)
      if (const double length = squares[static_cast<std::size_t>(rows.column_ids()[n])]; length > 0)
        values[n] = static_cast<T>(static_cast<double>(values[n]) * std::pow(length, -item_exponent / 2));
  const csr_matrix<T> scaled(rows.columns(), {rows.offsets().begin(), rows.offsets().end()},
                             {rows.column_ids().begin(), rows.column_ids().end()}, std::move(values));
  auto svd = randomized_svd{.rank = factors, .seed = seed}.decompose(scaled, how);
  return projection_model<T>(std::move(svd.right), std::move(svd.singular_values), std::move(svd.report));
}

template <class T>
projection_model<T>::projection_model(matrix<T> vectors, column<T> singular_values, fit_report report)
    : vectors_(std::move(vectors)), singular_values_(std::move(singular_values)), report_(std::move(report)) {
  if (!vectors_.allFinite()) detail::fail_number("projection_model: all numbers must be finite");
  lists_ = detail::inner_product_lists<T>(vectors_);
}

template <class T>
column<T> projection_model<T>::project(const history_view<T>& history) const {
  column<T> p = column<T>::Zero(vectors_.cols());
  for (std::size_t n = 0; n < history.size(); ++n)
    if (const auto item = history.items[n]; item >= 0 && item < items())
      p += history.value(n) * vectors_.row(item).transpose();
  return p;
}

template <class T>
explanation<T> projection_model<T>::explain(const query<T>& q, std::int32_t item) const {
  const auto v = as_column(embedding(item));
  explanation<T> out{.score = project(q.history).dot(v)};
  std::vector<scored_item<T>> parts;
  for (std::size_t n = 0; n < q.history.size(); ++n)
    if (const auto other = q.history.items[n]; other >= 0 && other < items())
      parts.push_back({other, q.history.value(n) * as_column(embedding(other)).dot(v)});
  out.because = ranked_list<T>::best_of(std::move(parts));
  return out;
}

static_assert(scorer<projection_model<float>> && explains<projection_model<double>> &&
              embeds_items<projection_model<float>>);

}  // namespace reco
