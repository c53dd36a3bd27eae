// SPDX-License-Identifier: MIT
#include "reco/base/large_pages.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "support/catch.hpp"

TEST_CASE("asking for large pages changes no number, wherever the memory begins and ends") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, (std::size_t{9} << 20) + 3}) {
    std::vector<unsigned char> memory(size, 7);
    for (const std::size_t from : {std::size_t{0}, std::min<std::size_t>(size, 1), size / 2})
      reco::detail::prefer_large_pages(memory.data() + from, size - from);
    CHECK(std::all_of(memory.begin(), memory.end(), [](unsigned char c) { return c == 7; }));
  }
  reco::detail::prefer_large_pages(nullptr, 0);
}
