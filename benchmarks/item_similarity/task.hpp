// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reco/base/executor.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/top_k.hpp"

// The task: for every item the 100 others with the greatest cosine of the columns of a 0/1 matrix. A pair operation is
// one addition to a sum: sum over users of history².

namespace item_similarity_task {

inline constexpr std::int32_t k = 100;

/// Interactions in clusters with a popularity tail, in the shapes "ml1m" (6,040 users, 3,706 items) and "books" (52,643
/// and 91,599); "gowalla": the published split's train part from the folder RECO_DATA_DIR, empty where it is not.
reco::csr_matrix<float> interactions(const std::string& shape);

/// The textbook way: a sparse product row by row, in double; sums in a dense array, the touched items in a linked list
/// that runs through another, a heap of the k best. Rows best first.
std::vector<std::vector<reco::scored_item<double>>> textbook(const reco::csr_matrix<float>& x,
                                                             reco::executor_ref executor);

}  // namespace item_similarity_task
