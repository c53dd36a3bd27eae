// SPDX-License-Identifier: MIT
// The textbook ways, as good libraries have them: factors gathered into a block, Eigen's rankUpdate and LLT; or three
// steps of conjugate gradient on the shared Gramian and one pair after the other.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <Eigen/Cholesky>

#include "fit_implicit_als/data.hpp"
#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

namespace fit_implicit_als {

namespace {

using pair_rows = reco::csr_matrix<float>;

constexpr Eigen::Index most = 128;  // factors gathered at a time

/// w Y'Y + lambda
dense shared_part(const reco::matrix<float>& y, float w, float lambda) {
  dense shared = w * (y.transpose() * y);
  shared.diagonal().array() += lambda;
  return shared;
}

/// (shared + sum of y_i y_i') x = sum of y_i, over a row's items.
template <class X>
void solve_row(const dense& shared, const reco::matrix<float>& y, std::span<const std::int32_t> items, dense& a,
               dense& block, reco::column<float>& b, X&& x) {
  a = shared;
  b.setZero();
  for (std::size_t n = 0; n < items.size();) {
    Eigen::Index filled = 0;
    for (; n < items.size() && filled < most; ++n, ++filled) {
      block.col(filled) = y.row(items[n]).transpose();
      b += block.col(filled);
    }
    a.selfadjointView<Eigen::Lower>().rankUpdate(block.leftCols(filled));
  }
  const Eigen::LLT<Eigen::Ref<dense>> cholesky(a);
  x = cholesky.solve(b).transpose();
}

void exact_half(const pair_rows& pairs, const reco::matrix<float>& y, reco::matrix<float>& x, float w, float lambda,
                reco::thread_pool& pool) {
  const Eigen::Index d = y.cols();
  const dense shared = shared_part(y, w, lambda);
  reco::for_chunks(pool, pairs.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    dense a(d, d), block(d, most);
    reco::column<float> b(d);
    for (auto r = static_cast<std::int32_t>(begin); r < end; ++r)
      solve_row(shared, y, pairs.row(r).columns, a, block, b, x.row(r));
  });
}

void cg_half(const pair_rows& pairs, const reco::matrix<float>& y, reco::matrix<float>& x, float w, float lambda,
             reco::thread_pool& pool) {
  reco::matrix<float> shared = w * (y.transpose() * y);
  shared.diagonal().array() += lambda;
  reco::for_chunks(pool, pairs.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    reco::column<float> v, r, p, q;
    for (auto u = static_cast<std::int32_t>(begin); u < end; ++u) {
      const auto row = pairs.row(u);
      v = x.row(u).transpose();
      r.noalias() = shared * -v;  // faster than the product that reads half of it
      for (const auto i : row.columns) r += (1 - y.row(i).dot(v)) * y.row(i).transpose();
      p = r;
      float rr = r.squaredNorm();
      for (int step = 0; step < 3 && rr > 1e-20F; ++step) {
        q.noalias() = shared * p;
        for (const auto i : row.columns) q += y.row(i).dot(p) * y.row(i).transpose();
        const float a = rr / p.dot(q);
        v += a * p;
        r -= a * q;
        const float next = r.squaredNorm();
        p = r + (next / rr) * p;
        rr = next;
      }
      x.row(u) = v.transpose();
    }
  });
}

}  // namespace

textbook::textbook(const reco::dataset<float>& data, const reco::implicit_als& options, way how,
                   reco::thread_pool& pool)
    : users(data.users(), options.factors),
      items(reco::matrix<float>::Zero(data.items(), options.factors)),
      o_(options),
      how_(how),
      pool_(pool),
      by_user_(data.matrix().by_user()),
      by_item_(by_user_.transposed()) {
  const double stddev = o_.init_stddev / std::sqrt(static_cast<double>(o_.factors));
  for (std::int32_t u = 0; u < data.users(); ++u) {
    reco::random_engine random(o_.seed, static_cast<std::uint64_t>(u));
    for (Eigen::Index n = 0; n < o_.factors; ++n)
      users(u, n) = data.of(u).empty() ? 0.0F : static_cast<float>(stddev * reco::normal(random));
  }
}

void textbook::epoch() {
  const auto w = static_cast<float>(o_.unobserved_weight), lambda = static_cast<float>(o_.regularization);
  const auto half = how_ == way::exact ? exact_half : cg_half;
  half(by_item_, users, items, w, lambda, pool_);
  half(by_user_, items, users, w, lambda, pool_);
}

textbook_fold_in::textbook_fold_in(const reco::matrix<float>& items, const reco::implicit_als& o)
    : items_(items),
      shared_(shared_part(items, static_cast<float>(o.unobserved_weight), static_cast<float>(o.regularization))),
      a_(items.cols(), items.cols()),
      block_(items.cols(), most),
      b_(items.cols()) {}

reco::column<float> textbook_fold_in::operator()(std::span<const std::int32_t> history) {
  reco::matrix<float> x(1, items_.cols());
  solve_row(shared_, items_, history, a_, block_, b_, x.row(0));
  return x.transpose();
}

}  // namespace fit_implicit_als
