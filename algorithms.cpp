// SPDX-License-Identifier: MIT
#include "algorithms.hpp"

const algorithms& all_algorithms() {
  static const algorithms all = [] {
    algorithms a;
    add_popularity(a);
    add_content(a);
    add_factorization(a);
    return a;
  }();
  return all;
}
