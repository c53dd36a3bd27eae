// SPDX-License-Identifier: MIT
#include "reco/content/latent_semantic_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/SVD>

#include "reco/base/thread_pool.hpp"
#include "reco/content/tfidf.hpp"
#include "reco/content/vocabulary.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/feature_rows.hpp"
#include "reco/io/csv.hpp"
#include "reco/io/file.hpp"
#include "reco/knn/exact.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"
#include "support/random_matrix.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

static_assert(reco::embeds_items<reco::latent_semantic_model<float>>);

namespace {

template <class T>
reco::feature_rows<T> random_items(Eigen::Index items, Eigen::Index features, double density, std::uint64_t seed) {
  return reco::feature_rows<T>(compressed(random_matrix<T>(items, features, density, seed)));
}

template <class T>
double cosine(std::span<const T> a, std::span<const T> b) {
  return static_cast<double>(reco::as_column(a).normalized().dot(reco::as_column(b).normalized()));
}

template <class T>
std::span<const T> as_span(const reco::column<T>& v) {
  return {v.data(), static_cast<std::size_t>(v.size())};
}

/// The titles of Deerwester et al. (1990), table 2, cut down to the words that stand in more than one of them: five
/// about human-computer interaction, four about graphs.
const std::vector<std::string> titles = {"human interface computer",
                                         "survey user computer system response time",
                                         "EPS user interface system",
                                         "system human system EPS",
                                         "user response time",
                                         "trees",
                                         "graph trees",
                                         "graph minors trees",
                                         "graph minors survey"};

}  // namespace

TEST_CASE("the worked example of Deerwester et al. comes out as printed") {
  const reco::vocabulary words(titles);
  REQUIRE(words.size() == 12);
  const auto counts = words.count_all<double>(titles).counts;
  const reco::feature_rows<double> items(counts);

  const double printed[] = {3.34, 2.54, 2.35, 1.64, 1.50, 1.31, 0.85, 0.56, 0.36};  // S, page 406
  const auto whole = reco::latent_semantic_analysis{.dimensions = 9}.fit(items);
  REQUIRE(whole.dimension() == 9);
  for (Eigen::Index i = 0; i < 9; ++i) CHECK_THAT(whole.singular_values()[i], WithinAbs(printed[i], 0.005));

  // "human computer interaction" has no word in common with the third and the fifth title, yet in two dimensions all
  // five titles of its kind are near to it and no other is.
  const auto model = reco::latent_semantic_analysis{.dimensions = 2}.fit(items);
  const auto query = model.embed(words.count<double>("human computer interaction").counts.row());
  for (std::int32_t title = 0; title < 9; ++title) {
    CAPTURE(titles[static_cast<std::size_t>(title)]);
    const double near = cosine(as_span(query), model.embedding(title));
    if (title < 5) CHECK(near > 0.85);
    else CHECK(near < 0.3);
  }
}

TEMPLATE_TEST_CASE("an item's own features are embedded to its vector, to the last bit", "[content]", float, double) {
  const auto items = random_items<TestType>(90, 130, 0.1, 30);
  const auto power = GENERATE(0.0, 0.5, 1.0, 2.0);
  const auto model = reco::latent_semantic_analysis{.dimensions = 20, .singular_power = power}.fit(items);
  REQUIRE(model.items() == 90);
  REQUIRE(model.features() == 130);
  REQUIRE(model.dimension() == 20);
  for (std::int32_t i = 0; i < 90; ++i) {
    const auto folded = model.embed(items.features_of(i));
    const auto learned = model.embedding(i);
    REQUIRE(std::equal(learned.begin(), learned.end(), folded.data(), folded.data() + folded.size()));
  }
}

TEST_CASE("vectors are the left singular vectors times powers of the singular values") {
  const auto table = random_matrix<double>(40, 60, 0.3, 31);
  const reco::feature_rows<double> items(compressed(table));
  const Eigen::JacobiSVD<Eigen::MatrixXd> exact(table, Eigen::ComputeThinU);
  const auto power = GENERATE(0.0, 0.5, 1.0, 2.0);
  CAPTURE(power);
  const auto model =
      reco::latent_semantic_analysis{.dimensions = 40, .singular_power = power, .iterations = 60}.fit(items);
  REQUIRE(model.dimension() == 40);
  // Signs are free: inner products are not.
  const Eigen::MatrixXd vectors = exact.matrixU() * exact.singularValues().array().pow(power).matrix().asDiagonal();
  const Eigen::MatrixXd expected = vectors * vectors.transpose();
  const Eigen::MatrixXd got = model.embeddings().rows() * model.embeddings().rows().transpose();
  CHECK((got - expected).cwiseAbs().maxCoeff() < 1e-9 * expected.cwiseAbs().maxCoeff());
  if (power == 1.0) CHECK((got - table * table.transpose()).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("documents without a common word are near when their words keep the same company") {
  // Words 0 and 1 stand beside word 2 in many documents, never beside each other; word 3 is elsewhere.
  reco::matrix<double> table = reco::matrix<double>::Zero(40, 5);
  for (Eigen::Index i = 0; i < 40; ++i) {
    if (i % 4 < 2) table(i, i % 4) = table(i, 2) = 1;
    else table(i, 3) = table(i, 4) = 1;
  }
  const auto model = reco::latent_semantic_analysis{.dimensions = 2}.fit(reco::feature_rows<double>(compressed(table)));
  const auto embed = [&](std::int32_t word) {
    const std::int32_t columns[] = {word};
    const double values[] = {1};
    return model.embed({columns, values});
  };
  CHECK(cosine(as_span(embed(0)), as_span(embed(1))) > 0.999);
  CHECK(std::abs(cosine(as_span(embed(0)), as_span(embed(3)))) < 1e-6);
}

TEST_CASE("the dimension is what the weights hold, and the model says so") {
  const auto few = reco::latent_semantic_analysis{.dimensions = 128}.fit(random_items<float>(6, 50, 0.5, 32));
  CHECK(few.dimension() == 6);
  CHECK(few.singular_values().size() == 6);
  CHECK(few.embeddings().dimension() == 6);

  const auto none = reco::latent_semantic_analysis{}.fit(random_items<float>(7, 50, 0, 33));
  CHECK(none.items() == 7);
  CHECK(none.dimension() == 0);
  CHECK(none.embed({}).size() == 0);
  const auto empty = reco::latent_semantic_analysis{}.fit(reco::feature_rows<float>());
  CHECK(empty.items() == 0);
  CHECK(empty.dimension() == 0);
}

TEST_CASE("an item without features has a vector of zeros and is like no other") {
  auto table = random_matrix<float>(20, 30, 0.3, 34);
  table.row(4).setZero();
  const auto model = reco::latent_semantic_analysis{.dimensions = 8}.fit(reco::feature_rows<float>(compressed(table)));
  CHECK(reco::as_column(model.embedding(4)).isZero(0));
  CHECK(reco::similar_items(model, 4, {.k = 5}).empty());
  const auto list = reco::similar_items(model, 5, {.k = 30});
  CHECK(list.size() == 18);
  CHECK(std::none_of(list.begin(), list.end(), [](const auto& s) { return s.item == 4 || s.item == 5; }));
}

TEST_CASE("features of a dataset and features alone give the same model, on any number of threads") {
  const auto items = random_items<float>(300, 200, 0.05, 35);
  const auto alone = reco::latent_semantic_analysis{.dimensions = 16}.fit(items);
  const reco::dataset<float> data({}, {.users = 3, .items = 300}, {}, items);
  const unsigned threads = GENERATE(1U, 2U, 5U);
  reco::thread_pool pool(threads);
  const auto among = reco::latent_semantic_analysis{.dimensions = 16}.fit(data, {.executor = pool});
  CHECK(among.embeddings().rows() == alone.embeddings().rows());
  CHECK(among.singular_values() == alone.singular_values());
  CHECK(among.report().loss == alone.report().loss);
}

TEST_CASE("bad options and unknown features are named") {
  const auto items = random_items<float>(5, 5, 1, 36);
  CHECK_THROWS_WITH(reco::latent_semantic_analysis{.dimensions = 0}.fit(items),
                    "latent_semantic_analysis: dimensions must be at least 1, got 0");
  CHECK_THROWS_WITH(reco::latent_semantic_analysis{.singular_power = -1}.fit(items),
                    "latent_semantic_analysis: singular_power must be at least 0, got -1");
  CHECK_THROWS_WITH(reco::latent_semantic_analysis{.singular_power = 5}.fit(items),
                    "latent_semantic_analysis: singular_power must be at most 4, got 5");
  CHECK_THROWS_WITH(reco::latent_semantic_analysis{.iterations = -1}.fit(items),
                    "latent_semantic_analysis: iterations must be at least 0, got -1");
  const auto model = reco::latent_semantic_analysis{}.fit(items);
  const std::int32_t columns[] = {5};
  const float values[] = {1};
  CHECK_THROWS_AS(model.embed({columns, values}), std::out_of_range);
  CHECK_THROWS_WITH(model.embed({columns, values}), "latent_semantic_model: feature must be in 0..4, got 5");
  CHECK_THROWS_AS(model.embedding(5), std::out_of_range);
}

TEST_CASE("of the ten articles of AG's news nearest to each, eight are on its topic") {
  RECO_NEEDS_DATA(file, "ag-news/test.csv");
  const std::string text = reco::read_file(file);
  reco::csv_reader csv(text, "test.csv", {.columns = {"topic", "title", "description"}});
  std::vector<std::string> articles, topics;
  while (csv.next()) {
    topics.emplace_back(csv[0]);
    articles.push_back(std::string(csv[1]) + ' ' + std::string(csv[2]));
  }
  REQUIRE(articles.size() == 7600);
  const reco::vocabulary words(articles, reco::tokenizer{.stop_words = reco::english_stop_words}, {.min_documents = 2});
  const auto counts = words.count_all<float>(articles).counts;
  using idf = reco::inverse_document_frequency;
  const auto once =
      reco::tfidf{.tf = reco::term_frequency::log, .idf = idf::plain, .norm = reco::row_norm::none}.fit(counts);
  const auto twice = reco::tfidf{.idf = idf::plain}.fit(counts);
  const reco::feature_rows<float> items(twice.transform(once.transform(counts)));
  reco::thread_pool pool(2);
  const auto model = reco::latent_semantic_analysis{.dimensions = 64}.fit(items, {.executor = pool});

  const auto& vectors = model.embeddings().rows();
  const auto index = reco::exact_index<float>::view(vectors, reco::similarity::cosine);
  const auto lists = index.search_all(vectors, {.k = 11}, pool);
  std::int64_t neighbors = 0, on_topic = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    int taken = 0;
    for (const auto& s : lists[i]) {
      if (s.item == static_cast<std::int32_t>(i) || taken == 10) continue;
      ++taken;
      ++neighbors;
      on_topic += topics[static_cast<std::size_t>(s.item)] == topics[i] ? 1 : 0;
    }
  }
  CHECK(neighbors >= 75990);  // an article without a known word has none
  CHECK(static_cast<double>(on_topic) / static_cast<double>(neighbors) > 0.81);
}
