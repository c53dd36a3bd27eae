// SPDX-License-Identifier: MIT
// The textbook: a sparse product for the Gram matrix, LAPACK's spotrf and spotri for its inverse.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "fit_ease/fit.hpp"

#if defined(RECO_HAVE_OPENBLAS)
extern "C" {
void spotrf_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void spotri_(const char* uplo, const int* n, float* a, const int* lda, int* info);
void openblas_set_num_threads(int);
}
#endif

namespace fit_ease {

reco::matrix<float> textbook_gram(const reco::csr_matrix<float>& x) {
  const auto xt = x.transposed();
  const auto n = static_cast<std::size_t>(x.columns());
  constexpr std::int32_t none = -1, end = -2;
  std::vector<std::int32_t> next(n, none);
  std::vector<float> sums(n, 0.0F);
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> columns;
  std::vector<float> values;
  for (std::int32_t i = 0; i < xt.rows(); ++i) {
    std::int32_t head = end;
    const auto users = xt.row(i);
    for (std::size_t a = 0; a < users.size(); ++a) {
      const auto row = x.row(users.columns[a]);
      for (std::size_t b = 0; b < row.size(); ++b) {
        const auto j = static_cast<std::size_t>(row.columns[b]);
        sums[j] += users.values[a] * row.values[b];
        if (next[j] == none) head = std::exchange(next[j], head) == none ? row.columns[b] : head;
      }
    }
    while (head != end) {
      const auto j = static_cast<std::size_t>(head);
      columns.push_back(head);
      values.push_back(std::exchange(sums[j], 0.0F));
      head = std::exchange(next[j], none);
    }
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  reco::matrix<float> dense = reco::matrix<float>::Zero(x.columns(), x.columns());
  for (std::size_t i = 0; i < n; ++i)
    for (auto at = static_cast<std::size_t>(offsets[i]); at < static_cast<std::size_t>(offsets[i + 1]); ++at)
      dense(static_cast<Eigen::Index>(i), columns[at]) = values[at];
  return dense;
}

#if defined(RECO_HAVE_OPENBLAS)
void lapack_inverse(reco::matrix<float>& a, int threads) {
  openblas_set_num_threads(threads);
  const int n = static_cast<int>(a.rows());
  int info = 0;
  spotrf_("L", &n, a.data(), &n, &info);  // by columns, so the upper triangle of ours
  if (info == 0) spotri_("L", &n, a.data(), &n, &info);
  if (info != 0) std::abort();
  for (Eigen::Index block = 0; block < n; block += 64)  // mirror
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = block; j < std::min<Eigen::Index>(i, block + 64); ++j) a(i, j) = a(j, i);
}

reco::matrix<float> lapack_weights(const reco::csr_matrix<float>& x, int threads) {
  auto p = textbook_gram(x);
  p.diagonal().array() += static_cast<float>(regularization);
  lapack_inverse(p, threads);
  weights_of(p);
  return p;
}
#endif

}  // namespace fit_ease
