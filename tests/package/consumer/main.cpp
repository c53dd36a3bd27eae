// SPDX-License-Identifier: MIT
#include <cstdio>

#include "consumer.hpp"

reco::dataset<float> events() {
  const auto hour = [](int n) { return reco::instant(std::chrono::hours(n)); };
  const reco::event log[] = {{0, 0, 1, hour(0)}, {1, 0, 1, hour(0)}, {0, 1, 1, hour(9)}, {1, 2, 1, hour(8)}};
  return reco::dataset<float>(log, {.users = 2, .items = 3});
}

int main() {
  const auto data = events();
  const auto list = reco::recommend(trend(data), {}, {.k = 1});
  std::printf("%d\n", static_cast<int>(list[0].item));
  return list[0].item == 1 ? 0 : 1;
}
