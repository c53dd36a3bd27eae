// SPDX-License-Identifier: MIT
#include "reco/content/co_reads.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <Eigen/SVD>

#include "reco/base/thread_pool.hpp"
#include "reco/data/dense_interactions.hpp"
#include "reco/data/event.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/data/synthetic.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

std::vector<reco::event> some_reads(std::int32_t users, std::int32_t items, std::uint64_t seed) {
  reco::random_engine random(seed);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < users; ++u)
    for (std::int32_t i = 0; i < items; ++i)
      if (reco::uniform_index(random, 3) == 0) log.push_back({.user = u, .item = i});
  return log;
}

template <class T>
double dot(std::span<const T> a, std::span<const T> b) {
  return static_cast<double>(reco::as_column(a).dot(reco::as_column(b)));
}

}  // namespace

TEST_CASE("co-read vectors are the scaled right singular vectors of the normalised reads") {
  constexpr std::int32_t users = 30, items = 14;
  const auto log = some_reads(users, items, 5);
  const auto model = reco::co_reads{.dimensions = items}.fit(reco::sparse_interactions<double>(log, {users, items}));

  Eigen::MatrixXd graph = Eigen::MatrixXd::Zero(users, items);
  for (const auto& e : log) graph(e.user, e.item) = 1;
  const Eigen::VectorXd of_user = graph.rowwise().sum(), of_item = graph.colwise().sum();
  for (Eigen::Index u = 0; u < users; ++u)
    for (Eigen::Index i = 0; i < items; ++i)
      if (graph(u, i) > 0) graph(u, i) /= std::sqrt(of_user[u] * of_item[i]);
  const Eigen::JacobiSVD<Eigen::MatrixXd> exact(graph, Eigen::ComputeThinV);

  REQUIRE(model.dimension() == items);
  for (Eigen::Index k = 0; k < items; ++k)
    CHECK_THAT(model.singular_values()[k], WithinAbs(exact.singularValues()[k], 1e-9));
  CHECK_THAT(model.singular_values()[0], WithinAbs(1, 1e-12));
  // Signs are free: cosines of items are not.
  Eigen::MatrixXd vectors = exact.matrixV() * exact.singularValues().asDiagonal();
  vectors.rowwise().normalize();
  const Eigen::MatrixXd got = model.embeddings().rows() * model.embeddings().rows().transpose();
  CHECK((got - vectors * vectors.transpose()).cwiseAbs().maxCoeff() < 1e-8);
}

TEST_CASE("items of one crowd lie in one direction, and the crowds apart") {
  const auto blocks = reco::planted_blocks({.users = 24, .items = 18, .blocks = 3});
  const auto model = reco::co_reads{.dimensions = 3}.fit(reco::sparse_interactions<float>(blocks.events, blocks.shape));
  std::vector<std::vector<bool>> together(18, std::vector<bool>(18));
  std::vector<std::vector<std::int32_t>> items_of(24);
  for (const auto& e : blocks.events) items_of[static_cast<std::size_t>(e.user)].push_back(e.item);
  for (const auto& items : items_of)
    for (const auto a : items)
      for (const auto b : items) together[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] = true;
  for (std::int32_t a = 0; a < 18; ++a)
    for (std::int32_t b = 0; b < 18; ++b) {
      const double near = dot(model.embeddings().vector(a), model.embeddings().vector(b));
      CAPTURE(a, b, near);
      CHECK(std::abs(near - (together[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] ? 1 : 0)) < 1e-4);
    }
}

TEST_CASE("what nobody read has zeros, and values count only by their sign") {
  auto log = some_reads(20, 9, 6);
  std::erase_if(log, [](const reco::event& e) { return e.item == 4; });
  const reco::shape shape{20, 9};
  const auto plain = reco::co_reads{.dimensions = 5}.fit(reco::sparse_interactions<double>(log, shape));
  CHECK(reco::as_column(plain.embeddings().vector(4)).isZero(0));
  CHECK_THAT(reco::as_column(plain.embeddings().vector(3)).norm(), WithinAbs(1, 1e-12));

  auto loud = log;
  for (std::size_t n = 0; n < loud.size(); ++n) loud[n].value = 1 + static_cast<double>(n % 7);
  loud.push_back({.user = 3, .item = 4, .value = -2});  // disliked
  loud.push_back({.user = 5, .item = 4, .value = 0});
  const auto graded = reco::co_reads{.dimensions = 5}.fit(reco::sparse_interactions<double>(loud, shape));
  CHECK(graded.embeddings().rows() == plain.embeddings().rows());
}

TEST_CASE("co-reads of sparse and of dense reads, on any number of threads, are the same bits") {
  const auto log = some_reads(200, 60, 7);
  const reco::shape shape{200, 60};
  const auto alone = reco::co_reads{.dimensions = 12}.fit(reco::sparse_interactions<float>(log, shape));
  const auto dense = reco::co_reads{.dimensions = 12}.fit(reco::dense_interactions<float>(log, shape));
  CHECK(dense.embeddings().rows() == alone.embeddings().rows());
  const unsigned threads = GENERATE(2U, 5U);
  reco::thread_pool pool(threads);
  const auto among =
      reco::co_reads{.dimensions = 12}.fit(reco::sparse_interactions<float>(log, shape), {.executor = pool});
  CHECK(among.embeddings().rows() == alone.embeddings().rows());
}

TEST_CASE("co-reads of nothing, of one read and with bad options") {
  const auto none = reco::co_reads{}.fit(reco::sparse_interactions<float>({}, {3, 4}));
  CHECK(none.embeddings().items() == 4);
  CHECK(none.dimension() == 0);
  const std::vector<reco::event> single = {{.user = 1, .item = 2}};
  const auto one = reco::co_reads{}.fit(reco::sparse_interactions<float>(single, {3, 4}));
  REQUIRE(one.dimension() == 1);
  CHECK(std::abs(one.embeddings().vector(2)[0]) == 1);
  CHECK(one.embeddings().vector(0)[0] == 0);
  CHECK_THROWS_WITH(reco::co_reads{.dimensions = 0}.fit(reco::sparse_interactions<float>({}, {3, 4})),
                    "co_reads: dimensions must be at least 1, got 0");
}
