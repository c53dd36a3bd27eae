// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The articles and reads that are built into the programs.
namespace corpus {

struct article {
  std::string id = {};  ///< "a001": the number says nothing about the topic
  std::string title = {};
  std::string text = {};
  std::string topic = {};  ///< for the generator of reads and for tests; no recommender sees it
};

/// Every article, in the order of its id.
std::vector<article> articles();

/// The reads as `article_reads` wrote them: CSV, columns user, article, time, weight.
std::string_view reads();

}  // namespace corpus
