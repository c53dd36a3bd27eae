// SPDX-License-Identifier: MIT
// A matrix has merged the repeats and lost the order: what needs events does not take it.
// expect: sequences
#include "reco/data/dataset.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/popularity/trending.hpp"

#if defined(MISTAKE)
using input = reco::sparse_interactions<float>;
#else
using input = reco::dataset<float>;
#endif

void fit(const input& data) { [[maybe_unused]] const auto model = reco::trending{}.fit(data); }
