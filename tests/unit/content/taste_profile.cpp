// SPDX-License-Identifier: MIT
#include "reco/content/taste_profile.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/embeddings.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using namespace std::chrono_literals;

namespace {

struct reads {
  std::vector<std::int32_t> items = {};
  std::vector<double> values = {};
  std::vector<reco::instant> times = {};
  void add(std::int32_t item, double value, std::chrono::seconds at) {
    items.push_back(item);
    values.push_back(value);
    times.emplace_back(at);
  }
  reco::history_view<double> view() const { return {.items = items, .values = values, .times = times}; }
};

reco::embeddings<double> random_vectors(std::int32_t items, std::int32_t dimension, std::uint64_t seed) {
  reco::random_engine random(seed);
  reco::matrix<double> m(items, dimension);
  for (Eigen::Index n = 0; n < m.size(); ++n) m.data()[n] = reco::normal(random);
  return reco::embeddings<double>(m);
}

reads random_reads(std::int32_t items, int count, std::uint64_t seed) {
  reco::random_engine random(seed);
  reads out;
  for (int n = 0; n < count; ++n)
    out.add(static_cast<std::int32_t>(reco::uniform_index(random, items)),
            std::round(4 * reco::uniform_real(random) - 1), std::chrono::seconds(reco::uniform_index(random, 1000000)));
  return out;
}

/// The definition, written out.
reco::column<double> naive(const reco::taste_profile& rule, const reco::embeddings<double>& e, const reads& r,
                           reco::instant now) {
  reco::column<double> sum = reco::column<double>::Zero(e.dimension());
  double weights = 0;
  for (std::size_t n = 0; n < r.items.size(); ++n) {
    if (r.times[n] > now) continue;
    const double over = r.values[n] - rule.neutral;
    const double age = static_cast<double>((now - r.times[n]).count());
    const double w = (over < 0 ? rule.negative_weight : 1) * std::abs(over) * std::exp2(-age / rule.half_life.count());
    sum += (over < 0 ? -w : w) * reco::as_column(e.vector(r.items[n]));
    weights += w;
  }
  return weights > 0 ? reco::column<double>(sum / weights) : sum;
}

}  // namespace

TEST_CASE("a read one half-life older weighs half as much") {
  const reco::embeddings<double> e(reco::matrix<double>::Identity(2, 2));
  reads r;
  r.add(0, 1, 0s);
  r.add(1, 1, 24h);
  const auto p = reco::profile_of({.half_life = 24h}, e, r.view(), reco::instant(48h));
  CHECK_THAT(p(0), WithinRel(1.0 / 3, 1e-15));
  CHECK_THAT(p(1), WithinRel(2.0 / 3, 1e-15));
}

TEST_CASE("without decay the profile is the plain mean") {
  const auto e = random_vectors(20, 5, 1);
  reads r;
  for (std::int32_t i = 0; i < 20; ++i) r.add(i, 1, std::chrono::hours(i * i));
  const auto p = reco::profile_of({.half_life = reco::never}, e, r.view());
  CHECK((p - e.rows().colwise().mean().transpose()).norm() < 1e-14);
}

TEST_CASE("the profile does not depend on how long ago the last read was") {
  const auto e = random_vectors(30, 7, 2);
  const auto r = random_reads(30, 40, 3);
  const reco::taste_profile rule{.half_life = 1h};
  const auto soon = reco::profile_of(rule, e, r.view(), reco::instant(1000001s));
  const auto later = reco::profile_of(rule, e, r.view(), reco::instant(24h * 365 * 100));
  CHECK(soon == later);
}

TEST_CASE("the profile equals its definition, computed from a history and in a stream in any order") {
  const auto dimension = GENERATE(1, 7, 8, 9, 130);
  const auto count = GENERATE(0, 1, 2, 50);
  const auto half_life = GENERATE(reco::half_life_t(2h), reco::half_life_t(50h), reco::never);
  CAPTURE(dimension, count, half_life.count());
  const auto e = random_vectors(25, dimension, 4);
  const auto r = random_reads(25, count, 5);
  const reco::taste_profile rule{.half_life = half_life, .negative_weight = 0.5, .neutral = 0.5};
  const auto expected = naive(rule, e, r, reco::instant(1000000s));
  const auto batch = reco::profile_of(rule, e, r.view(), reco::instant(1000000s));
  reco::taste<double> live(rule, dimension);
  for (std::size_t n = 0; n < r.items.size(); ++n) live.read(e.vector(r.items[n]), r.values[n], r.times[n]);
  CHECK((batch - expected).norm() <= 1e-9 * (1 + expected.norm()));
  CHECK((live.profile() - expected).norm() <= 1e-9 * (1 + expected.norm()));
}

TEST_CASE("coefficients rebuild the profile and their absolute values add up to one") {
  const auto e = random_vectors(25, 6, 6);
  const auto r = random_reads(25, 30, 7);
  const reco::taste_profile rule{.half_life = 20h};
  const auto c = reco::taste_coefficients(rule, r.view(), {}, [](std::int32_t) { return true; });
  reco::column<double> sum = reco::column<double>::Zero(6);
  double total = 0;
  for (std::size_t n = 0; n < c.size(); ++n) {
    sum += c[n] * reco::as_column(e.vector(r.items[n]));
    total += std::abs(c[n]);
  }
  CHECK_THAT(total, WithinRel(1.0, 1e-12));
  CHECK((sum - reco::profile_of(rule, e, r.view())).norm() < 1e-12);
}

TEST_CASE("a dislike pushes the profile away and fades like a like") {
  const reco::embeddings<double> e(reco::matrix<double>::Identity(2, 2));
  reads r;
  r.add(0, 1, 0h);
  r.add(1, -1, 0h);
  const reco::taste_profile rule{.half_life = 24h, .negative_weight = 0.25};
  CHECK(reco::profile_of(rule, e, r.view())(0) == 0.8);
  CHECK(reco::profile_of(rule, e, r.view())(1) == -0.2);
  r.add(0, 1, 240h);
  CHECK(reco::profile_of(rule, e, r.view())(1) > -0.001);
}

TEST_CASE("reads in the future, of unknown items and neutral ones have no say") {
  const auto e = random_vectors(5, 3, 8);
  reads r;
  r.add(2, 1, 10h);
  const auto alone = reco::profile_of({}, e, r.view(), reco::instant(20h));
  r.add(3, 1, 21h);
  r.add(5, 1, 11h);
  r.add(-1, 1, 11h);
  r.add(4, 0, 11h);
  CHECK(reco::profile_of({}, e, r.view(), reco::instant(20h)) == alone);
}

TEST_CASE("a read of this very second counts") {
  const auto e = random_vectors(5, 3, 8);
  reads r;
  r.add(2, 1, 10h);
  r.add(3, 1, 20h);
  CHECK(reco::profile_of({}, e, r.view(), reco::instant(20h)) == reco::profile_of({}, e, r.view()));
}

TEST_CASE("after twenty years of reads a quarter of an hour apart the stream still equals the definition") {
  const auto e = random_vectors(40, 4, 9);
  const reco::taste_profile rule{.half_life = 15min};
  reco::taste<double> live(rule, 4);
  reads recent;
  const int count = 20 * 365 * 96;
  for (int n = 0; n < count; ++n) {
    const std::int32_t item = n % 40;
    live.read(e.vector(item), 1, reco::instant(n * 15min));
    if (n >= count - 100) recent.add(item, 1, n * 15min);
  }
  const auto expected = reco::profile_of(rule, e, recent.view());
  CHECK((live.profile() - expected).norm() <= 1e-12 * expected.norm());
}

TEST_CASE("an empty history gives the zero vector") {
  const auto e = random_vectors(5, 3, 8);
  CHECK(reco::profile_of({}, e, reco::history_view<double>{}).isZero(0));
  reco::taste<float> live({}, 3);
  CHECK(live.empty());
  CHECK(live.profile().isZero(0));
}

TEST_CASE("bad options and bad reads are named") {
  const auto e = random_vectors(5, 3, 8);
  const reco::history_view<double> none;
  CHECK_THROWS_WITH(reco::profile_of({.half_life = 0s}, e, none), "taste_profile: half_life must be above 0s, got 0s");
  CHECK_THROWS_WITH(reco::profile_of({.half_life = -3h}, e, none),
                    "taste_profile: half_life must be above 0s, got -3h");
  CHECK_THROWS_WITH(reco::taste<double>({.negative_weight = -1}, 3),
                    "taste_profile: negative_weight must be at least 0, got -1");
  CHECK_THROWS_WITH(reco::taste<double>({}, -1), "taste: dimension must be at least 0, got -1");
  reco::taste<double> live({}, 4);
  CHECK_THROWS_WITH(live.read(e.vector(0), 1, {}), "taste: a vector must have 4 numbers, got 3");
  reco::taste<double> fits({}, 3);
  CHECK_THROWS_WITH(fits.read(e.vector(0), std::nan(""), {}), "taste: value must be finite, got nan");
  CHECK(fits.empty());
}
