// SPDX-License-Identifier: MIT
#include "reco/content/bm25.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/content/inverted_index.hpp"
#include "reco/content/vocabulary.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using variant = reco::bm25_variant;

namespace {

using strings = std::vector<std::string>;
using document = std::vector<std::int32_t>;  // tokens by number, repeats kept

std::vector<document> random_documents(std::int32_t documents, std::int32_t tokens, std::uint64_t seed) {
  reco::random_engine random(seed);
  std::vector<document> all(static_cast<std::size_t>(documents));
  for (auto& d : all)
    for (auto n = reco::uniform_index(random, 20); n > 0; --n)
      d.push_back(static_cast<std::int32_t>(reco::uniform_index(random, 1 + reco::uniform_index(random, tokens))));
  return all;
}

double count(const document& d, std::int32_t token) {
  return static_cast<double>(std::count(d.begin(), d.end(), token));
}

reco::csr_matrix<double> counts_of(const std::vector<document>& documents, std::int32_t tokens) {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> columns;
  std::vector<double> values;
  for (const auto& d : documents) {
    for (std::int32_t t = 0; t < tokens; ++t)
      if (const double c = count(d, t); c > 0) {
        columns.push_back(t);
        values.push_back(c);
      }
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  return {tokens, offsets, columns, values};
}

/// The score of one document, token for token of the query, from the lists of tokens. The formulas are those of table
/// 1 of Kamphuis et al. (2020).
double naive_score(const reco::bm25& rule, const std::vector<document>& all, const document& d, const document& query) {
  const auto N = static_cast<double>(all.size());
  double mean = 0;
  for (const auto& other : all) mean += static_cast<double>(other.size()) / N;
  const double k1 = rule.k1, b = rule.b, delta = rule.delta;
  const double L = static_cast<double>(d.size()) / mean;
  double score = 0;
  for (const auto t : query) {
    const double tf = count(d, t);
    if (tf == 0) continue;
    double df = 0;
    for (const auto& other : all) df += count(other, t) > 0 ? 1 : 0;
    switch (rule.variant) {
      case variant::robertson: score += std::log((N - df + 0.5) / (df + 0.5)) * tf / (k1 * (1 - b + b * L) + tf); break;
      case variant::lucene:
        score += std::log(1 + (N - df + 0.5) / (df + 0.5)) * tf / (k1 * (1 - b + b * L) + tf);
        break;
      case variant::atire: score += std::log(N / df) * (k1 + 1) * tf / (k1 * (1 - b + b * L) + tf); break;
      case variant::bm25l: {
        const double c = tf / (1 - b + b * L);
        score += std::log((N + 1) / (df + 0.5)) * (k1 + 1) * (c + delta) / (k1 + c + delta);
        break;
      }
      case variant::bm25plus:
        score += std::log((N + 1) / df) * (delta + (k1 + 1) * tf / (k1 * (1 - b + b * L) + tf));
        break;
    }
  }
  return score;
}

const strings three = {"Hello there good man!", "It is quite windy in London", "How is the weather today?"};

}  // namespace

TEST_CASE("scores are those of the example of rank_bm25") {
  // The read-me of the Python package rank_bm25: BM25Okapi (k1 = 1.5, b = 0.75), query "windy London", gives
  // [0, 0.93729472, 0]. Its formula is Robertson's times k1 + 1.
  const reco::vocabulary words(three);
  const auto counts = words.count_all<double>(three).counts;
  const auto model = reco::bm25{.variant = variant::robertson, .k1 = 1.5}.fit(counts);
  CHECK(model.mean_length() == 5);
  const reco::inverted_index<double> index(model.transform(counts));
  std::vector<double> scores(3);
  index.scores(words.count<double>("windy London").counts.row(), scores);
  CHECK(scores[0] == 0);
  CHECK_THAT(2.5 * scores[1], WithinAbs(0.93729472, 5e-9));
  CHECK(scores[2] == 0);
}

TEST_CASE("every variant gives the weight worked out by hand") {
  // Four documents of 3, 1, 2 and 2 tokens, mean length 2. Token 0 stands twice in document 0 and in no other: n = 1,
  // N = 4, c = 2, K = 1.2 (1 - 0.75 + 0.75 * 3 / 2) = 1.65, c / (c + K) = 0.547945, c' = c * 1.2 / 1.65 = 1.454545.
  const std::vector<document> all = {{0, 0, 1}, {1}, {1, 2}, {2, 3}};
  const auto counts = counts_of(all, 4);
  const auto weight = [&](variant v, double delta = 1) {
    const reco::bm25 rule{.variant = v, .delta = delta};
    return rule.fit(counts).transform(counts).row(0).values[0];
  };
  CHECK_THAT(weight(variant::lucene), WithinRel(0.6597111257, 1e-9));         // ln(1 + 3.5 / 1.5) * 0.547945
  CHECK_THAT(weight(variant::robertson), WithinRel(0.4642728002, 1e-9));      // ln(3.5 / 1.5) * 0.547945
  CHECK_THAT(weight(variant::atire), WithinRel(1.6711493668, 1e-9));          // ln(4) * 2.2 * 0.547945
  CHECK_THAT(weight(variant::bm25l), WithinRel(1.7790045915, 1e-9));          // ln(5 / 1.5) * 2.2 * 2.454545 / 3.654545
  CHECK_THAT(weight(variant::bm25plus), WithinRel(3.5495822452, 1e-9));       // ln(5) * (2.2 * 0.547945 + 1)
  CHECK_THAT(weight(variant::bm25plus, 0.5), WithinRel(2.7448632890, 1e-9));  // ln(5) * (2.2 * 0.547945 + 0.5)
}

TEST_CASE("the dot product of a row and a query's counts is the score of the definition") {
  const auto documents = GENERATE(1, 7, 8, 9, 200);
  const auto v = GENERATE(variant::lucene, variant::robertson, variant::atire, variant::bm25l, variant::bm25plus);
  const auto k1 = GENERATE(0.0, 1.2, 3.0);
  const auto b = GENERATE(0.0, 0.75, 1.0);
  const reco::bm25 rule{.variant = v, .k1 = k1, .b = b, .delta = 0.7};
  CAPTURE(documents, reco::describe(rule));
  const std::int32_t tokens = 12;
  const auto all = random_documents(documents, tokens, 1);
  const auto counts = counts_of(all, tokens);
  const reco::inverted_index<double> index(rule.fit(counts).transform(counts));
  const document query = {3, 0, 7, 3, 11};
  const auto query_counts = counts_of({query}, tokens);
  std::vector<double> scores(all.size());
  index.scores(query_counts.row(0), scores);
  for (std::size_t d = 0; d < all.size(); ++d) {
    const double expected = naive_score(rule, all, all[d], query);
    CHECK(std::abs(scores[d] - expected) <= 1e-13 * (1 + std::abs(expected)));
  }
}

TEST_CASE("Robertson's weight of a common token is negative, Lucene's never is") {
  const auto counts = counts_of({{0, 1}, {0}, {0, 2}}, 3);
  CHECK(reco::bm25{.variant = variant::robertson}.fit(counts).idf()[0] == std::log(0.5 / 3.5));
  CHECK_THAT(reco::bm25{.variant = variant::lucene}.fit(counts).idf()[0], WithinRel(std::log(1 + 0.5 / 3.5), 1e-15));
  CHECK(reco::bm25{.variant = variant::atire}.fit(counts).idf()[0] == 0);
}

TEST_CASE("counts saturate, and longer documents weigh less unless b is zero") {
  const auto counts = counts_of({{0}, {0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}, {0, 1, 1, 1, 1, 1, 1, 1}, {2}, {2}}, 3);
  const auto weights = [&](const reco::bm25& rule) {
    const auto w = rule.fit(counts).transform(counts);
    return std::vector<double>{w.row(0).values[0], w.row(1).values[0], w.row(2).values[0], w.row(3).values[0]};
  };
  const auto flat = weights({.b = 0});
  CHECK(flat[0] < flat[1]);
  CHECK(flat[1] < flat[2]);
  CHECK(flat[2] < (1.2 + 1) * flat[0]);
  CHECK(flat[3] == flat[0]);
  const auto binary = weights({.k1 = 0});
  CHECK(binary[0] == binary[2]);
  CHECK(weights({})[3] < weights({})[0]);
  // What long documents keep at least is delta.
  const auto lifted = weights({.variant = variant::bm25plus, .delta = 1});
  const auto sunk = weights({.variant = variant::bm25plus, .delta = 0});
  CHECK_THAT(lifted[3] - sunk[3], WithinRel(std::log(7.0 / 4), 1e-14));
}

TEST_CASE("BM25 gives a new document the weights that it had among the old ones") {
  const auto counts = counts_of(random_documents(60, 15, 2), 15);
  const auto model = reco::bm25{}.fit(counts);
  const auto all = model.transform(counts);
  for (std::int32_t d = 0; d < counts.rows(); ++d) {
    const auto one = model.transform(counts.row(d));
    CHECK(one.columns == std::vector<std::int32_t>(all.row(d).columns.begin(), all.row(d).columns.end()));
    CHECK(one.values == std::vector<double>(all.row(d).values.begin(), all.row(d).values.end()));
  }
}

TEST_CASE("BM25 of no documents, and of empty ones, is finite") {
  const auto v = GENERATE(variant::lucene, variant::robertson, variant::atire, variant::bm25l, variant::bm25plus);
  const reco::bm25 rule{.variant = v};
  CHECK(rule.fit(reco::csr_matrix<double>()).transform(reco::csr_matrix<double>()).rows() == 0);
  const auto empty = rule.fit(counts_of({{}, {}}, 3));
  CHECK(empty.mean_length() == 0);
  for (const double w : empty.idf()) CHECK(std::isfinite(w));
  const auto counts = counts_of({{1, 2, 1}}, 3);
  const auto weights = empty.transform(counts);
  for (const double w : weights.values()) CHECK(std::isfinite(w));
}

TEST_CASE("bad options, negative counts and counts of another width are named") {
  const auto counts = counts_of({{0, 1}}, 2);
  CHECK_THROWS_WITH(reco::bm25{.k1 = -1}.fit(counts), "bm25: k1 must be at least 0, got -1");
  CHECK_THROWS_WITH(reco::bm25{.k1 = std::nan("")}.fit(counts), "bm25: k1 must be at least 0, got nan");
  CHECK_THROWS_WITH(reco::bm25{.b = 1.5}.fit(counts), "bm25: b must be at most 1, got 1.5");
  CHECK_THROWS_WITH(reco::bm25{.delta = -0.1}.fit(counts), "bm25: delta must be at least 0, got -0.1");
  CHECK_THROWS_WITH(reco::parse_options<reco::bm25>("variant=okapi"),
                    "bm25: variant must be one of lucene, robertson, atire, bm25l, bm25plus, got 'okapi'");
  const auto model = reco::bm25{}.fit(counts);
  CHECK_THROWS_WITH(model.transform(reco::csr_matrix<double>(3, {0}, {}, {})),
                    "bm25: counts must have 2 columns, got 3");
  const reco::csr_matrix<double> negative(2, {0, 1}, {0}, {-2});
  CHECK_THROWS_WITH(model.transform(negative), "bm25: counts must be at least 0, got -2");
  CHECK_THROWS_WITH(reco::bm25{}.fit(negative), "bm25: counts must be at least 0, got -2");
  const std::vector<std::int32_t> columns = {-1};
  const std::vector<double> values = {1};
  CHECK_THROWS_WITH(model.transform({columns, values}), "bm25: column must be in 0..1, got -1");
}
