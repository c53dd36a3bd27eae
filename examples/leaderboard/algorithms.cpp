// SPDX-License-Identifier: MIT
#include "algorithms.hpp"

const reco::registry<float>& algorithms() {
  static const reco::registry<float> all([] {
    entries out;
    for (const auto family : {
             popularity_algorithms,
             content_algorithms,
             neighborhood_algorithms,
             linear_algorithms,
             factorization_algorithms,
         })
      for (auto& entry : family()) out.push_back(std::move(entry));
    return out;
  }());
  return all;
}
