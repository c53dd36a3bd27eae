// SPDX-License-Identifier: MIT
#include "reco/base/random.hpp"

std::uint64_t first_number(const reco::random_engine& random);

std::uint64_t first_number(const reco::random_engine& random) {
  auto copy = random;
  return copy();
}
