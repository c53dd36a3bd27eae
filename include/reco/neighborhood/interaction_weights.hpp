// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/sequences.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {

/// What an interaction counts, an item being the document and its users the words of it.
enum class interaction_weighting {
  none,   ///< its value
  tfidf,  ///< sqrt(x) ln((1 + items) / (1 + n_u)) for a user with n_u items
  bm25    ///< x (k1 + 1) / (x + k1 (1 - b + b |i| / mean |i|)) times the same logarithm; |i|: the item's sum of values
};

namespace detail {

struct weighting_terms {
  std::string_view who = {};
  bool sets = false;          ///< all values above 0 become 1, others go
  bool center_users = false;  ///< the user's mean is taken off
  interaction_weighting weighting = interaction_weighting::none;
  double bm25_k1 = 100, bm25_b = 0.8;
  half_life_t half_life = never;
};

/// w_u = n_u^-exponent.
template <class T>
std::vector<double> row_weights(const csr_matrix<T>& x, double exponent) {
  std::vector<double> w(static_cast<std::size_t>(x.rows()), 1);
  for (std::int32_t u = 0; u < x.rows(); ++u)
    if (const auto n = x.row(u).size(); n > 0)
      w[static_cast<std::size_t>(u)] = std::pow(static_cast<double>(n), -exponent);
  return w;
}

/// Each user's values, what is old counting less: half after each half-life before the last event of all. Rows as `x`.
template <interactions D, class T>
void fade(const D& data, const csr_matrix<T>& x, const weighting_terms& how, std::vector<double>& values) {
  if constexpr (sequences<D>) {
    instant last = instant::min();
    for (std::int32_t u = 0; u < data.users(); ++u)
      for (const auto t : data.timeline(u).times) last = std::max(last, t);
    std::fill(values.begin(), values.end(), 0.0);
    for (std::int32_t u = 0; u < data.users(); ++u) {
      const auto line = data.timeline(u);
      const auto row = x.row(u);
      double* const out = values.data() + x.offsets()[static_cast<std::size_t>(u)];
      for (std::size_t n = 0; n < line.size(); ++n) {
        const auto at = std::lower_bound(row.columns.begin(), row.columns.end(), line.items[n]);
        const double age = line.times.empty() ? 1.0 : decay(last - line.times[n], how.half_life);
        out[at - row.columns.begin()] += static_cast<double>(line.value(n)) * age;
      }
    }
  } else {
    fail_argument(std::string(how.who) + ": half_life needs data with timelines");
  }
}

/// Whether the similarities are to see the values as they are.
template <class T>
bool leaves_values(const csr_matrix<T>& x, const weighting_terms& how) {
  return how.weighting == interaction_weighting::none && how.half_life == never && !how.center_users &&
         (!how.sets || std::all_of(x.values().begin(), x.values().end(), [](T v) { return v == 0 || v == 1; }));
}

/// Users × items, values as the similarities are to see them.
template <interactions D>
csr_matrix<typename D::scalar> weighted_rows(const D& data, const weighting_terms& how) {
  using T = typename D::scalar;
  const user_rows<D> rows(data);
  const auto& x = *rows;
  std::vector<double> values(x.values().begin(), x.values().end());
  if (how.half_life != never) fade(data, x, how, values);
  const bool weighted = how.weighting != interaction_weighting::none;
  const auto each = [&](auto&& f) {
    for (std::int32_t u = 0; u < x.rows(); ++u) {
      const auto begin = static_cast<std::size_t>(x.offsets()[static_cast<std::size_t>(u)]);
      const auto row = x.row(u);
      for (std::size_t n = 0; n < row.size(); ++n) f(u, row.size(), row.columns[n], values[begin + n]);
    }
  };
  if (how.sets || weighted)
    each([&](std::int32_t u, std::size_t, std::int32_t i, double& v) {
      if (v < 0)
        fail_argument(std::string(how.who) + ": user " + to_text(u) + ", item " + to_text(i) +
                      ": similarities of sets and weightings need values of at least 0, got " + to_text(v));
      if (how.sets && how.half_life == never) v = v > 0 ? 1 : 0;
    });
  if (weighted) {
    std::vector<double> length(static_cast<std::size_t>(x.columns()));
    double mean = 0;
    each([&](std::int32_t, std::size_t, std::int32_t i, double& v) {
      length[static_cast<std::size_t>(i)] += v;
      mean += v / static_cast<double>(x.columns());
    });
    each([&](std::int32_t, std::size_t n_u, std::int32_t i, double& v) {
      const double rarity = std::log((1.0 + x.columns()) / (1.0 + static_cast<double>(n_u)));
      if (how.weighting == interaction_weighting::tfidf) {
        v = std::sqrt(v) * rarity;
      } else if (v > 0) {
        const double relative = 1 - how.bm25_b + how.bm25_b * length[static_cast<std::size_t>(i)] / mean;
        v = v * (how.bm25_k1 + 1) / (v + how.bm25_k1 * relative) * rarity;
      }
    });
  }
  if (how.center_users)
    for (std::int32_t u = 0; u < x.rows(); ++u) {
      const auto begin = values.begin() + x.offsets()[static_cast<std::size_t>(u)];
      const auto end = values.begin() + x.offsets()[static_cast<std::size_t>(u) + 1];
      double sum = 0;
      for (auto v = begin; v != end; ++v) sum += *v;
      const double mean = begin == end ? 0 : sum / static_cast<double>(end - begin);
      for (auto v = begin; v != end; ++v) *v -= mean;
    }
  return {x.columns(),
          {x.offsets().begin(), x.offsets().end()},
          {x.column_ids().begin(), x.column_ids().end()},
          std::vector<T>(values.begin(), values.end())};
}

}  // namespace detail
}  // namespace reco
