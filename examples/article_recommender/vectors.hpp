// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <reco/base/training.hpp>
#include <reco/data/embeddings.hpp>

#include "input.hpp"
#include "settings.hpp"

/// A vector for each article, and how it was made, a line a step.
std::pair<reco::embeddings<float>, std::vector<std::string>> make_vectors(const settings& asked, const input& in,
                                                                          const reco::training& how);
