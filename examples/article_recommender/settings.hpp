// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <reco/base/duration.hpp>
#include <reco/base/instant.hpp>

/// What the command line asked for.
struct settings {
  std::string format = "built-in";  ///< built-in, csv, deskdrop, movielens
  std::string reads = {};           ///< csv: the file of reads
  std::string articles = {};        ///< csv: the file of articles, if any
  std::string path = {};            ///< deskdrop, movielens: the folder
  std::string embed = {};           ///< text, co-reads, given; empty: the best the data allow
  std::string embeddings = {};      ///< a .npy or .fvecs file, a row an article
  int dimensions = 0;               ///< 0: 16 for up to a thousand articles, 128 for more
  std::optional<std::string> user = {};
  int k = 8;
  reco::half_life_t half_life = std::chrono::days(7);
  reco::half_life_t trend_half_life = std::chrono::days(2);
  std::optional<reco::instant> now = {};  ///< absent: the moment of the newest read
  unsigned threads = 1;
  bool evaluate = false;                           ///< say how good the recommendations are, instead of recommending
  reco::half_life_t refit = std::chrono::days(1);  ///< after what time vectors are learned anew
  std::int64_t max_queries = 0;                    ///< 0: all
  std::uint64_t seed = 0;                          ///< of the sample of queries
  std::string csv = {};                            ///< the file for what the evaluation found; empty: none
};
