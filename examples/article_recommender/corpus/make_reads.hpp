// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace corpus {

struct made_reader {
  std::string name = {};
  bool drifts = false;
};

struct made_read {
  std::int64_t time = 0;  ///< seconds since the first day began
  std::size_t reader = 0;
  std::size_t article = 0;  ///< an index into `articles()`
  double weight = 1;
};

struct made_reads {
  std::vector<made_reader> readers = {};
  std::vector<made_read> reads = {};  ///< by time
};

/// Eight weeks of 160 made-up readers over the built-in articles. What drives them, their interests and the topics
/// of the articles, is seen by no recommender.
///
/// - A reader has a main interest, a second one, and now and then reads what everybody reads.
/// - Two readers in five drift: within some two weeks in the middle both interests give way to new ones.
/// - An article is published at some moment, read most while it is fresh, and some are more gripping than
///   others. Near the end three articles are the talk of the town for two days.
/// - Weight 1 is an article read to its end, 0.5 one left half-way, which is rare where the interest is real.
made_reads make_reads();

}  // namespace corpus
