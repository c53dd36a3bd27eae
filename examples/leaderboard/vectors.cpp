// SPDX-License-Identifier: MIT
#include "vectors.hpp"

#include <algorithm>

#include <reco/base/error.hpp>
#include <reco/content/co_reads.hpp>
#include <reco/content/latent_semantic_analysis.hpp>
#include <reco/content/stop_words.hpp>
#include <reco/content/tfidf.hpp>
#include <reco/content/vocabulary.hpp>
#include <reco/data/feature_rows.hpp>
#include <reco/data/sparse_interactions.hpp>

reco::embeddings<float> text_vectors(const std::vector<std::string>& texts, const reco::training& how) {
  const reco::vocabulary words(texts, reco::tokenizer{.stop_words = reco::english_stop_words},
                               {.min_documents = 2, .max_share = 0.25});
  const auto [counts, report] = words.count_all<double>(texts);
  const auto weighting = reco::tfidf{.tf = reco::term_frequency::log}.fit(counts);
  const reco::feature_rows<double> weights(weighting.transform(counts));
  const auto model = reco::latent_semantic_analysis{.dimensions = 128}.fit(weights, how);
  return reco::embeddings<float>(model.embeddings().rows().cast<float>());
}

reco::embeddings<float> co_read_vectors(std::span<const reco::event> train, reco::shape shape,
                                        const reco::training& how) {
  const reco::sparse_interactions<double> taken(train, shape);
  const auto model = reco::co_reads{.dimensions = 32}.fit(taken, how);
  return reco::embeddings<float>(model.embeddings().rows().cast<float>());
}

double list_diversity::operator()(const reco::shown_list& list) const {
  const auto shown = list.first(k);
  if (shown.size() < 2) return 0;
  std::vector<double> sum(static_cast<std::size_t>(vectors->dimension()));
  double squares = 0;
  for (const auto item : shown) {
    const auto v = vectors->vector(item);
    for (std::size_t f = 0; f < sum.size(); ++f) {
      sum[f] += static_cast<double>(v[f]);
      squares += static_cast<double>(v[f]) * static_cast<double>(v[f]);
    }
  }
  double length = 0;
  for (const double x : sum) length += x * x;
  const auto n = static_cast<double>(shown.size());
  return 1 - (length - squares) / (n * (n - 1));
}
