// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"
#include "reco/model/prediction.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// What is expected of a rating before looking at neighbors: b_ui = mean + b_u + c_i, and the scale of item i.
/// b_u = sum of (r_uj - mean - c_j) / (regularization + ratings) follows from a history; infinity: no user biases.
struct rating_baseline {
  double mean = 0;
  std::vector<double> items = {};   ///< c_i
  std::vector<double> scales = {};  ///< > 0
  double user_regularization = std::numeric_limits<double>::infinity();
};

/// Ratings foretold from the user's ratings of like items,
///
///     r_ui = b_ui + scale_i · (sum of s_ij e_uj) / (δ + sum of s_ij)    e_uj = (r_uj - b_uj) / scale_j
///
/// over the k items j nearest to i that the user has rated. Answers from a history, known user or not.
///
/// `predict` has a reason where the history or the item has no ratings, or no rated item is like the item; the stand-in
/// is b_ui.
template <class T>
class rating_neighbors_model {
 public:
  using scalar = T;
  using neighbor_lists = std::vector<std::vector<scored_item<T>>>;

  rating_neighbors_model() = default;
  /// `nearest`: of each item, the most similar first, similarities above 0. `ratings`: how many each item has.
  rating_neighbors_model(rating_baseline baseline, neighbor_lists nearest, std::vector<std::int64_t> ratings,
                         std::int32_t neighbors, double damping, fit_report report = {});

  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(nearest_.size()); }
  [[nodiscard]] bool can_answer(const query<T>& q) const {
    return std::any_of(q.history.items.begin(), q.history.items.end(),
                       [&](std::int32_t i) { return i >= 0 && i < items(); });
  }
  void scores(const query<T>& q, std::span<T> out) const;
  [[nodiscard]] prediction<T> predict(const query<T>& q, std::int32_t item) const;
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  /// The nearest items and their similarities.
  [[nodiscard]] ranked_list<T> similar(std::int32_t item, const request& r) const;
  [[nodiscard]] const rating_baseline& baseline() const noexcept { return baseline_; }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  struct user {
    double bias = 0;
    std::vector<double> residuals = {};  ///< of each item; NaN: not rated
  };
  [[nodiscard]] user user_of(const history_view<T>& history) const;
  [[nodiscard]] double expected(const user& u, std::int32_t item) const {
    return baseline_.mean + u.bias + baseline_.items[static_cast<std::size_t>(item)];
  }
  /// Calls `f(j, s, e)` for the k nearest rated items and gives the divisor.
  template <class F>
  double for_each_rated(const user& u, std::int32_t item, F&& f) const;
  [[nodiscard]] double foretold(const user& u, std::int32_t item) const;

  rating_baseline baseline_ = {};
  neighbor_lists nearest_ = {};
  std::vector<std::int64_t> ratings_ = {};
  std::int32_t neighbors_ = 0;
  double damping_ = 0;
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
rating_neighbors_model<T>::rating_neighbors_model(rating_baseline baseline, neighbor_lists nearest,
                                                  std::vector<std::int64_t> ratings, std::int32_t neighbors,
                                                  double damping, fit_report report)
    : baseline_(std::move(baseline)),
      nearest_(std::move(nearest)),
      ratings_(std::move(ratings)),
      neighbors_(neighbors),
      damping_(damping),
      report_(std::move(report)) {
  if (baseline_.items.size() != nearest_.size() || baseline_.scales.size() != nearest_.size() ||
      ratings_.size() != nearest_.size())
    detail::fail_argument("rating_neighbors_model: biases, scales, neighbors and counts must be of as many items");
}

template <class T>
auto rating_neighbors_model<T>::user_of(const history_view<T>& history) const -> user {
  user u;
  u.residuals.assign(nearest_.size(), std::numeric_limits<double>::quiet_NaN());
  double sum = 0, count = 0;
  for (std::size_t n = 0; n < history.size(); ++n) {
    const auto j = history.items[n];
    if (j < 0 || j >= items()) continue;
    sum += static_cast<double>(history.value(n)) - baseline_.mean - baseline_.items[static_cast<std::size_t>(j)];
    ++count;
  }
  if (count > 0) u.bias = sum / (baseline_.user_regularization + count);
  for (std::size_t n = 0; n < history.size(); ++n) {
    const auto j = history.items[n];
    if (j < 0 || j >= items()) continue;
    u.residuals[static_cast<std::size_t>(j)] =
        (static_cast<double>(history.value(n)) - expected(u, j)) / baseline_.scales[static_cast<std::size_t>(j)];
  }
  return u;
}

template <class T>
template <class F>
double rating_neighbors_model<T>::for_each_rated(const user& u, std::int32_t item, F&& f) const {
  double weights = 0;
  std::int32_t found = 0;
  for (const auto& [j, s] : nearest_[static_cast<std::size_t>(item)]) {
    const double e = u.residuals[static_cast<std::size_t>(j)];
    if (std::isnan(e)) continue;
    weights += static_cast<double>(s);
    f(j, static_cast<double>(s), e);
    if (++found == neighbors_) break;
  }
  return found > 0 ? weights + damping_ : 0;
}

template <class T>
double rating_neighbors_model<T>::foretold(const user& u, std::int32_t item) const {
  double sum = 0;
  const double weights = for_each_rated(u, item, [&](std::int32_t, double s, double e) { sum += s * e; });
  return expected(u, item) + (weights > 0 ? baseline_.scales[static_cast<std::size_t>(item)] * sum / weights : 0.0);
}

template <class T>
void rating_neighbors_model<T>::scores(const query<T>& q, std::span<T> out) const {
  const auto u = user_of(q.history);
  for (std::int32_t i = 0; i < items(); ++i) out[static_cast<std::size_t>(i)] = static_cast<T>(foretold(u, i));
}

template <class T>
prediction<T> rating_neighbors_model<T>::predict(const query<T>& q, std::int32_t item) const {
  detail::check_index("rating_neighbors_model: item", item, items());
  const auto u = user_of(q.history);
  prediction<T> p{.value = static_cast<T>(foretold(u, item))};
  if (!can_answer(q)) p.reason = "the user has rated nothing";
  else if (ratings_[static_cast<std::size_t>(item)] == 0) p.reason = "the item has no ratings";
  else if (for_each_rated(u, item, [](auto...) {}) == 0) p.reason = "no rated item is similar";
  return p;
}

template <class T>
explanation<T> rating_neighbors_model<T>::explain(const query<T>& q, std::int32_t item) const {
  detail::check_index("explain: item", item, items());
  const auto u = user_of(q.history);
  explanation<T> out{.score = static_cast<T>(foretold(u, item)), .base = static_cast<T>(expected(u, item))};
  std::vector<std::pair<std::int32_t, double>> parts;
  const double weights =
      for_each_rated(u, item, [&](std::int32_t j, double s, double e) { parts.emplace_back(j, s * e); });
  std::vector<scored_item<T>> because;
  for (const auto& [j, part] : parts)
    because.push_back({j, static_cast<T>(baseline_.scales[static_cast<std::size_t>(item)] * part / weights)});
  out.because = ranked_list<T>::best_of(std::move(because));
  return out;
}

template <class T>
ranked_list<T> rating_neighbors_model<T>::similar(std::int32_t item, const request& r) const {
  detail::check_index("similar_items: item", item, items());
  check_request(r);
  std::vector<std::int32_t> excluded(r.exclude.begin(), r.exclude.end()), allowed;
  detail::make_item_set(excluded, items());
  if (r.only) allowed = detail::allowed_items(*r.only, excluded, items());
  top_k<T> best(r.k);
  for (const auto& [j, s] : nearest_[static_cast<std::size_t>(item)])
    if (r.only ? std::binary_search(allowed.begin(), allowed.end(), j)
               : !std::binary_search(excluded.begin(), excluded.end(), j))
      best.push(j, s);
  return ranked_list<T>::best_of(best.take());
}

static_assert(scorer<rating_neighbors_model<float>> && predicts_ratings<rating_neighbors_model<double>> &&
              explains<rating_neighbors_model<float>>);

}  // namespace reco
