// SPDX-License-Identifier: MIT
#include "evaluate_vectors.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <reco/content/co_reads.hpp>
#include <reco/content/latent_semantic_analysis.hpp>
#include <reco/content/tfidf.hpp>
#include <reco/content/vocabulary.hpp>
#include <reco/data/feature_rows.hpp>
#include <reco/data/sparse_interactions.hpp>

#include "../support/table.hpp"
#include "vectors.hpp"

namespace {

using vectors = reco::living_vectors<float>;
using embeddings = reco::embeddings<float>;

int dimensions(const settings& asked, std::size_t articles) {
  if (asked.dimensions > 0) return asked.dimensions;
  return articles <= 1000 ? 16 : 128;
}

embeddings in_float(const reco::matrix<double>& rows) { return embeddings(rows.cast<float>()); }

embeddings from_co_reads(const settings& asked, std::span<const reco::event> past, const reco::training& how) {
  const reco::sparse_interactions<double> reads(past, reco::shape_of(past));
  const int d = dimensions(asked, static_cast<std::size_t>(reads.items()));
  return in_float(reco::co_reads{.dimensions = d}.fit(reads, how).embeddings().rows());
}

/// Words and their directions are learned from the articles that were read so far; the others are put among them.
embeddings from_text(const settings& asked, const input& in, std::span<const reco::event> past,
                     const reco::training& how) {
  std::vector<bool> read(static_cast<std::size_t>(in.log.items.size()));
  for (const auto& e : past) read[static_cast<std::size_t>(e.item)] = true;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < read.size(); ++i)
    if (read[i]) texts.push_back(in.log.texts[i]);
  const bool few = texts.size() < 50;
  const reco::vocabulary words(texts, reco::tokenizer{.stop_words = reco::english_stop_words},
                               {.min_documents = few ? 1 : 2, .max_share = few ? 1 : 0.25});
  const auto learned = words.count_all<double>(texts).counts;
  const auto weighting = reco::tfidf{.tf = reco::term_frequency::log}.fit(learned);
  const reco::feature_rows<double> weights(weighting.transform(learned));
  const auto model = reco::latent_semantic_analysis{.dimensions = dimensions(asked, read.size())}.fit(weights, how);
  if (model.dimension() == 0) throw reco::invalid_argument("--embed text: the texts have no words to learn from");
  const reco::feature_rows<double> all(weighting.transform(words.count_all<double>(in.log.texts).counts));
  reco::matrix<double> rows(in.log.items.size(), model.dimension());
  for (std::int32_t i = 0; i < in.log.items.size(); ++i) rows.row(i) = model.embed(all.features_of(i)).transpose();
  return in_float(rows);
}

}  // namespace

vectors_in_time make_vectors_in_time(const settings& asked, const input& in, const reco::training& how) {
  const reco::taste_profile fold_in{.half_life = asked.half_life, .neutral = in.neutral};
  if (!asked.embeddings.empty() || asked.embed == "given" || (asked.embed.empty() && in.log.vectors)) {
    return {.make = [given = make_vectors(asked, in, how).first,
                     fold_in] { return std::make_shared<vectors>(vectors::given(given, fold_in)); },
            .how = "as they were given; an article's counts from its first read on"};
  }
  if (asked.embed == "text" || (asked.embed.empty() && in.log.has_texts())) {
    if (!in.log.has_texts()) throw reco::invalid_argument("--embed text: the articles have no texts");
    const auto fit = [&](std::span<const reco::event> past, const reco::training& t) {
      return from_text(asked, in, past, t);
    };
    return {.make = [fit, fold_in] { return std::make_shared<vectors>(fit, true, fold_in); },
            .how = "from text; words are learned from the articles read before the first query"};
  }
  const auto fit = [&](std::span<const reco::event> past, const reco::training& t) {
    return from_co_reads(asked, past, t);
  };
  return {.make = [fit, fold_in] { return std::make_shared<vectors>(fit, false, fold_in); },
          .how = "from who read what, learned anew every " + reco::duration_text(asked.refit) +
                 " of the log; newer articles get the mean taste of their readers"};
}
