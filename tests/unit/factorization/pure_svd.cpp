// SPDX-License-Identifier: MIT
#include "reco/factorization/pure_svd.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

#include <Eigen/SVD>

#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/synthetic.hpp"
#include "reco/model/explain.hpp"
#include "reco/model/recommend.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

std::vector<reco::event> some_clicks(std::int32_t users, std::int32_t items, std::uint64_t seed) {
  reco::random_engine random(seed);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < users; ++u)
    for (std::int32_t i = 0; i < items; ++i)
      if (reco::bernoulli(random, 0.3)) log.push_back({.user = u, .item = i, .value = 1 + static_cast<double>(i % 3)});
  return log;
}

}  // namespace

TEST_CASE("pure_svd scores a history by the projector on the leading right singular vectors") {
  constexpr std::int32_t users = 40, items = 18, rank = 6;
  const auto log = some_clicks(users, items, 1);
  const reco::dataset<double> data(log, {users, items});
  const double exponent = GENERATE(0.0, 0.5, 1.0);
  Eigen::MatrixXd r = Eigen::MatrixXd::Zero(users, items);
  for (const auto& e : log) r(e.user, e.item) = e.value;
  const Eigen::MatrixXd raw = r;
  for (Eigen::Index i = 0; i < items; ++i) r.col(i) *= std::pow(raw.col(i).norm(), -exponent);
  const Eigen::JacobiSVD<Eigen::MatrixXd> exact(r, Eigen::ComputeThinV);
  const Eigen::MatrixXd v = exact.matrixV().leftCols(rank);
  const Eigen::MatrixXd expected = raw * v * v.transpose();

  const auto model = reco::pure_svd{.factors = rank, .item_exponent = exponent}.fit(data);
  REQUIRE(model.factors() == rank);
  std::vector<double> scores(items);
  for (std::int32_t u = 0; u < users; ++u) {
    model.scores(data.query(u), scores);
    for (std::int32_t i = 0; i < items; ++i)
      CHECK_THAT(scores[static_cast<std::size_t>(i)],
                 WithinAbs(expected(u, i), 0.05));  // as good as the SVD's tolerance
    const auto why = reco::explain(model, data.query(u), 3);
    double sum = why.base;
    for (const auto& part : why.because) sum += part.score;
    CHECK_THAT(sum, WithinAbs(scores[3], 1e-12));
  }
}

TEST_CASE("pure_svd with all factors gives a history back") {
  const auto log = some_clicks(30, 10, 2);
  const reco::dataset<double> data(log, {30, 10});
  const auto model = reco::pure_svd{.factors = 10}.fit(data);
  std::vector<double> scores(10);
  model.scores(data.query(3), scores);
  const auto row = data.of(3);
  for (std::size_t n = 0; n < row.size(); ++n)
    CHECK_THAT(scores[static_cast<std::size_t>(row.items[n])], WithinAbs(row.values[n], 1e-9));
}

TEST_CASE("pure_svd recommends what like readers read") {
  const auto board = reco::checkerboard(20);
  const reco::dataset<float> data(board.events, board.shape);
  const auto model = reco::pure_svd{.factors = 2}.fit(data);
  for (const auto& [user, item, value, time] : board.withheld)
    CHECK(reco::recommend(model, data.query(user), {.k = 1})[0].item == item);
}

TEST_CASE("pure_svd is the same bits on any number of threads", "[concurrent]") {
  const reco::dataset<float> data(some_clicks(300, 60, 3), {300, 60});
  const auto alone = reco::pure_svd{.factors = 12}.fit(data);
  reco::thread_pool pool(3);
  const auto among = reco::pure_svd{.factors = 12}.fit(data, {.executor = pool});
  for (std::int32_t i = 0; i < 60; ++i)
    CHECK(reco::as_column(alone.embedding(i)) == reco::as_column(among.embedding(i)));
}

TEST_CASE("pure_svd of nothing and with bad options") {
  const auto none = reco::pure_svd{}.fit(reco::dataset<float>({}, {3, 4}));
  CHECK(none.items() == 4);
  CHECK(none.factors() == 0);
  CHECK_FALSE(none.can_answer({}));
  CHECK_THROWS_WITH(reco::pure_svd{.factors = 0}.fit(reco::dataset<float>({}, {3, 4})),
                    "pure_svd: factors must be at least 1, got 0");
  CHECK_THROWS_AS(none.embedding(4), std::out_of_range);
}
