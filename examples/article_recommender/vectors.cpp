// SPDX-License-Identifier: MIT
#include "vectors.hpp"

#include <cstdio>
#include <filesystem>

#include <reco/base/error.hpp>
#include <reco/content/co_reads.hpp>
#include <reco/content/latent_semantic_analysis.hpp>
#include <reco/content/tfidf.hpp>
#include <reco/content/vocabulary.hpp>
#include <reco/data/feature_rows.hpp>
#include <reco/data/sparse_interactions.hpp>
#include <reco/io/fvecs.hpp>
#include <reco/io/npy.hpp>

#include "../support/table.hpp"

namespace {

using steps = std::vector<std::string>;
using made = std::pair<reco::embeddings<float>, steps>;

int dimensions(const settings& asked, const input& in) {
  if (asked.dimensions > 0) return asked.dimensions;
  return in.log.items.size() <= 1000 ? 16 : 128;
}

/// Vectors are learned in double, so that what is printed does not depend on how a compiler orders additions.
reco::embeddings<float> in_float(const reco::embeddings<double>& vectors) {
  return reco::embeddings<float>(vectors.rows().cast<float>());
}

made from_file(const settings& asked, const input& in) {
  const std::filesystem::path file(asked.embeddings);
  auto rows = file.extension() == ".fvecs" ? reco::read_fvecs<float>(file) : reco::read_npy<float>(file);
  if (rows.rows() != in.log.items.size())
    throw reco::invalid_argument(asked.embeddings + ": one row for each of " +
                                 text::plural(in.log.items.size(), "article") + " was expected, got " +
                                 text::plural(rows.rows(), "row"));
  const auto width = text::count(rows.cols());
  return {reco::embeddings<float>(std::move(rows)), {"read from " + asked.embeddings + ", " + width + " numbers each"}};
}

made from_columns(const input& in) {
  if (!in.log.vectors) throw reco::invalid_argument("--embed given: the articles came without vectors");
  return {*in.log.vectors, {"came with the articles, " + text::count(in.log.vectors->dimension()) + " numbers each"}};
}

made from_text(const settings& asked, const input& in, const reco::training& how) {
  if (!in.log.has_texts()) throw reco::invalid_argument("--embed text: the articles have no texts");
  // A handful of articles has few words in common; all of them are kept.
  const bool few = in.log.items.size() < 50;
  const reco::vocabulary words(in.log.texts, reco::tokenizer{.stop_words = reco::english_stop_words},
                               {.min_documents = few ? 1 : 2, .max_share = few ? 1 : 0.25});
  const auto [counts, report] = words.count_all<double>(in.log.texts);
  const auto weighting = reco::tfidf{.tf = reco::term_frequency::log}.fit(counts);
  const reco::feature_rows<double> weights(weighting.transform(counts));
  const auto model = reco::latent_semantic_analysis{.dimensions = dimensions(asked, in)}.fit(weights, how);
  if (model.dimension() == 0) throw reco::invalid_argument("--embed text: the texts have no words to learn from");
  steps said = {
      "text → words     " + text::count(words.size()) + " words" +
          (few ? "" : " that stand in at least two articles and in at most a quarter of them"),
      "words → weights  TF-IDF: a word counts more the oftener it stands in an article and the fewer articles have it",
      "weights → vector latent semantic analysis, " + text::plural(model.dimension(), "dimension"),
  };
  if (report.broken > 0)
    said.push_back(text::plural(report.broken, "article") + " hold broken UTF-8, which was left out");
  if (report.empty > 0) said.push_back(text::plural(report.empty, "article") + " hold no known word and get no vector");
  return {in_float(model.embeddings()), said};
}

made from_co_reads(const settings& asked, const input& in, const reco::training& how) {
  const reco::sparse_interactions<double> reads(in.log.events, in.log.shape());
  const auto model = reco::co_reads{.dimensions = dimensions(asked, in)}.fit(reads, how);
  if (model.dimension() == 0) throw reco::invalid_argument("--embed co-reads: the reads have nothing to learn from");
  return {in_float(model.embeddings()),
          {"learned from who read what: truncated SVD of readers × articles, " +
           text::plural(model.dimension(), "dimension")}};
}

}  // namespace

std::pair<reco::embeddings<float>, std::vector<std::string>> make_vectors(const settings& asked, const input& in,
                                                                          const reco::training& how) {
  if (!asked.embeddings.empty()) return from_file(asked, in);
  if (asked.embed == "given" || (asked.embed.empty() && in.log.vectors)) return from_columns(in);
  if (asked.embed == "text" || (asked.embed.empty() && in.log.has_texts())) return from_text(asked, in, how);
  return from_co_reads(asked, in, how);
}
