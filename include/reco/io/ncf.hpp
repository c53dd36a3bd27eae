// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/data/published_split.hpp"
#include "reco/io/csv.hpp"
#include "reco/io/file.hpp"
#include "reco/io/numeric_ids.hpp"

namespace reco::inline RECO_ABI() {

/// Reads PREFIX`.train.rating`, PREFIX`.test.rating` and PREFIX`.test.negative`, the form that NCF's data has: rows
/// `user item rating` and maybe a time, and for each row of test, in the same order, `(user,item)` and the items that
/// its item is ranked against. Tabs between fields, no header.
///
///     auto data = reco::read_ncf("ml-1m");
///     data.candidates[n];                     // of data.test[n]
///
/// Candidates are a set: the held-out item and the negatives, each once; in 156 rows of the published MovieLens 1M the
/// held-out item is among its own negatives. Items of train among the negatives stay, and so do items unseen in train.
/// Users and items are numbered in the order of their ids, those of all three files together, so that ties by lower
/// index are ties by lower id.
///
/// He et al., "Neural Collaborative Filtering", WWW 2017. Throws `parse_error` with line and column for what is no
/// id, rating or time, for a row of another width than the first, and for negatives of another pair or of more or
/// fewer rows than test has. O(bytes + candidates log candidates).
[[nodiscard]] published_split read_ncf(const std::filesystem::path& prefix, const file_reader& open = read_file);

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline csv_options ncf_csv(std::vector<std::string> columns) {
  return {.separator = "\t", .quotes = false, .columns = std::move(columns)};
}

inline std::int64_t ncf_id(const csv_reader& csv, std::size_t column) {
  const auto id = csv.number<std::int64_t>(column);
  if (id < 0) csv.fail(column, "an id of at least 0");
  return id;
}

inline std::vector<numeric_event> read_ncf_ratings(const std::filesystem::path& path, const file_reader& open,
                                                   import_report& report) {
  const std::string text = open(path);
  csv_reader csv(text, path.string(), ncf_csv({"user", "item", "rating", "time"}));
  const auto user = csv.column("user"), item = csv.column("item"), rating = csv.column("rating");
  const auto time = csv.find_column("time");
  std::vector<numeric_event> events;
  events.reserve(csv.rows_at_most());
  while (csv.next())
    events.push_back({.user = ncf_id(csv, user),
                      .item = ncf_id(csv, item),
                      .value = csv.number<double>(rating),
                      .time = time ? csv.time(*time) : instant{}});
  report.files.push_back({.file = csv.file(), .rows = csv.rows()});
  return events;
}

/// Is this "(user,item)"? Blanks may stand beside the numbers.
inline bool is_ncf_pair(std::string_view text, const numeric_event& e) {
  text = without_blanks(text);
  if (!text.starts_with('(') || !text.ends_with(')')) return false;
  text = text.substr(1, text.size() - 2);
  const auto comma = text.find(',');
  const auto is = [](std::string_view field, std::int64_t id) {
    field = without_blanks(field);
    std::int64_t value = -1;
    const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
    return read.ec == std::errc{} && read.ptr == field.data() + field.size() && value == id;
  };
  return comma != std::string_view::npos && is(text.substr(0, comma), e.user) && is(text.substr(comma + 1), e.item);
}

/// Of each test event its item and the negatives, as ids.
inline std::vector<std::vector<std::int64_t>> read_ncf_negatives(const std::filesystem::path& path,
                                                                 const file_reader& open,
                                                                 const std::vector<numeric_event>& test,
                                                                 import_report& report) {
  const std::string text = open(path);
  csv_reader csv(text, path.string(), ncf_csv({"(user,item)"}));
  std::vector<std::vector<std::int64_t>> rows;
  rows.reserve(test.size());
  while (csv.next()) {
    if (rows.size() == test.size())
      csv.fail(0, "as many rows as .test.rating has, " + to_text(test.size()) + ", and no further row");
    const auto& e = test[rows.size()];
    if (!is_ncf_pair(csv[0], e))
      csv.fail(0, "(" + to_text(e.user) + "," + to_text(e.item) + ") as in the same row of .test.rating");
    auto& row = rows.emplace_back();
    row.reserve(csv.width());
    row.push_back(e.item);
    for (std::size_t c = 1; c < csv.width(); ++c) row.push_back(ncf_id(csv, c));
  }
  if (rows.size() < test.size())
    throw parse_error({.file = csv.file()}, to_text(test.size()) + " rows as in .test.rating", to_text(rows.size()));
  report.files.push_back({.file = csv.file(), .rows = csv.rows()});
  return rows;
}

}  // namespace detail

inline published_split read_ncf(const std::filesystem::path& prefix, const file_reader& open) {
  const auto file = [&](std::string_view ending) { return std::filesystem::path(prefix) += ending; };
  published_split out;
  const auto train = detail::read_ncf_ratings(file(".train.rating"), open, out.report);
  const auto test = detail::read_ncf_ratings(file(".test.rating"), open, out.report);
  const auto candidates = detail::read_ncf_negatives(file(".test.negative"), open, test, out.report);

  numeric_ids users, items;
  for (const auto* part : {&train, &test})
    for (const auto& e : *part) users.add(e.user), items.add(e.item);
  for (const auto& row : candidates)
    for (const auto id : row) items.add(id);
  users.number();
  items.number();
  out.train = detail::numbered(train, users, items);
  out.test = detail::numbered(test, users, items);
  out.users = users.names();
  out.items = items.names();
  for (const auto& row : candidates) {
    auto& set = out.candidates.emplace_back();
    for (const auto id : row) set.push_back(items.index(id));
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
  }
  return out;
}

}  // namespace reco
