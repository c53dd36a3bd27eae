// SPDX-License-Identifier: MIT
#include "reco/metrics/list_overlap.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

double agreement(const item_list& a, const item_list& b, std::size_t depth) {
  const std::set<std::int32_t> seen(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(depth, a.size())));
  double both = 0;
  for (std::size_t n = 0; n < std::min(depth, b.size()); ++n) both += seen.count(b[n]) > 0 ? 1 : 0;
  return both / static_cast<double>(depth);
}

/// The sum of the definition over lists so long that what is left weighs nothing.
double endless(const item_list& a, const item_list& b, double p) {
  double sum = 0;
  for (std::size_t d = 1; d <= a.size(); ++d)
    sum += (1 - p) * std::pow(p, static_cast<double>(d - 1)) * agreement(a, b, d);
  return sum;
}

constexpr std::size_t depth = 400;  // 0.9^400 < 1e-18

/// Goes on with items that nobody else has.
item_list apart(item_list list, std::int32_t from) {
  while (list.size() < depth) list.push_back(from++);
  return list;
}

/// Goes on with what the other list has, in its order, then with items that both have.
item_list together(item_list list, const item_list& other) {
  const std::set<std::int32_t> own(list.begin(), list.end());
  for (const auto item : other)
    if (own.count(item) == 0) list.push_back(item);
  return apart(list, 100000);
}

}  // namespace

TEST_CASE("jaccard: the worked example, and sets in general") {
  const item_list a = {1, 2, 3}, b = {3, 4}, twice = {3, 3, 4}, none;
  CHECK(reco::jaccard(a, b, 10) == 0.25);
  CHECK(reco::jaccard(b, a, 10) == 0.25);
  CHECK(reco::jaccard(a, b, 2) == 0);
  CHECK(reco::jaccard(b, twice, 10) == 1);
  CHECK(reco::jaccard(a, none, 10) == 0);
  CHECK(reco::jaccard(none, none, 10) == 1);
  CHECK(reco::jaccard(a, b, 0) == 1);
  CHECK(reco::jaccard(a, b, -1) == 1);
}

TEST_CASE("rank_biased_overlap: the worked example") {
  const item_list a = {1, 2}, b = {2, 1};
  CHECK_THAT(reco::rank_biased_overlap(a, b, 0.5).extrapolated, WithinRel(0.5, rounding<double>(10)));
}

TEST_CASE("rank_biased_overlap: the first ten places weigh 86 percent at p = 0.9") {
  // Webber et al., section 4.5. Lists alike in ten places and in nothing else that is known: 1 - the weight is open.
  const item_list ten = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const auto o = reco::rank_biased_overlap(ten, ten, 0.9);
  // weight(d) = 1 - p^(d-1) + (1-p)/p d (ln(1/(1-p)) - sum_{i<d} p^i / i), eq. 21
  double series = 0;
  for (int i = 1; i < 10; ++i) series += std::pow(0.9, i) / i;
  const double weight = 1 - std::pow(0.9, 9) + 0.1 / 0.9 * 10 * (std::log(10.0) - series);
  CHECK_THAT(weight, WithinAbs(0.86, 5e-3));
  CHECK_THAT(o.low, WithinAbs(weight, 1e-13));
  CHECK_THAT(o.residual, WithinAbs(1 - weight, 1e-13));
}

TEST_CASE("rank_biased_overlap: low and residual are what the worst and the best end of the lists give") {
  const auto seed = 73U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const std::int32_t s : {0, 1, 2, 7, 8, 9}) {
    for (const std::int32_t l : {0, 1, 7, 9, 20}) {
      for (const std::int32_t items : {20, 40}) {
        const auto a = random_list(random, items, s), b = random_list(random, items, l);
        CAPTURE(a, b);
        for (const double p : {0.5, 0.9}) {
          const auto o = reco::rank_biased_overlap(a, b, p);
          CHECK_THAT(o.low, WithinAbs(endless(apart(a, 1000), apart(b, 2000), p), 1e-13));
          CHECK_THAT(o.low + o.residual, WithinAbs(endless(together(a, b), together(b, a), p), 1e-13));
          CHECK(o.extrapolated >= o.low - 1e-13);
          CHECK(o.extrapolated <= o.low + o.residual + 1e-13);
          const auto turned = reco::rank_biased_overlap(b, a, p);
          CHECK(turned.extrapolated == o.extrapolated);
          CHECK(turned.residual == o.residual);
        }
      }
    }
  }
}

TEST_CASE("rank_biased_overlap: of lists of one length it goes on with the last agreement") {
  const auto seed = 74U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const std::int32_t n : {1, 2, 7, 8, 9, 30}) {
    const auto a = random_list(random, 40, n), b = random_list(random, 40, n);
    double sum = 0;
    const auto size = static_cast<std::size_t>(n);
    for (std::size_t d = 1; d <= depth; ++d)
      sum += 0.1 * std::pow(0.9, static_cast<double>(d - 1)) * agreement(a, b, std::min(d, size));
    CHECK_THAT(reco::rank_biased_overlap(a, b, 0.9).extrapolated, WithinAbs(sum, 1e-13));
  }
}

TEST_CASE("rank_biased_overlap: equal lists 1, lists apart 0, a short list alike in all its places 1") {
  const item_list a = {5, 3, 9}, b = {1, 2, 4}, front = {5, 3}, none;
  CHECK_THAT(reco::rank_biased_overlap(a, a).extrapolated, WithinRel(1, rounding<double>(30)));
  CHECK_THAT(reco::rank_biased_overlap(a, b).extrapolated, WithinAbs(0, 1e-16));
  CHECK_THAT(reco::rank_biased_overlap(a, front).extrapolated, WithinRel(1, rounding<double>(30)));
  CHECK(reco::rank_biased_overlap(none, none).extrapolated == 1);
  CHECK(reco::rank_biased_overlap(none, none).residual == 1);
  CHECK(reco::rank_biased_overlap(a, none).extrapolated == 0);
}

TEST_CASE("rank_biased_overlap: repeats, and a p that is no probability, are errors") {
  const item_list a = {5, 3, 5}, b = {1};
  CHECK_THROWS_MATCHES(reco::rank_biased_overlap(a, b), reco::invalid_argument,
                       Message("rank_biased_overlap: item 5 stands twice in a list"));
  for (const double p : {0.0, 1.0, std::nan("")})
    CHECK_THROWS_AS(reco::rank_biased_overlap(b, b, p), reco::invalid_argument);
}
