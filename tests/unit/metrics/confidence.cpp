// SPDX-License-Identifier: MIT
#include "reco/metrics/confidence.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using method = reco::bootstrap::method;

namespace {

std::vector<double> normal_values(std::uint64_t seed, std::size_t n) {
  reco::random_engine random(seed);
  std::vector<double> values(n);
  for (auto& v : values) v = reco::normal(random);
  return values;
}

}  // namespace

TEST_CASE("bootstrap: two values are drawn as a coin says") {
  // The mean of two draws of {0, 1} is 0, 1/2 or 1 with probability 1/4, 1/2, 1/4.
  const std::vector<double> values = {0, 1};
  const double resamples = 20000;
  std::vector<double> count(3);
  for (const double m : reco::bootstrap{.resamples = 20000, .seed = 3}.means(values))
    ++count[static_cast<std::size_t>(2 * m)];
  const double quarter = mean_error(std::sqrt(0.25 * 0.75), resamples);
  CHECK_THAT(count[0] / resamples, WithinAbs(0.25, quarter));
  CHECK_THAT(count[1] / resamples, WithinAbs(0.5, mean_error(0.5, resamples)));
  CHECK_THAT(count[2] / resamples, WithinAbs(0.25, quarter));
}

TEST_CASE("bootstrap: a quantile is where a further draw lies below with its probability") {
  std::vector<double> sorted(39);
  for (std::size_t n = 0; n < sorted.size(); ++n) sorted[n] = static_cast<double>(n + 1);
  CHECK(reco::detail::quantile(sorted, 0.025) == 1);  // the first of 39: one draw of 40 would be below
  CHECK(reco::detail::quantile(sorted, 0.5) == 20);
  CHECK(reco::detail::quantile(sorted, 0.7125) == 28.5);
  CHECK_THAT(reco::detail::quantile(sorted, 0.975), WithinRel(39, 1e-15));
  CHECK(reco::detail::quantile(sorted, 0.001) == 1);
  CHECK(reco::detail::quantile(sorted, 1) == 39);
}

TEST_CASE("bootstrap: of many values the interval is the normal one, mean ± 1.96 standard errors") {
  const auto seed = 51U;
  CAPTURE(seed);
  const auto values = normal_values(seed, 1000);
  double mean = 0, squares = 0;
  for (const double v : values) mean += v / 1000;
  for (const double v : values) squares += (v - mean) * (v - mean);
  const double error = std::sqrt(squares) / 1000;
  for (const auto by : {method::percentile, method::bias_corrected}) {
    const auto i = reco::bootstrap{.resamples = 20000, .by = by}.mean(values);
    CHECK_THAT(i.mean, WithinAbs(mean, 1e-14));
    // The standard error of a 2.5 % quantile of B normal draws is sqrt(q (1 - q) / B) / density = 2.67 / sqrt(B).
    const double tolerance = error * mean_error(2.67, 20000) * (by == method::percentile ? 1 : 2);
    CHECK_THAT(i.low, WithinAbs(mean - 1.959964 * error, tolerance));
    CHECK_THAT(i.high, WithinAbs(mean + 1.959964 * error, tolerance));
  }
}

TEST_CASE("bootstrap: 95 percent of the intervals hold the true mean") {
  // 1000 samples of 50 normal numbers. A percentile interval is short by about sqrt(n / (n - 1)) and for using z for
  // t: it holds the mean in about 94 of 100.
  int holds = 0;
  for (std::uint64_t sample = 0; sample < 1000; ++sample) {
    const auto i = reco::bootstrap{.resamples = 400, .seed = sample}.mean(normal_values(1000 + sample, 50));
    holds += i.low <= 0 && 0 <= i.high;
  }
  CHECK_THAT(holds / 1000.0, WithinAbs(0.94, mean_error(std::sqrt(0.94 * 0.06), 1000)));
}

TEST_CASE("bootstrap: a bias-corrected interval of skewed values lies further to the right") {
  const auto seed = 52U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  std::vector<double> values(30);
  for (auto& v : values) v = std::pow(reco::exponential(random), 2);
  const auto plain = reco::bootstrap{.resamples = 4000}.mean(values);
  const auto corrected = reco::bootstrap{.resamples = 4000, .by = method::bias_corrected}.mean(values);
  CHECK(corrected.low > plain.low);
  CHECK(corrected.high > plain.high);
}

TEST_CASE("bootstrap: same seed, same bits on any number of threads, another seed, another answer") {
  const auto values = normal_values(5, 100);
  const reco::bootstrap how{.resamples = 300, .seed = 9};
  const auto expected = how.mean(values);
  for (const unsigned threads : {1U, 2U, 5U}) {
    reco::thread_pool pool(threads);
    CHECK(how.mean(values, pool) == expected);
    CHECK(how.means(values, pool) == how.means(values));
  }
  CHECK_FALSE(reco::bootstrap{.resamples = 300, .seed = 10}.mean(values) == expected);
}

TEST_CASE("bootstrap: the difference of paired values is the mean of their differences") {
  const auto a = normal_values(6, 40), b = normal_values(7, 40);
  std::vector<double> d(40), shifted(40);
  for (std::size_t n = 0; n < 40; ++n) {
    d[n] = a[n] - b[n];
    shifted[n] = a[n] - 0.25;
  }
  const reco::bootstrap how{.seed = 2};
  CHECK(how.difference(a, b) == how.mean(d));
  const auto i = how.difference(a, shifted);  // what varies between users cancels
  CHECK_THAT(i.low, WithinAbs(0.25, 1e-14));
  CHECK_THAT(i.high, WithinAbs(0.25, 1e-14));
}

TEST_CASE("bootstrap by user: with a value a user it is the plain one, bit for bit") {
  const auto values = normal_values(9, 60), others = normal_values(10, 60);
  std::vector<std::int32_t> users(60);
  for (std::size_t n = 0; n < 60; ++n) users[n] = static_cast<std::int32_t>(1000 - n);
  for (const auto by : {method::percentile, method::bias_corrected}) {
    const reco::bootstrap how{.resamples = 300, .by = by, .seed = 4};
    CHECK(how.mean_by_user(values, users) == how.mean(values));
    CHECK(how.difference_by_user(values, others, users) == how.difference(values, others));
  }
}

TEST_CASE("bootstrap by user: two users are drawn as a coin says, each with all of their values") {
  // User 7 has 1, 1, 1 and user 3 has 0: drawn are both (3/4) half of the time, 7 twice (1) or 3 twice (0).
  const std::vector<double> values = {1, 0, 1, 1};
  const std::vector<std::int32_t> users = {7, 3, 7, 7};
  for (const double level : {0.4, 0.6}) {  // quantiles 0.3 and 0.7, then 0.2 and 0.8
    const auto i = reco::bootstrap{.resamples = 4000, .level = level, .seed = 5}.mean_by_user(values, users);
    CHECK(i == (level < 0.5 ? reco::interval{0.75, 0.75, 0.75} : reco::interval{0.75, 0, 1}));
  }
}

TEST_CASE("bootstrap by user: values that repeat their user's say no more than one") {
  const auto once = normal_values(11, 50);
  std::vector<double> repeated;
  std::vector<std::int32_t> users;
  for (std::int32_t n = 0; n < 500; ++n) {
    repeated.push_back(once[static_cast<std::size_t>(n % 50)]);
    users.push_back(n % 50);
  }
  for (const auto by : {method::percentile, method::bias_corrected}) {
    const reco::bootstrap how{.by = by, .seed = 6};
    const auto a = how.mean(once), b = how.mean_by_user(repeated, users);
    CHECK_THAT(b.low, WithinAbs(a.low, 1e-12));
    CHECK_THAT(b.high, WithinAbs(a.high, 1e-12));
    const auto naive = how.mean(repeated);  // takes the 500 for independent
    CHECK(naive.high - naive.low < 0.5 * (b.high - b.low));
  }
}

TEST_CASE("bootstrap by user: the same bits on any number of threads", "[concurrent]") {
  const auto values = normal_values(12, 200);
  std::vector<std::int32_t> users(200);
  for (std::size_t n = 0; n < 200; ++n) users[n] = static_cast<std::int32_t>(n * n % 37);
  const reco::bootstrap how{.resamples = 300, .seed = 9};
  for (const unsigned threads : {2U, 5U}) {
    reco::thread_pool pool(threads);
    CHECK(how.mean_by_user(values, users, pool) == how.mean_by_user(values, users));
  }
}

TEST_CASE("bootstrap: one value, and values all alike, leave no doubt") {
  for (const auto by : {method::percentile, method::bias_corrected}) {
    CHECK(reco::bootstrap{.by = by}.mean(std::vector<double>{0.5}) == reco::interval{0.5, 0.5, 0.5});
    CHECK(reco::bootstrap{.resamples = 1, .by = by}.mean(std::vector<double>{2, 2, 2}) == reco::interval{2, 2, 2});
  }
}

TEST_CASE("bootstrap: a lower level gives a shorter interval") {
  const auto values = normal_values(8, 40);
  const auto wide = reco::bootstrap{.level = 0.99}.mean(values), narrow = reco::bootstrap{.level = 0.5}.mean(values);
  CHECK(wide.low < narrow.low);
  CHECK(narrow.high < wide.high);
}

TEST_CASE("bootstrap: what cannot be drawn from is an error") {
  const std::vector<double> some = {1, 2}, one = {1}, none, bad = {1, std::numeric_limits<double>::quiet_NaN()};
  CHECK_THROWS_MATCHES(reco::bootstrap{}.mean(none), reco::invalid_argument, Message("bootstrap: there are no values"));
  CHECK_THROWS_MATCHES(reco::bootstrap{}.mean(bad), reco::invalid_argument,
                       Message("bootstrap: value 1 must be finite, got nan"));
  CHECK_THROWS_MATCHES(reco::bootstrap{}.difference(some, one), reco::invalid_argument,
                       Message("bootstrap: as many values of one as of the other are needed, got 2 and 1"));
  const std::vector<std::int32_t> whose = {1};
  CHECK_THROWS_MATCHES(reco::bootstrap{}.mean_by_user(some, whose), reco::invalid_argument,
                       Message("bootstrap: as many users as values are needed, got 1 and 2"));
  CHECK_THROWS_MATCHES(reco::bootstrap{}.mean_by_user(none, {}), reco::invalid_argument,
                       Message("bootstrap: there are no values"));
  CHECK_THROWS_MATCHES(reco::bootstrap{.resamples = 0}.mean(some), reco::invalid_argument,
                       Message("bootstrap: resamples must be at least 1, got 0"));
  CHECK_THROWS_MATCHES(reco::bootstrap{.level = 1}.mean(some), reco::invalid_argument,
                       Message("bootstrap: level must be above 0 and below 1, got 1"));
}
