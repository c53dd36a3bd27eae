// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/io/file.hpp"

// The task: from two files on disk to the text that trec_eval prints without options.
namespace trec_metrics {

inline constexpr int retrieved = 1000;  // a query
inline constexpr int judged = 100;      // a query, a third of them relevant, half of them retrieved

struct files {
  std::filesystem::path qrels = {}, run = {};
  double documents = 0, bytes = 0;
};

/// Made once for a size. In rank order, as systems write runs; or in any order.
inline files make_files(std::int64_t queries, bool in_order) {
  reco::random_engine random(7);
  const auto any = [&](std::int64_t n) { return reco::uniform_index(random, n); };
  const auto folder = std::filesystem::temp_directory_path() / "reco-bench-trec_metrics";
  std::filesystem::create_directories(folder);
  const auto name = std::to_string(queries) + (in_order ? "" : "-shuffled");
  files made{folder / (name + ".qrels"), folder / (name + ".run")};
  std::string qrels, run;
  std::vector<std::string> rows;
  for (std::int64_t q = 1; q <= queries; ++q) {
    const auto first = 1000000 + any(100000);
    std::vector<std::int64_t> names;  // distinct: each a step above the one before, then mixed
    for (std::int64_t n = 0, at = first; n < retrieved + judged / 2; ++n) names.push_back(at += 1 + any(800));
    for (std::size_t n = names.size(); n > 1; --n)
      std::swap(names[n - 1], names[static_cast<std::size_t>(any(static_cast<std::int64_t>(n)))]);
    rows.clear();
    double score = 30;
    for (std::size_t n = 0; n < retrieved; ++n) {
      char row[96];
      score -= 0.0001 * static_cast<double>(1 + any(250));
      std::snprintf(row, sizeof row, "%lld Q0 D%lld %zu %.4f reco\n", static_cast<long long>(q),
                    static_cast<long long>(names[n]), n + 1, score);
      rows.emplace_back(row);
      if (n % (2 * retrieved / judged) == 0)
        qrels += std::to_string(q) + " 0 D" + std::to_string(names[n]) + ' ' +
                 std::to_string(std::max<std::int64_t>(0, any(6) - 3)) + '\n';
    }
    for (std::size_t n = retrieved; n < names.size(); ++n)
      qrels += std::to_string(q) + " 0 D" + std::to_string(names[n]) + ' ' +
               std::to_string(std::max<std::int64_t>(0, any(6) - 3)) + '\n';
    for (std::size_t n = rows.size(); n > 1 && !in_order; --n)
      std::swap(rows[n - 1], rows[static_cast<std::size_t>(any(static_cast<std::int64_t>(n)))]);
    for (const auto& row : rows) run += row;
  }
  reco::write_file(made.qrels, qrels);
  reco::write_file(made.run, run);
  made.documents = static_cast<double>(queries * retrieved);
  made.bytes = static_cast<double>(qrels.size() + run.size());
  return made;
}

}  // namespace trec_metrics
