// SPDX-License-Identifier: MIT
// Neighbors by the words themselves: an inverted index searched with each article.
#include "article_topics/articles.hpp"
#include "reco/content/bm25.hpp"
#include "reco/content/inverted_index.hpp"

namespace article_topics {
namespace {

/// Searches `index` with every row of `queries`.
void search(benchmark::State& state, const reco::csr_matrix<float>& items, const reco::csr_matrix<float>& queries) {
  topic_share share;
  for (auto _ : state) {
    const reco::inverted_index<float> index(items);
    share = {};
    for (std::int32_t q = 0; q < queries.rows(); ++q)
      share.add(static_cast<std::size_t>(q), index.search(queries.row(q), 11));
  }
  state.counters["on_topic"] = share.value();
}

void tfidf(benchmark::State& state) {
  if (missing(state)) return;
  const auto rows = reco::tfidf{}.fit(news().counts).transform(news().counts);
  search(state, rows, rows);
}
BENCHMARK(tfidf)->Iterations(1)->Unit(benchmark::kMillisecond);

void tfidf_idf_squared(benchmark::State& state) {
  if (missing(state)) return;
  const auto rows = weights();
  search(state, rows, rows);
}
BENCHMARK(tfidf_idf_squared)->Iterations(1)->Unit(benchmark::kMillisecond);

void bm25(benchmark::State& state) {
  if (missing(state)) return;
  search(state, reco::bm25{}.fit(news().counts).transform(news().counts), news().counts);
}
BENCHMARK(bm25)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace article_topics
