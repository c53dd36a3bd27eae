// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/math/matrix.hpp"

// The task: the k rows with the greatest inner products with a query, for one query or for a batch. Rows and queries
// are normalised draws from a mixture of 2,000 Gaussians: what item embeddings look like. float, d = 128 unless said.

namespace knn_search {

using lists = std::vector<reco::ranked_list<float>>;

inline constexpr std::int64_t dimension = 128;

inline reco::matrix<float> make_vectors(std::int64_t count, std::int64_t d, std::uint64_t stream) {
  constexpr std::int64_t groups = 2000;
  reco::random_engine centers(1), own(2, stream);
  reco::matrix<float> center(groups, d), out(count, d);
  for (std::int64_t i = 0; i < center.size(); ++i) center.data()[i] = static_cast<float>(reco::normal(centers));
  for (std::int64_t i = 0; i < count; ++i) {
    out.row(i) = center.row(reco::uniform_index(own, groups));
    for (std::int64_t c = 0; c < d; ++c) out(i, c) += static_cast<float>(reco::uniform_real(own) - 0.5);
    out.row(i).normalize();
  }
  return out;
}

/// The same rows for all contenders that ask for as many in a row.
inline const reco::matrix<float>& rows_of(std::int64_t count) {
  static reco::matrix<float> kept;
  if (kept.rows() != count) {
    reco::matrix<float>().swap(kept);
    reco::matrix<float> made = make_vectors(count, dimension, 1);
    kept.swap(made);
  }
  return kept;
}
inline reco::matrix<float> make_queries(std::int64_t count) { return make_vectors(count, dimension, 2); }

/// How someone answers: all of `queries`, with so many threads.
class searcher {
 public:
  virtual ~searcher() = default;
  virtual lists search(const reco::matrix<float>& queries, int k) = 0;
};
// Each in its file. They look into `rows`, FAISS has a copy.
std::unique_ptr<searcher> reco_searcher(const reco::matrix<float>& rows, unsigned threads);
std::unique_ptr<searcher> naive_searcher(const reco::matrix<float>& rows);
#if defined(RECO_HAVE_FAISS)
std::unique_ptr<searcher> faiss_searcher(const reco::matrix<float>& rows, int threads);
#endif

/// Reads all rows once and adds them up: the limit of a single query.
float read_once(const reco::matrix<float>& rows);

/// The first difference between two answers, if any: other items at a rank count only where their scores differ by more
/// than 1e-5 of them, which is rounding.
inline std::optional<std::string> difference(const lists& a, const lists& b) {
  if (a.size() != b.size()) return "as many lists";
  for (std::size_t q = 0; q < a.size(); ++q) {
    if (a[q].size() != b[q].size()) return "lists as long";
    for (std::size_t n = 0; n < a[q].size(); ++n)
      if (std::abs(a[q][n].score - b[q][n].score) > 1e-5F * std::abs(b[q][n].score))
        return "the scores of query " + std::to_string(q) + " at rank " + std::to_string(n);
  }
  return std::nullopt;
}

/// Compares the first answers with the naive loop's, then times all of them.
inline void time_search(benchmark::State& state, searcher& contender, const reco::matrix<float>& rows) {
  const auto queries = make_queries(state.range(1));
  const int k = static_cast<int>(state.range(2));
  const reco::matrix<float> some = queries.topRows(std::min<std::int64_t>(queries.rows(), 5));
  const auto wrong = difference(contender.search(some, k), naive_searcher(rows)->search(some, k));
  if (wrong) return state.SkipWithError(("differs from the naive loop in " + *wrong).c_str());
  for (auto _ : state) benchmark::DoNotOptimize(contender.search(queries, k));
  state.SetItemsProcessed(state.iterations() * queries.rows());
  if (queries.rows() == 1) state.SetBytesProcessed(state.iterations() * rows.size() * std::int64_t{sizeof(float)});
}

inline void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"rows", "queries", "k"})->Unit(benchmark::kMillisecond)->UseRealTime();
  for (const std::int64_t rows : {10000, 100000, 1000000})
    for (const std::int64_t queries : {1, 1000})
      if (rows * queries < 1000000000) b->Args({rows, queries, 10});
  b->Args({100000, 1000, 100});
}

}  // namespace knn_search
