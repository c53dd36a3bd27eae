// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/event.hpp"
#include "reco/data/feature_rows.hpp"
#include "reco/data/synthetic.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/testing/check_estimator.hpp"
#include "support/catch.hpp"

// The data that every estimator of the library must keep its promises on: one plain set, and beside it those that tend
// to break something.

namespace reco_test {

struct named_data {
  std::string name;
  reco::dataset<float> data;
};

/// Vectors and features for a log: item i leans towards axis i mod 5, and nothing is known of every ninth item.
inline reco::dataset<float> with_vectors(const std::vector<reco::event>& log, reco::shape shape) {
  constexpr std::int32_t dimension = 5, features = 11;
  reco::random_engine random(1);
  reco::matrix<float> vectors = reco::matrix<float>::Zero(shape.items, dimension);
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> columns;
  std::vector<float> values;
  for (std::int32_t i = 0; i < shape.items; ++i) {
    if (i % 9 != 4) {
      for (std::int32_t d = 0; d < dimension; ++d)
        vectors(i, d) = static_cast<float>(0.3 * reco::normal(random)) + (d == i % dimension ? 1.0F : 0.0F);
      for (const std::int32_t f : {i % dimension, dimension + i % (features - dimension)}) {
        columns.push_back(f);
        values.push_back(1 + static_cast<float>(reco::uniform_index(random, 3)));
      }
    }
    offsets.push_back(static_cast<std::int64_t>(columns.size()));
  }
  return {log, shape, reco::embeddings<float>(std::move(vectors)),
          reco::feature_rows<float>(reco::csr_matrix<float>(features, offsets, columns, values))};
}

inline std::vector<named_data> make_data_sets() {
  using std::chrono::hours;
  const auto at = [](int hour) { return reco::instant(hours(hour)); };
  std::vector<named_data> sets;
  const auto add = [&](std::string name, const std::vector<reco::event>& log, reco::shape shape) {
    sets.push_back({std::move(name), with_vectors(log, shape)});
  };

  const auto readers =
      reco::drifting_readers({.readers = 9, .items = 26, .topics = 4, .reads_per_reader = 12, .seed = 3});
  add("a plain log", readers.events, readers.shape);
  add("users and items without events", readers.events, {readers.shape.users + 2, readers.shape.items + 3});

  auto ratings = readers.events;
  for (std::size_t n = 0; n < ratings.size(); ++n) ratings[n].value = static_cast<double>(n * 7 % 11) / 2 - 2;
  add("ratings from -2 to 3", ratings, readers.shape);

  auto repeated = readers.events;
  repeated.insert(repeated.end(), readers.events.begin(), readers.events.end());
  for (const auto& e : readers.events)
    if (e.user == 0) repeated.push_back(readers.events.front());
  add("the same events again and again", repeated, readers.shape);

  auto at_once = readers.events;
  for (auto& e : at_once) e.time = {};
  add("no times", at_once, readers.shape);

  const auto cliques = reco::planted_blocks({.users = 8, .items = 12, .blocks = 2});
  add("two cliques in which all are alike", cliques.events, cliques.shape);

  std::vector<reco::event> all_seen;
  for (std::int32_t u = 0; u < 3; ++u)
    for (std::int32_t i = 0; i < 5; ++i) all_seen.push_back({.user = u, .item = i, .time = at(u + i)});
  add("everybody has seen everything", all_seen, {3, 5});

  add("one item", {{.user = 0, .item = 0, .time = at(1)}, {.user = 2, .item = 0, .time = at(2)}}, {3, 1});
  add("one user", {{.user = 0, .item = 1, .time = at(5)}, {.user = 0, .item = 6, .time = at(3)}}, {1, 8});
  add("one event", {{.user = 0, .item = 0, .time = at(1)}}, {1, 1});
  add("no events", {}, {4, 6});
  add("no users", {}, {0, 6});
  add("no items", {}, {4, 0});
  return sets;
}

inline const std::vector<named_data>& data_sets() {
  static const auto sets = make_data_sets();
  return sets;
}

/// Checks an estimator on every data set but those that it refuses, which must be refused.
template <class E>
void keeps_its_promises(const E& e, const reco::conformance& excused = {}, const std::string& refused = {}) {
  for (const auto& [name, data] : data_sets()) {
    CAPTURE(name);
    if (name == refused) {
      CHECK_THROWS_AS(e.fit(data), reco::invalid_argument);
      continue;
    }
    const auto complaints = reco::check_estimator(e, data, excused);
    CAPTURE(complaints);
    CHECK(complaints.empty());
  }
}

}  // namespace reco_test
