// SPDX-License-Identifier: MIT
#include "shop_search.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

#include <reco/base/random.hpp>
#include <reco/math/matrix.hpp>

namespace {

/// Rounded, so that the set is the same wherever logarithms round otherwise.
float rounded(double x) { return static_cast<float>(std::round(x * 256) / 256); }

reco::ranking_data searches(std::int32_t queries, std::uint64_t stream) {
  constexpr std::int32_t features = 8;
  reco::random_engine random(1, stream);
  std::vector<std::int32_t> sizes;
  std::vector<float> labels, cells;
  for (std::int32_t q = 0; q < queries; ++q) {
    const auto size = static_cast<std::int32_t>(8 + reco::uniform_index(random, 13));
    sizes.push_back(size);
    for (std::int32_t d = 0; d < size; ++d) {
      const double title = reco::uniform_real(random), text = 0.5 * title + 0.5 * reco::uniform_real(random);
      const double price = reco::normal(random), rating = 3 + 2 * reco::uniform_real(random);
      const double sold = reco::exponential(random), age = reco::uniform_real(random);
      const bool stock = reco::bernoulli(random, 0.8);
      const double noise = reco::normal(random);
      double want = 2.2 * title + 0.8 * text - 0.6 * price * price + 0.5 * (rating - 4) + 0.4 * std::sqrt(sold);
      if (!stock) want = 0.3 * want - 1;
      if (title < 0.25) want -= 1;
      want += 0.5 * noise;
      labels.push_back(want > 2.6 ? 3 : want > 1.9 ? 2 : want > 1.2 ? 1 : 0);
      for (const double cell : {title, text, price, rating, sold, age, stock ? 1.0 : 0.0, reco::uniform_real(random)})
        cells.push_back(rounded(cell));
    }
  }
  reco::matrix<float> x = Eigen::Map<const reco::matrix<float>>(cells.data(), static_cast<Eigen::Index>(labels.size()),
                                                                Eigen::Index{features});
  return {reco::ranking_features(std::move(x)), std::move(labels), std::span<const std::int32_t>(sizes)};
}

}  // namespace

shop_search make_shop_search() {
  return {.features = {"match with title", "match with text", "price against usual", "rating", "sold lately",
                       "age of product", "in stock", "nothing (noise)"},
          .train = searches(300, 1),
          .valid = searches(100, 2),
          .test = searches(200, 3)};
}
