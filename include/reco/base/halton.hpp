// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/random.hpp"

namespace reco::inline RECO_ABI() {

/// One coordinate of the n-th point of a randomized Halton sequence, in [0, 1): the digits of n in a prime base,
/// 2 for dimension 0, 3, 5, 7, … for those that follow, put behind the point in reverse, each place with a random
/// permutation of the digits (Owen, "A randomized Halton algorithm in R", 2017).
///
///     n = sum over k of d_k b^k      halton = sum over k of permutation_k(d_k) b^-(k + 1)
///
/// Each point is uniform by itself; together the first ones fill the cube more evenly than independent points do, in
/// the first dimensions most: of b^k successive points, one falls into each b^-k of the interval. The same bits
/// everywhere. O(b log_b 2^53). Throws `invalid_argument` for a negative dimension.
[[nodiscard]] double halton(std::uint64_t seed, int dimension, std::uint64_t n);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// 2 for 0, 3 for 1, 5 for 2.
inline int nth_prime(int n) {
  std::vector<int> primes;
  for (int candidate = 2; std::ssize(primes) <= n; ++candidate)
    if (std::none_of(primes.begin(), primes.end(), [&](int p) { return candidate % p == 0; }))
      primes.push_back(candidate);
  return primes.back();
}

}  // namespace detail

inline double halton(std::uint64_t seed, int dimension, std::uint64_t n) {
  if (dimension < 0) detail::fail_argument("halton: dimension must be at least 0, got " + detail::to_text(dimension));
  const int base = detail::nth_prime(dimension);
  random_engine random(seed, static_cast<std::uint64_t>(dimension));
  std::vector<int> permutation(static_cast<std::size_t>(base));
  std::vector<int> digits;
  for (double unit = 1.0 / base; unit >= 0x1p-53; unit /= base) {
    std::iota(permutation.begin(), permutation.end(), 0);
    shuffle(random, std::span(permutation));
    digits.push_back(permutation[static_cast<std::size_t>(n % static_cast<std::uint64_t>(base))]);
    n /= static_cast<std::uint64_t>(base);
  }
  // The last place first, by sums and quotients: products and sums are fused by some compilers and not by others.
  double x = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) x = (x + *digit) / base;
  return std::min(x, 1 - 0x1p-53);  // it may have been rounded up
}

}  // namespace reco
