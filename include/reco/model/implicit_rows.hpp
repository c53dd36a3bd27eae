// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/math/identity_plus_gram.hpp"
#include "reco/math/lanes.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/simd.hpp"

namespace reco::inline RECO_ABI() {

/// What a pair (u, i) with value v says, and how rows are regularized, in the least squares of implicit feedback:
///
///     weight  c = alpha |v|           preference p = 1 if v > 0, else 0           v = 0 says nothing
///     loss    sum over pairs of c (ŷ - p)² + unobserved_weight · sum over all of ŷ² + sum over rows of lambda |x|²
///
/// and with `observed_instead` (Hu, Koren and Volinsky) an observed pair is not drawn to 0 at all: (c + w)(ŷ - p)².
struct implicit_rule {
  double alpha = 1;
  double unobserved_weight = 0.1;
  double regularization = 0.01;
  double regularization_exponent = 1;
  bool observed_instead = false;

  [[nodiscard]] double weight(double value) const { return alpha * std::abs(value); }
  /// What stands beside the item's vector on the right-hand side.
  [[nodiscard]] double pull(double value) const {
    return value > 0 ? weight(value) + (observed_instead ? unobserved_weight : 0) : 0;
  }
  /// lambda = regularization · (n + unobserved_weight · others)^exponent of a row with n pairs.
  [[nodiscard]] double lambda(std::size_t n, std::int64_t others) const {
    const double base = static_cast<double>(n) + unobserved_weight * static_cast<double>(others);
    return regularization * (regularization_exponent == 0 ? 1 : std::pow(base, regularization_exponent));
  }
};

/// D^-1/2 of a fixed side, D = w diag(spectrum) + lambda I: kept for rows of one lambda after the other.
template <class T>
class inverse_root {
 public:
  explicit inverse_root(std::int64_t width) : numbers_(Eigen::Array<T, Eigen::Dynamic, 1>::Zero(width)) {}
  /// To be called where the fixed side has changed.
  void start_side() { lambda_ = -1; }
  [[nodiscard]] const Eigen::Array<T, Eigen::Dynamic, 1>& of(std::span<const double> spectrum, double w,
                                                             double lambda) {
    if (lambda != lambda_) {  // rows of equal length stand together
      const auto d = std::ssize(spectrum);
      const Eigen::Map<const Eigen::ArrayXd> s(spectrum.data(), d);
      numbers_.head(d) = (w * s + lambda).sqrt().inverse().template cast<T>();
      lambda_ = lambda;
    }
    return numbers_;
  }

 private:
  Eigen::Array<T, Eigen::Dynamic, 1> numbers_;  // zeros beyond d
  double lambda_ = -1;
};

/// The equations of one row in the basis in which the fixed side's Gramian is diagonal,
///
///     A x = F'b      A = D + F'CF      D = w diag(spectrum) + lambda I
///
/// with F the row's h factors, C their weights, b their pulls. With E = C^1/2 F D^-1/2 and g = C^-1/2 b,
///
///     x = D^-1/2 y      (I + E'E) y = E'g      or      y = E'z, (I + EE') z = g
///
/// both with eigenvalues of 1 and more. It allocates only for a row longer than any before.
template <class T>
class implicit_row {
 public:
  explicit implicit_row(std::int64_t d)
      : d_(d), root_(Eigen::Array<T, Eigen::Dynamic, 1>::Zero(identity_plus_gram<T>::padded(d))) {}

  /// Collects the row. False where its equations are singular: no regularization, and a direction without any factor.
  [[nodiscard]] bool gather(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& fixed,
                            std::span<const double> spectrum, const implicit_rule& rule, inverse_root<T>& root);
  /// h: pairs that say something.
  [[nodiscard]] std::int64_t size() const noexcept { return h_; }
  /// As many rows and columns as fill whole registers, with zeros: of E, g and y.
  [[nodiscard]] std::int64_t rows() const noexcept { return padded_h_; }
  [[nodiscard]] std::int64_t width() const noexcept { return root_.size(); }
  [[nodiscard]] std::int64_t factors() const noexcept { return d_; }
  [[nodiscard]] const T* e() const noexcept { return e_.data(); }
  [[nodiscard]] const T* row(std::int64_t n) const noexcept { return e_.data() + n * width(); }
  [[nodiscard]] const T* g() const noexcept { return g_.data(); }
  [[nodiscard]] double lambda() const noexcept { return lambda_; }
  /// sum over pairs of (their loss at ŷ = 0)
  [[nodiscard]] double loss_at_zero() const noexcept { return loss_at_zero_; }
  /// The loss at the minimum, lambda |x|² included, from the h numbers z = g - E y: that at 0 less b'F x.
  [[nodiscard]] double loss_at_minimum(const T* z) const;

  void to_y(std::span<const T> x, T* y) const;
  void to_x(const T* y, std::span<T> x) const;
  /// t <- E y
  void times(const T* y, T* t) const;
  /// out <- E't
  void transposed_times(const T* t, T* out) const;
  /// t <- E y and out <- E't, in one pass over E
  void normal_times(const T* y, T* t, T* out) const {
    passes(y, t, out, [](std::int64_t, V sum) { return sum; });
  }
  /// t <- E y and out <- E'(g - t), in one pass over E
  void residual_times(const T* y, T* t, T* out) const {
    passes(y, t, out, [this](std::int64_t n, V sum) { return detail::simd<T>::load(g() + n) - sum; });
  }

 private:
  using V = typename detail::simd<T>::type;
  static constexpr std::int64_t lanes = identity_plus_gram<T>::lanes;
  /// E y, of as many rows as a register has lanes.
  [[nodiscard]] V products(std::int64_t n, const T* y) const;
  template <class Weights>
  void passes(const T* y, T* t, T* out, Weights weights) const;
  /// out <- out + E't, of a few rows.
  void add_rows(std::int64_t n, std::int64_t count, const T* t, T* out) const;

  std::int64_t d_, h_ = 0, padded_h_ = 0;
  Eigen::Array<T, Eigen::Dynamic, 1> root_, e_ = {}, g_ = {};  // D^-1/2, E, g
  double lambda_ = 0, loss_at_zero_ = 0;
};

// ---------------------------------------------------------------------------------------------------

template <class T>
bool implicit_row<T>::gather(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& fixed,
                             std::span<const double> spectrum, const implicit_rule& rule, inverse_root<T>& root) {
  h_ = 0;
  loss_at_zero_ = 0;
  const std::int64_t width = this->width();
  const auto room = identity_plus_gram<T>::padded(static_cast<std::int64_t>(others.size()));
  if (g_.size() < room) {
    const std::int64_t grown = std::max<std::int64_t>(room, 2 * g_.size());
    g_.resize(grown);
    e_.resize(grown * width);
  }
  const auto usable = [&](std::size_t n) {
    return others[n] >= 0 && others[n] < fixed.rows() && (values.empty() || values[n] != 0);
  };
  std::size_t pairs = 0;
  for (std::size_t n = 0; n < others.size(); ++n) pairs += usable(n);
  lambda_ = rule.lambda(pairs, fixed.rows());
  if (!(lambda_ > 0)) {
    const auto [low, top] = std::minmax_element(spectrum.begin(), spectrum.end());
    const double rounding = static_cast<double>(std::numeric_limits<T>::epsilon()) * static_cast<double>(d_);
    if (d_ > 0 && !(rule.unobserved_weight * *low > rule.unobserved_weight * *top * rounding)) return false;
  }
  root_ = root.of(spectrum, rule.unobserved_weight, lambda_);
  // Factors lie all over a table that is larger than the cache: those a few pairs ahead are asked for.
  constexpr std::size_t ahead = 8;
  double value = 0, pull = 0;
  T scale = 0, target = 0;
  const T* const diagonal = root_.data();
  for (std::size_t n = 0; n < others.size(); ++n) {
    if (!usable(n)) continue;
    if (n + ahead < others.size() && usable(n + ahead)) {
      const T* const later = fixed.data() + others[n + ahead] * d_;
      for (std::int64_t f = 0; f < d_; f += lanes) __builtin_prefetch(later + f);
    }
    if (const double v = values.empty() ? 1 : static_cast<double>(values[n]); v != value) {
      value = v;
      pull = rule.pull(v);
      const double weight = std::sqrt(rule.weight(v));
      scale = static_cast<T>(weight);
      target = static_cast<T>(pull / weight);
    }
    T* const to = e_.data() + h_ * width;
    const T* const from = fixed.data() + others[n] * d_;
    std::int64_t f = 0;
    for (; f + lanes <= d_; f += lanes)
      detail::simd<T>::store(to + f, scale * detail::simd<T>::load(from + f) * detail::simd<T>::load(diagonal + f));
    for (; f < d_; ++f) to[f] = scale * from[f] * diagonal[f];
    for (; f < width; ++f) to[f] = 0;
    g_[h_++] = target;
    loss_at_zero_ += pull;  // c p² (+ w p²)
  }
  padded_h_ = identity_plus_gram<T>::padded(h_);
  std::fill(g_.data() + h_, g_.data() + padded_h_, T(0));
  std::fill(e_.data() + h_ * width, e_.data() + padded_h_ * width, T(0));
  return true;
}

template <class T>
auto implicit_row<T>::products(std::int64_t n, const T* y) const -> V {
  const std::int64_t width = this->width();
  const T* const rows = row(n);
  V sums[static_cast<std::size_t>(lanes)] = {};
  for (std::int64_t f = 0; f < width; f += lanes) {
    const V v = detail::simd<T>::load(y + f);
#pragma GCC unroll 16
    for (std::int64_t r = 0; r < lanes; ++r) sums[r] += v * detail::simd<T>::load(rows + r * width + f);
  }
  return detail::sums_of_lanes<T, static_cast<std::size_t>(lanes)>(sums);
}

template <class T>
void implicit_row<T>::add_rows(std::int64_t n, std::int64_t count, const T* t, T* out) const {
  const std::int64_t width = this->width();
  const auto pass = [&]<std::size_t registers>(std::int64_t f, std::integral_constant<std::size_t, registers>) {
    V sums[registers];
#pragma GCC unroll 8
    for (std::size_t c = 0; c < registers; ++c)
      sums[c] = detail::simd<T>::load(out + f + static_cast<std::int64_t>(c) * lanes);
    const T* from = row(n) + f;
    for (std::int64_t r = 0; r < count; ++r, from += width)
#pragma GCC unroll 8
      for (std::size_t c = 0; c < registers; ++c)
        sums[c] += t[r] * detail::simd<T>::load(from + static_cast<std::int64_t>(c) * lanes);
#pragma GCC unroll 8
    for (std::size_t c = 0; c < registers; ++c)
      detail::simd<T>::store(out + f + static_cast<std::int64_t>(c) * lanes, sums[c]);
  };
  std::int64_t f = 0;
  for (; f + 8 * lanes <= width; f += 8 * lanes) pass(f, std::integral_constant<std::size_t, 8>());
  for (; f < width; f += lanes) pass(f, std::integral_constant<std::size_t, 1>());
}

template <class T>
template <class Weights>
void implicit_row<T>::passes(const T* y, T* t, T* out, Weights weights) const {
  std::fill_n(out, width(), T(0));
  for (std::int64_t n = 0; n < padded_h_; n += lanes) {
    const V sums = products(n, y);
    detail::simd<T>::store(t + n, sums);
    T some[static_cast<std::size_t>(lanes)];
    detail::simd<T>::store(some, weights(n, sums));
    add_rows(n, std::min(lanes, h_ - n), some, out);
  }
}

template <class T>
void implicit_row<T>::times(const T* y, T* t) const {
  for (std::int64_t n = 0; n < padded_h_; n += lanes) detail::simd<T>::store(t + n, products(n, y));
}

template <class T>
void implicit_row<T>::transposed_times(const T* t, T* out) const {
  std::fill_n(out, width(), T(0));
  add_rows(0, h_, t, out);
}

template <class T>
void implicit_row<T>::to_y(std::span<const T> x, T* y) const {
  for (std::int64_t f = 0; f < d_; ++f) y[f] = x[static_cast<std::size_t>(f)] / root_[f];
  std::fill(y + d_, y + width(), T(0));
}

template <class T>
void implicit_row<T>::to_x(const T* y, std::span<T> x) const {
  for (std::int64_t f = 0; f < d_; ++f) x[static_cast<std::size_t>(f)] = y[f] * root_[f];
}

template <class T>
double implicit_row<T>::loss_at_minimum(const T* z) const {
  double fit = 0;
  for (std::int64_t n = 0; n < h_; ++n)
    fit += static_cast<double>(g_[n]) * (static_cast<double>(g_[n]) - static_cast<double>(z[n]));
  return loss_at_zero_ - fit;
}

}  // namespace reco
