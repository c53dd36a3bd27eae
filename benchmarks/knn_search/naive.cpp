// SPDX-License-Identifier: MIT
// A product of all rows and the query, added up in double, then a partial sort: the reference of the others.
#include <algorithm>

#include "knn_search/vectors.hpp"

namespace knn_search {

namespace {

class one_by_one : public searcher {
 public:
  explicit one_by_one(const reco::matrix<float>& rows) : rows_(rows) {}
  lists search(const reco::matrix<float>& queries, int k) override {
    lists out;
    for (std::int64_t q = 0; q < queries.rows(); ++q) {
      std::vector<reco::scored_item<float>> all;
      for (std::int64_t i = 0; i < rows_.rows(); ++i) {
        double score = 0;
        for (std::int64_t c = 0; c < rows_.cols(); ++c) score += static_cast<double>(queries(q, c)) * rows_(i, c);
        all.push_back({static_cast<std::int32_t>(i), static_cast<float>(score)});
      }
      const auto end = all.begin() + std::min<std::ptrdiff_t>(k, std::ssize(all));
      std::partial_sort(all.begin(), end, all.end(), reco::better);
      out.push_back(reco::ranked_list<float>::best_of({all.begin(), end}));
    }
    return out;
  }

 private:
  const reco::matrix<float>& rows_;
};

void naive(benchmark::State& state) {
  const auto& rows = rows_of(state.range(0));
  time_search(state, *naive_searcher(rows), rows);
}
BENCHMARK(naive)
    ->Args({10000, 1, 10})
    ->Args({100000, 1, 10})
    ->ArgNames({"rows", "queries", "k"})
    ->Unit(benchmark::kMillisecond);

}  // namespace

std::unique_ptr<searcher> naive_searcher(const reco::matrix<float>& rows) { return std::make_unique<one_by_one>(rows); }

}  // namespace knn_search
