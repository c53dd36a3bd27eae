// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/io/time.hpp"

namespace reco::inline RECO_ABI() {

struct csv_options {
  /// What stands between two fields: ",", "\t", ";", "|", "::" or any other text. Empty: the one of these five that
  /// cuts the first line into the most fields.
  std::string separator = ",";
  /// A field may stand in double quotes (RFC 4180). false: a quote is a character like any other.
  bool quotes = true;
  /// The names of the columns of a file without header; names beyond the width of the file are passed over.
  /// Empty: the first row has the names.
  std::vector<std::string> columns = {};
};

/// Reads comma-separated values (RFC 4180) and their kin, row by row, from a text in memory.
///
///     const auto text = reco::read_file("ratings.csv");
///     reco::csv_reader csv(text, "ratings.csv");
///     const auto user = csv.column("userId"), rating = csv.column("rating");
///     while (csv.next()) use(csv[user], csv.number<double>(rating));
///
/// Rows end with LF or CRLF; a CR elsewhere is a character like any other. A byte order mark is passed over, and
/// so are empty lines. Every row has as many fields as the first. A quoted field may hold separators, line ends and,
/// doubled, quotes; a quote inside a field that does not begin with one is a character like any other. Blanks belong
/// to the field, except around names of columns and numbers.
///
/// Errors are `parse_error`s with line and column, both from 1, the column in bytes: a file without a row, a NUL byte
/// or UTF-16, a row of another width, a quoted field that does not end or goes on behind its closing quote, and
/// what the members below say. O(bytes), no allocation per row: a field is a view of the text, or of a buffer if it has
/// doubled quotes, and lives until the next `next`.
class csv_reader {
 public:
  /// `file` is the name for messages. The text must live as long as the reader.
  csv_reader(std::string_view text, std::string file, csv_options options = {});
  template <std::same_as<std::string> Temporary>
  csv_reader(Temporary&& text, std::string file, csv_options options = {}) = delete;
  csv_reader(const csv_reader&) = delete;  // fields are views of its buffer
  csv_reader& operator=(const csv_reader&) = delete;
  ~csv_reader() = default;

  /// Goes to the next row. False if there is none.
  bool next();

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  /// The names of the columns, in their order.
  [[nodiscard]] const std::vector<std::string>& columns() const noexcept { return names_; }
  /// The number of fields in each row.
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// How many rows there were up to here.
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

  /// A bound of the rows that are left, to reserve memory by: the line ends that are left, and one. O(bytes left).
  [[nodiscard]] std::size_t rows_at_most() const { return 1 + static_cast<std::size_t>(std::count(at_, end_, '\n')); }

  /// The first column of that name, if there is one.
  [[nodiscard]] std::optional<std::size_t> find_column(std::string_view name) const;
  /// The same; throws `parse_error` listing the columns there are.
  [[nodiscard]] std::size_t column(std::string_view name) const;

  /// A field of the current row. Throws `std::out_of_range` unless column < width().
  [[nodiscard]] std::string_view operator[](std::size_t column) const;
  /// A field as a number, finite if it is a floating-point one. Throws `parse_error`.
  template <class Number>
    requires std::is_arithmetic_v<Number>
  [[nodiscard]] Number number(std::size_t column) const;
  /// A field as a time (see `parse_time`). Throws `parse_error`.
  [[nodiscard]] instant time(std::size_t column) const;
  /// A field as a bracketed list of finite numbers, "[0.5, -1e-3, 2]", with commas, blanks or both between them.
  /// Throws `parse_error`.
  template <std::floating_point Number>
  [[nodiscard]] std::vector<Number> numbers(std::size_t column) const;

  /// Where the current row begins. O(bytes before it): meant for messages.
  [[nodiscard]] file_position position() const { return position_of(row_, false); }
  /// Throws `parse_error` "FILE:LINE:COLUMN: expected EXPECTED in column 'NAME', got 'FIELD'".
  [[noreturn]] void fail(std::size_t column, std::string_view expected) const;
  /// The same with GOT in the place of 'FIELD'.
  [[noreturn]] void fail(std::size_t column, std::string_view expected, std::string_view got) const;

 private:
  bool read_row();
  bool read_field();
  bool read_quoted_field();
  bool separator_at(const char* p) const noexcept;
  bool line_end_at(const char* p) const noexcept;
  void undouble_quotes();
  const char* start_of(std::size_t column) const;
  file_position position_of(const char* p, bool with_column) const;
  [[noreturn]] void fail_at(const char* p, std::string_view expected, std::string_view got) const;

  std::string file_;
  std::string separator_;
  bool quotes_ = true;
  std::array<bool, 256> stops_ = {};  // the bytes at which a field may end
  std::vector<std::string> names_ = {};
  std::size_t width_ = 0;
  std::int64_t rows_ = 0;

  const char* begin_ = nullptr;  // behind the byte order mark
  const char* end_ = nullptr;
  const char* at_ = nullptr;   // the next byte to read
  const char* row_ = nullptr;  // where the current row begins
  std::vector<std::string_view> fields_ = {};
  bool doubled_ = false;                       // the row has doubled quotes: `values_` holds its fields
  std::vector<std::string_view> values_ = {};  // without the doubling, in `buffer_` where need be
  std::string buffer_ = {};
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline std::string_view without_blanks(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

inline std::string guess_separator(std::string_view text) {
  std::string best = ",";
  std::int64_t most = 0;
  for (const std::string_view candidate : {",", "\t", ";", "|", "::"}) {
    std::int64_t count = 0;
    bool inside = false;
    for (std::size_t n = 0; n < text.size() && (inside || text[n] != '\n'); ++n) {
      if (text[n] == '"') inside = !inside;
      else count += !inside && text.substr(n).starts_with(candidate);
    }
    if (count > most) best = candidate, most = count;
  }
  return best;
}

}  // namespace detail

inline csv_reader::csv_reader(std::string_view text, std::string file, csv_options options)
    : file_(std::move(file)),
      separator_(std::move(options.separator)),
      quotes_(options.quotes),
      names_(std::move(options.columns)) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw parse_error({.file = file_}, "UTF-8 or another text of single bytes", "UTF-16");
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  begin_ = at_ = row_ = text.data();
  end_ = begin_ + text.size();
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) fail_at(begin_ + nul, "text", "a NUL byte");

  if (separator_.empty()) separator_ = detail::guess_separator(text);
  if (separator_.find_first_of("\"\r\n") != std::string::npos)
    detail::fail_argument("csv_options: separator must hold no quote and no line end, got " +
                          detail::quoted(separator_));
  stops_[static_cast<unsigned char>(separator_.front())] = stops_[static_cast<unsigned char>('\n')] = true;

  const bool has_header = names_.empty();
  if (!read_row())
    throw parse_error({.file = file_}, has_header ? "a row with the names of the columns" : "rows", "an empty file");
  width_ = fields_.size();
  if (has_header) {
    for (std::size_t c = 0; c < width_; ++c) names_.emplace_back(detail::without_blanks((*this)[c]));
  } else {
    names_.resize(std::min(names_.size(), width_));
    at_ = row_;  // the first row is one of data
  }
}

inline bool csv_reader::next() {
  if (!read_row()) return false;
  if (fields_.size() != width_)
    throw parse_error(position(), detail::to_text(width_) + " fields as in the first row",
                      detail::to_text(fields_.size()));
  ++rows_;
  return true;
}

inline bool csv_reader::line_end_at(const char* p) const noexcept {
  return *p == '\n' || (*p == '\r' && (p + 1 == end_ || p[1] == '\n'));
}

inline bool csv_reader::separator_at(const char* p) const noexcept {
  if (static_cast<std::size_t>(end_ - p) < separator_.size()) return false;
  for (std::size_t n = 0; n < separator_.size(); ++n)  // shorter than a call of memcmp takes
    if (p[n] != separator_[n]) return false;
  return true;
}

inline bool csv_reader::read_row() {
  while (at_ != end_ && line_end_at(at_)) ++at_;
  row_ = at_;
  fields_.clear();
  if (at_ == end_) return false;
  doubled_ = false;
  while (quotes_ && at_ != end_ && *at_ == '"' ? read_quoted_field() : read_field()) {
  }
  if (doubled_) undouble_quotes();
  return true;
}

/// True if a separator ended the field, so that another follows.
inline bool csv_reader::read_field() {
  const char* const field = at_;
  const char* p = at_;
  for (;; ++p) {
    while (p != end_ && !stops_[static_cast<unsigned char>(*p)]) ++p;
    if (p == end_ || *p == '\n') break;
    if (!separator_at(p)) continue;
    fields_.emplace_back(field, static_cast<std::size_t>(p - field));
    at_ = p + separator_.size();
    return true;
  }
  at_ = p == end_ ? p : p + 1;
  if (p != field && p[-1] == '\r') --p;
  fields_.emplace_back(field, static_cast<std::size_t>(p - field));
  return false;
}

inline bool csv_reader::read_quoted_field() {
  const char* const quote = at_;
  const char* p = quote + 1;
  while ((p = std::find(p, end_, '"')) != end_ && p + 1 != end_ && p[1] == '"') {
    doubled_ = true;
    p += 2;
  }
  if (p == end_) fail_at(quote, "a closing quote before the end of the file", "none");
  fields_.emplace_back(quote + 1, static_cast<std::size_t>(p - quote - 1));
  ++p;
  if (p != end_ && separator_at(p)) {
    at_ = p + separator_.size();
    return true;
  }
  if (p != end_ && !line_end_at(p)) {
    const auto rest = std::string_view(p, static_cast<std::size_t>(end_ - p));
    fail_at(p, "a separator or the end of the row behind the closing quote",
            detail::quoted(rest.substr(0, rest.find('\n'))));
  }
  if (p != end_ && *p == '\r') ++p;
  at_ = p == end_ ? p : p + 1;
  return false;
}

inline void csv_reader::undouble_quotes() {
  buffer_.clear();
  buffer_.reserve(static_cast<std::size_t>(at_ - row_));  // so that views of it stay valid
  values_ = fields_;
  for (std::size_t c = 0; c < values_.size(); ++c) {
    auto& value = values_[c];
    if (start_of(c) == value.data() || value.find('"') == std::string_view::npos) continue;
    const std::size_t begin = buffer_.size();
    for (std::size_t n = 0; n < value.size(); ++n) {
      buffer_ += value[n];
      if (value[n] == '"') ++n;
    }
    value = std::string_view(buffer_).substr(begin);
  }
}

inline std::optional<std::size_t> csv_reader::find_column(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

inline std::size_t csv_reader::column(std::string_view name) const {
  if (const auto found = find_column(name)) return *found;
  std::string there;
  for (const auto& n : names_) (there += there.empty() ? "" : ", ") += detail::quoted(n);
  throw parse_error({.file = file_, .line = 1}, "a column " + detail::quoted(name), "the columns " + there);
}

inline std::string_view csv_reader::operator[](std::size_t column) const {
  detail::check_index("csv_reader: column", static_cast<std::int64_t>(column), std::ssize(fields_));
  return (doubled_ ? values_ : fields_)[column];
}

template <class Number>
  requires std::is_arithmetic_v<Number>
Number csv_reader::number(std::size_t column) const {
  const auto text = detail::without_blanks((*this)[column]);
  const char* const end = text.data() + text.size();
  Number out = 0;
  const auto read = std::from_chars(text.data(), end, out);
  bool good = read.ec == std::errc{} && read.ptr == end;
  if constexpr (std::is_floating_point_v<Number>) good = good && std::isfinite(out);
  if (!good) [[unlikely]]
    fail(column, std::is_floating_point_v<Number> ? "a number" : "a whole number");
  return out;
}

inline instant csv_reader::time(std::size_t column) const {
  const auto t = parse_time(detail::without_blanks((*this)[column]));
  if (!t) [[unlikely]]
    fail(column, time_formats);
  return *t;
}

template <std::floating_point Number>
std::vector<Number> csv_reader::numbers(std::size_t column) const {
  constexpr std::string_view blanks = " \t\r\n";
  std::string_view text = (*this)[column];
  const auto skip_blanks = [&] { text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size())); };
  const auto take = [&](char c) {
    skip_blanks();
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
  };
  std::vector<Number> out;
  if (!take('[')) fail(column, "a list of numbers in brackets");
  while (!take(']')) {
    if (!out.empty()) take(',');
    skip_blanks();
    Number value = 0;
    const auto entry = text.substr(0, text.find_first_of(", \t\r\n]"));
    const char* const end = entry.data() + entry.size();
    const auto read = std::from_chars(entry.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(value)) [[unlikely]]
      fail(column, "a finite number as entry " + detail::to_text(out.size() + 1) + " of the list",
           text.empty() ? "the end of the field" : detail::quoted(entry));
    out.push_back(value);
    text.remove_prefix(entry.size());
  }
  skip_blanks();
  if (!text.empty()) fail(column, "nothing behind the closing bracket of the list");
  return out;
}

/// A quoted field begins at its quote: a quote before a field is its own, because a separator holds none.
inline const char* csv_reader::start_of(std::size_t column) const {
  const char* const field = fields_[column].data();
  return field != row_ && field[-1] == '"' ? field - 1 : field;
}

inline file_position csv_reader::position_of(const char* p, bool with_column) const {
  const char* line = p;
  while (line != begin_ && line[-1] != '\n') --line;
  return {.file = file_,
          .line = 1 + static_cast<std::int64_t>(std::count(begin_, line, '\n')),
          .column = with_column ? static_cast<std::int64_t>(p - line) + 1 : 0};
}

inline void csv_reader::fail_at(const char* p, std::string_view expected, std::string_view got) const {
  throw parse_error(position_of(p, true), expected, got);
}

inline void csv_reader::fail(std::size_t column, std::string_view expected) const {
  fail(column, expected, detail::quoted((*this)[column]));
}

inline void csv_reader::fail(std::size_t column, std::string_view expected, std::string_view got) const {
  detail::check_index("csv_reader: column", static_cast<std::int64_t>(column), std::ssize(fields_));
  const auto name =
      column < names_.size() ? "column " + detail::quoted(names_[column]) : "field " + detail::to_text(column + 1);
  fail_at(start_of(column), std::string(expected) + " in " + name, got);
}

}  // namespace reco
