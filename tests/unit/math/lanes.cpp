// SPDX-License-Identifier: MIT
#include "reco/math/lanes.hpp"

#include <array>
#include <cstddef>

#include "reco/math/simd.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

template <class T>
using register_of = typename reco::detail::simd<T>::type;

/// Registers whose numbers are all different, and whose sums are exact.
template <class T, std::size_t count>
std::array<register_of<T>, count> numbered() {
  std::array<register_of<T>, count> v = {};
  for (std::size_t n = 0; n < count; ++n)
    for (std::size_t i = 0; i < reco::detail::simd<T>::lanes; ++i) v[n][i] = static_cast<T>(100 * n + i * i);
  return v;
}

template <class T, std::size_t count>
void check_sums() {
  auto v = numbered<T, count>();
  const auto sums = reco::detail::sums_of_lanes<T, count>(v.data());
  const auto given = numbered<T, count>();
  for (std::size_t n = 0; n < count; ++n) {
    T sum = 0;
    for (std::size_t i = 0; i < reco::detail::simd<T>::lanes; ++i) sum += given[n][i];
    CAPTURE(count, n);
    CHECK(sums[n] == sum);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("lane n of the sums is the sum of register n", "", float, double) {
  check_sums<TestType, 1>();
  check_sums<TestType, 2>();
  check_sums<TestType, reco::detail::simd<TestType>::lanes>();
}

TEMPLATE_TEST_CASE("a square of registers transposed has rows for columns", "", float, double) {
  constexpr auto lanes = reco::detail::simd<TestType>::lanes;
  const auto given = numbered<TestType, lanes>();
  auto v = given;
  reco::detail::transpose_square<TestType>(v.data());
  for (std::size_t n = 0; n < lanes; ++n)
    for (std::size_t i = 0; i < lanes; ++i) CHECK(v[n][i] == given[i][n]);
  reco::detail::transpose_square<TestType>(v.data());
  for (std::size_t n = 0; n < lanes; ++n)
    for (std::size_t i = 0; i < lanes; ++i) CHECK(v[n][i] == given[n][i]);
}
