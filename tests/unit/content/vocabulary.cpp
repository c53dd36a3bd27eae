// SPDX-License-Identifier: MIT
#include "reco/content/vocabulary.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

using strings = std::vector<std::string>;

strings tokens_of(const reco::vocabulary& words) {
  strings all;
  for (std::int32_t t = 0; t < words.size(); ++t) all.push_back(words.token(t));
  return all;
}

/// Texts of words "w0".."w19", rare ones rarer.
strings random_texts(std::int32_t documents, std::uint64_t seed) {
  reco::random_engine random(seed);
  strings all(static_cast<std::size_t>(documents));
  for (auto& text : all)
    for (auto n = reco::uniform_index(random, 15); n > 0; --n)
      text += "w" + std::to_string(reco::uniform_index(random, 1 + reco::uniform_index(random, 20))) + " ";
  return all;
}

std::map<std::string, std::int32_t> naive_frequencies(const strings& texts) {
  std::map<std::string, std::int32_t> frequency;
  for (const auto& text : texts) {
    const auto tokens = reco::tokenizer{}.tokens(text);
    for (const auto& token : std::set<std::string>(tokens.begin(), tokens.end())) ++frequency[token];
  }
  return frequency;
}

const strings four = {"cat dog cat", "dog \u00E9lan", "dog Bird cat", "dog"};

}  // namespace

TEST_CASE("tokens are numbered in the order of their bytes") {
  const reco::vocabulary words(four);
  CHECK(tokens_of(words) == strings{"bird", "cat", "dog", "\u00E9lan"});
  CHECK(words.documents() == 4);
  CHECK(std::vector<std::int32_t>(words.document_frequencies().begin(), words.document_frequencies().end()) ==
        std::vector<std::int32_t>{1, 2, 4, 1});
  CHECK(words.find("dog") == 2);
  CHECK(words.find("\u00E9lan") == 3);
  CHECK(words.find("Dog") == std::nullopt);
  CHECK(words.find("") == std::nullopt);
}

TEST_CASE("the order of the documents plays no part") {
  auto texts = random_texts(50, 1);
  const reco::vocabulary before(texts, {}, {.min_documents = 2, .max_size = 9});
  reco::random_engine random(2);
  reco::shuffle(random, std::span(texts));
  const reco::vocabulary after(texts, {}, {.min_documents = 2, .max_size = 9});
  CHECK(tokens_of(before) == tokens_of(after));
  CHECK(before.size() == 9);
}

TEST_CASE("limits by count and by share keep what lies between them") {
  const auto kept = [](const reco::vocabulary_limits& limits) { return tokens_of(reco::vocabulary(four, {}, limits)); };
  CHECK(kept({.min_documents = 2}) == strings{"cat", "dog"});
  CHECK(kept({.max_documents = 2}) == strings{"bird", "cat", "\u00E9lan"});
  CHECK(kept({.min_share = 0.5}) == strings{"cat", "dog"});
  CHECK(kept({.min_share = 0.51}) == strings{"dog"});
  CHECK(kept({.max_share = 0.5}) == strings{"bird", "cat", "\u00E9lan"});
  CHECK(kept({.max_share = 0.49}) == strings{"bird", "\u00E9lan"});
  CHECK(kept({.min_documents = 2, .max_share = 0.5}) == strings{"cat"});
  CHECK(kept({.min_documents = 3, .max_documents = 2}).empty());
}

TEST_CASE("a share that is a count exactly keeps the count") {
  strings texts(100, "common");
  for (std::size_t n = 0; n < 7; ++n) texts[n] += " rare";
  // 0.07 * 100 is 7.000000000000001.
  CHECK(reco::vocabulary(texts, {}, {.min_share = 0.07}).size() == 2);
  CHECK(tokens_of(reco::vocabulary(texts, {}, {.max_share = 0.07})) == strings{"rare"});
}

TEST_CASE("the largest size keeps what stands in most documents, of equal ones the first by bytes") {
  const auto kept = [](std::int32_t size) { return tokens_of(reco::vocabulary(four, {}, {.max_size = size})); };
  CHECK(kept(0).empty());
  CHECK(kept(1) == strings{"dog"});
  CHECK(kept(2) == strings{"cat", "dog"});
  CHECK(kept(3) == strings{"bird", "cat", "dog"});
  CHECK(kept(4) == kept(100));
  // Other limits come first.
  CHECK(tokens_of(reco::vocabulary(four, {}, {.max_documents = 3, .max_size = 2})) == strings{"bird", "cat"});
}

TEST_CASE("frequencies, limits and counts are those of the definition") {
  const auto documents = GENERATE(0, 1, 7, 8, 9, 300);
  const auto min = GENERATE(1, 2, 5);
  CAPTURE(documents, min);
  const auto texts = random_texts(documents, 3);
  const reco::vocabulary words(texts, {}, {.min_documents = min, .max_share = 0.6});
  strings expected;
  for (const auto& [token, n] : naive_frequencies(texts)) {
    if (n < min || n > 0.6 * documents) continue;
    const auto at = expected.size();
    expected.push_back(token);
    REQUIRE(at < static_cast<std::size_t>(words.size()));
    CHECK(words.document_frequencies()[at] == n);
  }
  CHECK(tokens_of(words) == expected);

  const auto [counts, report] = words.count_all<double>(texts);
  CHECK(counts.rows() == documents);
  CHECK(counts.columns() == words.size());
  std::int64_t tokens = 0;
  double known = 0;
  for (std::int32_t d = 0; d < documents; ++d) {
    const auto all = reco::tokenizer{}.tokens(texts[static_cast<std::size_t>(d)]);
    tokens += static_cast<std::int64_t>(all.size());
    const auto row = counts.row(d);
    std::size_t distinct = 0;
    for (std::int32_t t = 0; t < words.size(); ++t) distinct += std::count(all.begin(), all.end(), words.token(t)) > 0;
    CHECK(row.size() == distinct);
    for (std::size_t n = 0; n < row.size(); ++n) {
      CHECK(row.values[n] == static_cast<double>(std::count(all.begin(), all.end(), words.token(row.columns[n]))));
      known += row.values[n];
    }
    const auto one = words.count<double>(texts[static_cast<std::size_t>(d)]);
    CHECK(one.counts.columns == std::vector<std::int32_t>(row.columns.begin(), row.columns.end()));
    CHECK(one.counts.values == std::vector<double>(row.values.begin(), row.values.end()));
  }
  CHECK(report.tokens == tokens);
  CHECK(report.tokens - report.unknown == static_cast<std::int64_t>(known));
}

TEST_CASE("later texts are cut by the tokenizer of the vocabulary") {
  const reco::tokenizer pairs{.max_ngram = 2, .stop_words = "of"};
  const reco::vocabulary words(strings{"Bank of England"}, pairs);
  CHECK(tokens_of(words) == strings{"bank", "bank england", "england"});
  CHECK(words.tokenizer() == pairs);
  CHECK(words.count<float>("the BANK of England").counts.columns == std::vector<std::int32_t>{0, 1, 2});
  CHECK(words.count<float>("the BANK of England").report.unknown == 2);  // the, "the bank"
}

TEST_CASE("a copied vocabulary stands on its own") {
  auto original = std::make_unique<reco::vocabulary>(four);
  reco::vocabulary copy;
  copy = *original;
  original.reset();
  CHECK(tokens_of(copy) == strings{"bird", "cat", "dog", "\u00E9lan"});
  CHECK(copy.find("cat") == 1);
  CHECK(copy.count("cat cat").counts.values == std::vector<float>{2});
}

TEST_CASE("no documents and empty documents make an empty vocabulary") {
  const reco::vocabulary none(strings{});
  CHECK(none.size() == 0);
  CHECK(none.documents() == 0);
  CHECK(none.count_all(strings{}).counts.rows() == 0);
  const reco::tokenizer english{.stop_words = reco::english_stop_words};
  const reco::vocabulary empty(strings{"", "the of and", "\0"}, english);
  CHECK(empty.size() == 0);
  CHECK(empty.documents() == 3);
  const auto [counts, report] = empty.count_all(strings{"", "new words"});
  CHECK(counts.rows() == 2);
  CHECK(counts.columns() == 0);
  CHECK(report == reco::text_report{.documents = 2, .empty = 2, .tokens = 2, .unknown = 2});
  CHECK(reco::vocabulary().count("word").counts.columns.empty());
}

TEST_CASE("a token of a million bytes is a token") {
  const std::string huge(1000000, 'Q');
  const reco::vocabulary words(strings{huge + " small"});
  CHECK(words.size() == 2);
  CHECK(words.token(0).size() == huge.size());
  CHECK(words.count(huge).report.unknown == 0);
}

TEST_CASE("bad limits, a bad tokenizer and a bad index are named") {
  const auto make = [](const reco::vocabulary_limits& limits, const reco::tokenizer& rule = {}) {
    return reco::vocabulary(strings{}, rule, limits);
  };
  CHECK_THROWS_WITH(make({.min_documents = 0}), "vocabulary: min_documents must be at least 1, got 0");
  CHECK_THROWS_WITH(make({.min_share = -0.5}), "vocabulary: min_share must be at least 0, got -0.5");
  CHECK_THROWS_WITH(make({.max_documents = 0}), "vocabulary: max_documents must be at least 1, got 0");
  CHECK_THROWS_WITH(make({.max_share = 1.5}), "vocabulary: max_share must be at most 1, got 1.5");
  CHECK_THROWS_WITH(make({.max_size = -1}), "vocabulary: max_size must be at least 0, got -1");
  CHECK_THROWS_WITH(make({}, {.min_length = 0}), "tokenizer: min_length must be at least 1, got 0");
  CHECK_THROWS_WITH(make({}, {.min_ngram = 2}), "tokenizer: max_ngram must be at least min_ngram, 2, got 1");
  const reco::vocabulary words(four);
  CHECK_THROWS_AS(words.token(4), std::out_of_range);
  CHECK_THROWS_WITH(words.token(-1), "vocabulary: token must be in 0..3, got -1");
}
