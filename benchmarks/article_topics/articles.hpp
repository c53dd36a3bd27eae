// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "reco/content/stop_words.hpp"
#include "reco/content/tfidf.hpp"
#include "reco/content/tokenizer.hpp"
#include "reco/content/vocabulary.hpp"
#include "reco/io/csv.hpp"
#include "reco/io/file.hpp"
#if __has_include(<lzma.h>)
#include "reco/io/xz.hpp"
#endif

// The task: of the ten articles nearest to each of AG's news (7,600 articles of four topics, in RECO_DATA_DIR), which
// share has its topic? Chance is 0.25.

namespace article_topics {

struct corpus {
  std::vector<std::string> texts = {}, topics = {};
  reco::csr_matrix<float> counts = {};
};

/// Empty where the data set is not there.
inline const corpus& news() {
  static const corpus all = [] {
    corpus c;
    const char* const root = std::getenv("RECO_DATA_DIR");
    if (root == nullptr) return c;
    const std::filesystem::path file = std::filesystem::path(root) / "ag-news/test.csv";
    std::string text;
    if (std::filesystem::exists(file)) text = reco::read_file(file);
#if __has_include(<lzma.h>)
    else if (const auto packed = file.string() + ".xz"; std::filesystem::exists(packed))
      text = reco::unpack_xz(reco::read_file(packed), packed);
#endif
    if (text.empty()) return c;
    reco::csv_reader csv(text, "test.csv", {.columns = {"topic", "title", "description"}});
    while (csv.next()) {
      c.topics.emplace_back(csv[0]);
      c.texts.push_back(std::string(csv[1]) + ' ' + std::string(csv[2]));
    }
    const reco::vocabulary words(c.texts, reco::tokenizer{.stop_words = reco::english_stop_words},
                                 {.min_documents = 2});
    c.counts = words.count_all<float>(c.texts).counts;
    return c;
  }();
  return all;
}

/// Ends the benchmark with a message where there is no data.
inline bool missing(benchmark::State& state) {
  if (!news().texts.empty()) return false;
  state.SkipWithError("set RECO_DATA_DIR to a folder that has ag-news/test.csv");
  return true;
}

/// log tf, idf squared: on short texts rarity must count more than in a search by words.
inline reco::csr_matrix<float> weights() {
  using idf = reco::inverse_document_frequency;
  const auto once = reco::tfidf{.tf = reco::term_frequency::log, .idf = idf::plain, .norm = reco::row_norm::none};
  const auto counts = once.fit(news().counts).transform(news().counts);
  return reco::tfidf{.idf = idf::plain}.fit(news().counts).transform(counts);
}

/// Counts neighbors: ten of each article, itself left out.
class topic_share {
 public:
  template <class List>
  void add(std::size_t article, const List& list) {
    int taken = 0;
    for (const auto& s : list) {
      if (s.item == static_cast<std::int32_t>(article) || taken == 10) continue;
      ++taken;
      ++neighbors_;
      on_topic_ += news().topics[static_cast<std::size_t>(s.item)] == news().topics[article] ? 1 : 0;
    }
  }
  [[nodiscard]] double value() const {
    return neighbors_ > 0 ? static_cast<double>(on_topic_) / static_cast<double>(neighbors_) : 0;
  }

 private:
  std::int64_t neighbors_ = 0, on_topic_ = 0;
};

}  // namespace article_topics
