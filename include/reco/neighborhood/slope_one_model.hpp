// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/math/top_k.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/explanation.hpp"
#include "reco/model/prediction.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

/// What two items rated by the same people tell of each other.
template <class T>
struct rating_difference {
  std::int32_t item = 0;    ///< the other one
  std::int32_t raters = 0;  ///< who rated both
  T above = 0;              ///< by how much they rate the other one higher, on average

  friend bool operator==(const rating_difference&, const rating_difference&) = default;
};

/// Average differences between the ratings of items that were rated by the same people; see `slope_one`. A query is
/// answered from its history, known user or not.
template <class T>
class slope_one_model {
 public:
  using scalar = T;

  slope_one_model() = default;
  /// Row i, `differences[offsets[i]..offsets[i + 1])`, has the items rated together with item i, ascending.
  slope_one_model(std::vector<std::int64_t> offsets, std::vector<rating_difference<T>> differences, T mean,
                  bool weighted, fit_report report = {})
      : offsets_(std::move(offsets)),
        differences_(std::move(differences)),
        mean_(mean),
        weighted_(weighted),
        report_(std::move(report)) {}

  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(offsets_.size() - 1); }
  [[nodiscard]] bool can_answer(const query<T>& q) const;
  /// The predictions, stand-ins included.
  void scores(const query<T>& q, std::span<T> out) const;
  /// Where no rated item was rated together with this one, the stand-in is the mean of the history, and the mean of
  /// all ratings where there is no history. Throws `std::out_of_range`.
  [[nodiscard]] prediction<T> predict(const query<T>& q, std::int32_t item) const;
  /// Base: the mean of the history.
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  /// Those rated together with the item most often; the score is by how many.
  [[nodiscard]] ranked_list<T> similar(std::int32_t item, const request& r) const;

  /// The items rated together with an item, ascending. Throws `std::out_of_range`.
  [[nodiscard]] std::span<const rating_difference<T>> differences(std::int32_t item) const {
    detail::check_index("slope_one: item", item, items());
    const auto i = static_cast<std::size_t>(item);
    return std::span(differences_)
        .subspan(static_cast<std::size_t>(offsets_[i]), static_cast<std::size_t>(offsets_[i + 1] - offsets_[i]));
  }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return offsets_.size() * sizeof(std::int64_t) + differences_.size() * sizeof(rating_difference<T>);
  }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  struct mean_of_history {
    double value = 0;
    std::int64_t ratings = 0;  ///< of items that are known
  };
  mean_of_history mean_of(const query<T>& q) const;
  [[nodiscard]] double weight(std::int32_t raters) const noexcept { return weighted_ ? raters : 1.0; }
  /// Calls `f(rated item, weight, rating foretold from it alone)` for each item of the history that has a say.
  template <class F>
  void for_each_say(const query<T>& q, std::int32_t item, F&& f) const;

  std::vector<std::int64_t> offsets_ = {0};
  std::vector<rating_difference<T>> differences_ = {};
  T mean_ = 0;
  bool weighted_ = true;
  fit_report report_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
auto slope_one_model<T>::mean_of(const query<T>& q) const -> mean_of_history {
  mean_of_history mean;
  for (std::size_t n = 0; n < q.history.size(); ++n) {
    const auto item = q.history.items[n];
    if (item < 0) detail::fail_range("history: item", item, items());
    if (item >= items()) continue;
    mean.value += static_cast<double>(q.history.value(n));
    ++mean.ratings;
  }
  mean.value = mean.ratings > 0 ? mean.value / static_cast<double>(mean.ratings) : static_cast<double>(mean_);
  return mean;
}

template <class T>
bool slope_one_model<T>::can_answer(const query<T>& q) const {
  return mean_of(q).ratings > 0;
}

template <class T>
void slope_one_model<T>::scores(const query<T>& q, std::span<T> out) const {
  const double mean = mean_of(q).value;
  struct sum {
    double above = 0;  // the mean, times weight
    double weight = 0;
  };
  std::vector<sum> sums(out.size());
  for (std::size_t n = 0; n < q.history.size(); ++n) {
    if (q.history.items[n] >= items()) continue;
    const double rating = static_cast<double>(q.history.value(n)) - mean;
    for (const auto& d : differences(q.history.items[n])) {
      auto& s = sums[static_cast<std::size_t>(d.item)];
      s.above += weight(d.raters) * (rating + static_cast<double>(d.above));
      s.weight += weight(d.raters);
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<T>(sums[i].weight > 0 ? mean + sums[i].above / sums[i].weight : mean);
}

template <class T>
template <class F>
void slope_one_model<T>::for_each_say(const query<T>& q, std::int32_t item, F&& f) const {
  // Both ascend: each search begins where the last one ended.
  const auto row = differences(item);
  auto at = row.begin();
  for (std::size_t n = 0; n < q.history.size(); ++n) {
    const auto rated = q.history.items[n];
    at = std::lower_bound(at, row.end(), rated, [](const auto& d, std::int32_t i) { return d.item < i; });
    if (at == row.end()) return;
    if (at->item == rated)
      f(rated, weight(at->raters), static_cast<double>(q.history.value(n)) - static_cast<double>(at->above));
  }
}

template <class T>
prediction<T> slope_one_model<T>::predict(const query<T>& q, std::int32_t item) const {
  detail::check_index("predict: item", item, items());
  const auto [mean, ratings] = mean_of(q);
  if (ratings == 0) return {static_cast<T>(mean), "there is no rating to go by"};
  double above = 0, weights = 0;
  for_each_say(q, item, [&, m = mean](std::int32_t, double w, double rating) {
    above += w * (rating - m);
    weights += w;
  });
  if (weights == 0) return {static_cast<T>(mean), "no rated item was rated together with this one"};
  return {static_cast<T>(mean + above / weights)};
}

template <class T>
explanation<T> slope_one_model<T>::explain(const query<T>& q, std::int32_t item) const {
  const double mean = mean_of(q).value;
  double above = 0, weights = 0;
  for_each_say(q, item, [&](std::int32_t, double w, double) { weights += w; });
  std::vector<scored_item<T>> because;
  for_each_say(q, item, [&](std::int32_t rated, double w, double rating) {
    const double say = w * (rating - mean) / weights;
    above += say;
    because.push_back({rated, static_cast<T>(say)});
  });
  return {.score = static_cast<T>(mean + above),
          .base = static_cast<T>(mean),
          .because = ranked_list<T>::best_of(std::move(because))};
}

template <class T>
ranked_list<T> slope_one_model<T>::similar(std::int32_t item, const request& r) const {
  check_request(r);
  std::vector<std::int32_t> excluded(r.exclude.begin(), r.exclude.end());
  detail::make_item_set(excluded, items());
  std::vector<std::int32_t> allowed;
  if (r.only) allowed = detail::allowed_items(*r.only, excluded, items());
  top_k<T> best(r.k);
  for (const auto& d : differences(item)) {
    const bool passes = r.only ? std::binary_search(allowed.begin(), allowed.end(), d.item)
                               : !std::binary_search(excluded.begin(), excluded.end(), d.item);
    if (passes) best.push(d.item, static_cast<T>(d.raters));
  }
  return ranked_list<T>::best_of(best.take());
}

static_assert(scorer<slope_one_model<float>> && explains<slope_one_model<double>> &&
              predicts_ratings<slope_one_model<float>>);

}  // namespace reco
