// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/math/identity_plus_gram.hpp"
#include "reco/math/identity_plus_grams.hpp"
#include "reco/math/simd.hpp"
#include "reco/model/implicit_rows.hpp"

namespace reco::inline RECO_ABI() {

/// Exact solutions of rows of implicit least squares, x = A^-1 F'b:
///
///     exact_rows<float> exact(d);
///     exact.start_side();
///     if (exact.gather(…)) loss += exact.solve(x);      // for each row; a short one waits for others
///     loss += exact.finish();
///
/// A row of h pairs takes the smaller of its two systems, d × d or h × h (Woodbury): h² d / 2 + h³ / 6 multiply-adds or
/// h d² / 2 + d³ / 6. Short rows are solved several at once, one in each lane of a register, which spares them waiting
/// for their own square roots. A row's bits depend on its own pairs, their order and the fixed side alone. Keep one a
/// thread.
template <class T>
class exact_rows {
 public:
  explicit exact_rows(std::int64_t d)
      : rows_(1, implicit_row<T>(d)), root_(rows_[0].width()), y_(rows_[0].width()), right_(y_.size()) {}

  /// Pairs up to which rows are solved several at once.
  static constexpr std::int64_t few = 32;

  /// To be called where the fixed side has changed.
  void start_side() {
    root_.start_side();
    waiting_ = 0;
  }
  /// Collects a row, in place of one that was not solved. False where its equations are singular.
  [[nodiscard]] bool gather(std::span<const std::int32_t> others, std::span<const T> values, const matrix<T>& fixed,
                            std::span<const double> spectrum, const implicit_rule& rule) {
    return rows_[waiting_].gather(others, values, fixed, spectrum, rule, root_);
  }
  [[nodiscard]] const implicit_row<T>& row() const noexcept { return rows_[waiting_]; }
  /// Returns the parts of the loss, lambda |x|² included, of rows that are done.
  double solve(std::span<T> x);
  /// What waits.
  double finish();

 private:
  using V = typename detail::simd<T>::type;
  using short_ones = identity_plus_grams<T>;
  static constexpr std::int64_t lanes = identity_plus_gram<T>::lanes;
  [[gnu::noinline]] double solve_by_pairs(const implicit_row<T>& row, std::span<T> x);
  [[gnu::noinline]] double solve_by_factors(const implicit_row<T>& row, std::span<T> x);
  /// p (width × padded h) <- E'
  void transpose(const implicit_row<T>& row);

  std::vector<implicit_row<T>> rows_;  // that wait, and one more
  std::array<std::span<T>, static_cast<std::size_t>(short_ones::count)> solutions_ = {};
  std::size_t waiting_ = 0;
  inverse_root<T> root_;
  short_ones short_ones_ = {};
  Eigen::Array<T, Eigen::Dynamic, 1> y_, right_, p_ = {}, z_ = {};
  identity_plus_gram<T> system_{0};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
double exact_rows<T>::solve(std::span<T> x) {
  const implicit_row<T>& row = this->row();
  if (4 * row.size() > 3 * row.width()) return solve_by_factors(row, x);
  if (row.size() > few) return solve_by_pairs(row, x);
  solutions_[waiting_++] = x;
  if (waiting_ == solutions_.size()) return finish();
  if (waiting_ == rows_.size()) rows_.emplace_back(row.factors());
  return 0;
}

template <class T>
double exact_rows<T>::finish() {
  if (waiting_ == 0) return 0;
  const auto count = std::exchange(waiting_, 0);
  std::int64_t most = 0;
  for (std::size_t s = 0; s < count; ++s) most = std::max(most, rows_[s].size());
  short_ones_.start(most);
  for (std::size_t s = 0; s < count; ++s) {
    const auto& row = rows_[s];
    short_ones_.set(static_cast<std::int64_t>(s), row.e(), row.size(), row.width(), row.g());
  }
  short_ones_.solve();
  double loss = 0;
  T z[few];
  for (std::size_t s = 0; s < count; ++s) {
    const auto& row = rows_[s];
    for (std::int64_t n = 0; n < row.size(); ++n) z[n] = short_ones_.solution(static_cast<std::int64_t>(s), n);
    row.transposed_times(z, y_.data());
    row.to_x(y_.data(), solutions_[s]);
    loss += row.loss_at_minimum(z);
  }
  return loss;
}

template <class T>
double exact_rows<T>::solve_by_pairs(const implicit_row<T>& row, std::span<T> x) {
  if (z_.size() < row.rows()) z_.resize(2 * row.rows());
  transpose(row);
  system_.reserve(row.size());
  system_.start(row.size());
  system_.add(p_.data(), row.factors(), row.rows());
  system_.factor();
  std::copy_n(row.g(), row.rows(), z_.data());
  system_.solve(z_.data());
  row.transposed_times(z_.data(), y_.data());
  row.to_x(y_.data(), x);
  return row.loss_at_minimum(z_.data());
}

template <class T>
double exact_rows<T>::solve_by_factors(const implicit_row<T>& row, std::span<T> x) {
  system_.reserve(row.factors());
  system_.start(row.factors());
  system_.add(row.e(), row.size(), row.width());
  system_.factor();
  row.transposed_times(row.g(), y_.data());
  right_ = y_;
  system_.solve(y_.data());
  row.to_x(y_.data(), x);
  return row.loss_at_zero() - static_cast<double>(right_.matrix().dot(y_.matrix()));
}

template <class T>
void exact_rows<T>::transpose(const implicit_row<T>& row) {
  const std::int64_t width = row.width(), rows = row.rows();
  if (p_.size() < width * rows) p_.resize(width * rows);
  for (std::int64_t n = 0; n < rows; n += lanes)
    for (std::int64_t f = 0; f < width; f += lanes) {
      V v[static_cast<std::size_t>(lanes)];
#pragma GCC unroll 16
      for (std::int64_t r = 0; r < lanes; ++r) v[r] = detail::simd<T>::load(row.row(n + r) + f);
      detail::transpose_square<T>(v);
#pragma GCC unroll 16
      for (std::int64_t r = 0; r < lanes; ++r) detail::simd<T>::store(p_.data() + (f + r) * rows + n, v[r]);
    }
}

}  // namespace reco
