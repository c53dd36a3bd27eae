// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/event_log.hpp"
#include "reco/data/published_split.hpp"
#include "reco/io/csv.hpp"
#include "reco/io/event_log_builder.hpp"
#include "reco/io/file.hpp"
#include "reco/io/time.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// What the columns of a file of events are called. A name that is given must be there; with an empty name the
/// usual one is looked for.
struct events_csv_options {
  std::string user = {};       ///< usually "user"
  std::string item = {};       ///< usually "article", else "item"
  std::string time = {};       ///< usually "time"; may be missing: the events have no times
  std::string weight = {};     ///< usually "weight"; may be missing: every event weighs 1
  std::string separator = {};  ///< see `csv_options`; empty: found out
  /// true: the columns are user, item and maybe value and time, in this order, whatever they are called, and a header
  /// is passed over. The first row is one if none of its first four fields is a number or time and it has three
  /// fields or its first is called "user", "userId" or "user_id".
  bool by_position = false;
};

/// The same for a list of items.
struct items_csv_options {
  std::string id = {};         ///< usually "id"
  std::string title = {};      ///< usually "title"; may be missing: items are called by their ids
  std::string text = {};       ///< usually "text"; may be missing
  std::string embedding = {};  ///< usually "embedding", a list such as "[0.1, -2]"; may be missing
  std::string separator = {};
};

/// Reads a list of items: a row an item, columns by name, fields as in RFC 4180. The log has items and no events.
///
/// Throws `parse_error` for a file that is no such list, such as embeddings of unequal lengths. An item listed twice
/// counts once, as its first row says, and the others are in the report. An item whose embedding is empty has a
/// vector of zeros: nothing is known of it.
[[nodiscard]] event_log read_items_csv(const std::filesystem::path& file, const items_csv_options& columns = {},
                                       const file_reader& open = read_file);

/// Reads events: a row an event, columns by name, fields as in RFC 4180; times as `parse_time` reads them.
///
///     auto log = reco::read_events_csv("reads.csv");
///     auto log = reco::read_events_csv("reads.csv", {}, reco::read_items_csv("articles.csv"));
///
/// With a list of items, events of items that are not listed are left out and counted in the report. Throws
/// `parse_error` for a missing column and for a field that is no number or time, naming file, line and column.
[[nodiscard]] event_log read_events_csv(const std::filesystem::path& file, const events_csv_options& columns = {},
                                        std::optional<event_log> items = {}, const file_reader& open = read_file);

/// Reads a file for each part, with one numbering of users and items for both: first come, first index.
///
///     auto data = reco::read_split_csv("u1.base", "u1.test", {.by_position = true});
[[nodiscard]] published_split read_split_csv(const std::filesystem::path& train, const std::filesystem::path& test,
                                             const events_csv_options& columns = {},
                                             const file_reader& open = read_file);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The column that has the name given; without a name, the first usual one that is there.
inline std::optional<std::size_t> optional_column(const csv_reader& csv, const std::string& given,
                                                  std::initializer_list<std::string_view> usual) {
  if (!given.empty()) return csv.column(given);
  for (const auto name : usual)
    if (const auto found = csv.find_column(name)) return found;
  return std::nullopt;
}

inline std::size_t required_column(const csv_reader& csv, const std::string& given,
                                   std::initializer_list<std::string_view> usual) {
  const auto found = optional_column(csv, given, usual);
  return found ? *found : csv.column(*usual.begin());
}

/// One row an item; a row of zeros where nothing stood. Nothing if no item has a vector.
inline std::optional<embeddings<float>> embeddings_of(const std::vector<std::vector<float>>& vectors) {
  std::size_t dimension = 0;
  for (const auto& v : vectors) dimension = std::max(dimension, v.size());
  if (dimension == 0) return std::nullopt;
  matrix<float> rows =
      matrix<float>::Zero(static_cast<Eigen::Index>(vectors.size()), static_cast<Eigen::Index>(dimension));
  for (std::size_t i = 0; i < vectors.size(); ++i)
    std::copy(vectors[i].begin(), vectors[i].end(), rows.row(static_cast<Eigen::Index>(i)).begin());
  return embeddings<float>(std::move(rows));
}

}  // namespace detail

inline event_log read_items_csv(const std::filesystem::path& file, const items_csv_options& columns,
                                const file_reader& open) {
  const std::string text = open(file);
  csv_reader csv(text, file.string(), {.separator = columns.separator});
  const auto id = detail::required_column(csv, columns.id, {"id", "article", "item"});
  const auto title = detail::optional_column(csv, columns.title, {"title"});
  const auto words = detail::optional_column(csv, columns.text, {"text"});
  const auto embedding = detail::optional_column(csv, columns.embedding, {"embedding"});

  event_log_builder log;
  std::vector<std::vector<float>> vectors;
  std::size_t dimension = 0;
  while (csv.next()) {
    if (!log.list_item(csv, csv[id], title ? csv[*title] : "", words ? csv[*words] : "") || !embedding) continue;
    auto& vector = vectors.emplace_back();
    if (detail::without_blanks(csv[*embedding]).empty()) continue;
    vector = csv.numbers<float>(*embedding);
    if (dimension == 0) dimension = vector.size();
    if (vector.size() != dimension)
      csv.fail(*embedding, detail::to_text(dimension) + " numbers as in the rows before",
               detail::to_text(vector.size()));
  }
  log.finish_file(csv);
  event_log items = log.take();
  items.vectors = detail::embeddings_of(vectors);
  return items;
}

namespace detail {

inline bool is_events_header(const csv_reader& csv) {
  const auto fields = std::min<std::size_t>(csv.width(), 4);
  for (std::size_t c = 0; c < fields; ++c) {
    const auto field = without_blanks(csv[c]);
    double value = 0;
    const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
    if (read.ec == std::errc{} && read.ptr == field.data() + field.size()) return false;
    if (parse_time(field)) return false;
  }
  const auto first = without_blanks(csv[0]);
  return fields > 2 || first == "user" || first == "userId" || first == "user_id";
}

inline void read_event_rows_by_position(const std::filesystem::path& file, const events_csv_options& columns,
                                        const file_reader& open, event_log_builder& log) {
  const std::string text = open(file);
  csv_reader csv(text, file.string(), {.separator = columns.separator, .columns = {"user", "item", "value", "time"}});
  const auto user = csv.column("user"), item = csv.column("item");
  const auto value = csv.find_column("value"), time = csv.find_column("time");
  std::int64_t headers = 0;
  while (csv.next()) {
    if (csv.rows() == 1 && is_events_header(csv)) headers = 1;
    else
      log.add_event(csv, csv[user], csv[item], value ? csv.number<double>(*value) : 1.0,
                    time ? csv.time(*time) : instant{});
  }
  log.finish_file(csv);
  log.log().report.files.back().rows -= headers;
}

inline void read_event_rows(const std::filesystem::path& file, const events_csv_options& columns,
                            const file_reader& open, event_log_builder& log) {
  if (columns.by_position) return read_event_rows_by_position(file, columns, open, log);
  const std::string text = open(file);
  csv_reader csv(text, file.string(), {.separator = columns.separator});
  const auto user = required_column(csv, columns.user, {"user"});
  const auto item = required_column(csv, columns.item, {"article", "item"});
  const auto time = optional_column(csv, columns.time, {"time"});
  const auto weight = optional_column(csv, columns.weight, {"weight"});
  log.reserve_events(log.log().events.size() + csv.rows_at_most());
  while (csv.next())
    log.add_event(csv, csv[user], csv[item], weight ? csv.number<double>(*weight) : 1.0,
                  time ? csv.time(*time) : instant{});
  log.finish_file(csv);
}

}  // namespace detail

inline event_log read_events_csv(const std::filesystem::path& file, const events_csv_options& columns,
                                 std::optional<event_log> items, const file_reader& open) {
  event_log_builder log(std::move(items));
  detail::read_event_rows(file, columns, open, log);
  return log.take();
}

inline published_split read_split_csv(const std::filesystem::path& train, const std::filesystem::path& test,
                                      const events_csv_options& columns, const file_reader& open) {
  event_log_builder builder;
  detail::read_event_rows(train, columns, open, builder);
  const auto first_of_test = std::ssize(builder.log().events);
  detail::read_event_rows(test, columns, open, builder);
  auto log = builder.take();
  published_split out;
  out.test.assign(log.events.begin() + first_of_test, log.events.end());
  log.events.resize(static_cast<std::size_t>(first_of_test));
  out.train = std::move(log.events);
  out.users = std::move(log.users);
  out.items = std::move(log.items);
  out.report = std::move(log.report);
  return out;
}

}  // namespace reco
