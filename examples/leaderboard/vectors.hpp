// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <reco/base/training.hpp>
#include <reco/data/embeddings.hpp>
#include <reco/data/event.hpp>
#include <reco/metrics/concepts.hpp>

/// Vectors of the items from their texts, as the article recommender makes them.
reco::embeddings<float> text_vectors(const std::vector<std::string>& texts, const reco::training& how);

/// Vectors of the items from who took them in train, of length 1 or zeros.
reco::embeddings<float> co_read_vectors(std::span<const reco::event> train, reco::shape shape,
                                        const reco::training& how);

/// `reco::intra_list_diversity` over `reco::cosine_distance`, for vectors of length 1 or zeros in O(k d) instead of
/// O(k² d):
///
///     sum_{i < j} (1 - v_i'v_j) = n (n - 1) / 2 - (|sum_i v_i|² - sum_i |v_i|²) / 2
struct list_diversity {
  const reco::embeddings<float>* vectors = nullptr;
  int k = 10;

  static constexpr std::string_view name = "diversity";
  double operator()(const reco::shown_list& list) const;
};
static_assert(reco::list_metric<list_diversity>);
