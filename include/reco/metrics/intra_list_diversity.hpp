// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/item_vectors.hpp"
#include "reco/metrics/concepts.hpp"

namespace reco::inline RECO_ABI() {

/// 1 - the cosine of two items' vectors: 0 (same direction) to 2 (opposite). A vector of zeros has no direction: 1 from
/// everything. Borrows the vectors. O(dimension).
template <item_vectors D>
class cosine_distance {
 public:
  explicit cosine_distance(const D& vectors) : vectors_(&vectors) {}
  [[nodiscard]] double operator()(std::int32_t a, std::int32_t b) const;

 private:
  const D* vectors_;
};

/// The mean distance of two items of a list (Ziegler et al., "Improving recommendation lists through topic
/// diversification", 2005; Vargas and Castells 2011 as a distance):
///
///     ILD@k = 2 / (n (n - 1)) sum_{i < j} distance(i, j)        n items in the first k
///
/// The distance is any callable `(item, item) -> double`, symmetric, larger for what is less alike; the value has its
/// range. A list of fewer than two items has no pairs and 0. Worked example: distances 1, 0 and 0.5: 0.5. O(k²)
/// distances.
///
///     auto diversity = reco::intra_list_diversity(reco::cosine_distance(vectors), 10);
template <class Distance>
  requires std::convertible_to<std::invoke_result_t<const Distance&, std::int32_t, std::int32_t>, double>
class intra_list_diversity {
 public:
  static constexpr std::string_view name = "diversity";

  explicit intra_list_diversity(Distance distance, int places = 10) : k(places), distance_(std::move(distance)) {}

  [[nodiscard]] double operator()(const shown_list& list) const;

  int k = 10;

 private:
  Distance distance_;
};

// ---------------------------------------------------------------------------------------------------

template <item_vectors D>
double cosine_distance<D>::operator()(std::int32_t a, std::int32_t b) const {
  detail::check_index("cosine_distance: item", a, vectors_->items());
  detail::check_index("cosine_distance: item", b, vectors_->items());
  const auto x = vectors_->vector(a), y = vectors_->vector(b);
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t f = 0; f < x.size(); ++f) {
    const auto p = static_cast<double>(x[f]), q = static_cast<double>(y[f]);
    xy += p * q;
    xx += p * p;
    yy += q * q;
  }
  return xx > 0 && yy > 0 ? 1 - xy / (std::sqrt(xx) * std::sqrt(yy)) : 1;
}

template <class Distance>
  requires std::convertible_to<std::invoke_result_t<const Distance&, std::int32_t, std::int32_t>, double>
double intra_list_diversity<Distance>::operator()(const shown_list& list) const {
  const auto shown = list.first(k);
  double sum = 0;
  for (std::size_t i = 0; i < shown.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) sum += static_cast<double>(distance_(shown[j], shown[i]));
  const auto n = static_cast<double>(shown.size());
  return shown.size() > 1 ? 2 * sum / (n * (n - 1)) : 0;
}

}  // namespace reco
