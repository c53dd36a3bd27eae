// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/executor.hpp"
#include "reco/ltr/feature_bins.hpp"

namespace reco::inline RECO_ABI() {

/// A gradient and a hessian, or sums of them, as whole numbers in one word: the gradient in the upper half, signed, the
/// hessian in the lower. One addition adds both, and whole numbers are added in any order to the same bits: histograms
/// do not depend on threads, and parent minus child is exactly the other child.
using gradient_sum = std::uint64_t;

[[nodiscard]] constexpr gradient_sum pack_gradient(std::int64_t gradient, std::uint32_t hessian) noexcept {
  return (static_cast<std::uint64_t>(gradient) << 32) + hessian;
}
[[nodiscard]] constexpr std::int32_t gradient_of(gradient_sum s) noexcept {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(s >> 32));
}
[[nodiscard]] constexpr std::uint32_t hessian_of(gradient_sum s) noexcept { return static_cast<std::uint32_t>(s); }

/// Gradients in units so small that the sums over all rows just fit: a unit is 2^-31 of the sum of all absolute values,
/// 5e-5 of the mean gradient at a hundred thousand rows, and what is rounded off averages out. (LightGBM's quantised
/// training, Shi et al. 2022, does with 2 to 5 bits a row; here a row has as many as fit.)
struct quantised_gradients {
  std::vector<gradient_sum> of = {};  ///< by row
  double gradient_unit = 1;
  double hessian_unit = 1;
};

/// Hessians must not be negative. Sums in chunk order.
void quantise(std::span<const float> gradients, std::span<const float> hessians, quantised_gradients& out,
              executor_ref executor = {});

/// Adds the gradients of some rows to the histograms of a group of features: `histograms` has `width` × `most_bins`
/// sums. `rows` names the rows whose gradients are `gradients`, in the same order; empty: they are rows 0, 1, 2, ….
void add_to_histograms(const std::uint8_t* group, std::span<const std::uint32_t> rows,
                       std::span<const gradient_sum> gradients, gradient_sum* histograms) noexcept;

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Sum over chunks in their order.
template <class F>
double ordered_sum(executor_ref executor, std::int64_t n, F&& f) {
  constexpr std::int64_t chunk = 16384;
  std::vector<double> parts(static_cast<std::size_t>((n + chunk - 1) / chunk));
  for_chunks(executor, n, chunk, [&](std::int64_t begin, std::int64_t end) {
    double sum = 0;
    for (auto i = begin; i < end; ++i) sum += f(static_cast<std::size_t>(i));
    parts[static_cast<std::size_t>(begin / chunk)] = sum;
  });
  double sum = 0;
  for (const double part : parts) sum += part;
  return sum;
}

}  // namespace detail

inline void quantise(std::span<const float> gradients, std::span<const float> hessians, quantised_gradients& out,
                     executor_ref executor) {
  const auto n = static_cast<std::int64_t>(gradients.size());
  const double g = detail::ordered_sum(executor, n, [&](std::size_t i) { return std::abs(double{gradients[i]}); });
  const double h = detail::ordered_sum(executor, n, [&](std::size_t i) { return double{hessians[i]}; });
  // Rounding may add half a unit a row.
  const double most_g = 0x1p31 - 1 - static_cast<double>(n), most_h = 0x1p32 - 1 - static_cast<double>(n);
  const double per_g = g > 0 ? most_g / g : 1, per_h = h > 0 ? most_h / h : 1;
  out.gradient_unit = 1 / per_g;
  out.hessian_unit = 1 / per_h;
  out.of.resize(gradients.size());
  for_chunks(executor, n, 16384, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      out.of[i] = pack_gradient(std::llrint(gradients[i] * per_g),
                                static_cast<std::uint32_t>(std::llrint(hessians[i] * per_h)));
  });
}

inline void add_to_histograms(const std::uint8_t* group, std::span<const std::uint32_t> rows,
                              std::span<const gradient_sum> gradients, gradient_sum* histograms) noexcept {
  constexpr std::size_t width = feature_bins::width, bins = feature_bins::most_bins;
  // Sixteen independent additions a row: the processor has others to do while one waits for the bin it added to last.
  const auto add_row = [&](const std::uint8_t* bin, gradient_sum gradient) {
#pragma GCC unroll 16
    for (std::size_t k = 0; k < width; ++k) histograms[k * bins + bin[k]] += gradient;
  };
  if (rows.empty()) {
    for (std::size_t n = 0; n < gradients.size(); ++n) add_row(group + n * width, gradients[n]);
    return;
  }
  constexpr std::size_t ahead = 24;
  std::size_t n = 0;
  for (; n + ahead < gradients.size(); ++n) {
    __builtin_prefetch(group + rows[n + ahead] * width);
    add_row(group + rows[n] * width, gradients[n]);
  }
  for (; n < gradients.size(); ++n) add_row(group + rows[n] * width, gradients[n]);
}

}  // namespace reco
