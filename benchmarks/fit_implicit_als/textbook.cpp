// SPDX-License-Identifier: MIT
// The textbook ways, as good libraries have them: factors gathered into a block, Eigen's rankUpdate and LLT; or three
// steps of conjugate gradient on the shared Gramian and one pair after the other.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <Eigen/Cholesky>

#include "fit_implicit_als/data.hpp"
#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

namespace fit_implicit_als {

namespace {

using pair_rows = reco::csr_matrix<float>;

using dense = Eigen::MatrixXf;  // column-major: where Eigen's Cholesky factorization of a lower triangle is fastest

void exact_half(const pair_rows& pairs, const reco::matrix<float>& y, reco::matrix<float>& x, float w, float lambda,
                reco::thread_pool& pool) {
  const Eigen::Index d = y.cols();
  dense shared = w * (y.transpose() * y);
  shared.diagonal().array() += lambda;
  reco::for_chunks(pool, pairs.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    constexpr Eigen::Index most = 128;
    dense a(d, d), block(d, most);
    reco::column<float> b(d);
    for (auto r = static_cast<std::int32_t>(begin); r < end; ++r) {
      const auto row = pairs.row(r);
      a = shared;
      b.setZero();
      for (std::size_t n = 0; n < row.size();) {
        Eigen::Index filled = 0;
        for (; n < row.size() && filled < most; ++n, ++filled) {
          block.col(filled) = y.row(row.columns[n]).transpose();
          b += block.col(filled);
        }
        a.selfadjointView<Eigen::Lower>().rankUpdate(block.leftCols(filled));
      }
      const Eigen::LLT<Eigen::Ref<dense>> cholesky(a);
      x.row(r) = cholesky.solve(b).transpose();
    }
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

}  // namespace fit_implicit_als
