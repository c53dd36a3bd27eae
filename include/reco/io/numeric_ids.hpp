// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event.hpp"
#include "reco/data/id_map.hpp"

/// What the readers of files with numbers for ids share: lines of ids, and indices in the order of the ids, so that
/// "ties by lower index" is the order that the publisher's own program sees.

namespace reco::inline RECO_ABI() {

/// Reads lines `user item item …`, ids whole numbers of at least 0 with blanks or tabs between them.
///
/// Lines end with LF or CRLF; a byte order mark and empty lines are passed over; a user without items is a line like
/// any other. Throws `parse_error` with line and column for what is no id and for a text without a line. O(bytes).
class id_lines {
 public:
  /// `file` is the name for messages. The text must live as long as the reader.
  id_lines(std::string_view text, std::string file);

  /// Goes to the next line. False if there is none.
  bool next();
  [[nodiscard]] std::int64_t user() const noexcept { return ids_.front(); }
  [[nodiscard]] std::span<const std::int64_t> items() const noexcept { return std::span(ids_).subspan(1); }
  /// The number of the line in the file, from 1.
  [[nodiscard]] std::int64_t line() const noexcept { return line_; }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  /// How many lines there were up to here, empty ones apart.
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

 private:
  std::string file_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::int64_t line_ = 0;
  std::int64_t rows_ = 0;
  std::vector<std::int64_t> ids_ = {};
};

/// Indices 0, 1, … in ascending order of the ids that occur.
class numeric_ids {
 public:
  void add(std::int64_t id) { ids_.push_back(id); }
  /// Numbers what was added. O(ids) where they lie close together, else O(ids log ids).
  void number();
  /// Of an id that was numbered. O(1) or O(log ids).
  [[nodiscard]] std::int32_t index(std::int64_t id) const;
  [[nodiscard]] id_map<std::string> names() const;

 private:
  std::vector<std::int64_t> ids_ = {};    // once numbered, ascending and distinct
  std::vector<std::int32_t> index_ = {};  // by id, where the ids lie close together
};

// ---------------------------------------------------------------------------------------------------

inline id_lines::id_lines(std::string_view text, std::string file) : file_(std::move(file)) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw parse_error({.file = file_}, "lines of a user and their items", "an empty file");
  at_ = text.data();
  end_ = at_ + text.size();
}

inline bool id_lines::next() {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  for (ids_.clear(); ids_.empty();) {
    if (at_ == end_) return false;
    ++line_;
    const char* const line = at_;
    while (true) {
      while (at_ != end_ && blank(*at_)) ++at_;
      if (at_ == end_ || *at_ == '\n') break;
      std::int64_t id = 0;
      const auto read = std::from_chars(at_, end_, id);
      const bool whole = read.ec == std::errc{} && (read.ptr == end_ || *read.ptr == '\n' || blank(*read.ptr));
      if (!whole || *at_ == '-') [[unlikely]] {
        const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
        throw parse_error({.file = file_, .line = line_, .column = at_ - line + 1},
                          "an id, a whole number of at least 0",
                          detail::quoted(rest.substr(0, rest.find_first_of(" \t\r\n"))));
      }
      ids_.push_back(id);
      at_ = read.ptr;
    }
    if (at_ != end_) ++at_;
  }
  ++rows_;
  return true;
}

inline void numeric_ids::number() {
  constexpr std::int64_t sparse = 8;  // a table this many times longer than the ids is not worth it
  const auto largest = ids_.empty() ? -1 : *std::max_element(ids_.begin(), ids_.end());
  if (largest / sparse > std::ssize(ids_)) {
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
    return;
  }
  index_.assign(static_cast<std::size_t>(largest + 1), -1);
  for (const auto id : ids_) index_[static_cast<std::size_t>(id)] = 0;
  ids_.clear();
  for (std::size_t id = 0; id < index_.size(); ++id) {
    if (index_[id] < 0) continue;
    index_[id] = static_cast<std::int32_t>(ids_.size());
    ids_.push_back(static_cast<std::int64_t>(id));
  }
}

inline std::int32_t numeric_ids::index(std::int64_t id) const {
  if (!index_.empty()) return index_[static_cast<std::size_t>(id)];
  return static_cast<std::int32_t>(std::lower_bound(ids_.begin(), ids_.end(), id) - ids_.begin());
}

inline id_map<std::string> numeric_ids::names() const {
  id_map<std::string> names;
  for (const auto id : ids_) names.add(detail::to_text(id));
  return names;
}

namespace detail {

/// An event before its user and item have indices.
struct numeric_event {
  std::int64_t user = 0;
  std::int64_t item = 0;
  double value = 1;
  instant time = {};
};

inline std::vector<event> numbered(std::span<const numeric_event> events, const numeric_ids& users,
                                   const numeric_ids& items) {
  std::vector<event> out(events.size());
  std::transform(events.begin(), events.end(), out.begin(), [&](const numeric_event& e) {
    return event{.user = users.index(e.user), .item = items.index(e.item), .value = e.value, .time = e.time};
  });
  return out;
}

/// Where each user's line was, so that a second one is an error.
class lines_of_users {
 public:
  void note(const id_lines& at) {
    const auto [first, fresh] = line_of_.emplace(at.user(), at.line());
    if (!fresh)
      throw parse_error({.file = at.file(), .line = at.line(), .column = 1}, "one line for each user",
                        "user " + to_text(at.user()) + " again, as in line " + to_text(first->second));
  }

 private:
  std::unordered_map<std::int64_t, std::int64_t> line_of_ = {};
};

}  // namespace detail

}  // namespace reco
