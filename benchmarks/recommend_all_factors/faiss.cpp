// SPDX-License-Identifier: MIT
// FAISS's IndexFlatIP. One pool of threads, not two: a batch goes to OpenBLAS, whose threads share it out.
#if defined(RECO_HAVE_FAISS)
#include <faiss/IndexFlat.h>
#include <omp.h>

#include "recommend_all_factors/task.hpp"

extern "C" void openblas_set_num_threads(int);

namespace recommend_all_factors {

struct with_faiss::index {
  faiss::IndexFlatIP flat;
};

with_faiss::with_faiss(const reco::matrix<float>& items)
    : index_(std::make_unique<index>(index{faiss::IndexFlatIP(static_cast<faiss::Index::idx_t>(items.cols()))})) {
  index_->flat.add(items.rows(), items.data());
}
with_faiss::~with_faiss() = default;

reco::matrix<float> with_faiss::best(const reco::matrix<float>& users, int k, int threads) const {
  openblas_set_num_threads(threads);
  omp_set_num_threads(1);
  reco::matrix<float> scores(users.rows(), k);
  std::vector<faiss::Index::idx_t> items(static_cast<std::size_t>(scores.size()));
  index_->flat.search(users.rows(), users.data(), k, scores.data(), items.data());
  return scores;
}

}  // namespace recommend_all_factors
#endif
