// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <Eigen/Core>

#include "reco/base/config.hpp"
#include "reco/model/implicit_rows.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// Conjugate gradient for a row of ALS (Takács, Pilászy and Tikk, "Applications of the conjugate gradient method for
/// implicit feedback collaborative filtering", 2011) on (I + E'E) y = E'g. Dividing by the diagonal D of the eigenbasis
/// is the preconditioner, and costs nothing: the dense part of the product is the identity. A step is one pass over the
/// row's E, which stays in the cache: O(h d).
template <class T>
class als_cg {
 public:
  explicit als_cg(std::int64_t width) : y_(width), r_(width), p_(width), q_(width) {}

  /// x <- x after so many steps. Returns the row's part of the loss.
  double solve(const implicit_row<T>& row, int steps, std::span<T> x) {
    const auto h = row.rows();
    if (t_.size() < h) {
      t_.resize(2 * h);
      s_.resize(2 * h);
    }
    auto t = t_.head(h), s = s_.head(h);
    const Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>> g(row.g(), h);
    row.to_y(x, y_.data());
    row.residual_times(y_.data(), t.data(), r_.data());  // t = E y
    r_ -= y_;                                            // r = E'(g - t) - y
    p_ = r_;
    T rr = r_.matrix().squaredNorm();
    for (int step = 0; step < steps && rr > 0; ++step) {
      row.normal_times(p_.data(), s.data(), q_.data());
      q_ += p_;  // q = (I + E'E) p
      const T a = rr / p_.matrix().dot(q_.matrix());
      y_ += a * p_;
      t += a * s;
      r_ -= a * q_;
      const T next = r_.matrix().squaredNorm();
      p_ = r_ + (next / rr) * p_;
      rr = next;
    }
    row.to_x(y_.data(), x);
    // x'Ax - 2 b'Fx = -b'Fx - r'y
    return row.loss_at_zero() - static_cast<double>(g.matrix().dot(t.matrix())) -
           static_cast<double>(r_.matrix().dot(y_.matrix()));
  }

 private:
  Eigen::Array<T, Eigen::Dynamic, 1> y_, r_, p_, q_, t_ = {}, s_ = {};
};

}  // namespace detail
}  // namespace reco
