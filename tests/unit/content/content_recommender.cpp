// SPDX-License-Identifier: MIT
#include "reco/content/content_recommender.hpp"

#include <cmath>
#include <memory>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/dataset.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/fallback.hpp"
#include "reco/model/recommend.hpp"
#include "reco/model/similar_items.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

using ids = std::vector<std::int32_t>;

template <class T>
ids items_of(const reco::ranked_list<T>& l) {
  ids out;
  for (const auto& s : l) out.push_back(s.item);
  return out;
}

reco::embeddings<double> vectors_with_a_zero(std::int32_t items, std::int32_t dimension, std::uint64_t seed) {
  reco::random_engine random(seed);
  reco::matrix<double> m(items, dimension);
  for (Eigen::Index n = 0; n < m.size(); ++n) m.data()[n] = reco::normal(random);
  m.row(3).setZero();
  return reco::embeddings<double>(m);
}

const ids read_items{5, 7, 5, 3, 9};
const std::vector<double> read_values{1, 2, 1, 4, -1};
const std::vector<reco::instant> read_times{reco::instant(0h), reco::instant(30h), reco::instant(40h),
                                            reco::instant(50h), reco::instant(60h)};
const reco::query<double> reader{.session = {.items = read_items, .values = read_values, .times = read_times},
                                 .now = reco::instant(61h)};

}  // namespace

TEST_CASE("the list is the catalog sorted by the cosine to the taste profile") {
  const auto e = vectors_with_a_zero(40, 9, 1);
  const reco::content_recommender rule{.half_life = 20h, .negative_weight = 0.5};
  const auto model = rule.fit(e);

  reco::matrix<double> unit = e.rows();
  for (Eigen::Index i = 0; i < unit.rows(); ++i)
    if (!unit.row(i).isZero(0)) unit.row(i).normalize();
  const double weights[] = {std::exp2(-3.0), 2 * std::exp2(-1.5), std::exp2(-1.0), 0, -0.5 * std::exp2(0.0)};
  reco::column<double> taste = reco::column<double>::Zero(9);
  for (std::size_t n = 0; n < 5; ++n) taste += weights[n] * unit.row(read_items[n]).transpose();
  taste.normalize();
  CHECK((model.profile(reader) - taste).norm() < 1e-12);

  std::vector<reco::scored_item<double>> expected;
  for (std::int32_t i = 0; i < 40; ++i)
    if (i != 3 && i != 5 && i != 7 && i != 9) expected.push_back({i, unit.row(i).dot(taste)});
  const auto sorted = reco::ranked_list<double>::best_of(expected);
  const auto list = reco::recommend(model, reader, {.k = 100});
  REQUIRE(items_of(list) == items_of(sorted));
  for (std::size_t n = 0; n < list.size(); ++n) CHECK_THAT(list[n].score, WithinAbs(sorted[n].score, 1e-12));
}

TEST_CASE("the parts of an explanation add up, one for each article read however often") {
  const auto model = reco::content_recommender{.half_life = 20h}.fit(vectors_with_a_zero(40, 9, 2));
  for (const auto& [item, score] : reco::recommend(model, reader, {.k = 5})) {
    const auto why = reco::explain(model, reader, item);
    CHECK(why.because.size() == 3);  // 5 twice, 3 has no vector
    double sum = 0;
    for (const auto& part : why.because) sum += part.score;
    CHECK_THAT(sum, WithinAbs(score, 1e-12));
    CHECK_THAT(why.score, WithinAbs(score, 1e-12));
  }
}

TEST_CASE("items without a vector are never recommended, never similar, and say nothing") {
  const auto model = reco::content_recommender{}.fit(vectors_with_a_zero(10, 4, 3));
  const ids only_three{3};
  CHECK(reco::recommend(model, reader, {.exclude_seen = false, .only = only_three}).empty());
  CHECK(reco::similar_items(model, 3).empty());
  const auto list = reco::similar_items(model, 0, {.k = 20});
  CHECK(list.size() == 8);
  const reco::query<double> lost{.session = {.items = only_three}};
  CHECK_FALSE(model.can_answer(lost));
  CHECK(reco::recommend(model, lost, {}).empty());
}

TEST_CASE("without a session the history is read, and reads after now do not count") {
  const auto model = reco::content_recommender{.half_life = 1h}.fit(vectors_with_a_zero(20, 4, 4));
  const ids one{7};
  const reco::query<double> by_history{.history = {.items = one}};
  CHECK((model.profile(by_history) - reco::as_column(model.embedding(7))).norm() < 1e-12);
  const ids two{7, 8};
  const std::vector<reco::instant> times{reco::instant(1h), reco::instant(9h)};
  const reco::query<double> early{.session = {.items = two, .times = times}, .now = reco::instant(5h)};
  CHECK((model.profile(early) - reco::as_column(model.embedding(7))).norm() < 1e-12);
  const reco::query<double> too_early{.session = {.items = two, .times = times}, .now = reco::instant(0h)};
  CHECK_FALSE(model.can_answer(too_early));
}

TEST_CASE("a like and a dislike of one thing cancel to no taste, not to noise") {
  const auto model = reco::content_recommender{.negative_weight = 1}.fit(vectors_with_a_zero(20, 4, 5));
  const ids twice{7, 7};
  const std::vector<double> values{1, -1};
  const reco::query<double> torn{.session = {.items = twice, .values = values}};
  CHECK_FALSE(model.can_answer(torn));
  CHECK(reco::recommend(model, torn, {}).empty());
}

TEST_CASE("a taste kept in a stream finds what the query finds") {
  const auto e = vectors_with_a_zero(40, 9, 6);
  const auto model = reco::content_recommender{.half_life = 20h}.fit(e);
  reco::taste<double> live({.half_life = 20h}, 9);
  for (std::size_t n = 0; n < read_items.size(); ++n)
    if (read_items[n] != 3) live.read(model.embedding(read_items[n]), read_values[n], read_times[n]);
  const auto profile = live.profile();
  const auto near = model.near({profile.data(), 9}, {.k = 6, .exclude = read_items});
  CHECK(items_of(near) == items_of(reco::recommend(model, reader, {.k = 6})));
}

TEST_CASE("a copy of a model answers when the first one is gone") {
  auto first =
      std::make_unique<reco::content_model<double>>(reco::content_recommender{}.fit(vectors_with_a_zero(20, 4, 7)));
  const auto expected = reco::recommend(*first, reader, {.k = 5});
  const auto copy = *first;
  first.reset();
  CHECK(reco::recommend(copy, reader, {.k = 5}) == expected);
}

TEST_CASE("bad options, data without vectors and an index of other vectors are named") {
  const auto e = vectors_with_a_zero(10, 4, 8);
  CHECK_THROWS_WITH(reco::content_recommender{.half_life = 0s}.fit(e),
                    "content_recommender: half_life must be above 0s, got 0s");
  CHECK_THROWS_WITH(reco::content_recommender{.negative_weight = -1}.fit(e),
                    "content_recommender: negative_weight must be at least 0, got -1");
  const reco::event log[] = {{.user = 0, .item = 0}};
  CHECK_THROWS_WITH(reco::content_recommender{}.fit(reco::dataset<float>(log, {.users = 1, .items = 1})),
                    "content_recommender: the data must have item vectors");
  const auto vectors = std::make_shared<const reco::embeddings<double>>(e);
  CHECK_THROWS_WITH(
      reco::content_model<double>({}, vectors, reco::exact_index<double>(reco::matrix<double>::Ones(3, 4))),
      "content_model: the index must hold the vectors, 10 of 4 numbers, got 3 of 4");
}
