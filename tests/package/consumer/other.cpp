// SPDX-License-Identifier: MIT
#include <reco/base/random.hpp>

std::uint64_t first_number(reco::random_engine random);

std::uint64_t first_number(reco::random_engine random) { return random(); }
