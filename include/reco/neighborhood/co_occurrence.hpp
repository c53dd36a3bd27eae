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
#include "reco/data/event.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/sparse_sum.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/item_weights_model.hpp"
#include "reco/neighborhood/changed_rows.hpp"
#include "reco/neighborhood/neighbor_rows.hpp"
#include "reco/neighborhood/similarity.hpp"

namespace reco::inline RECO_ABI() {

/// What n_ji users (baskets) with both items say; n_j, n_i have one of them, N there are.
enum class association {
  count,           ///< n_ji
  lift,            ///< n_ji / (n_j n_i / N + δ): how much more often than by chance; δ holds rare items back
  log_likelihood,  ///< how sure it is that they go together, Dunning, "Accurate methods for the statistics of
                   ///< surprise", 1993
  swing            ///< sum over pairs of users u < v with both of (n_u n_v)^-1/2 / (α + items u and v share)
};

/// Customers who bought this also bought: for each item the others that most go with it.
///
/// Values do not matter, only that somebody had an item (a value above 0). Swing: Yang et al., "Large scale product
/// graph construction for recommendation in e-commerce", 2020: two people who share little else say more about the
/// items they share.
///
///     const auto model = reco::co_occurrence{.measure = reco::association::lift}.fit(baskets);
///     reco::similar_items(model, item, {.k = 5});
///
/// Fit: sum over users of history² additions; Swing: sum over items of n_i² times a history, the costliest items cut
/// to `swing_users` of their users, evenly chosen. Memory: 8 bytes (float) a neighbor, twice while it fits.
struct co_occurrence {
  association measure = association::log_likelihood;
  std::int32_t neighbors = 100;    ///< of each item, >= 1
  std::int32_t min_overlap = 1;    ///< users who have both, >= 1
  double damping = 5;              ///< δ >= 0, of the lift
  double swing_alpha = 1;          ///< α > 0
  std::int32_t swing_users = 500;  ///< of an item at most, >= 2

  static constexpr std::string_view name = "co_occurrence";
  static constexpr auto options() {
    using co = co_occurrence;
    constexpr auto log_scale = search_scale::logarithmic;
    return std::tuple{one_of("measure", &co::measure,
                             {{"count", association::count},
                              {"lift", association::lift},
                              {"log_likelihood", association::log_likelihood},
                              {"swing", association::swing}})
                          .search(),
                      at_least("neighbors", &co::neighbors, 1).search(50, 800, log_scale),
                      at_least("min_overlap", &co::min_overlap, 1),
                      at_least("damping", &co::damping, 0).search(0.1, 100, log_scale),
                      above("swing_alpha", &co::swing_alpha, 0).search(0.1, 20, log_scale),
                      at_least("swing_users", &co::swing_users, 2)};
  }
  friend bool operator==(const co_occurrence&, const co_occurrence&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <interactions D>
  [[nodiscard]] item_weights_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
  /// What `fit(data)` gives, to the last bit, where `model` was fitted before the events `fresh` came into `data`: by
  /// users and of items old or new, pairs that were there before too. Only the rows that they change are computed: of
  /// the users' items, with lift and likelihood ratios also of all that share a user with a fresh item, and
  /// everything where somebody may be new. Throws as `fit`, `invalid_argument` for data with fewer items than the
  /// model, `std::out_of_range` for events that cannot be in the data.
  template <interactions D>
  [[nodiscard]] item_weights_model<typename D::scalar> updated(const item_weights_model<typename D::scalar>& model,
                                                               const D& data, std::span<const event> fresh,
                                                               const training& how = {}) const;

 private:
  template <interactions D>
  item_weights_model<typename D::scalar> learn(const D& data, const item_weights_model<typename D::scalar>* model,
                                               std::span<const event> fresh, const training& how) const;
};
static_assert(options_are_complete<co_occurrence>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The pairs with a value above 0, each counting 1.
template <class T>
csr_matrix<T> baskets_of(const csr_matrix<T>& x) {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> items;
  for (std::int32_t u = 0; u < x.rows(); ++u) {
    const auto row = x.row(u);
    for (std::size_t n = 0; n < row.size(); ++n)
      if (row.values[n] > 0) items.push_back(row.columns[n]);
    offsets.push_back(std::ssize(items));
  }
  std::vector<T> ones(items.size(), T(1));
  return {x.columns(), std::move(offsets), std::move(items), std::move(ones)};
}

/// sums <- Swing of item i with every other. Two users' shared items are counted before any of them is added to, so
/// that the pair's weight is known.
template <class T>
void add_swing(const co_occurrence& o, std::int32_t i, const csr_matrix<T>& by_user, const csr_matrix<T>& by_item,
               std::vector<char>& has, sparse_sum<T>& sums) {
  const auto all = by_item.row(i).columns;
  const auto most = static_cast<std::size_t>(o.swing_users), used = std::min(most, all.size());
  std::vector<std::int32_t> shared;
  std::vector<T> ones;
  const auto user = [&](std::size_t n) { return all[n * all.size() / used]; };
  for (std::size_t m = 0; m < used; ++m) {
    const auto mine = by_user.row(user(m)).columns;
    for (const auto j : mine) has[static_cast<std::size_t>(j)] = 1;
    for (std::size_t n = m + 1; n < used; ++n) {
      const auto theirs = by_user.row(user(n)).columns;
      shared.clear();
      for (const auto j : theirs)
        if (has[static_cast<std::size_t>(j)]) shared.push_back(j);
      const double weight = 1 / std::sqrt(static_cast<double>(mine.size()) * static_cast<double>(theirs.size()));
      if (ones.size() < shared.size()) ones.resize(shared.size(), T(1));
      sums.add(static_cast<T>(weight / (o.swing_alpha + static_cast<double>(shared.size()))),
               {shared, std::span<const T>(ones).first(shared.size())});
    }
    for (const auto j : mine) has[static_cast<std::size_t>(j)] = 0;
  }
}

}  // namespace detail

template <interactions D>
item_weights_model<typename D::scalar> co_occurrence::fit(const D& data, const training& how) const {
  return learn(data, nullptr, {}, how);
}

template <interactions D>
item_weights_model<typename D::scalar> co_occurrence::updated(const item_weights_model<typename D::scalar>& model,
                                                              const D& data, std::span<const event> fresh,
                                                              const training& how) const {
  return learn(data, &model, fresh, how);
}

template <interactions D>
item_weights_model<typename D::scalar> co_occurrence::learn(const D& data,
                                                            const item_weights_model<typename D::scalar>* model,
                                                            std::span<const event> fresh, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const auto by_user = detail::baskets_of(*detail::user_rows<D>(data));
  const auto by_item = by_user.transposed();
  double total = 0;  // baskets with anything in them
  for (std::int32_t u = 0; u < by_user.rows(); ++u) total += by_user.row(u).empty() ? 0 : 1;

  const auto weight = [&](std::int32_t j, std::int32_t i, double both) {
    const auto n_j = static_cast<double>(by_item.row(j).size()), n_i = static_cast<double>(by_item.row(i).size());
    switch (measure) {
      case association::count: return both;
      case association::lift: return both / (n_j * n_i / total + damping);
      case association::log_likelihood: return log_likelihood_ratio(both, n_j, n_i, total);
      case association::swing: break;
    }
    return 0.0;
  };

  std::vector<bool> wanted(static_cast<std::size_t>(by_item.rows()), true);
  if (model != nullptr) {
    const detail::changed_rows changed(name, by_user, model->items(), fresh);
    const bool sizes = measure == association::lift || measure == association::log_likelihood;  // n_j, n_i and N
    if (!sizes) wanted = changed.touched();
    else if (!changed.new_users()) wanted = changed.with_neighbors(changed.fresh(), by_user, by_item);
  }

  detail::neighbor_rows<T> rows(static_cast<std::size_t>(by_item.rows()));
  for_chunks(how.executor, by_item.rows(), 64, [&](std::int64_t begin, std::int64_t end) {
    sparse_sum<T> counts(by_item.rows()), swing(by_item.rows());
    std::vector<char> has(static_cast<std::size_t>(by_item.rows()));
    for (auto j = static_cast<std::int32_t>(begin); j < end; ++j) {
      if (!wanted[static_cast<std::size_t>(j)]) continue;
      for (const auto u : by_item.row(j).columns) counts.add(T(1), by_user.row(u));
      if (measure == association::swing) detail::add_swing(*this, j, by_user, by_item, has, swing);
      top_k<T> best(neighbors);
      counts.for_each([&](std::int32_t first, std::span<const T> block) {
        for (std::size_t n = 0; n < block.size(); ++n) {
          const auto i = first + static_cast<std::int32_t>(n);
          const auto both = static_cast<double>(block[n]);
          if (i == j || both < min_overlap) continue;
          best.push(i, measure == association::swing ? swing[i] : static_cast<T>(weight(j, i, both)));
        }
      });
      counts.clear();
      swing.clear();
      auto& row = rows[static_cast<std::size_t>(j)];
      row = best.take();
      detail::by_item(row);
    }
  });
  auto weights = detail::matrix_of(by_item.rows(), rows);
  if (model != nullptr) weights = detail::replaced_rows(model->weights(), weights, wanted);
  fit_report report{.epochs = 1};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return item_weights_model<T>(std::move(weights), std::move(report));
}

}  // namespace reco
