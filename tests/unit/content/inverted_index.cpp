// SPDX-License-Identifier: MIT
#include "reco/content/inverted_index.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/content/bm25.hpp"
#include "reco/content/vocabulary.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// Small whole numbers: sums are exact in any order.
reco::csr_matrix<double> random_rows(std::int32_t rows, std::int32_t columns, std::uint64_t seed) {
  reco::random_engine random(seed);
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> ids;
  std::vector<double> values;
  for (std::int32_t r = 0; r < rows; ++r) {
    for (std::int32_t c = 0; c < columns; ++c)
      if (reco::bernoulli(random, 0.2)) {
        ids.push_back(c);
        values.push_back(static_cast<double>(reco::uniform_index(random, 9) - 4));
      }
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  return {columns, offsets, ids, values};
}

double dot(const reco::sparse_row<double>& a, const reco::sparse_row<double>& b, bool& shares) {
  double sum = 0;
  shares = false;
  for (std::size_t n = 0; n < a.size(); ++n)
    for (std::size_t m = 0; m < b.size(); ++m)
      if (a.columns[n] == b.columns[m]) {
        sum += a.values[n] * b.values[m];
        shares = true;
      }
  return sum;
}

}  // namespace

TEST_CASE("scores are dot products, and search ranks the items that share a token") {
  const auto items = GENERATE(0, 1, 7, 8, 9, 1000);
  const auto tokens = GENERATE(1, 8, 40);
  CAPTURE(items, tokens);
  const auto rows = random_rows(items, tokens, 1);
  const auto queries = random_rows(5, tokens, 2);
  const reco::inverted_index<double> index(rows);
  CHECK(index.items() == items);
  CHECK(index.features() == tokens);
  for (std::int32_t q = 0; q < queries.rows(); ++q) {
    std::vector<double> scores(static_cast<std::size_t>(items), std::nan(""));
    index.scores(queries.row(q), scores);
    std::vector<reco::scored_item<double>> sharing;
    for (std::int32_t i = 0; i < items; ++i) {
      bool shares = false;
      const double expected = dot(queries.row(q), rows.row(i), shares);
      CHECK(scores[static_cast<std::size_t>(i)] == expected);
      if (shares) sharing.push_back({i, expected});
    }
    const auto all = reco::ranked_list<double>::best_of(sharing);
    CHECK(index.search(queries.row(q), items) == all);
    const auto three = index.search(queries.row(q), 3);
    REQUIRE(three.size() == std::min<std::size_t>(3, all.size()));
    for (std::size_t n = 0; n < three.size(); ++n) CHECK(three[n] == all[n]);
    CHECK(index.search(queries.row(q), 0).empty());
  }
}

TEST_CASE("postings are the items that have a token") {
  const reco::inverted_index<float> index(reco::csr_matrix<float>(2, {0, 1, 3}, {1, 0, 1}, {5, 6, 7}));
  CHECK(std::vector<std::int32_t>(index.postings(1).columns.begin(), index.postings(1).columns.end()) ==
        std::vector<std::int32_t>{0, 1});
  CHECK(index.postings(1).values[1] == 7);
  CHECK_THROWS_WITH(index.postings(2), "inverted_index: token must be in 0..1, got 2");
}

TEST_CASE("a search for words finds the texts that have them, the best first") {
  const std::vector<std::string> articles = {"A rate rise surprises the bank",
                                             "The bank cut its rate, and cut it again", "The cat sat on the mat",
                                             "Rate this recipe"};
  const reco::vocabulary words(articles, reco::tokenizer{.stop_words = reco::english_stop_words});
  const auto counts = words.count_all<float>(articles).counts;
  const reco::inverted_index<float> index(reco::bm25{}.fit(counts).transform(counts));
  const auto found = index.search(words.count<float>("rate cut").counts.row(), 10);
  REQUIRE(found.size() == 3);
  CHECK(found[0].item == 1);
  CHECK(found[1].item == 3);  // the shorter of the two that have only "rate"
  CHECK(found[2].item == 0);
  CHECK(index.search(words.count<float>("unheard of").counts.row(), 10).empty());
}

TEST_CASE("an empty index finds nothing") {
  const reco::inverted_index<double> none;
  std::vector<double> scores;
  none.scores({}, scores);
  CHECK(none.search({}, 5).empty());
}

TEST_CASE("bad queries are named") {
  const reco::inverted_index<double> index(random_rows(4, 6, 3));
  const std::vector<std::int32_t> columns = {2, 6};
  const std::vector<double> values = {1, 1};
  std::vector<double> scores(4);
  CHECK_THROWS_WITH(index.scores({columns, values}, scores), "inverted_index: token must be in 0..5, got 6");
  CHECK_THROWS_AS(index.search({columns, values}, 1), std::out_of_range);
  CHECK_THROWS_WITH(index.scores({}, std::span(scores).first(3)), "inverted_index: scores need 4 places, got 3");
  CHECK_THROWS_WITH(index.search({}, -1), "top_k: k must be at least 0, got -1");
}
