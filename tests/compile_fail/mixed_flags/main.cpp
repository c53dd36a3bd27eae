// SPDX-License-Identifier: MIT
#include "reco/base/random.hpp"

std::uint64_t first_number(const reco::random_engine& random);

int main() { return first_number(reco::random_engine(7)) == 0 ? 1 : 0; }
