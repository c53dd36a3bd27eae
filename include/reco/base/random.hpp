// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// An engine and distributions of our own, because `std::` distributions give other numbers with other
/// standard libraries. Same seed, same numbers, with every compiler.
///
/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its
/// state filled by splitmix64. 32 bytes, period 2^256 - 1, about 1 ns a number. Not for secrets.
///
///     reco::random_engine random(seed);
///     auto item = reco::uniform_index(random, items);
class random_engine {
 public:
  using result_type = std::uint64_t;

  /// `stream` gives independent sequences under one seed: one for each user, row or block, so that
  /// work can be cut in any way and still draw the same numbers.
  explicit constexpr random_engine(std::uint64_t seed = 0, std::uint64_t stream = 0) noexcept;

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<std::uint64_t>::max(); }
  constexpr result_type operator()() noexcept;

  friend constexpr bool operator==(const random_engine&, const random_engine&) = default;

 private:
  std::array<std::uint64_t, 4> state_;
};

/// Uniform in 0..n-1, n > 0, without bias (Lemire, "Fast random integer generation in an interval", 2019).
template <class Engine>
[[nodiscard]] std::int64_t uniform_index(Engine& random, std::int64_t n) noexcept;

/// Uniform in [0, 1), a multiple of 2^-53.
template <class Engine>
[[nodiscard]] double uniform_real(Engine& random) noexcept;

/// Standard normal by Marsaglia's polar method; both values of a pair are not kept, so that the state is
/// the engine's alone. The same bits wherever `std::log` rounds the same.
template <class Engine>
[[nodiscard]] double normal(Engine& random) noexcept;

/// Exponential with mean 1.
template <class Engine>
[[nodiscard]] double exponential(Engine& random) noexcept;

/// True with probability p.
template <class Engine>
[[nodiscard]] bool bernoulli(Engine& random, double p) noexcept;

/// An index with probability proportional to its weight; weights are not negative and not all 0. O(n).
template <class Engine>
[[nodiscard]] std::int64_t weighted_index(Engine& random, std::span<const double> weights) noexcept;

/// A uniformly random order (Fisher and Yates).
template <class Engine, class T>
void shuffle(Engine& random, std::span<T> values) noexcept;

// ---------------------------------------------------------------------------------------------------

namespace detail {

constexpr std::uint64_t splitmix64(std::uint64_t& state) noexcept {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

/// High and low half of the 128-bit product, in portable C++.
constexpr std::pair<std::uint64_t, std::uint64_t> multiply_wide(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t a0 = a & 0xffffffffU, a1 = a >> 32, b0 = b & 0xffffffffU, b1 = b >> 32;
  const std::uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
  const std::uint64_t middle = (p00 >> 32) + (p01 & 0xffffffffU) + (p10 & 0xffffffffU);
  return {p11 + (p01 >> 32) + (p10 >> 32) + (middle >> 32), (middle << 32) | (p00 & 0xffffffffU)};
}

}  // namespace detail

constexpr random_engine::random_engine(std::uint64_t seed, std::uint64_t stream) noexcept : state_{} {
  std::uint64_t key = stream;
  std::uint64_t state = seed ^ (stream == 0 ? 0 : detail::splitmix64(key));
  for (auto& word : state_) word = detail::splitmix64(state);
}

constexpr std::uint64_t random_engine::operator()() noexcept {
  auto& s = state_;
  const std::uint64_t result = std::rotl(s[1] * 5, 7) * 9;
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = std::rotl(s[3], 45);
  return result;
}

template <class Engine>
std::int64_t uniform_index(Engine& random, std::int64_t n) noexcept {
  RECO_ASSERT(n > 0);
  const auto range = static_cast<std::uint64_t>(n);
  auto [high, low] = detail::multiply_wide(random(), range);
  if (low < range) {
    const std::uint64_t threshold = (0 - range) % range;
    while (low < threshold) {
      const auto product = detail::multiply_wide(random(), range);
      high = product.first;
      low = product.second;
    }
  }
  return static_cast<std::int64_t>(high);
}

template <class Engine>
double uniform_real(Engine& random) noexcept {
  return static_cast<double>(random() >> 11) * 0x1p-53;
}

template <class Engine>
double normal(Engine& random) noexcept {
  while (true) {
    const double x = 2 * uniform_real(random) - 1;
    const double y = 2 * uniform_real(random) - 1;
    const double square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * std::log(square) / square);
  }
}

template <class Engine>
double exponential(Engine& random) noexcept {
  return -std::log1p(-uniform_real(random));
}

template <class Engine>
bool bernoulli(Engine& random, double p) noexcept {
  return uniform_real(random) < p;
}

template <class Engine>
std::int64_t weighted_index(Engine& random, std::span<const double> weights) noexcept {
  double total = 0;
  for (const double w : weights) total += w;
  double left = uniform_real(random) * total;
  std::int64_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = static_cast<std::int64_t>(i);
    if ((left -= weights[i]) < 0) break;
  }
  return last;
}

template <class Engine, class T>
void shuffle(Engine& random, std::span<T> values) noexcept {
  for (std::size_t n = values.size(); n > 1; --n)
    std::swap(values[n - 1], values[static_cast<std::size_t>(uniform_index(random, static_cast<std::int64_t>(n)))]);
}

}  // namespace reco
