// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "reco/data/ranked_list.hpp"

namespace reco_test {

inline std::vector<std::int32_t> items_of(const reco::ranked_list<float>& list) {
  std::vector<std::int32_t> out;
  for (const auto& s : list) out.push_back(s.item);
  return out;
}

}  // namespace reco_test
