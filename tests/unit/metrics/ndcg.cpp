// SPDX-License-Identifier: MIT
#include "reco/metrics/ndcg.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "support/catch.hpp"
#include "support/judged_cases.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using gain_of = reco::ndcg::gain_of;
using ideal_of = reco::ndcg::ideal_of;

namespace {

double dcg(const std::vector<double>& grades, std::size_t k, gain_of gain) {
  double sum = 0;
  for (std::size_t rank = 1; rank <= std::min(k, grades.size()); ++rank) {
    const double grade = grades[rank - 1];
    sum += (gain == gain_of::linear ? grade : std::pow(2, grade) - 1) / std::log2(static_cast<double>(rank + 1));
  }
  return sum;
}

double naive(const judged_case& c, int cutoff, gain_of gain, ideal_of ideal) {
  const auto k = static_cast<std::size_t>(std::max(cutoff, 0));
  std::vector<double> listed, best;
  for (std::size_t rank = 1; rank <= std::min(k, c.ranked.size()); ++rank) listed.push_back(c.gain(rank));
  if (ideal == ideal_of::retrieved) best = listed;
  if (ideal == ideal_of::all_of_k) best.assign(cutoff == reco::whole_list ? c.ranked.size() : k, 1.0);
  if (ideal == ideal_of::achievable)
    for (const auto& [item, grade] : c.truth) best.push_back(std::max(grade, 0.0));
  std::sort(best.begin(), best.end(), std::greater<>());
  const double most = dcg(best, k, gain);
  return most > 0 ? dcg(listed, k, gain) / most : 0;
}

}  // namespace

TEST_CASE("ndcg: the worked example") {
  const auto list = judged(example({3, 0, 2}, {1}));
  CHECK_THAT(reco::ndcg{.k = 3}(list), WithinAbs(0.840, 5e-4));
  CHECK_THAT(reco::ndcg{.k = 3}(list), WithinRel(4 / (3 + 2 / std::log2(3) + 0.5), rounding<double>(10)));
  const reco::ndcg exponential{.k = 3, .gain = gain_of::exponential};
  CHECK_THAT(exponential(list), WithinAbs(0.905, 5e-4));
  CHECK_THAT(exponential(list), WithinRel(8.5 / (7 + 3 / std::log2(3) + 0.5), rounding<double>(10)));
}

// Järvelin and Kekäläinen's own example discounts by log2(rank) from rank 2 on; with the field's log2(rank + 1) the
// same grades give the numbers that Wikipedia's article "Discounted cumulative gain" works out (as of 2024).
TEST_CASE("ndcg: grades 3, 2, 3, 0, 1, 2 in the list, and 3, 2 not in it") {
  const auto list = judged(example({3, 2, 3, 0, 1, 2}, {3, 2}));
  CHECK_THAT(reco::ndcg{.k = 6}(list), WithinAbs(0.785, 5e-4));  // 6.861 / 8.740
}

TEST_CASE("ndcg agrees with its definition, whatever the gain and the ideal list") {
  const auto seed = 39U;
  CAPTURE(seed);
  for (const auto& c : judged_cases(seed)) {
    const auto list = judged(c);
    for (const auto k : cutoffs) {
      for (const auto gain : {gain_of::linear, gain_of::exponential}) {
        for (const auto ideal : {ideal_of::achievable, ideal_of::all_of_k, ideal_of::retrieved}) {
          CAPTURE(k, c.ranked.size(), c.catalog, static_cast<int>(gain), static_cast<int>(ideal));
          const reco::ndcg metric{.k = k, .gain = gain, .ideal = ideal};
          CHECK_THAT(metric(list), WithinRel(naive(c, k, gain, ideal), rounding<double>(4 * 5000)));
        }
      }
    }
  }
}

TEST_CASE("ndcg of the ideal list is 1, and swapping two grades makes it less") {
  for (const auto gain : {gain_of::linear, gain_of::exponential}) {
    for (const auto ideal : {ideal_of::achievable, ideal_of::retrieved}) {
      const reco::ndcg metric{.gain = gain, .ideal = ideal};
      CHECK(metric(judged(example({3, 2, 2, 1, 0.5, 0, -1}))) == 1);
      CHECK(metric(judged(example({3, 2, 1, 2, 0.5, 0, -1}))) < 1);
    }
  }
  CHECK(reco::ndcg{.k = 2}(judged(example({1, 1}, {1, 1, 1}))) == 1);  // no more than k can be reached
  CHECK(reco::ndcg{.k = 4, .ideal = ideal_of::all_of_k}(judged(example({1, 1, 0, 0}))) < 1);
}
