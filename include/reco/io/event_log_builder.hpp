// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event_log.hpp"
#include "reco/io/csv.hpp"

namespace reco::inline RECO_ABI() {

/// Puts an `event_log` together, row by row: what every reader of a log in `io/` does. First the list of items,
/// where there is one, then the events. With a list, events of other items are left out and counted.
///
///     reco::event_log_builder log;
///     while (movies.next()) log.list_item(movies, movies[id], movies[title], movies[genres]);
///     log.finish_file(movies);
///     while (ratings.next()) log.add_event(ratings, ratings[user], ratings[movie], ratings.number<double>(rating),
///     {}); log.finish_file(ratings); return log.take();
class event_log_builder {
 public:
  event_log_builder() = default;
  /// Goes on with a list of items, if there is one, that another reader read.
  explicit event_log_builder(std::optional<event_log> items)
      : log_(items ? std::move(*items) : event_log{}), listed_(items.has_value()) {}

  /// The index of a new item; nothing, and the row is counted as left out, if the item is listed already or its id is
  /// empty. The item's text is its title and, on lines of their own, `words`.
  std::optional<std::int32_t> list_item(const csv_reader& row, std::string_view id, std::string_view title,
                                        std::string_view words);
  void reserve_events(std::size_t count) { log_.events.reserve(count); }
  /// More words of an item of the log.
  void add_words(std::int32_t item, std::string_view words);
  /// Adds an event, or counts the row as left out if an id is empty or there is a list and the item is not on it.
  void add_event(const csv_reader& row, std::string_view user, std::string_view item, double value, instant time);
  /// Counts the row as left out for that reason; `what` is quoted in the example.
  void skip(const csv_reader& row, std::string_view reason, std::string_view what);
  /// Notes how many rows the file had.
  void finish_file(const csv_reader& file) { log_.report.files.push_back({.file = file.file(), .rows = file.rows()}); }

  [[nodiscard]] event_log& log() noexcept { return log_; }
  /// The log; items of which nothing is known are called by their ids.
  [[nodiscard]] event_log take();

 private:
  event_log log_ = {};
  bool listed_ = false;
  std::int32_t user_ = -1;  // of the last event: in many files a user's events stand together
};

// ---------------------------------------------------------------------------------------------------

inline std::optional<std::int32_t> event_log_builder::list_item(const csv_reader& row, std::string_view id,
                                                                std::string_view title, std::string_view words) {
  listed_ = true;
  if (id.empty()) return skip(row, "item without id", title), std::nullopt;
  const auto item = log_.items.add(id);
  if (static_cast<std::size_t>(item) < log_.titles.size()) {
    skip(row, "item listed before", id);
    return std::nullopt;
  }
  log_.titles.emplace_back(title.empty() ? id : title);
  log_.texts.emplace_back(title);
  add_words(item, words);
  return item;
}

inline void event_log_builder::add_words(std::int32_t item, std::string_view words) {
  if (log_.texts.size() < static_cast<std::size_t>(log_.items.size()))
    log_.texts.resize(static_cast<std::size_t>(log_.items.size()));
  auto& text = log_.texts[static_cast<std::size_t>(item)];
  if (!text.empty() && !words.empty()) text += '\n';
  text += words;
}

inline void event_log_builder::add_event(const csv_reader& row, std::string_view user, std::string_view item,
                                         double value, instant time) {
  if (user.empty()) return skip(row, "event without user", item);
  if (item.empty()) return skip(row, "event without item", user);
  const auto known = listed_ ? log_.items.find(item) : log_.items.add(item);
  if (!known) return skip(row, "item not listed", item);
  if (user_ < 0 || log_.users.id(user_) != user) user_ = log_.users.add(user);
  log_.events.push_back({.user = user_, .item = *known, .value = value, .time = time});
}

inline void event_log_builder::skip(const csv_reader& row, std::string_view reason, std::string_view what) {
  log_.report.skip(reason, [&] { return detail::locate(row.position()) + ": " + detail::quoted(what); });
}

inline event_log event_log_builder::take() {
  for (auto item = static_cast<std::int32_t>(log_.titles.size()); item < log_.items.size(); ++item)
    log_.titles.push_back(log_.items.id(item));
  log_.texts.resize(log_.titles.size());
  return std::move(log_);
}

}  // namespace reco
