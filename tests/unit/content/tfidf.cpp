// SPDX-License-Identifier: MIT
#include "reco/content/tfidf.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/content/vocabulary.hpp"
#include "reco/data/feature_rows.hpp"
#include "reco/math/matrix.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using tf = reco::term_frequency;
using idf = reco::inverse_document_frequency;
using norm = reco::row_norm;

namespace {

using dense = reco::matrix<double>;

reco::csr_matrix<double> sparse(const dense& m) {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> columns;
  std::vector<double> values;
  for (Eigen::Index r = 0; r < m.rows(); ++r) {
    for (Eigen::Index c = 0; c < m.cols(); ++c)
      if (m(r, c) != 0) {
        columns.push_back(static_cast<std::int32_t>(c));
        values.push_back(m(r, c));
      }
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  return {static_cast<std::int32_t>(m.cols()), offsets, columns, values};
}

dense full(const reco::csr_matrix<double>& m) {
  dense out = dense::Zero(m.rows(), m.columns());
  for (std::int32_t r = 0; r < m.rows(); ++r)
    for (std::size_t n = 0; n < m.row(r).size(); ++n) out(r, m.row(r).columns[n]) = m.row(r).values[n];
  return out;
}

dense random_counts(std::int32_t rows, std::int32_t columns, std::uint64_t seed) {
  reco::random_engine random(seed);
  dense m = dense::Zero(rows, columns);
  for (Eigen::Index n = 0; n < m.size(); ++n)
    if (reco::bernoulli(random, 0.3)) m.data()[n] = static_cast<double>(1 + reco::uniform_index(random, 5));
  return m;
}

/// The definitions, written out over a dense matrix.
dense naive(const reco::tfidf& rule, const dense& counts) {
  const auto N = static_cast<double>(counts.rows());
  dense out = dense::Zero(counts.rows(), counts.cols());
  const auto containing = [&](Eigen::Index c) { return static_cast<double>((counts.col(c).array() != 0).count()); };
  double most = 0;
  for (Eigen::Index c = 0; c < counts.cols(); ++c) most = std::max(most, containing(c));
  for (Eigen::Index d = 0; d < counts.rows(); ++d) {
    for (Eigen::Index t = 0; t < counts.cols(); ++t) {
      const double c = counts(d, t);
      if (c == 0) continue;
      const double n = containing(t);
      double w = rule.tf == tf::raw         ? c
                 : rule.tf == tf::binary    ? 1
                 : rule.tf == tf::log       ? 1 + std::log(c)
                 : rule.tf == tf::augmented ? 0.5 + 0.5 * c / counts.row(d).maxCoeff()
                                            : std::sqrt(c);
      if (rule.idf == idf::plain) w *= std::log(N / n);
      if (rule.idf == idf::plain_plus_one) w *= 1 + std::log(N / n);
      if (rule.idf == idf::smooth) w *= 1 + std::log((N + 1) / (n + 1));
      if (rule.idf == idf::max) w *= std::log(most / n);
      if (rule.idf == idf::probabilistic) w *= 2 * n >= N ? 0 : std::log((N - n) / n);
      out(d, t) = w;
    }
    if (out.row(d).isZero(0)) continue;
    if (rule.norm == norm::l1) out.row(d) /= out.row(d).lpNorm<1>();
    if (rule.norm == norm::l2) out.row(d) /= out.row(d).norm();
  }
  return out;
}

dense weighted(const reco::tfidf& rule, const dense& counts) {
  return full(rule.fit(sparse(counts)).transform(sparse(counts)));
}

const dense six = (dense(6, 3) << 3, 0, 1, 2, 0, 0, 3, 0, 0, 4, 0, 0, 3, 2, 0, 3, 0, 2).finished();

}  // namespace

TEST_CASE("weights are those of scikit-learn's user guide") {
  // "Feature extraction", Tf-idf term weighting: TfidfTransformer(smooth_idf=False), then smooth_idf=True.
  const dense plain = (dense(6, 3) << 0.81940995, 0, 0.57320793, 1, 0, 0, 1, 0, 0, 1, 0, 0,  //
                       0.47330339, 0.88089948, 0, 0.58149261, 0, 0.81355169)
                          .finished();
  const dense smooth = (dense(6, 3) << 0.85151335, 0, 0.52433293, 1, 0, 0, 1, 0, 0, 1, 0, 0,  //
                        0.55422893, 0.83236428, 0, 0.63035731, 0, 0.77630514)
                           .finished();
  CHECK((weighted({.idf = idf::plain_plus_one}, six) - plain).cwiseAbs().maxCoeff() < 5e-9);
  CHECK((weighted({}, six) - smooth).cwiseAbs().maxCoeff() < 5e-9);
}

TEST_CASE("the query of the lnc.ltc example has the weights of the book") {
  // Manning, Raghavan and Schütze, "Introduction to Information Retrieval" (2008), example 6.4: best car insurance.
  // Columns auto, best, car, insurance; the base of the logarithm cancels in the norm.
  const std::vector<std::int32_t> frequencies = {5000, 50000, 10000, 1000};
  const reco::tfidf_model<double> ltc({.tf = tf::log, .idf = idf::plain}, frequencies, 1000000);
  const std::vector<std::int32_t> columns = {1, 2, 3};
  const std::vector<double> counts = {1, 1, 1};
  const auto query = ltc.transform({columns, counts});
  CHECK(query.columns == columns);
  CHECK_THAT(query.values[0], WithinAbs(0.34, 0.005));
  CHECK_THAT(query.values[1], WithinAbs(0.52, 0.005));
  CHECK_THAT(query.values[2], WithinAbs(0.78, 0.005));
}

TEST_CASE("weights are those of the definitions, for every variant and size") {
  const auto rows = GENERATE(1, 7, 8, 9, 200);
  const auto columns = GENERATE(1, 8, 30);
  const auto f = GENERATE(tf::raw, tf::binary, tf::log, tf::augmented, tf::square_root);
  const auto i = GENERATE(idf::none, idf::plain, idf::plain_plus_one, idf::smooth, idf::max, idf::probabilistic);
  const auto n = GENERATE(norm::none, norm::l1, norm::l2);
  const reco::tfidf rule{.tf = f, .idf = i, .norm = n};
  CAPTURE(rows, columns, reco::describe(rule));
  const auto counts = random_counts(rows, columns, 1);
  const auto expected = naive(rule, counts);
  CHECK((weighted(rule, counts) - expected).cwiseAbs().maxCoeff() <= 1e-14 * (1 + expected.cwiseAbs().maxCoeff()));
}

TEST_CASE("normalised rows have length one") {
  const auto counts = random_counts(100, 20, 2);
  const auto l2 = weighted({.tf = tf::log}, counts);
  const auto l1 = weighted({.norm = norm::l1}, counts);
  std::int32_t rows = 0;
  for (Eigen::Index d = 0; d < counts.rows(); ++d) {
    if (counts.row(d).isZero(0)) continue;
    ++rows;
    CHECK_THAT(l2.row(d).norm(), WithinRel(1.0, 1e-14));
    CHECK_THAT(l1.row(d).lpNorm<1>(), WithinRel(1.0, 1e-14));
  }
  CHECK(rows > 90);
}

TEST_CASE("weights that are zero are left out, and a document without weights stays empty") {
  const auto counts = sparse((dense(3, 3) << 1, 0, 2, 1, 0, 0, 1, 3, 0).finished());
  const auto weights = reco::tfidf{.idf = idf::plain}.fit(counts).transform(counts);
  CHECK(weights.rows() == 3);
  CHECK(weights.nonzeros() == 2);  // column 0 stands in every document
  CHECK(weights.row(1).empty());
  CHECK(weights.row(0).columns[0] == 2);
  const auto half = sparse((dense(2, 1) << 1, 0).finished());
  CHECK(reco::tfidf{.idf = idf::probabilistic}.fit(half).transform(half).nonzeros() == 0);
}

TEST_CASE("a new document gets the weights that it had among the old ones") {
  const auto counts = sparse(random_counts(50, 12, 3));
  const auto model = reco::tfidf{.tf = tf::augmented, .idf = idf::max}.fit(counts);
  const auto all = model.transform(counts);
  for (std::int32_t d = 0; d < counts.rows(); ++d) {
    const auto one = model.transform(counts.row(d));
    CHECK(one.columns == std::vector<std::int32_t>(all.row(d).columns.begin(), all.row(d).columns.end()));
    CHECK(one.values == std::vector<double>(all.row(d).values.begin(), all.row(d).values.end()));
  }
}

TEST_CASE("a token that no document had counts as one in a single document") {
  const std::vector<std::int32_t> frequencies = {0, 1, 4};
  const auto weights = [&](idf i) { return reco::tfidf_model<double>({.idf = i}, frequencies, 8).idf()[0]; };
  CHECK(weights(idf::plain) == std::log(8.0));
  CHECK(weights(idf::plain_plus_one) == std::log(8.0) + 1);
  CHECK(weights(idf::max) == std::log(4.0));
  CHECK(weights(idf::probabilistic) == std::log(7.0));
  CHECK(weights(idf::smooth) == std::log(9.0) + 1);  // its formula has a value
  CHECK(weights(idf::none) == 1);
}

TEST_CASE("signs of hashed counts are kept, fractions have a logarithm's weight too") {
  const std::vector<std::int32_t> frequencies = {1, 1};
  const std::vector<std::int32_t> columns = {0, 1};
  const std::vector<double> counts = {-4, 0.5};
  const auto weights = [&](tf f) {
    return reco::tfidf_model<double>({.tf = f, .idf = idf::none, .norm = norm::none}, frequencies, 2)
        .transform({columns, counts})
        .values;
  };
  CHECK(weights(tf::raw) == std::vector<double>{-4, 0.5});
  CHECK(weights(tf::binary) == std::vector<double>{-1, 1});
  CHECK(weights(tf::log) == std::vector<double>{-(1 + std::log(4.0)), 0.5});
  CHECK(weights(tf::augmented) == std::vector<double>{-1, 0.5625});
  CHECK(weights(tf::square_root) == std::vector<double>{-2, std::sqrt(0.5)});
}

TEST_CASE("no documents and no tokens are fitted without a word") {
  const auto none = reco::tfidf{}.fit(reco::csr_matrix<double>());
  CHECK(none.features() == 0);
  CHECK(none.transform(reco::csr_matrix<double>()).rows() == 0);
  const auto unseen = reco::tfidf{}.fit(reco::csr_matrix<double>(2, {0}, {}, {}));
  CHECK(unseen.features() == 2);
  CHECK(std::all_of(unseen.idf().begin(), unseen.idf().end(), [](double w) { return std::isfinite(w); }));
}

TEST_CASE("float and double agree") {
  const auto counts = random_counts(40, 10, 4);
  const auto wide = weighted({}, counts);
  const auto s = sparse(counts);
  const std::vector<float> values(s.values().begin(), s.values().end());
  const reco::csr_matrix<float> narrow(s.columns(), {s.offsets().begin(), s.offsets().end()},
                                       {s.column_ids().begin(), s.column_ids().end()}, values);
  const auto weights = reco::tfidf{}.fit(narrow).transform(narrow);
  for (std::int32_t d = 0; d < weights.rows(); ++d)
    for (std::size_t n = 0; n < weights.row(d).size(); ++n)
      CHECK_THAT(static_cast<double>(weights.row(d).values[n]), WithinRel(wide(d, weights.row(d).columns[n]), 1e-7));
}

TEST_CASE("texts become feature rows, and a text of today finds the article it is like") {
  const std::vector<std::string> articles = {"The bank raised its rate", "The cat sat on the mat",
                                             "A rate cut by banks"};
  const reco::vocabulary words(articles, reco::tokenizer{.stop_words = reco::english_stop_words});
  const auto counts = words.count_all<float>(articles).counts;
  const auto model = reco::tfidf{}.fit(counts);
  const reco::feature_rows<float> items(model.transform(counts));
  CHECK(items.items() == 3);
  CHECK(items.features() == words.size());
  const auto fresh = model.transform(words.count<float>("Why did the cat leave the mat?").counts.row());
  std::vector<double> cosine(3);
  for (std::int32_t i = 0; i < 3; ++i)
    for (std::size_t n = 0; n < fresh.columns.size(); ++n) {
      const auto row = items.features_of(i);
      const auto at = std::find(row.columns.begin(), row.columns.end(), fresh.columns[n]);
      if (at != row.columns.end())
        cosine[static_cast<std::size_t>(i)] +=
            static_cast<double>(fresh.values[n] * row.values[static_cast<std::size_t>(at - row.columns.begin())]);
    }
  CHECK(cosine[0] == 0);
  CHECK(cosine[1] > 0.8);
  CHECK(cosine[2] == 0);
}

TEST_CASE("bad options and counts of another width are named") {
  const auto counts = sparse(six);
  CHECK_THROWS_WITH(reco::tfidf{.tf = static_cast<tf>(77)}.fit(counts),
                    "tfidf: tf must be one of its named values, got an unnamed value");
  CHECK_THROWS_WITH(reco::parse_options<reco::tfidf>("idf=okapi"),
                    "tfidf: idf must be one of none, plain, plain_plus_one, smooth, max, probabilistic, got 'okapi'");
  CHECK(reco::parse_options<reco::tfidf>("tf=log,idf=plain,norm=l2") == reco::tfidf{.tf = tf::log, .idf = idf::plain});
  const auto model = reco::tfidf{}.fit(counts);
  CHECK_THROWS_WITH(model.transform(reco::csr_matrix<double>(4, {0}, {}, {})),
                    "tfidf: counts must have 3 columns, got 4");
  const std::vector<std::int32_t> columns = {1, 3};
  const std::vector<double> values = {1, 1};
  CHECK_THROWS_WITH(model.transform({columns, values}), "tfidf: column must be in 0..2, got 3");
}
