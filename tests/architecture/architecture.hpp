// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <vector>

// What a compiler does not check: which room of the library may include which, and what no header may do.
// The rules stand at the top of architecture.cpp.

namespace reco_test {

/// Texts of files by path: "reco/math/top_k.hpp" below include/, "unit/math/top_k.cpp" below tests/.
using file_texts = std::map<std::string, std::string>;

/// All files below `folder` whose name ends with `suffix`.
file_texts read_tree(const std::string& folder, const std::string& suffix);

/// One sentence for each broken rule: "reco/math/top_k.hpp:7: room math may not include reco/model/explain.hpp".
std::vector<std::string> check_headers(const file_texts& headers);

/// Test case names that CTest cannot tell apart from its own punctuation, and tests that cannot fail.
std::vector<std::string> check_tests(const file_texts& tests);

}  // namespace reco_test
