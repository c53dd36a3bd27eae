// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/published_split.hpp"
#include "reco/io/file.hpp"
#include "reco/io/numeric_ids.hpp"

namespace reco::inline RECO_ABI() {

/// Reads a folder of `train.txt` and `test.txt` in the form that NGCF and LightGCN are published with: a line a user,
/// `user item item …`.
///
///     auto gowalla = reco::read_lightgcn("gowalla", reco::read_file_or_xz);
///
/// Users and items are numbered in the order of their ids, those of both files together; in published data, where the
/// ids have no gaps, indices are ids. A user may have no items, and may be in one file only. An item that recurs in a
/// line counts once, and the report says how often that was. A pair in both files stays in both. No values, no times.
///
/// Usual protocol: all items are ranked but the user's in train, recall is over the user's test items. He et al.,
/// "LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation", SIGIR 2020.
///
/// Throws `parse_error` with line and column for what is no id, a second line of a user, an empty file. O(bytes).
[[nodiscard]] published_split read_lightgcn(const std::filesystem::path& folder, const file_reader& open = read_file);

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline std::vector<numeric_event> read_lightgcn_part(const std::filesystem::path& path, const file_reader& open,
                                                     numeric_ids& users, numeric_ids& items, import_report& report) {
  const std::string text = open(path);
  id_lines lines(text, path.string());
  lines_of_users once;
  std::vector<numeric_event> events;
  std::vector<std::int64_t> sorted;
  while (lines.next()) {
    once.note(lines);
    users.add(lines.user());
    const auto row = lines.items();
    sorted.assign(row.begin(), row.end());
    std::sort(sorted.begin(), sorted.end());
    const bool recurs = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
    for (std::size_t n = 0; n < row.size(); ++n) {
      if (recurs && std::find(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(n), row[n]) !=
                        row.begin() + static_cast<std::ptrdiff_t>(n)) {
        report.skip("item again in the same line",
                    [&] { return locate({.file = lines.file(), .line = lines.line()}) + ": " + to_text(row[n]); });
        continue;
      }
      items.add(row[n]);
      events.push_back({.user = lines.user(), .item = row[n]});
    }
  }
  report.files.push_back({.file = lines.file(), .rows = lines.rows()});
  return events;
}

}  // namespace detail

inline published_split read_lightgcn(const std::filesystem::path& folder, const file_reader& open) {
  published_split out;
  numeric_ids users, items;
  const auto train = detail::read_lightgcn_part(folder / "train.txt", open, users, items, out.report);
  const auto test = detail::read_lightgcn_part(folder / "test.txt", open, users, items, out.report);
  users.number();
  items.number();
  out.train = detail::numbered(train, users, items);
  out.test = detail::numbered(test, users, items);
  out.users = users.names();
  out.items = items.names();
  return out;
}

}  // namespace reco
