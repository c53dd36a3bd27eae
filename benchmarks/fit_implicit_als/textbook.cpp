// SPDX-License-Identifier: MIT
// The textbook ways, as good libraries have them: factors gathered into a block, Eigen's rankUpdate and LLT; or three
// steps of conjugate gradient on the shared Gramian and one pair after the other.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <Eigen/Cholesky>

#include "fit_implicit_als/data.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"

namespace fit_implicit_als {

namespace {

using rows = reco::csr_matrix<float>;

void exact_half(const rows& pairs, const reco::matrix<float>& y, reco::matrix<float>& x, float w, float lambda,
                reco::thread_pool& pool) {
  const Eigen::Index d = y.cols();
  reco::matrix<float> shared = w * (y.transpose() * y);
  shared.diagonal().array() += lambda;
  reco::for_chunks(pool, pairs.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    constexpr Eigen::Index most = 128;
    reco::matrix<float> a(d, d), block(most, d);
    for (auto r = static_cast<std::int32_t>(begin); r < end; ++r) {
      const auto row = pairs.row(r);
      a = shared;
      reco::column<float> b = reco::column<float>::Zero(d);
      for (std::size_t n = 0; n < row.size();) {
        Eigen::Index filled = 0;
        for (; n < row.size() && filled < most; ++n, ++filled) block.row(filled) = y.row(row.columns[n]);
        a.selfadjointView<Eigen::Lower>().rankUpdate(block.topRows(filled).transpose());
        b += block.topRows(filled).colwise().sum().transpose();
      }
      const Eigen::LLT<Eigen::Ref<reco::matrix<float>>> cholesky(a);
      x.row(r) = cholesky.solve(b).transpose();
    }
  });
}

void cg_half(const rows& pairs, const reco::matrix<float>& y, reco::matrix<float>& x, float w, float lambda,
             reco::thread_pool& pool) {
  reco::matrix<float> shared = w * (y.transpose() * y);
  shared.diagonal().array() += lambda;
  reco::for_chunks(pool, pairs.rows(), 32, [&](std::int64_t begin, std::int64_t end) {
    reco::column<float> v, r, p, q;
    for (auto u = static_cast<std::int32_t>(begin); u < end; ++u) {
      const auto row = pairs.row(u);
      v = x.row(u).transpose();
      r = -(shared.selfadjointView<Eigen::Lower>() * v);
      for (const auto i : row.columns) r += (1 - y.row(i).dot(v)) * y.row(i).transpose();
      p = r;
      float rr = r.squaredNorm();
      for (int step = 0; step < 3 && rr > 1e-20F; ++step) {
        q = shared.selfadjointView<Eigen::Lower>() * p;
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

template <class Half>
factors_pair fit(const reco::dataset<float>& data, const reco::implicit_als& o, unsigned threads, Half half) {
  reco::thread_pool pool(threads);
  const reco::detail::user_rows<reco::dataset<float>> rows(data);
  const reco::csr_matrix<float>& by_user = *rows;
  const auto by_item = by_user.transposed();
  factors_pair f{reco::matrix<float>(data.users(), o.factors), reco::matrix<float>::Zero(data.items(), o.factors)};
  const double stddev = o.init_stddev / std::sqrt(static_cast<double>(o.factors));
  for (std::int32_t u = 0; u < data.users(); ++u) {
    reco::random_engine random(o.seed, static_cast<std::uint64_t>(u));
    for (Eigen::Index n = 0; n < o.factors; ++n)
      f.users(u, n) = data.of(u).empty() ? 0.0F : static_cast<float>(stddev * reco::normal(random));
  }
  const auto w = static_cast<float>(o.unobserved_weight), lambda = static_cast<float>(o.regularization);
  for (int epoch = 0; epoch < o.epochs; ++epoch) {
    half(by_item, f.users, f.items, w, lambda, pool);
    half(by_user, f.items, f.users, w, lambda, pool);
  }
  return f;
}

}  // namespace

factors_pair textbook_exact(const reco::dataset<float>& data, const reco::implicit_als& o, unsigned threads) {
  return fit(data, o, threads, exact_half);
}

factors_pair textbook_cg(const reco::dataset<float>& data, const reco::implicit_als& o, unsigned threads) {
  return fit(data, o, threads, cg_half);
}

}  // namespace fit_implicit_als
