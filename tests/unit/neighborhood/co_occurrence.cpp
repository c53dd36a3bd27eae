// SPDX-License-Identifier: MIT
#include "reco/neighborhood/co_occurrence.hpp"

#include <cmath>
#include <set>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "support/catch.hpp"
#include "support/dense.hpp"
#include "support/random_log.hpp"

using namespace reco_test;
using reco::association;
using reco::co_occurrence;

namespace {

using baskets = std::vector<std::set<std::int32_t>>;

baskets baskets_of(const reco::sparse_interactions<double>& data) {
  baskets out;
  for (std::int32_t u = 0; u < data.users(); ++u) {
    out.emplace_back();
    for (std::size_t n = 0; n < data.of(u).size(); ++n)
      if (data.of(u).values[n] > 0) out.back().insert(data.of(u).items[n]);
  }
  return out;
}

double naive(const co_occurrence& o, const baskets& all, std::int32_t j, std::int32_t i) {
  double n_j = 0, n_i = 0, both = 0, total = 0, swing = 0;
  for (std::size_t u = 0; u < all.size(); ++u) {
    const bool with_j = all[u].count(j) > 0, with_i = all[u].count(i) > 0;
    n_j += with_j;
    n_i += with_i;
    both += with_j && with_i;
    total += !all[u].empty();
    for (std::size_t v = u + 1; v < all.size(); ++v) {
      if (!with_j || !with_i || !all[v].count(j) || !all[v].count(i)) continue;
      double shared = 0;
      for (const auto k : all[u]) shared += static_cast<double>(all[v].count(k));
      swing += 1 / std::sqrt(static_cast<double>(all[u].size() * all[v].size())) / (o.swing_alpha + shared);
    }
  }
  if (i == j || both < o.min_overlap) return 0;
  switch (o.measure) {
    case association::count: return both;
    case association::lift: return both / (n_j * n_i / total + o.damping);
    case association::log_likelihood: return reco::log_likelihood_ratio(both, n_j, n_i, total);
    case association::swing: return swing;
  }
  return 0;
}

}  // namespace

TEST_CASE("counts, lift, likelihood ratio and Swing are what loops over all baskets find") {
  for (const std::int32_t items : {1, 2, 40, 70}) {
    const reco::shape shape{30, items};
    const reco::sparse_interactions<double> data(random_log(3, shape, 6 * items), shape);
    const auto all = baskets_of(data);
    for (const auto measure : {association::count, association::lift, association::log_likelihood, association::swing})
      for (const std::int32_t least : {1, 2}) {
        const co_occurrence o{.measure = measure, .neighbors = 1000, .min_overlap = least, .swing_alpha = 0.7};
        CAPTURE(reco::describe(o), items);
        const auto model = o.fit(data);
        for (std::int32_t j = 0; j < items; ++j)
          for (std::int32_t i = 0; i < items; ++i)
            CHECK(weight(model.weights(), j, i) == Approx(naive(o, all, j, i)).margin(1e-12));
      }
  }
}

TEST_CASE("Swing of two users worked by hand") {
  // Both users share items 0 and 1; user 1 has item 2 too: 1 / sqrt(2 · 3) / (1 + 2).
  const reco::sparse_interactions<double> data(std::vector<reco::event>{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {1, 2}},
                                               {2, 3});
  const auto w = co_occurrence{.measure = association::swing}.fit(data).weights();
  CHECK(weight(w, 0, 1) == Approx(1 / (std::sqrt(6) * 3)));
  CHECK(weight(w, 0, 2) == 0);
}

TEST_CASE("damping takes the lead from what happened together once") {
  // Items 0 and 1 meet once and never else; items 2 and 3 meet in 8 baskets of 20, beside two apart.
  std::vector<reco::event> log = {{0, 0}, {0, 1}};
  for (std::int32_t u = 1; u <= 8; ++u) log.insert(log.end(), {{u, 2}, {u, 3}});
  log.insert(log.end(), {{9, 2}, {10, 3}});
  for (std::int32_t u = 11; u < 20; ++u) log.push_back({u, 4});
  const reco::sparse_interactions<double> data(log, {20, 5});
  const auto plain = co_occurrence{.measure = association::lift, .damping = 0}.fit(data).weights();
  const auto damped = co_occurrence{.measure = association::lift, .damping = 5}.fit(data).weights();
  CHECK(weight(plain, 0, 1) == Approx(20));
  CHECK(weight(plain, 2, 3) == Approx(8 * 20 / 81.));
  CHECK(weight(damped, 0, 1) < weight(damped, 2, 3));
}

TEST_CASE("an item with more users than Swing may look at is judged by an even share of them") {
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < 30; ++u) log.insert(log.end(), {{u, 0}, {u, u < 15 ? 1 : 2}});
  const reco::sparse_interactions<double> data(log, {30, 3});
  const auto w = co_occurrence{.measure = association::swing, .swing_users = 10}.fit(data).weights();
  CHECK(weight(w, 0, 1) == Approx(10 * 0.5 / 3));  // five of the first half: ten pairs, two items shared
  CHECK(weight(w, 0, 2) == Approx(10 * 0.5 / 3));
}

TEST_CASE("co_occurrence has the same bits on any number of threads", "[concurrent]") {
  const reco::shape shape{150, 200};
  const reco::sparse_interactions<float> data(random_log(4, shape, 2000), shape);
  for (const auto measure : {association::lift, association::swing}) {
    const co_occurrence o{.measure = measure, .neighbors = 9};
    reco::thread_pool pool(3);
    CHECK(o.fit(data, {.executor = pool}).weights() == o.fit(data).weights());
  }
}
