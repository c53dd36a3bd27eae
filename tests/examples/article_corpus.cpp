// SPDX-License-Identifier: MIT
// The articles and reads that the article recommender carries with it: are they what they are said to be, and does
// a recommender that knows nothing of topics and interests find them?
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "corpus.hpp"
#include "make_reads.hpp"
#include "reco/content/content_recommender.hpp"
#include "reco/content/latent_semantic_analysis.hpp"
#include "reco/content/tfidf.hpp"
#include "reco/content/vocabulary.hpp"
#include "reco/data/event_sequences.hpp"
#include "reco/data/feature_rows.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/model/recommend.hpp"
#include "reco/popularity/most_popular.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

std::set<std::string> words_of(const std::string& text) {
  std::set<std::string> words;
  reco::tokenizer{}.for_each_token(text, [&](std::string_view word) { words.emplace(word); });
  return words;
}

}  // namespace

TEST_CASE("there are at least 240 articles with titles over a dozen topics, each of at least 40 words") {
  const auto articles = corpus::articles();
  std::map<std::string, int> topics;
  std::set<std::string> titles, ids;
  for (const auto& a : articles) {
    CAPTURE(a.title);
    ++topics[a.topic];
    titles.insert(a.title);
    ids.insert(a.id);
    int words = 0;
    reco::tokenizer{}.for_each_token(a.text, [&](std::string_view) { ++words; });
    CHECK(words >= 40);
  }
  CHECK(articles.size() >= 240);
  CHECK(topics.size() == 12);
  CHECK(titles.size() == articles.size());
  CHECK(ids.size() == articles.size());
}

TEST_CASE("no sentence stands in two articles") {
  std::map<std::string, std::string> where;
  for (const auto& a : corpus::articles()) {
    std::string sentence;
    for (const char c : a.text + '.') {
      if (c != '.' && c != '?' && c != '!') {
        if (c != ' ' || !sentence.empty()) sentence += c;
        continue;
      }
      if (sentence.size() >= 15) {  // shorter pieces are abbreviations and numbers
        CAPTURE(sentence);
        const auto [entry, fresh] = where.emplace(sentence, a.id);
        CHECK((fresh || entry->second == a.id));
      }
      sentence.clear();
    }
  }
}

TEST_CASE("no word stands in every article of a topic") {
  std::map<std::string, std::set<std::string>> common;
  for (const auto& a : corpus::articles()) {
    const auto words = words_of(a.title + ' ' + a.text);
    const auto [entry, first] = common.emplace(a.topic, words);
    if (!first) std::erase_if(entry->second, [&](const auto& w) { return !words.count(w); });
  }
  for (const auto& [topic, words] : common) {
    CAPTURE(topic, words);
    CHECK(words.empty());
  }
}

TEST_CASE("decay helps readers who drift and only them, and both profiles beat popularity") {
  const auto articles = corpus::articles();
  const auto made = corpus::make_reads();

  std::vector<std::string> texts;
  for (const auto& a : articles) texts.push_back(a.title + '\n' + a.text);
  const reco::vocabulary words(texts, reco::tokenizer{.stop_words = reco::english_stop_words},
                               {.min_documents = 2, .max_share = 0.25});
  const auto counts = words.count_all<float>(texts).counts;
  const reco::feature_rows<float> weights(reco::tfidf{.tf = reco::term_frequency::log}.fit(counts).transform(counts));
  const auto vectors = reco::latent_semantic_analysis{.dimensions = 16}.fit(weights).embeddings();
  const auto decayed = reco::content_recommender{.half_life = std::chrono::days(7)}.fit(vectors);
  const auto undecayed = reco::content_recommender{.half_life = reco::never}.fit(vectors);

  std::vector<reco::event> log;
  for (const auto& r : made.reads)
    log.push_back({.user = static_cast<std::int32_t>(r.reader),
                   .item = static_cast<std::int32_t>(r.article),
                   .value = r.weight,
                   .time = reco::instant(std::chrono::seconds(r.time))});
  const reco::shape shape{.users = static_cast<std::int32_t>(made.readers.size()),
                          .items = static_cast<std::int32_t>(articles.size())};
  const reco::event_sequences<float> timelines(log, shape);

  // The last fifth of each reader's reads is held out; each is asked for at its own time, after all before it.
  struct tally {
    double decayed = 0, undecayed = 0, popular = 0, asked = 0;
  };
  tally drifting, steady;
  for (std::int32_t u = 0; u < shape.users; ++u) {
    const auto reads = timelines.timeline(u);
    auto& t = made.readers[static_cast<std::size_t>(u)].drifts ? drifting : steady;
    for (std::size_t n = reads.size() * 4 / 5; n < reads.size(); ++n) {
      const auto past = reads.items.first(n);
      if (std::find(past.begin(), past.end(), reads.items[n]) != past.end()) continue;
      const reco::query<float> q{
          .user = u,
          .session = {.items = past, .values = reads.values.first(n), .times = reads.times.first(n)},
          .now = reads.times[n]};
      std::vector<reco::event> before;
      for (const auto& e : log)
        if (e.time < reads.times[n]) before.push_back(e);
      const auto popular = reco::most_popular{}.fit(reco::sparse_interactions<float>(before, shape));
      const auto hit = [&](const auto& model) {
        for (const auto& s : reco::recommend(model, q, {.k = 10}))
          if (s.item == reads.items[n]) return 1;
        return 0;
      };
      t.decayed += hit(decayed);
      t.undecayed += hit(undecayed);
      t.popular += hit(popular);
      ++t.asked;
    }
  }
  CAPTURE(drifting.asked, drifting.decayed, drifting.undecayed, drifting.popular);
  CAPTURE(steady.asked, steady.decayed, steady.undecayed, steady.popular);
  REQUIRE(drifting.asked > 300);
  REQUIRE(steady.asked > 300);
  // Hits of n questions have a standard deviation of at most sqrt(n) / 2; 3 sqrt(n) is six of them.
  const auto clear = [](double asked) { return 3 * std::sqrt(asked); };
  CHECK(drifting.decayed > drifting.undecayed + clear(drifting.asked));
  CHECK(drifting.undecayed > drifting.popular);
  CHECK(steady.decayed <= steady.undecayed);
  CHECK(steady.decayed > steady.popular + clear(steady.asked));
  CHECK(steady.undecayed > steady.popular + clear(steady.asked));
}
