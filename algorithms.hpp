// SPDX-License-Identifier: MIT
#pragma once

#include <reco/evaluation/registry.hpp>

using algorithms = reco::registry<float>;

/// All estimators there are, in the order of the files.
const algorithms& all_algorithms();

// A file each, so that none takes long to compile. To add an estimator is to add a line to one of them.
void add_popularity(algorithms& to);
void add_content(algorithms& to);
void add_factorization(algorithms& to);
