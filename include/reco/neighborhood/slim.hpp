// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
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
#include "reco/math/elastic_net.hpp"
#include "reco/math/keep_best.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/sparse_gram.hpp"
#include "reco/math/sparse_sum.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/item_weights_model.hpp"
#include "reco/neighborhood/local_gram.hpp"

namespace reco::inline RECO_ABI() {

/// SLIM: each item's column is put together from those of other items, by few weights.
///
///     min over W   1/2 |X - X W|² + l2/2 |W|² + l1 |W|_1   with  diag W = 0, W >= 0
///
/// Ning and Karypis, "SLIM: Sparse linear methods for top-N recommender systems", ICDM 2011. Items are independent of
/// each other: each is an `elastic_net` on inner products, shared out by the executor. Only the `candidates` items
/// nearest by cosine, its sign aside, may get a weight (their fsSLIM), and none whose cosine is 0; where weights may
/// not be negative nor values of X, those that share no more than l1 with the item cannot get one and are left out.
///
///     const auto model = reco::slim{.l1 = 0.2, .l2 = 30}.fit(train, {.executor = pool});
///
/// Inner products come from a table of all items where that takes no more than `max_memory`, else they are added up
/// for each item's candidates alone: that is for large catalogs with short histories. Time beside them: a row of
/// candidates for each move of a weight. Memory for the table, or candidates² numbers a thread; the model takes 8 bytes
/// (float) a weight. A stop leaves the items not yet solved without weights.
struct slim {
  double l1 = 0.2;                ///< >= 0, in units of shared reads: the larger, the fewer weights
  double l2 = 30;                 ///< >= 0: the larger, the smaller the weights
  bool non_negative = true;       ///< W >= 0
  std::int32_t candidates = 200;  ///< >= 1; more than there are items: all of them
  int epochs = 50;                ///< of the elastic net, at most
  double tolerance = 1e-3;        ///< of the elastic net
  double max_memory = 2e9;        ///< bytes a table of all inner products may take

  static constexpr std::string_view name = "slim";
  static constexpr auto options() {
    return std::tuple{at_least("l1", &slim::l1, 0).search(0.1, 10, search_scale::logarithmic),
                      at_least("l2", &slim::l2, 0).search(1, 1000, search_scale::logarithmic),
                      any_value("non_negative", &slim::non_negative),
                      at_least("candidates", &slim::candidates, 1).search(50, 500, search_scale::logarithmic),
                      at_least("epochs", &slim::epochs, 1),
                      at_least("tolerance", &slim::tolerance, 0),
                      at_least("max_memory", &slim::max_memory, 0)};
  }
  friend bool operator==(const slim&, const slim&) = default;

  /// Throws `invalid_argument` for options out of range and for values whose squares are too large for their type.
  template <interactions D>
  [[nodiscard]] item_weights_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<slim>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The elastic nets of SLIM, item after item; one for each thread at work.
template <class T>
class slim_solver {
 public:
  /// `gram`: all inner products, both triangles, if there is such a table.
  slim_solver(const slim& options, const csr_matrix<T>& by_user, const csr_matrix<T>& by_item,
              std::span<const T> squares, bool no_negative, const matrix<T>* gram)
      : options_(options),
        by_user_(by_user),
        by_item_(by_item),
        squares_(squares),
        no_negative_(no_negative),
        gram_(gram),
        shared_(by_user.columns()),
        local_(by_user, by_item) {}

  /// Column i of W: `w[n]` is the weight of item `columns[n]`, ascending, none of them 0.
  elastic_net_end solve(std::int32_t i, std::vector<std::int32_t>& columns, std::vector<T>& w) {
    choose_candidates(i);
    const std::size_t size = candidates_.size();
    w_.assign(size, T(0));
    residual_.resize(size);
    diagonal_.resize(size);
    for (std::size_t n = 0; n < size; ++n) {
      residual_[n] = gram_ == nullptr ? shared_[candidates_[n]] : (*gram_)(i, candidates_[n]);
      diagonal_[n] = squares_[static_cast<std::size_t>(candidates_[n])];
    }
    shared_.clear();
    if (gram_ == nullptr) local_.choose(candidates_);
    rows_.resize(gram_ == nullptr ? 0 : size);
    for (auto& row : rows_) row.clear();
    const auto row = [&](std::size_t n) -> std::span<const T> {
      if (gram_ == nullptr) return local_.row(n);
      auto& kept = rows_[n];
      if (kept.empty())
        for (const auto c : candidates_) kept.push_back((*gram_)(candidates_[n], c));
      return kept;
    };
    const auto end = elastic_net<T>(w_, residual_, diagonal_, row,
                                    {.l1 = options_.l1,
                                     .l2 = options_.l2,
                                     .non_negative = options_.non_negative,
                                     .epochs = options_.epochs,
                                     .tolerance = options_.tolerance});
    for (std::size_t n = 0; n < size; ++n) {
      if (w_[n] == 0) continue;
      columns.push_back(candidates_[n]);
      w.push_back(w_[n]);
    }
    return end;
  }

 private:
  /// Who may get a weight for item i, ascending; without a table `shared_` then holds X'x_i.
  void choose_candidates(std::int32_t i) {
    near_.clear();
    const T least = no_negative_ && options_.non_negative ? static_cast<T>(options_.l1) : T(0);
    const auto offer = [&](std::int32_t j, T shared) {
      if (j == i || !(std::abs(shared) > least)) return;
      // Cosine but for the length of column i, which is the same for all.
      near_.push_back({j, std::abs(shared) / std::sqrt(squares_[static_cast<std::size_t>(j)])});
    };
    if (gram_ != nullptr) {
      for (std::int32_t j = 0; j < by_item_.rows(); ++j) offer(j, (*gram_)(i, j));
    } else {
      const auto users = by_item_.row(i);
      for (std::size_t n = 0; n < users.size(); ++n) shared_.add(users.values[n], by_user_.row(users.columns[n]));
      shared_.for_each([&](std::int32_t first, std::span<const T> block) {
        for (std::size_t n = 0; n < block.size(); ++n) offer(first + static_cast<std::int32_t>(n), block[n]);
      });
    }
    keep_(near_, static_cast<std::size_t>(options_.candidates));
    candidates_.clear();
    for (const auto& s : near_) candidates_.push_back(s.item);
  }

  const slim& options_;
  const csr_matrix<T>&by_user_, &by_item_;
  std::span<const T> squares_;
  bool no_negative_;
  const matrix<T>* gram_;
  sparse_sum<T> shared_;
  local_gram<T> local_;
  std::vector<scored_item<T>> near_ = {};
  keep_best<T> keep_ = {};
  std::vector<std::int32_t> candidates_ = {};
  std::vector<T> w_ = {}, residual_ = {}, diagonal_ = {};
  std::vector<std::vector<T>> rows_ = {};
};

}  // namespace detail

template <interactions D>
item_weights_model<typename D::scalar> slim::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const detail::user_rows<D> by_user(data);
  const auto by_item = by_user->transposed();
  const std::int32_t items = by_item.rows();
  const auto count = static_cast<std::size_t>(items);
  const auto values = by_user->values();
  const bool no_negative = std::none_of(values.begin(), values.end(), [](T v) { return v < 0; });
  std::vector<T> squares(count);
  for (std::int32_t i = 0; i < items; ++i) {
    auto& sum = squares[static_cast<std::size_t>(i)];
    for (const auto v : by_item.row(i).values) sum += v * v;
    if (!std::isfinite(sum))
      detail::fail_argument("slim: the squares of the values of item " + detail::to_text(i) +
                            " must add up to a finite number");
  }
  std::optional<matrix<T>> gram;
  if (static_cast<double>(items) * items * double{sizeof(T)} <= max_memory) {
    gram = sparse_gram(*by_user, how.executor);
    gram->template triangularView<Eigen::StrictlyLower>() = gram->transpose();
  }

  // Columns of W, item by item, each a list of sources.
  std::vector<std::vector<std::int32_t>> sources(count);
  std::vector<std::vector<T>> weights(count);
  std::vector<elastic_net_end> ends(count);
  std::atomic<bool> stopped = false;
  constexpr std::int64_t chunk = 64;
  for_chunks(how.executor, items, chunk, [&](std::int64_t begin, std::int64_t end) {
    detail::slim_solver<T> solver(*this, *by_user, by_item, squares, no_negative, gram ? &*gram : nullptr);
    for (auto i = begin; i < end; ++i) {
      if (how.stop.stop_requested()) return void(stopped = true);
      const auto n = static_cast<std::size_t>(i);
      ends[n] = solver.solve(static_cast<std::int32_t>(i), sources[n], weights[n]);
    }
  });

  std::vector<std::int64_t> offsets = {0};
  for (const auto& s : sources) offsets.push_back(offsets.back() + std::ssize(s));
  std::vector<std::int32_t> ids;
  std::vector<T> numbers;
  ids.reserve(static_cast<std::size_t>(offsets.back()));
  numbers.reserve(static_cast<std::size_t>(offsets.back()));
  for (std::size_t i = 0; i < count; ++i) {
    ids.insert(ids.end(), sources[i].begin(), sources[i].end());
    numbers.insert(numbers.end(), weights[i].begin(), weights[i].end());
  }
  fit_report report{.stopped = stopped};
  for (const auto& end : ends) {
    report.epochs = std::max(report.epochs, end.epochs);
    report.converged = report.converged && end.converged;
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const csr_matrix<T> by_target(items, std::move(offsets), std::move(ids), std::move(numbers));
  return item_weights_model<T>(by_target.transposed(), std::move(report));
}

}  // namespace reco
