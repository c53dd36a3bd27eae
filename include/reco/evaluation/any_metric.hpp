// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <type_traits>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/judged_list.hpp"
#include "reco/metrics/shown_list.hpp"

namespace reco::inline RECO_ABI() {

/// Any metric that gives a number to a list, of accuracy or beyond, chosen while the program runs.
///
///     std::vector<reco::any_metric> metrics{reco::novelty{.popularity = &popularity}};
///     for (const int k : {10, 20}) metrics.push_back(reco::ndcg{.k = k});
class any_metric {
 public:
  template <class M>
    requires(!std::same_as<M, any_metric>) && (metric<M> || list_metric<M>)
  any_metric(M m)  // NOLINT(google-explicit-constructor): a metric is one
      : label_(reco::label(m)), value_([m](const judged_list& judged, const shown_list& shown) {
          if constexpr (metric<M>) return m(judged);
          else return m(shown);
        }) {
    if constexpr (requires { int{m.k}; }) k_ = m.k;
  }

  /// "ndcg@10".
  [[nodiscard]] const std::string& label() const noexcept { return label_; }
  /// `whole_list` for a metric without a cutoff.
  [[nodiscard]] int k() const noexcept { return k_; }
  [[nodiscard]] double operator()(const judged_list& judged, const shown_list& shown) const {
    return value_(judged, shown);
  }

 private:
  std::string label_;
  int k_ = whole_list;
  std::function<double(const judged_list&, const shown_list&)> value_;
};

}  // namespace reco
