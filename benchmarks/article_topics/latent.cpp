// SPDX-License-Identifier: MIT
// Neighbors by latent semantic analysis, and its singular values against those of a dense solver.
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <span>

#include "article_topics/articles.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/content/latent_semantic_analysis.hpp"
#include "reco/data/feature_rows.hpp"
#include "reco/knn/exact.hpp"

namespace article_topics {
namespace {

/// Seconds are those of the fit alone.
void lsa(benchmark::State& state) {
  if (missing(state)) return;
  const reco::feature_rows<float> items(weights());
  const auto analysis = reco::latent_semantic_analysis{.dimensions = static_cast<std::int32_t>(state.range(0))};
  reco::thread_pool pool(static_cast<unsigned>(state.range(1)));
  reco::latent_semantic_model<float> model;
  for (auto _ : state) model = analysis.fit(items, {.executor = pool});
  const auto& vectors = model.embeddings().rows();
  const auto index = reco::exact_index<float>::view(vectors, reco::similarity::cosine);
  const auto lists = index.search_all(vectors, {.k = 11}, pool);
  topic_share share;
  for (std::size_t i = 0; i < lists.size(); ++i) share.add(i, lists[i]);
  state.counters["on_topic"] = share.value();
}
BENCHMARK(lsa)
    ->ArgsProduct({{16, 32, 64, 128, 256}, {1, 2}})
    ->ArgNames({"dimensions", "threads"})
    ->Iterations(3)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// The eigenvalues of AA' by Eigen's dense solver, in double: of the first rows, or (about two minutes) of all 7,600.
void singular_values(benchmark::State& state) {
  if (missing(state)) return;
  const auto whole = weights();
  const auto rows = static_cast<std::int32_t>(std::min<std::int64_t>(state.range(0), whole.rows()));
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> columns;
  std::vector<double> values;
  for (std::int32_t r = 0; r < rows; ++r) {
    const auto row = whole.row(r);
    columns.insert(columns.end(), row.columns.begin(), row.columns.end());
    values.insert(values.end(), row.values.begin(), row.values.end());
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  const reco::csr_matrix<double> part(whole.columns(), offsets, columns, values);
  const auto transposed = part.transposed();
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(rows, rows);
  for (std::int32_t word = 0; word < transposed.rows(); ++word) {
    const auto row = transposed.row(word);
    for (std::size_t a = 0; a < row.columns.size(); ++a)
      for (std::size_t b = 0; b < row.columns.size(); ++b)
        gram(row.columns[a], row.columns[b]) += row.values[a] * row.values[b];
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> dense(gram, Eigen::EigenvaluesOnly);
  reco::truncated_svd<double> svd;
  for (auto _ : state) svd = reco::randomized_svd{.rank = 64}.decompose(part);
  double worst = 0;
  for (std::int32_t k = 0; k < svd.rank(); ++k) {
    const double exact = std::sqrt(dense.eigenvalues()[rows - 1 - k]);
    worst = std::max(worst, std::abs(svd.singular_values[k] - exact) / exact);
  }
  state.counters["largest_relative_error"] = worst;
}
BENCHMARK(singular_values)->Arg(2000)->Arg(7600)->ArgName("articles")->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace article_topics
