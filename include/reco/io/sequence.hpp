// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event_log.hpp"
#include "reco/io/file.hpp"
#include "reco/io/numeric_ids.hpp"

namespace reco::inline RECO_ABI() {

/// Reads lines `user item item …`, a line a user, oldest item first: the form that SASRec's and S3-Rec's data has.
///
///     auto log  = reco::read_sequences("Beauty.txt");
///     auto test = reco::leave_last_out(log.events);          // the last item of each user
///     auto tune = reco::leave_last_out(test.train);          // the one before it, for validation
///
/// The time of an event is its place in the line, 1, 2, … seconds after 1970: the order within a user is that of the
/// line, times of two users do not compare. Users and items are numbered in the order of their ids. Repeats stay; a
/// user may have no items.
///
/// Throws `parse_error` with line and column for what is no id, a second line of a user, an empty file. O(bytes).
[[nodiscard]] event_log read_sequences(const std::filesystem::path& file, const file_reader& open = read_file);

// ---------------------------------------------------------------------------------------------------

inline event_log read_sequences(const std::filesystem::path& file, const file_reader& open) {
  const std::string text = open(file);
  id_lines lines(text, file.string());
  detail::lines_of_users once;
  numeric_ids users, items;
  std::vector<detail::numeric_event> events;
  while (lines.next()) {
    once.note(lines);
    users.add(lines.user());
    std::chrono::seconds place{0};
    for (const auto item : lines.items()) {
      items.add(item);
      events.push_back({.user = lines.user(), .item = item, .time = instant(++place)});
    }
  }
  users.number();
  items.number();
  event_log log;
  log.events = detail::numbered(events, users, items);
  log.users = users.names();
  log.items = items.names();
  for (std::int32_t i = 0; i < log.items.size(); ++i) log.titles.push_back(log.items.id(i));
  log.texts.resize(log.titles.size());
  log.report.files.push_back({.file = lines.file(), .rows = lines.rows()});
  return log;
}

}  // namespace reco
