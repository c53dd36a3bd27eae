// SPDX-License-Identifier: MIT
#include "knn_search/vectors.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/knn/exact.hpp"

namespace knn_search {

namespace {

class with_exact_index : public searcher {
 public:
  with_exact_index(const reco::matrix<float>& rows, unsigned threads)
      : index_(reco::exact_index<float>::view(rows, reco::similarity::inner_product)), pool_(threads) {}
  lists search(const reco::matrix<float>& queries, int k) override {
    return index_.search_all(queries, {.k = k}, pool_);
  }

 private:
  reco::exact_index<float> index_;
  reco::thread_pool pool_;
};

void reco_1_thread(benchmark::State& state) {
  const auto& rows = rows_of(state.range(0));
  time_search(state, *reco_searcher(rows, 1), rows);
}
BENCHMARK(reco_1_thread)->Apply(sizes);

void reco_2_threads(benchmark::State& state) {
  const auto& rows = rows_of(state.range(0));
  time_search(state, *reco_searcher(rows, 2), rows);
}
BENCHMARK(reco_2_threads)->Apply(sizes);

}  // namespace

std::unique_ptr<searcher> reco_searcher(const reco::matrix<float>& rows, unsigned threads) {
  return std::make_unique<with_exact_index>(rows, threads);
}

}  // namespace knn_search
