// SPDX-License-Identifier: MIT
#include "reco/neighborhood/all_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/math/matrix.hpp"
#include "reco/neighborhood/neighbor_rows.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// Sets with a popularity tail: item i with a chance that falls with i; the first is everybody's.
reco::csr_matrix<float> sets(std::int32_t users, std::int32_t items) {
  reco::random_engine random(11);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < users; ++u)
    for (std::int32_t i = 0; i < items; ++i)
      if (reco::uniform_index(random, 3 + i) < 3) log.push_back({u, (i * 7) % items, 1});
  return reco::sparse_interactions<float>(log, {users, items}, reco::repeats::max).by_user();
}

std::vector<reco::scored_item<float>> list(const reco::csr_matrix<float>& rows, std::int32_t i) {
  std::vector<reco::scored_item<float>> list;
  for (std::size_t n = 0; n < rows.row(i).size(); ++n) list.push_back({rows.row(i).columns[n], rows.row(i).values[n]});
  return list;
}

void compare(std::int32_t users, std::int32_t items, std::int32_t k) {
  CAPTURE(users, items, k);
  const auto x = sets(users, items), by_item = x.transposed();
  std::vector<float> own, other;
  for (std::int32_t i = 0; i < items; ++i) {
    const auto n = static_cast<float>(by_item.row(i).size());
    own.push_back(n > 0 ? std::pow(n, -0.5F) : 0);
    other.push_back(n > 0 ? std::pow(n, -0.4F) : 0);
  }
  reco::matrix<float> dense = reco::matrix<float>::Zero(users, items);
  for (std::int32_t u = 0; u < users; ++u)
    for (const auto i : x.row(u).columns) dense(u, i) = 1;
  const reco::matrix<float> both = dense.transpose() * dense;

  reco::thread_pool pool(3);
  const reco::detail::all_pairs<float> pairs(x, by_item, own, other);
  const auto rows = pairs.nearest(k, pool);
  CHECK(rows == pairs.nearest(k, {}));
  REQUIRE(rows.rows() == items);
  for (std::int32_t i = 0; i < items; ++i) {
    const auto a = static_cast<std::size_t>(i);
    reco::top_k<float> best(k);
    for (std::int32_t j = 0; j < items; ++j)
      if (j != i && both(i, j) > 0) best.push(j, both(i, j) * own[a] * other[static_cast<std::size_t>(j)]);
    auto expected = best.take();
    reco::detail::by_item(expected);
    CHECK(list(rows, i) == expected);
  }
}

}  // namespace

TEST_CASE("pairs of weighted users are those of a dense product, on any number of threads", "[concurrent]") {
  constexpr std::int32_t users = 90, items = 700, k = 8;
  const auto x = sets(users, items), by_item = x.transposed();
  std::vector<float> weights, own, other;
  for (std::int32_t u = 0; u < users; ++u) weights.push_back(1 / std::sqrt(static_cast<float>(x.row(u).size())));
  for (std::int32_t i = 0; i < items; ++i) {
    own.push_back(1);
    other.push_back(1 / (1 + static_cast<float>(by_item.row(i).size())));
  }
  reco::matrix<float> dense = reco::matrix<float>::Zero(users, items), weighted = dense;
  for (std::int32_t u = 0; u < users; ++u)
    for (const auto i : x.row(u).columns) dense(u, i) = 1, weighted(u, i) = weights[static_cast<std::size_t>(u)];
  const reco::matrix<float> both = weighted.transpose() * dense;

  reco::thread_pool pool(3);
  const reco::detail::all_pairs<float> pairs(x, by_item, own, other, weights);
  const auto rows = pairs.nearest(k, pool);
  CHECK(rows == pairs.nearest(k, {}));
  for (std::int32_t i = 0; i < items; ++i) {
    reco::top_k<float> best(k);
    for (std::int32_t j = 0; j < items; ++j)
      if (j != i && both(i, j) > 0) best.push(j, both(i, j) * other[static_cast<std::size_t>(j)]);
    const auto expected = best.take();
    auto row = list(rows, i);
    CHECK(std::is_sorted(row.begin(), row.end(), [](const auto& a, const auto& b) { return a.item < b.item; }));
    std::sort(row.begin(), row.end(), reco::better);
    REQUIRE(row.size() == expected.size());
    for (std::size_t n = 0; n < row.size(); ++n) CHECK(row[n].score == Approx(expected[n].score).epsilon(1e-5));
  }
}

TEST_CASE("pairs counted are those of a dense product, to the last bit and tie, in bytes and in wider counts",
          "[concurrent]") {
  for (const std::int32_t items : {1, 2, 63, 64, 65, 129, 400}) compare(90, items, 10);
  compare(700, 150, 5);    // more than 255 users of an item
  compare(66000, 3, 2);    // more than 65535
  compare(90, 130, 1000);  // k beyond the catalog
  compare(40, 600, 20);    // dense items, and stretches without
  compare(60, 1500, 7);    // rows of few pairs
  compare(90, 1100, 150);  // rows of many, read in several stretches
  compare(300, 1500, 3);   // of which many have counts of 1 that are passed over
}
