// SPDX-License-Identifier: MIT
#include "reco/metrics/significance.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using zeros = reco::wilcoxon_signed_rank::zero_differences;

namespace {

using numbers = std::vector<double>;

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Differences against nothing: what the tests are about.
numbers nothing(const numbers& like) { return numbers(like.size()); }

/// Small whole numbers, so that there are ties and zeros.
numbers small_differences(reco::random_engine& random, std::size_t n) {
  numbers d(n);
  for (auto& x : d) x = static_cast<double>(reco::uniform_index(random, 9) - 3);
  return d;
}

/// The share of sign patterns of d for which `statistic` is at least as far from its middle as it is for d.
template <class Statistic>
double share_as_far(const numbers& d, double middle, Statistic statistic) {
  const double bar = std::abs(statistic(d) - middle);
  double far = 0, all = 0;
  for (std::uint32_t pattern = 0; pattern < (1U << d.size()); ++pattern) {
    auto flipped = d;
    for (std::size_t n = 0; n < d.size(); ++n) flipped[n] *= ((pattern >> n) & 1U) != 0 ? -1 : 1;
    far += std::abs(statistic(flipped) - middle) >= bar - 1e-9 ? 1 : 0;
    all += 1;
  }
  return far / all;
}

// Student (1908): hours of sleep gained by ten patients under two drugs; R's data set `sleep`.
const numbers drug_1 = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const numbers drug_2 = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

// Darwin (1876): heights of cross- less self-fertilised maize in eighths of an inch, 15 pairs; Fisher (1935), chapter
// III.
const numbers darwin = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

// Hollander and Wolfe (1973), page 29: depression scores at two visits; the example of R's help page of wilcox.test.
const numbers first_visit = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
const numbers second_visit = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};

}  // namespace

TEST_CASE("paired_t_test: Student's sleeping patients") {
  const auto r = reco::paired_t_test(drug_1, drug_2);  // R prints t = -4.0621, df = 9, p-value = 0.002833
  CHECK_THAT(r.statistic, WithinAbs(-4.0621, 5e-5));
  CHECK_THAT(r.p_value, WithinAbs(0.002833, 5e-7));
}

TEST_CASE("paired_t_test: Darwin's maize") {
  // Fisher, "The Design of Experiments", section 17: t = 2.148, just past the 5 percent point.
  const auto r = reco::paired_t_test(darwin, nothing(darwin));
  CHECK_THAT(r.statistic, WithinAbs(2.148, 5e-4));
  CHECK_THAT(r.p_value, WithinAbs(0.0497, 5e-5));
}

TEST_CASE("paired_t_test: systems that always differ by the same") {
  const auto none = reco::paired_t_test(numbers{1, 2, 3}, numbers{1, 2, 3});
  CHECK(none.statistic == 0);
  CHECK(none.p_value == 1);
  const auto sure = reco::paired_t_test(numbers{1, 2, 3}, numbers{2, 3, 4});
  CHECK(sure.statistic == -infinite);
  CHECK(sure.p_value == 0);
}

TEST_CASE("wilcoxon_signed_rank: the depression scores of R's help page") {
  // R prints V = 40, p-value = 0.01953 for the one-sided test: 10 of 2^9 patterns.
  const auto r = reco::wilcoxon_signed_rank{}(first_visit, second_visit);
  CHECK(r.statistic == 40);
  CHECK(r.p_value == 2 * 10.0 / 512);
}

TEST_CASE("wilcoxon_signed_rank: the exact p value counts sign patterns, with ties and zeros") {
  const auto seed = 53U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const std::size_t n : {1U, 2U, 7U, 8U, 9U, 12U}) {
    for (int round = 0; round < 4; ++round) {
      const auto d = small_differences(random, n);
      for (const auto handling : {zeros::dropped, zeros::ranked}) {
        // Ranks by counting how many are smaller and how many are as large.
        const auto rank = [&](double size) {
          double smaller = 0, equal = 0;
          for (const double x : d) {
            if (x == 0 && handling == zeros::dropped) continue;
            smaller += std::abs(x) < size ? 1 : 0;
            equal += std::abs(x) == size ? 1 : 0;
          }
          return smaller + (equal + 1) / 2;
        };
        const auto positive = [&](const numbers& of) {
          double sum = 0;
          for (const double x : of) sum += x > 0 ? rank(x) : 0;
          return sum;
        };
        double all = 0;
        for (const double x : d) all += x != 0 ? rank(std::abs(x)) : 0;
        CAPTURE(n, round, d);
        const auto r = reco::wilcoxon_signed_rank{.zeros = handling}(d, nothing(d));
        CHECK(r.statistic == positive(d));
        CHECK_THAT(r.p_value, WithinAbs(share_as_far(d, all / 2, positive), 1e-12));
      }
    }
  }
}

TEST_CASE("wilcoxon_signed_rank: the normal approximation agrees with SciPy's") {
  // SciPy 1.10, scipy.stats.wilcoxon(a, b, zero_method, correction, mode='approx').
  const numbers a = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, b = {1, 1, 5, 4, 1, 2, 4, 3, 8, 2};
  const auto p = [&](zeros z, bool correct) {
    return reco::wilcoxon_signed_rank{.zeros = z, .exact_up_to = 0, .correct_continuity = correct}(a, b).p_value;
  };
  CHECK_THAT(p(zeros::dropped, true), WithinRel(0.04181054297657881, 1e-12));
  CHECK_THAT(p(zeros::dropped, false), WithinRel(0.035240223824274504, 1e-12));
  CHECK_THAT(p(zeros::ranked, true), WithinRel(0.03520187354135451, 1e-12));
  CHECK_THAT(p(zeros::ranked, false), WithinRel(0.030974893699184675, 1e-12));
}

TEST_CASE("wilcoxon_signed_rank: exact and approximate p values meet for fifty users") {
  const auto seed = 54U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (int round = 0; round < 5; ++round) {
    numbers d(50);
    for (auto& x : d) x = reco::normal(random) + 0.2;
    const double exact = reco::wilcoxon_signed_rank{}(d, nothing(d)).p_value;
    const double near = reco::wilcoxon_signed_rank{.exact_up_to = 49}(d, nothing(d)).p_value;
    // What is left is the flatness of the exact distribution: by Edgeworth's series 2 phi(z) |z^3 - 3z| / 24 times
    // sum r^4 / 2 / (sum r^2)^2 * 4 = 0.068, which is at most 0.0032.
    CHECK_THAT(near, WithinAbs(exact, 0.0034));
    CHECK(near != exact);
  }
}

TEST_CASE("wilcoxon_signed_rank: no difference at all") {
  for (const int exact : {0, 50}) {
    const auto r = reco::wilcoxon_signed_rank{.exact_up_to = exact}(drug_1, drug_1);
    CHECK(r.statistic == 0);
    CHECK(r.p_value == 1);
  }
  const numbers balanced = {1, -1, 2, -2};
  CHECK(reco::wilcoxon_signed_rank{}(balanced, nothing(balanced)).p_value == 1);
  CHECK(reco::wilcoxon_signed_rank{.exact_up_to = 0}(balanced, nothing(balanced)).p_value == 1);
}

TEST_CASE("randomization_test: Fisher's count for Darwin's maize") {
  // Fisher, "The Design of Experiments", section 21: of 2^15 patterns, 835 sums are greater than the 314 observed and
  // 28 equal it: 863, and as many on the other side; p = 0.0527.
  const auto r = reco::randomization_test{.resamples = 32768}(darwin, nothing(darwin));
  CHECK_THAT(r.statistic, WithinRel(314.0 / 15, 1e-14));
  CHECK(r.p_value == 2 * 863.0 / 32768);
}

TEST_CASE("randomization_test: all patterns where they are few enough") {
  const auto seed = 55U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const std::size_t n : {1U, 2U, 7U, 8U, 9U, 13U}) {
    numbers d(n);
    for (auto& x : d) x = 0.1 * static_cast<double>(reco::uniform_index(random, 9) - 3);  // sums that round
    const auto sum = [](const numbers& of) {
      double s = 0;
      for (const double x : of) s += x;
      return s;
    };
    CAPTURE(n, d);
    CHECK_THAT(reco::randomization_test{}(d, nothing(d)).p_value, WithinAbs(share_as_far(d, 0, sum), 1e-15));
  }
}

TEST_CASE("randomization_test: random patterns come near all patterns, and near the t test for many users") {
  const auto by_chance = reco::randomization_test{.resamples = 30000, .seed = 4}(darwin, nothing(darwin));
  CHECK_THAT(by_chance.p_value, WithinAbs(2 * 863.0 / 32768, mean_error(std::sqrt(0.0527 * 0.9473), 30000)));
  CHECK(by_chance.p_value != 2 * 863.0 / 32768);

  reco::random_engine random(56);
  numbers d(200);
  for (auto& x : d) x = reco::normal(random) + 0.1;
  const double p = reco::randomization_test{.resamples = 20000}(d, nothing(d)).p_value;
  CHECK_THAT(p, WithinAbs(reco::paired_t_test(d, nothing(d)).p_value, 0.005 + mean_error(0.5, 20000)));
}

TEST_CASE("randomization_test: p is never 0, and 1 where nothing differs") {
  const numbers clear(100, 1.0);
  CHECK(reco::randomization_test{.resamples = 999}(clear, nothing(clear)).p_value == 1.0 / 1000);
  CHECK(reco::randomization_test{.resamples = 999}(clear, clear).p_value == 1);
}

TEST_CASE("randomization_test: same bits on any number of threads") {
  numbers d(100);
  for (std::size_t n = 0; n < d.size(); ++n) d[n] = std::sin(static_cast<double>(n) + 1) + 0.1;
  const reco::randomization_test test{.resamples = 1000, .seed = 8};
  const auto expected = test(d, nothing(d)).p_value;
  for (const unsigned threads : {2U, 5U}) {
    reco::thread_pool pool(threads);
    CHECK(test(d, nothing(d), pool).p_value == expected);
  }
  CHECK(reco::randomization_test{.resamples = 1000, .seed = 9}(d, nothing(d)).p_value != expected);
}

TEST_CASE("tests of alike systems give p values below 5 percent in 5 percent of the cases") {
  const int rounds = 2000;
  double t = 0, rank = 0, fisher = 0;
  for (int round = 0; round < rounds; ++round) {
    reco::random_engine random(57, static_cast<std::uint64_t>(round) + 1);
    numbers d(12);
    for (auto& x : d) x = reco::normal(random);
    t += reco::paired_t_test(d, nothing(d)).p_value <= 0.05;
    rank += reco::wilcoxon_signed_rank{}(d, nothing(d)).p_value <= 0.05;
    fisher += reco::randomization_test{.resamples = 4096}(d, nothing(d)).p_value <= 0.05;
  }
  const double tolerance = mean_error(std::sqrt(0.05 * 0.95), rounds);
  CHECK_THAT(t / rounds, WithinAbs(0.05, tolerance));
  CHECK_THAT(rank / rounds,
             WithinAbs(198.0 / 4096, tolerance));  // patterns with a p value of at most 5 percent: tables
  CHECK_THAT(fisher / rounds, WithinAbs(0.05, tolerance));
}

TEST_CASE("holm: the smallest counts for all, the next for one fewer, and order is kept") {
  const auto adjusted = reco::holm(numbers{0.01, 0.04, 0.03, 0.005});
  CHECK_THAT(adjusted[0], WithinRel(0.03, 1e-14));
  CHECK_THAT(adjusted[1], WithinRel(0.06, 1e-14));
  CHECK_THAT(adjusted[2], WithinRel(0.06, 1e-14));
  CHECK_THAT(adjusted[3], WithinRel(0.02, 1e-14));
  CHECK(reco::holm(numbers{0.5, 0.6, 0.7}) == numbers{1, 1, 1});
  CHECK(reco::holm(numbers{0.2}) == numbers{0.2});
  CHECK(reco::holm(numbers{}).empty());
}

TEST_CASE("holm decides as the step-down procedure does") {
  const auto seed = 58U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (const std::size_t m : {1U, 2U, 7U, 9U}) {
    numbers p(m);
    for (auto& x : p) x = std::pow(reco::uniform_real(random), 3);
    auto sorted = p;
    std::sort(sorted.begin(), sorted.end());
    const auto adjusted = reco::holm(p);
    for (const double alpha : {0.01, 0.05, 0.3}) {
      std::size_t rejected = 0;  // step down while p_(i) <= alpha / (m - i)
      while (rejected < m && sorted[rejected] <= alpha / static_cast<double>(m - rejected)) ++rejected;
      CHECK(static_cast<std::size_t>(
                std::count_if(adjusted.begin(), adjusted.end(), [&](double x) { return x <= alpha; })) == rejected);
    }
  }
}

TEST_CASE("tests of values that cannot be compared are errors") {
  const numbers two = {1, 2}, one = {1}, none, bad = {1, infinite};
  CHECK_THROWS_MATCHES(reco::paired_t_test(two, one), reco::invalid_argument,
                       Message("paired_t_test: as many values of one as of the other are needed, got 2 and 1"));
  CHECK_THROWS_MATCHES(reco::paired_t_test(one, one), reco::invalid_argument,
                       Message("paired_t_test: at least 2 users are needed, got 1"));
  CHECK_THROWS_MATCHES(reco::paired_t_test(none, none), reco::invalid_argument,
                       Message("paired_t_test: there are no values"));
  CHECK_THROWS_MATCHES(reco::wilcoxon_signed_rank{}(bad, two), reco::invalid_argument,
                       Message("wilcoxon_signed_rank: value 1 must be finite, got inf"));
  CHECK_THROWS_MATCHES(reco::wilcoxon_signed_rank{.exact_up_to = 51}(two, two), reco::invalid_argument,
                       Message("wilcoxon_signed_rank: exact_up_to must be in 0..50, got 51"));
  CHECK_THROWS_MATCHES(reco::randomization_test{.resamples = 0}(two, two), reco::invalid_argument,
                       Message("randomization_test: resamples must be at least 1, got 0"));
  CHECK_THROWS_MATCHES(reco::randomization_test{}(none, none), reco::invalid_argument,
                       Message("randomization_test: there are no values"));
  CHECK_THROWS_MATCHES(reco::holm(numbers{0.1, 1.1}), reco::invalid_argument,
                       Message("holm: p values must be in 0..1, got 1.1"));
}
