// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

/// What the command line asked for.
struct settings {
  std::string movielens = {};            ///< the folder; empty: the shop that is built in
  std::string item = {};                 ///< part of a title; empty: one is chosen
  std::string customer = {};             ///< who is recommended to; empty: one is chosen
  std::vector<std::string> basket = {};  ///< parts of titles: what a new customer has
  std::string model = "item_knn";        ///< item_knn, ease, slim
  int k = 5;
  unsigned threads = 1;
};
