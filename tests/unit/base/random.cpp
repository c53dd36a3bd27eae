// SPDX-License-Identifier: MIT
#include "reco/base/random.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;

namespace {

/// Gives the numbers it was given, to reach corners of a distribution that chance would not.
struct scripted {
  std::vector<std::uint64_t> numbers;
  std::size_t used = 0;
  std::uint64_t operator()() { return numbers.at(used++); }
};

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

/// The statistic of Pearson's test: sum of (seen - expected)^2 / expected.
double chi_square(std::span<const std::int64_t> seen, std::span<const double> probability) {
  const auto n = static_cast<double>(std::accumulate(seen.begin(), seen.end(), std::int64_t{0}));
  double sum = 0;
  for (std::size_t c = 0; c < seen.size(); ++c) {
    const double expected = n * probability[c];
    sum += (static_cast<double>(seen[c]) - expected) * (static_cast<double>(seen[c]) - expected) / expected;
  }
  return sum;
}

bool looks_uniform(std::span<const std::int64_t> seen) {
  const std::vector<double> alike(seen.size(), 1 / static_cast<double>(seen.size()));
  return chi_square(seen, alike) < chi_square_limit(static_cast<double>(seen.size() - 1));
}

/// The share of draws at or below each of the numbers 1/64 … 63/64 of the distribution: uniform cells if
/// `cdf` is the distribution of what `draw` gives.
template <class Draw, class Cdf>
bool follows(Draw draw, Cdf cdf) {
  std::vector<std::int64_t> cells(64);
  for (int n = 0; n < 100000; ++n) ++cells[static_cast<std::size_t>(std::min(63.0, 64 * cdf(draw())))];
  return looks_uniform(cells);
}

}  // namespace

// Published with the reference implementations at prng.di.unimi.it and in their ports, such as the test
// vectors of rand_xoshiro (state 1, 2, 3, 4) and Rosetta Code's "Pseudo-random numbers/Splitmix64".
TEST_CASE("splitmix64 gives the published numbers") {
  std::uint64_t state = 1234567;
  for (const std::uint64_t expected :
       {6457827717110365317U, 3203168211198807973U, 9817491932198370423U, 4593380528125082431U, 16408922859458223821U})
    CHECK(reco::detail::splitmix64(state) == expected);
}

TEST_CASE("the engine gives the published numbers of xoshiro256**") {
  auto random = std::bit_cast<reco::random_engine>(std::array<std::uint64_t, 4>{1, 2, 3, 4});
  for (const std::uint64_t expected : {11520U, 0U, 1509978240U}) CHECK(random() == expected);
  for (const std::uint64_t expected :
       {1215971899390074240U, 1216172134540287360U, 607988272756665600U, 16172922978634559625U, 8476171486693032832U,
        10595114339597558777U, 2904607092377533576U})
    CHECK(random() == expected);
}

TEST_CASE("the state of a seeded engine is the first four numbers of splitmix64") {
  std::uint64_t state = 42;
  std::array<std::uint64_t, 4> words{};
  for (auto& word : words) word = reco::detail::splitmix64(state);
  CHECK(reco::random_engine(42) == std::bit_cast<reco::random_engine>(words));
}

// From an implementation of both generators in Python's unbounded integers, written for this test.
TEST_CASE("seeds and streams give the numbers they always gave") {
  const auto first = [](std::uint64_t seed, std::uint64_t stream) {
    reco::random_engine random(seed, stream);
    return std::array{random(), random()};
  };
  CHECK(first(0, 0) == std::array<std::uint64_t, 2>{11091344671253066420U, 13793997310169335082U});
  CHECK(first(42, 0) == std::array<std::uint64_t, 2>{1546998764402558742U, 6990951692964543102U});
  CHECK(first(42, 7) == std::array<std::uint64_t, 2>{2648032583866158101U, 15589289955728303254U});
}

TEST_CASE("the engine works at compile time") {
  constexpr auto first = [] {
    reco::random_engine random(42);
    return random();
  }();
  CHECK(first == 1546998764402558742U);
  CHECK(reco::random_engine::min() == 0);
  CHECK(reco::random_engine::max() == most);
}

TEST_CASE("neighboring streams and seeds have nothing in common") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    for (std::uint64_t stream = 0; stream < 100; ++stream) seen.insert(reco::random_engine(seed, stream)());
  CHECK(seen.size() == 10000);
  // The first numbers of streams 0, 1, 2 … are as uniform as one stream's.
  std::vector<std::int64_t> cells(64);
  for (std::uint64_t stream = 0; stream < 64000; ++stream) ++cells[reco::random_engine(5, stream)() >> 58];
  CHECK(looks_uniform(cells));
  // Neighboring streams agree in half of their bits.
  std::int64_t alike = 0;
  for (std::uint64_t stream = 0; stream < 10000; ++stream)
    alike += std::popcount(~(reco::random_engine(5, stream)() ^ reco::random_engine(5, stream + 1)()));
  CHECK_THAT(static_cast<double>(alike) / 640000, WithinAbs(0.5, mean_error(0.5, 640000)));
}

TEST_CASE("the 128-bit product is exact") {
  __extension__ using wide = unsigned __int128;
  reco::random_engine random(3);
  std::vector<std::uint64_t> numbers = {0, 1, 2, 0xffffffffU, 0x100000000U, most - 1, most};
  for (int n = 0; n < 100; ++n) numbers.push_back(random());
  for (const auto a : numbers)
    for (const auto b : numbers) {
      const wide product = static_cast<wide>(a) * b;
      CHECK(reco::detail::multiply_wide(a, b) ==
            std::pair(static_cast<std::uint64_t>(product >> 64), static_cast<std::uint64_t>(product)));
    }
}

TEST_CASE("uniform_index rejects exactly the numbers that would favor an index") {
  // 2^64 = 3 q + 1: one number of the engine's is too many, and it is 0.
  scripted three{{0, 1}};
  CHECK(reco::uniform_index(three, 3) == 0);
  CHECK(three.used == 2);
  // 2^64 = 4 q: none is.
  scripted four{{0}};
  CHECK(reco::uniform_index(four, 4) == 0);
  CHECK(four.used == 1);
  // The largest number gives the largest index, the smallest above a boundary the next one.
  scripted edges{{most, most / 3 + 1, most / 3}};
  CHECK(reco::uniform_index(edges, 3) == 2);
  CHECK(reco::uniform_index(edges, 3) == 1);
  CHECK(reco::uniform_index(edges, 3) == 0);
}

TEST_CASE("uniform_index gives every index below n equally often") {
  for (const std::int64_t n : {1, 2, 3, 5, 6, 7, 8, 9, 1000}) {
    CAPTURE(n);
    reco::random_engine random(static_cast<std::uint64_t>(n));
    std::vector<std::int64_t> seen(static_cast<std::size_t>(n));
    for (int draw = 0; draw < 100000; ++draw) ++seen.at(static_cast<std::size_t>(reco::uniform_index(random, n)));
    if (n > 1) CHECK(looks_uniform(seen));
    else CHECK(seen[0] == 100000);
  }
}

TEST_CASE("uniform_index has no bias where a product without rejection is off by a quarter") {
  // 2^64 / n = 8/3: without rejection two of three indices would get 3 of the engine's numbers, one only 2.
  constexpr std::int64_t n = std::int64_t{3} << 61;
  reco::random_engine random(9);
  std::array<std::int64_t, 3> seen{};
  for (int draw = 0; draw < 100000; ++draw) ++seen[static_cast<std::size_t>(reco::uniform_index(random, n) % 3)];
  CHECK(looks_uniform(seen));
}

TEST_CASE("uniform_real is below one and a multiple of 2^-53") {
  scripted ends{{most, 0, std::uint64_t{1} << 63}};
  CHECK(reco::uniform_real(ends) == 1 - 0x1p-53);
  CHECK(reco::uniform_real(ends) == 0);
  CHECK(reco::uniform_real(ends) == 0.5);
  reco::random_engine random(1);
  for (int n = 0; n < 1000; ++n) {
    const double x = reco::uniform_real(random) * 0x1p53;
    CHECK(x == std::floor(x));
  }
}

TEST_CASE("the distributions follow their distribution functions") {
  reco::random_engine random(17);
  CHECK(follows([&] { return reco::uniform_real(random); }, [](double x) { return x; }));
  CHECK(follows([&] { return reco::normal(random); }, [](double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }));
  CHECK(follows([&] { return reco::exponential(random); }, [](double x) { return -std::expm1(-x); }));
  // The test itself can tell: a normal with a deviation of 1.05 is found out.
  CHECK_FALSE(follows([&] { return 1.05 * reco::normal(random); },
                      [](double x) { return std::erfc(-x / std::sqrt(2.0)) / 2; }));
}

TEST_CASE("the normal distribution has its first four moments") {
  reco::random_engine random(23);
  constexpr int n = 200000;
  std::array<double, 4> moment{};
  for (int draw = 0; draw < n; ++draw) {
    const double x = reco::normal(random);
    for (std::size_t m = 0; m < 4; ++m) moment[m] += std::pow(x, static_cast<double>(m + 1)) / n;
  }
  // Var(x^m) = E x^2m - (E x^m)^2: 1, 2, 15, 105 - 9.
  CHECK_THAT(moment[0], WithinAbs(0, mean_error(1, n)));
  CHECK_THAT(moment[1], WithinAbs(1, mean_error(std::sqrt(2.0), n)));
  CHECK_THAT(moment[2], WithinAbs(0, mean_error(std::sqrt(15.0), n)));
  CHECK_THAT(moment[3], WithinAbs(3, mean_error(std::sqrt(96.0), n)));
}

TEST_CASE("neighboring draws of the normal distribution are not correlated") {
  reco::random_engine random(29);
  constexpr int n = 100000;
  double product = 0;
  double last = reco::normal(random);
  for (int draw = 0; draw < n; ++draw) {
    const double next = reco::normal(random);
    product += last * next / n;
    last = next;
  }
  CHECK_THAT(product, WithinAbs(0, mean_error(1, n)));
}

TEST_CASE("the exponential distribution is finite at both ends of the engine") {
  scripted ends{{0, most}};
  CHECK(reco::exponential(ends) == 0);
  CHECK_THAT(reco::exponential(ends), WithinRel(53 * std::log(2.0), 1e-15));
}

TEST_CASE("bernoulli is never true for zero and always for one") {
  scripted ends{{0, most}};
  CHECK_FALSE(reco::bernoulli(ends, 0));
  CHECK(reco::bernoulli(ends, 1));
  reco::random_engine random(31);
  int yes = 0;
  for (int n = 0; n < 100000; ++n) yes += reco::bernoulli(random, 0.3) ? 1 : 0;
  CHECK_THAT(yes / 100000.0, WithinAbs(0.3, mean_error(std::sqrt(0.21), 100000)));
}

TEST_CASE("weighted_index chooses in proportion to the weights and never a weight of zero") {
  const std::vector<double> weights = {0, 1, 0, 2.5, 4, 0.5, 0};
  reco::random_engine random(37);
  std::vector<std::int64_t> seen(weights.size());
  for (int n = 0; n < 80000; ++n) ++seen[static_cast<std::size_t>(reco::weighted_index(random, weights))];
  CHECK((seen[0] == 0 && seen[2] == 0 && seen[6] == 0));
  const std::vector<std::int64_t> drawn = {seen[1], seen[3], seen[4], seen[5]};
  const std::vector<double> probability = {1 / 8.0, 2.5 / 8, 4 / 8.0, 0.5 / 8};
  CHECK(chi_square(drawn, probability) < chi_square_limit(3));
}

TEST_CASE("weighted_index stays on the last weight above zero when rounding leaves a rest") {
  // Taken one by one from the largest number below their rounded sum, these weights leave 0, not less.
  scripted ends{{most, 0}};
  const std::vector<double> weights = {0, 0.3, 0.7, 0.3, 1.1, 0, 0};
  CHECK(reco::weighted_index(ends, weights) == 4);
  CHECK(reco::weighted_index(ends, weights) == 1);
}

TEST_CASE("shuffle makes every order equally likely") {
  reco::random_engine random(41);
  std::map<std::array<int, 4>, std::int64_t> seen;
  for (int n = 0; n < 48000; ++n) {
    std::array<int, 4> values = {0, 1, 2, 3};
    reco::shuffle(random, std::span<int>(values));
    ++seen[values];
  }
  REQUIRE(seen.size() == 24);
  std::vector<std::int64_t> counts;
  for (const auto& [order, count] : seen) counts.push_back(count);
  CHECK(looks_uniform(counts));
}

TEST_CASE("shuffle keeps what it shuffles") {
  for (const std::size_t size : {0U, 1U, 2U, 7U, 1000U}) {
    CAPTURE(size);
    std::vector<std::size_t> values(size);
    std::iota(values.begin(), values.end(), std::size_t{0});
    const auto before = values;
    reco::random_engine random(size);
    reco::shuffle(random, std::span(values));
    if (size > 2) CHECK(values != before);
    std::sort(values.begin(), values.end());
    CHECK(values == before);
  }
}
