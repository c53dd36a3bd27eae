// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/dataset.hpp"
#include "reco/model/any_recommender.hpp"
#include "reco/model/concepts.hpp"

namespace reco::inline RECO_ABI() {

/// Any estimator, chosen while the program runs: what a leaderboard or a grid search is a list of.
///
///     std::vector<reco::any_estimator<float>> all{reco::most_popular{}, reco::trending{.half_life = 6h}};
///     for (const auto& e : all) reco::evaluate(e.fit(data), data, split.test, reco::ndcg{.k = 10});
template <class T>
class any_estimator {
 public:
  using scalar = T;

  template <class E>
    requires(!std::same_as<E, any_estimator>) && estimator<E, dataset<T>>
  any_estimator(E e)  // NOLINT(google-explicit-constructor): an estimator is one
      : name_(E::name),
        text_(describe(e)),
        fit_([e](const dataset<T>& data, const training& how) { return any_recommender<T>(e.fit(data, how)); }) {}

  /// "ease".
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  /// "ease:regularization=3".
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] any_recommender<T> fit(const dataset<T>& data, const training& how = {}) const {
    return fit_(data, how);
  }

 private:
  std::string_view name_;
  std::string text_;
  std::function<any_recommender<T>(const dataset<T>&, const training&)> fit_;
};

}  // namespace reco
