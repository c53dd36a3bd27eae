// SPDX-License-Identifier: MIT
#include "reco/content/hashing.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using namespace std::string_view_literals;

namespace {

using strings = std::vector<std::string>;

double dot(const reco::sparse_vector<double>& a, const reco::sparse_vector<double>& b) {
  double sum = 0;
  for (std::size_t n = 0; n < a.columns.size(); ++n) {
    const auto at = std::lower_bound(b.columns.begin(), b.columns.end(), a.columns[n]);
    if (at != b.columns.end() && *at == a.columns[n])
      sum += a.values[n] * b.values[static_cast<std::size_t>(at - b.columns.begin())];
  }
  return sum;
}

}  // namespace

TEST_CASE("hashes are the same on every machine") {
  // FNV-1a of these texts ("" cbf29ce484222325, "a" af63dc4c8601ec8c, "foobar" 85944171f73967e8: the published test
  // vectors), finished as MurmurHash3 finishes its halves; worked out with Python's integers.
  CHECK(reco::hash_text("") == 0xEFD01F60BA992926);
  CHECK(reco::hash_text("a") == 0x82A2A958A9BECE5B);
  CHECK(reco::hash_text("foobar") == 0x2C22194922D1672B);
  CHECK(reco::hash_text("na\u00EFve") == 0x1B21A798C5AB1DCF);
  CHECK(reco::hash_text("\0"sv) == 0xB9034AD37056F5FB);
  CHECK(reco::hash_text("foobar", 42) == 0x42E44A8293AD95EC);
  CHECK(reco::hash_text("the quick brown fox") == 0x1CD65FCF86E59D9D);
  static_assert(reco::hash_text("foobar") != reco::hash_text("foobaz"));
}

TEST_CASE("a token has its column and its sign on every machine") {
  const reco::hashing_vectorizer wide;
  const reco::hashing_vectorizer narrow{.features = 1000};
  CHECK(wide.column("foobar") == 45192);
  CHECK(wide.sign("foobar") == -1);
  CHECK(narrow.column("foobar") == 172);
  CHECK(narrow.column("a") == 510);
  CHECK(narrow.sign("a") == -1);
  CHECK(reco::hashing_vectorizer{.features = 1}.column("a") == 0);
  CHECK(reco::hashing_vectorizer{.signs = false}.sign("a") == 1);
}

TEST_CASE("a row sums the signs of the tokens in each column") {
  const auto features = GENERATE(1, 2, 7, 64, 1000, 2147483647);
  const auto signs = GENERATE(true, false);
  CAPTURE(features, signs);
  const reco::hashing_vectorizer words{.features = features, .signs = signs, .seed = 3};
  const strings texts = {"one two two three three three", "", "\u00E9t\u00E9 two", "of a b c d e f of"};
  const auto [counts, report] = words.count_all<double>(texts);
  CHECK(counts.rows() == 4);
  CHECK(counts.columns() == features);
  CHECK(report.unknown == 0);
  CHECK(report.tokens == 6 + 0 + 2 + 2);
  CHECK(report.empty == 1);
  for (std::int32_t d = 0; d < 4; ++d) {
    std::map<std::int32_t, double> expected;
    for (const auto& token : reco::tokenizer{}.tokens(texts[static_cast<std::size_t>(d)]))
      expected[words.column(token)] += words.sign(token);
    std::erase_if(expected, [](const auto& entry) { return entry.second == 0; });
    const auto row = counts.row(d);
    REQUIRE(row.size() == expected.size());
    std::size_t n = 0;
    for (const auto& [column, value] : expected) {
      CHECK(row.columns[n] == column);
      CHECK(row.values[n++] == value);
    }
    CHECK(words.count<double>(texts[static_cast<std::size_t>(d)]).counts.columns ==
          std::vector<std::int32_t>(row.columns.begin(), row.columns.end()));
  }
}

TEST_CASE("counts that cancel out leave no place in the row") {
  const reco::hashing_vectorizer one_column{.features = 1};
  REQUIRE(one_column.sign("cat") == -one_column.sign("bank"));
  CHECK(one_column.count("cat bank").counts.columns.empty());
  CHECK(one_column.count("cat bank").report.empty == 0);
  CHECK(one_column.count_all(strings{"cat bank", "cat cat bank"}).counts.nonzeros() == 1);
}

TEST_CASE("columns and signs are spread evenly and independently") {
  const reco::hashing_vectorizer words{.features = 100};
  std::vector<double> plus(100), minus(100);
  const int tokens = 100000;
  for (int n = 0; n < tokens; ++n) {
    const auto token = "token" + std::to_string(n);
    auto& side = words.sign(token) > 0 ? plus : minus;
    ++side[static_cast<std::size_t>(words.column(token))];
  }
  // Chi-square over 200 cells of 500 expected each: mean 199, deviation 20; 300 is five deviations above.
  double chi_square = 0;
  for (const auto* side : {&plus, &minus})
    for (const double count : *side) chi_square += (count - 500) * (count - 500) / 500;
  CHECK(chi_square < 300);
  CHECK(chi_square > 110);
}

TEST_CASE("over many seeds dot products are those of the plain counts, which without signs they are not") {
  // a·b = 2 + 3 = 5 of 12 x 10 pairs of tokens, in 16 columns: collisions everywhere.
  const std::string a = "aa aa bb cc dd ee ff gg hh ii jj kk";
  const std::string b = "aa bb bb bb ll mm nn oo pp qq";
  const int seeds = 4000;
  double sum = 0, squares = 0, without_signs = 0;
  for (int seed = 0; seed < seeds; ++seed) {
    reco::hashing_vectorizer words{.features = 16, .seed = static_cast<std::uint64_t>(seed)};
    const double product = dot(words.count<double>(a).counts, words.count<double>(b).counts);
    sum += product;
    squares += product * product;
    words.signs = false;
    without_signs += dot(words.count<double>(a).counts, words.count<double>(b).counts);
  }
  const double mean = sum / seeds;
  const double deviation = std::sqrt((squares / seeds - mean * mean) / seeds);
  CHECK(std::abs(mean - 5) < 4 * deviation);
  CHECK(deviation < 0.2);
  // 5 and a sixteenth of the 115 other pairs.
  CHECK(std::abs(without_signs / seeds - (5 + 115.0 / 16)) < 1);
}

TEST_CASE("bad options of the hashing vectorizer are named") {
  const auto count = [](const reco::hashing_vectorizer& words) { return words.count("a text").report.tokens; };
  CHECK(count({}) == 1);
  CHECK_THROWS_WITH(count({.features = 0}), "hashing_vectorizer: features must be at least 1, got 0");
  CHECK_THROWS_WITH(count({.tokenizer = {.max_ngram = 0}}), "tokenizer: max_ngram must be at least 1, got 0");
  const reco::hashing_vectorizer bad{.tokenizer = {.min_length = 0}};
  CHECK_THROWS_WITH(bad.count_all(strings{}), "tokenizer: min_length must be at least 1, got 0");
  CHECK(reco::parse_options<reco::hashing_vectorizer>("features=16,signs=false,seed=7") ==
        reco::hashing_vectorizer{.features = 16, .signs = false, .seed = 7});
}
