// SPDX-License-Identifier: MIT
#include "reco/math/identity_plus_grams.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <Eigen/Cholesky>

#include "reco/base/random.hpp"
#include "reco/math/matrix.hpp"
#include "support/catch.hpp"

namespace {

template <class T>
struct small_system {
  std::int64_t n;
  reco::matrix<T> e;  // rows of zeros below
  std::vector<T> b;

  small_system(std::int64_t rows, std::int64_t width, std::uint64_t stream)
      : n(rows), e(reco::matrix<T>::Zero((rows + 3) / 4 * 4, width)), b(static_cast<std::size_t>(rows)) {
    reco::random_engine random(5, stream);
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t f = 0; f < width; ++f) e(i, f) = static_cast<T>(reco::normal(random) / 8);
    for (auto& v : b) v = static_cast<T>(reco::normal(random));
  }
  [[nodiscard]] reco::column<double> exact() const {
    const reco::matrix<double> wide = e.topRows(n).template cast<double>();
    const reco::column<T> right = reco::column<T>::Map(b.data(), n);
    const reco::matrix<double> a = reco::matrix<double>::Identity(n, n) + wide * wide.transpose();
    return Eigen::LLT<reco::matrix<double>>(a).solve(right.template cast<double>());
  }
  template <class Systems>
  void set(Systems& systems, std::int64_t s) const {
    systems.set(s, e.data(), n, e.cols(), b.data());
  }
};

}  // namespace

TEMPLATE_TEST_CASE("identity_plus_grams solves each system as a general Cholesky does", "[math]", float, double) {
  using T = TestType;
  using systems_type = reco::identity_plus_grams<T>;
  constexpr auto count = systems_type::count;
  const std::int64_t most = GENERATE(1, 2, 3, 4, 5, 8, 15, 16, 17, 32), width = GENERATE(1, 3, 8) * count;
  std::vector<small_system<T>> all;
  for (std::int64_t s = 0; s < count; ++s)  // of several sizes
    all.emplace_back(1 + (most - 1) * (count - s) / count, width, static_cast<std::uint64_t>(s));
  all[0] = small_system<T>(most, width, 99);
  systems_type systems;
  for (int again = 0; again < 2; ++again) {  // what was solved before must leave no trace
    systems.start(most);
    for (std::int64_t s = 0; s < count; ++s) all[static_cast<std::size_t>(s)].set(systems, s);
    systems.solve();
    for (std::int64_t s = 0; s < count; ++s) {
      const auto& system = all[static_cast<std::size_t>(s)];
      const auto exact = system.exact();
      const double bound = 50 * (1 + static_cast<double>(system.e.squaredNorm())) * exact.norm() *
                           static_cast<double>(std::numeric_limits<T>::epsilon());
      double off = 0;
      for (std::int64_t i = 0; i < system.n; ++i)
        off = std::max(off, std::abs(static_cast<double>(systems.solution(s, i)) - exact[i]));
      CHECK(off <= bound);
    }
  }
}

TEST_CASE("a system's bits depend neither on its lane nor on the systems beside it", "[math]") {
  using systems_type = reco::identity_plus_grams<float>;
  const small_system<float> one(13, 8 * systems_type::count, 1), other(30, 8 * systems_type::count, 2);
  systems_type alone;
  alone.start(13);
  one.set(alone, 0);
  alone.solve();
  systems_type among;
  for (std::int64_t lane = 0; lane < systems_type::count; ++lane) {
    among.start(30);
    for (std::int64_t s = 0; s < systems_type::count; ++s) (s == lane ? one : other).set(among, s);
    among.solve();
    for (std::int64_t i = 0; i < 13; ++i) REQUIRE(among.solution(lane, i) == alone.solution(0, i));
  }
}

TEST_CASE("systems that are not set do no harm", "[math]") {
  reco::identity_plus_grams<double> systems;
  const small_system<double> one(6, 4 * reco::identity_plus_grams<double>::count, 1);
  systems.start(8);
  one.set(systems, 1);
  systems.solve();
  CHECK(systems.solution(0, 0) == 0);
  CHECK(systems.solution(1, 6) == 0);
  CHECK(systems.solution(1, 0) != 0);
}
