// SPDX-License-Identifier: MIT
#include "reco/ltr/feature_bins.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/random_ranking.hpp"
#include "support/ranking.hpp"

using namespace reco_test;

namespace {

reco::feature_bins bins_of(const std::vector<float>& column, int bins = 255, bool categorical = false) {
  reco::matrix<float> x(static_cast<Eigen::Index>(column.size()), 1);
  std::copy(column.begin(), column.end(), x.data());
  const std::int32_t first[] = {0};
  return reco::feature_bins(
      reco::ranking_features(x),
      {.bins = bins,
       .categorical = categorical ? std::span<const std::int32_t>(first) : std::span<const std::int32_t>()});
}

std::vector<int> codes(const reco::feature_bins& bins) {
  std::vector<int> out;
  for (std::int32_t row = 0; row < bins.rows(); ++row) out.push_back(bins.at(row, 0));
  return out;
}

}  // namespace

TEST_CASE("sorting floats by their bits sorts them") {
  reco::random_engine random(2);
  std::vector<std::uint32_t> from, to;
  for (const std::size_t n : {0U, 1U, 2U, 1000U, 5000U}) {
    std::vector<float> values;
    for (std::size_t i = 0; i < n; ++i)
      values.push_back(static_cast<float>(reco::normal(random) * std::exp(10 * reco::normal(random))));
    if (n > 10) values[3] = -0.0F, values[4] = 0.0F, values[5] = 1e-40F, values[6] = -1e-40F;
    auto expected = values;
    std::sort(expected.begin(), expected.end());
    reco::detail::sort_floats(values, from, to);
    CHECK(values == expected);
  }
}

TEST_CASE("few different values have a bin each, cut half way") {
  const auto bins = bins_of({3, 1, 1, not_a_number, 8});
  CHECK(bins.value_bins(0) == 3);
  CHECK(bins.has_missing(0));
  CHECK(bins.all_bins(0) == 4);
  CHECK(codes(bins) == std::vector<int>{1, 0, 0, 3, 2});
  CHECK(bins.threshold(0, 0) == 2);
  CHECK(bins.threshold(0, 1) == 5.5F);
  CHECK(bins.threshold(0, 2) == std::numeric_limits<float>::infinity());

  const auto constant = bins_of({7, 7, 7});
  CHECK(constant.all_bins(0) == 1);
  const auto missing = bins_of({not_a_number, not_a_number});
  CHECK(missing.value_bins(0) == 1);
  CHECK(codes(missing) == std::vector<int>{1, 1});
  const auto zeros = bins_of({0.0F, -0.0F});
  CHECK(zeros.value_bins(0) == 1);
  const float next = std::nextafter(1.0F, 2.0F);
  CHECK(codes(bins_of({next, 1})) == std::vector<int>{1, 0});  // nothing lies between
  const float most = std::numeric_limits<float>::max();
  CHECK(codes(bins_of({most, -most, 0})) == std::vector<int>{2, 0, 1});
}

TEST_CASE("a value lies in the first bin whose threshold it does not pass") {
  const int most = GENERATE(2, 3, 16, 255);
  const auto [x, sizes] = random_features({.queries = 200, .features = 19, .missing = 0.1, .steps = 40, .seed = 5});
  const reco::feature_bins bins(reco::ranking_features(x), {.bins = most});
  REQUIRE(bins.groups() == 2);
  for (std::int32_t f = 0; f < 19; ++f) {
    REQUIRE(bins.value_bins(f) <= most);
    REQUIRE(bins.value_bins(f) >= std::min(most, 100));
    for (std::int32_t row = 0; row < bins.rows(); ++row) {
      int naive = 0;
      while (x(row, f) > bins.threshold(f, naive)) ++naive;
      if (std::isnan(x(row, f))) naive = bins.value_bins(f);
      REQUIRE(int{bins.at(row, f)} == naive);
    }
  }
}

TEST_CASE("bins of many values hold like numbers of them, and a frequent value has its own") {
  reco::random_engine random(6);
  std::vector<float> column;
  for (int i = 0; i < 40000; ++i) column.push_back(i % 2 == 0 ? 0.5F : static_cast<float>(reco::uniform_real(random)));
  const auto bins = bins_of(column, 51);
  CHECK(bins.value_bins(0) == 51);
  std::vector<int> counts(51);
  for (const int b : codes(bins)) ++counts[static_cast<std::size_t>(b)];
  const auto heavy = std::max_element(counts.begin(), counts.end());
  CHECK(*heavy < 20000 + 100);
  CHECK(*heavy >= 20000);
  for (auto c = counts.begin(); c != counts.end(); ++c)
    if (c != heavy) CHECK((*c > 150 && *c < 650));  // 400 even
}

TEST_CASE("categories have bins by how frequent they are, and the rest share the last") {
  const auto bins = bins_of({5, 9, 9, 9, 2, 2, not_a_number, 5.7F, 5}, 3, true);
  CHECK(bins.is_categorical(0));
  CHECK(bins.value_bins(0) == 3);
  CHECK(bins.categories(0)[0] == 5);  // as often as 9, and lower
  CHECK(bins.categories(0)[1] == 9);
  CHECK(codes(bins) == std::vector<int>{0, 1, 1, 1, 2, 2, 3, 0, 0});
  CHECK_THROWS_WITH(bins_of({1, -1}, 3, true),
                    "feature_bins: feature 0 is categorical: its values must be in 0..2^24, got -1");
  const std::int32_t beyond[] = {1};
  CHECK_THROWS_WITH(reco::feature_bins(reco::ranking_features(reco::matrix<float>{{1}, {2}}), {.categorical = beyond}),
                    "feature_bins: categorical feature 1: there are 1 features");
}

TEST_CASE("sparse rows, dense rows and any number of threads give the same bytes", "[concurrent]") {
  const auto [x, sizes] = random_features({.queries = 100, .features = 35, .missing = 0.05, .steps = 1, .seed = 7});
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> ids;
  std::vector<float> values;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < x.cols(); ++j)
      if (x(i, j) != 0) ids.push_back(static_cast<std::int32_t>(j)), values.push_back(x(i, j));
    offsets.push_back(static_cast<std::int64_t>(ids.size()));
  }
  const reco::feature_bins dense{reco::ranking_features(x)};
  for (const unsigned threads : {1U, 2U, 5U}) {
    reco::thread_pool pool(threads);
    const reco::feature_bins sparse(reco::ranking_features(35, offsets, ids, values), {}, pool);
    for (std::int32_t g = 0; g < dense.groups(); ++g)
      CHECK(std::equal(dense.group(g), dense.group(g) + x.rows() * 16, sparse.group(g)));
  }
}

TEST_CASE("quantiles of a sample are near those of all rows") {
  reco::random_engine random(8);
  std::vector<float> column;
  for (int i = 0; i < 30000; ++i) column.push_back(static_cast<float>(reco::uniform_real(random)));
  reco::matrix<float> x(30000, 1);
  std::copy(column.begin(), column.end(), x.data());
  const reco::feature_bins bins(reco::ranking_features(x), {.bins = 10, .sample = 5000});
  for (int b = 0; b < 9; ++b) CHECK(std::abs(bins.threshold(0, b) - static_cast<float>(b + 1) / 10) < 0.04F);
}
