// SPDX-License-Identifier: MIT
#include <reco/base/random.hpp>

#include <cstdio>

std::uint64_t first_number(reco::random_engine random);  // in other.cpp

int main() {
  const reco::random_engine random(7);
  auto copy = random;
  const bool same = copy() == first_number(random);
  std::printf("two files agree: %s\n", same ? "yes" : "no");
  return same ? 0 : 1;
}
