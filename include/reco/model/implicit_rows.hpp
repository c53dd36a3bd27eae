// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/math/identity_plus_gram.hpp"
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

/// The equations of one row in the basis in which the fixed side's Gramian is diagonal,
///
///     A x = F'b      A = D + F'CF      D = w diag(spectrum) + lambda I
///
/// with F the row's h factors, C their weights, b their pulls. With E = C^1/2 F D^-1/2 and g = C^-1/2 b,
///
///     x = D^-1/2 y      (I + E'E) y = E'g      or      y = E'z, (I + EE') z = g
///
/// d × d or h × h, whichever is smaller (Woodbury); both have eigenvalues of 1 and more. Keep one a thread: it
/// allocates only for a row longer than any before. A row's bits depend on its own pairs, their order and the fixed
/// side alone.
template <class T>
class implicit_row {
 public:
  explicit implicit_row(std::int64_t d)
      : d_(d), width_(identity_plus_gram<T>::padded(d)), root_(width_), y_(width_), right_(width_), system_(d) {}

  /// To be called where the fixed side has changed.
  void start_side() { lambda_ = -1; }
  /// Collects the row. False where its equations are singular: no regularization, and a direction without any factor.
  [[nodiscard]] bool gather(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& fixed,
                            std::span<const double> spectrum, const implicit_rule& rule);
  /// Pairs that say something.
  [[nodiscard]] std::int64_t size() const noexcept { return h_; }
  [[nodiscard]] std::int64_t factors() const noexcept { return d_; }
  /// Whether h × h is the smaller system of the two, on whose size the exact solution's time depends.
  [[nodiscard]] static bool short_row(std::int64_t h, std::int64_t width) { return 4 * h <= 3 * width; }

  /// x <- A^-1 F'b. Returns the row's part of the loss, lambda |x|² included.
  [[gnu::noinline]] double solve(std::span<T> x);

  // For iterative solvers: y = D^1/2 x, of `width()` numbers, and g, t of `rows()`, both with zeros at the end.
  [[nodiscard]] std::int64_t width() const noexcept { return width_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return padded_h_; }
  [[nodiscard]] const T* g() const noexcept { return g_.data(); }
  void to_y(std::span<const T> x, T* y) const;
  void to_x(const T* y, std::span<T> x) const;
  /// t <- E y
  void times(const T* y, T* t) const;
  /// out <- E't
  void transposed_times(const T* t, T* out) const;
  /// The columns first..first+count-1 alone: y <- argmin |E y - g|² + |y|²
  void solve_columns(std::int64_t first, std::int64_t count, const T* g, T* y);
  [[nodiscard]] const T* row(std::int64_t n) const noexcept { return e_.data() + n * width_; }
  /// sum over pairs of (their loss at ŷ = 0)
  [[nodiscard]] double loss_at_zero() const noexcept { return loss_at_zero_; }

 private:
  using V = typename detail::simd<T>::type;
  static constexpr std::int64_t lanes = identity_plus_gram<T>::lanes;
  void set_diagonal(std::span<const double> spectrum, double w, double lambda);
  /// p (count × padded h) <- the columns of E as rows
  void transpose(std::int64_t first, std::int64_t count);

  std::int64_t d_, width_, h_ = 0, padded_h_ = 0;
  Eigen::Array<T, Eigen::Dynamic, 1> root_;  // D^-1/2
  Eigen::Array<T, Eigen::Dynamic, 1> y_, right_, e_ = {}, g_ = {}, z_ = {}, p_ = {};
  double lambda_ = -1;  // that root_ was computed with
  double loss_at_zero_ = 0;
  identity_plus_gram<T> system_;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

template <class T, bool high, std::size_t... i>
[[gnu::always_inline]] inline auto zip(typename simd<T>::type a, typename simd<T>::type b, std::index_sequence<i...>) {
  constexpr std::size_t lanes = sizeof...(i), first = high ? lanes / 2 : 0;
  return __builtin_shufflevector(a, b, (first + i / 2 + (i % 2 == 0 ? 0 : lanes))...);
}

/// As many registers as they have lanes, as a square, transposed: log2(lanes) times the first half zipped with the
/// second.
template <class T>
[[gnu::always_inline]] inline void transpose_square(typename simd<T>::type* v) {
  constexpr std::size_t lanes = simd<T>::lanes;
  typename simd<T>::type w[lanes];
#pragma GCC unroll 4
  for (std::size_t stage = 1; stage < lanes; stage *= 2) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < lanes / 2; ++i) {
      w[2 * i] = zip<T, false>(v[i], v[i + lanes / 2], std::make_index_sequence<lanes>());
      w[2 * i + 1] = zip<T, true>(v[i], v[i + lanes / 2], std::make_index_sequence<lanes>());
    }
#pragma GCC unroll 16
    for (std::size_t i = 0; i < lanes; ++i) v[i] = w[i];
  }
}

}  // namespace detail

template <class T>
void implicit_row<T>::set_diagonal(std::span<const double> spectrum, double w, double lambda) {
  if (lambda == lambda_) return;  // rows of equal length stand together
  for (std::int64_t f = 0; f < d_; ++f)
    root_[f] = static_cast<T>(1 / std::sqrt(w * spectrum[static_cast<std::size_t>(f)] + lambda));
  for (std::int64_t f = d_; f < width_; ++f) root_[f] = 0;
  lambda_ = lambda;
}

template <class T>
bool implicit_row<T>::gather(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& fixed,
                             std::span<const double> spectrum, const implicit_rule& rule) {
  h_ = 0;
  loss_at_zero_ = 0;
  const auto room = identity_plus_gram<T>::padded(static_cast<std::int64_t>(others.size()));
  if (g_.size() < room) {
    const std::int64_t grown = std::max<std::int64_t>(room, 2 * g_.size());
    g_.resize(grown);
    z_.resize(grown);
    e_.resize(grown * width_);
  }
  const auto usable = [&](std::size_t n) {
    return others[n] >= 0 && others[n] < fixed.rows() && (values.empty() || values[n] != 0);
  };
  std::size_t pairs = 0;
  for (std::size_t n = 0; n < others.size(); ++n) pairs += usable(n);
  const double lambda = rule.lambda(pairs, fixed.rows());
  if (!(lambda > 0)) {
    const auto [low, top] = std::minmax_element(spectrum.begin(), spectrum.end());
    const double rounding = static_cast<double>(std::numeric_limits<T>::epsilon()) * static_cast<double>(d_);
    if (d_ > 0 && !(rule.unobserved_weight * *low > rule.unobserved_weight * *top * rounding)) return false;
  }
  set_diagonal(spectrum, rule.unobserved_weight, lambda);
  // Factors lie all over a table that is larger than the cache: bound by memory, and asking for those to come
  // beforehand changed nothing that could be measured.
  double value = 0, pull = 0;
  T root = 0, target = 0;
  const T* const diagonal = root_.data();
  for (std::size_t n = 0; n < others.size(); ++n) {
    if (!usable(n)) continue;
    if (const double v = values.empty() ? 1 : static_cast<double>(values[n]); v != value) {
      value = v;
      pull = rule.pull(v);
      const double weight = std::sqrt(rule.weight(v));
      root = static_cast<T>(weight);
      target = static_cast<T>(pull / weight);
    }
    T* const to = e_.data() + h_ * width_;
    const T* const from = fixed.data() + others[n] * d_;
    std::int64_t f = 0;
    for (; f + lanes <= d_; f += lanes)
      detail::simd<T>::store(to + f, root * detail::simd<T>::load(from + f) * detail::simd<T>::load(diagonal + f));
    for (; f < d_; ++f) to[f] = root * from[f] * diagonal[f];
    for (; f < width_; ++f) to[f] = 0;
    g_[h_++] = target;
    loss_at_zero_ += pull;  // c p² (+ w p²)
  }
  padded_h_ = identity_plus_gram<T>::padded(h_);
  std::fill(g_.data() + h_, g_.data() + padded_h_, T(0));
  std::fill(e_.data() + h_ * width_, e_.data() + padded_h_ * width_, T(0));
  return true;
}

template <class T>
void implicit_row<T>::transpose(std::int64_t first, std::int64_t count) {
  const std::int64_t whole = identity_plus_gram<T>::padded(count);
  if (p_.size() < whole * padded_h_) p_.resize(whole * padded_h_);
  for (std::int64_t n = 0; n < padded_h_; n += lanes)
    for (std::int64_t f = 0; f < whole; f += lanes) {
      V v[static_cast<std::size_t>(lanes)];
#pragma GCC unroll 16
      for (std::int64_t r = 0; r < lanes; ++r) v[r] = detail::simd<T>::load(row(n + r) + first + f);
      detail::transpose_square<T>(v);
#pragma GCC unroll 16
      for (std::int64_t r = 0; r < lanes; ++r) detail::simd<T>::store(p_.data() + (f + r) * padded_h_ + n, v[r]);
    }
}

template <class T>
void implicit_row<T>::times(const T* y, T* t) const {
  constexpr std::int64_t block = identity_plus_gram<T>::rows_at_once;
  constexpr auto at_once = static_cast<std::size_t>(std::min(block, lanes));
  for (std::int64_t n = 0; n < padded_h_; n += block) {
    const T* const rows = row(n);
    V sums[static_cast<std::size_t>(block)] = {};
    for (std::int64_t f = 0; f < width_; f += lanes) {
      const V v = detail::simd<T>::load(y + f);
#pragma GCC unroll 8
      for (std::int64_t r = 0; r < block; ++r) sums[r] += v * detail::simd<T>::load(rows + r * width_ + f);
    }
    for (std::size_t r = 0; r < static_cast<std::size_t>(block); r += at_once) {
      const V total = detail::sums_of_lanes<T, at_once>(sums + r);
      for (std::size_t c = 0; c < at_once; ++c) t[n + static_cast<std::int64_t>(r + c)] = total[c];
    }
  }
}

template <class T>
void implicit_row<T>::transposed_times(const T* t, T* out) const {
  std::int64_t f = 0;
  const auto pass = [&]<std::size_t registers>(std::integral_constant<std::size_t, registers>) {
    V sums[registers] = {};
    const T* from = e_.data() + f;
    for (std::int64_t n = 0; n < h_; ++n, from += width_)
#pragma GCC unroll 8
      for (std::size_t c = 0; c < registers; ++c)
        sums[c] += t[n] * detail::simd<T>::load(from + static_cast<std::int64_t>(c) * lanes);
#pragma GCC unroll 8
    for (std::size_t c = 0; c < registers; ++c)
      detail::simd<T>::store(out + f + static_cast<std::int64_t>(c) * lanes, sums[c]);
    f += static_cast<std::int64_t>(registers) * lanes;
  };
  while (f + 8 * lanes <= width_) pass(std::integral_constant<std::size_t, 8>());
  while (f < width_) pass(std::integral_constant<std::size_t, 1>());
}

template <class T>
void implicit_row<T>::to_y(std::span<const T> x, T* y) const {
  for (std::int64_t f = 0; f < d_; ++f) y[f] = x[static_cast<std::size_t>(f)] / root_[f];
  std::fill(y + d_, y + width_, T(0));
}

template <class T>
void implicit_row<T>::to_x(const T* y, std::span<T> x) const {
  for (std::int64_t f = 0; f < d_; ++f) x[static_cast<std::size_t>(f)] = y[f] * root_[f];
}

template <class T>
double implicit_row<T>::solve(std::span<T> x) {
  double fit = 0;  // b'F x; at the minimum the loss is that at 0 less this
  if (short_row(h_, width_)) {
    transpose(0, width_);
    system_.reserve(h_);
    system_.start(h_);
    system_.add(p_.data(), d_, padded_h_);
    system_.factor();
    std::copy_n(g_.data(), padded_h_, z_.data());
    system_.solve(z_.data());
    transposed_times(z_.data(), y_.data());
    for (std::int64_t n = 0; n < h_; ++n)  // EE'z = g - z
      fit += static_cast<double>(g_[n]) * (static_cast<double>(g_[n]) - static_cast<double>(z_[n]));
  } else {
    system_.start(d_);
    system_.add(e_.data(), h_, width_);
    system_.factor();
    transposed_times(g_.data(), y_.data());
    right_ = y_;
    system_.solve(y_.data());
    fit = static_cast<double>(right_.matrix().dot(y_.matrix()));
  }
  to_x(y_.data(), x);
  return loss_at_zero_ - fit;
}

template <class T>
void implicit_row<T>::solve_columns(std::int64_t first, std::int64_t count, const T* g, T* y) {
  RECO_ASSERT(first % lanes == 0);
  system_.start(count);
  system_.add(e_.data() + first, h_, width_);
  system_.factor();
  const std::int64_t whole = std::min(identity_plus_gram<T>::padded(count), width_ - first);
  std::fill_n(y, whole, T(0));
  for (std::int64_t n = 0; n < h_; ++n)
    for (std::int64_t f = 0; f < whole; ++f) y[f] += g[n] * row(n)[first + f];
  system_.solve(y);
}

}  // namespace reco
