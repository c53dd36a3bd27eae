// SPDX-License-Identifier: MIT
// FAISS's IndexFlatIP. One pool of threads, not two: a batch goes to OpenBLAS, whose threads share it out, while
// OpenMP has one (the other way round it is three times slower); one query is FAISS's own loop.
#if defined(RECO_HAVE_FAISS)
#include <faiss/IndexFlat.h>
#include <omp.h>

#include "knn_search/vectors.hpp"

extern "C" void openblas_set_num_threads(int);

namespace knn_search {

namespace {

class with_faiss : public searcher {
 public:
  with_faiss(const reco::matrix<float>& rows, int threads)
      : index_(static_cast<faiss::Index::idx_t>(rows.cols())), threads_(threads) {
    index_.add(rows.rows(), rows.data());
  }
  lists search(const reco::matrix<float>& queries, int k) override {
    openblas_set_num_threads(threads_);
    omp_set_num_threads(1);
    const auto places = static_cast<std::size_t>(queries.rows() * k);
    std::vector<float> scores(places);
    std::vector<faiss::Index::idx_t> items(places);
    index_.search(queries.rows(), queries.data(), k, scores.data(), items.data());
    lists out;
    for (std::size_t at = 0; at < places; at += static_cast<std::size_t>(k)) {
      std::vector<reco::scored_item<float>> best;
      for (std::size_t n = at; n < at + static_cast<std::size_t>(k); ++n)
        best.push_back({static_cast<std::int32_t>(items[n]), scores[n]});
      out.push_back(reco::ranked_list<float>::in_order(std::move(best)));
    }
    return out;
  }

 private:
  faiss::IndexFlatIP index_;
  int threads_;
};

void faiss_1_thread(benchmark::State& state) {
  const auto& rows = rows_of(state.range(0));
  time_search(state, *faiss_searcher(rows, 1), rows);
}
BENCHMARK(faiss_1_thread)->Apply(sizes);

void faiss_2_threads(benchmark::State& state) {
  const auto& rows = rows_of(state.range(0));
  time_search(state, *faiss_searcher(rows, 2), rows);
}
BENCHMARK(faiss_2_threads)->Apply(sizes);

}  // namespace

std::unique_ptr<searcher> faiss_searcher(const reco::matrix<float>& rows, int threads) {
  return std::make_unique<with_faiss>(rows, threads);
}

}  // namespace knn_search
#endif
