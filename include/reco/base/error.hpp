// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/utf8.hpp"

namespace reco::inline RECO_ABI() {

/// What the library throws. An index outside its range is `std::out_of_range`; everything else derives
/// from `error`. After an exception nothing has changed.
struct error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An option or an input that a call cannot work with. Names the option or the field, what was
/// expected and what stood there: "implicit_als: factors must be at least 1, got 0".
struct invalid_argument : error {
  using error::error;
};

/// NaN or infinity where a number was learned; names the epoch and the usual cause.
struct numeric_error : error {
  using error::error;
};

/// Where in a file something stood: line and column count from 1, 0 means "not known".
/// In a binary file the line is 0 and the column is the byte.
struct file_position {
  std::string file = {};
  std::int64_t line = 0;
  std::int64_t column = 0;
};

/// A file that is not what its format promises:
/// "ratings.csv:17:5: expected a number in column 'rating', got 'four'".
class parse_error : public error {
 public:
  parse_error(file_position where, std::string_view expected, std::string_view got);

  [[nodiscard]] const std::string& file() const noexcept { return where_.file; }
  [[nodiscard]] std::int64_t line() const noexcept { return where_.line; }
  [[nodiscard]] std::int64_t column() const noexcept { return where_.column; }
  [[nodiscard]] const std::string& expected() const noexcept { return expected_; }
  [[nodiscard]] const std::string& got() const noexcept { return got_; }

 private:
  file_position where_;
  std::string expected_;
  std::string got_;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Shortest text that reads back as the same number; locale plays no part.
template <class Number>
  requires std::is_arithmetic_v<Number>
[[nodiscard]] std::string to_text(Number value) {
  if constexpr (std::is_same_v<Number, bool>) {
    return value ? "true" : "false";
  } else {
    char buffer[64];
    const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, result.ptr};
  }
}

/// A quotation for an error message: control bytes and bytes that are no UTF-8 made visible, cut at 60 bytes or up to
/// three before, where a character begins.
[[nodiscard]] inline std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 60;
  constexpr char hex[] = "0123456789abcdef";
  std::string out = "'";
  std::size_t shown = 0;
  while (shown < text.size()) {
    const auto next = decode_utf8(text, shown);
    if (shown + next.bytes > longest) break;
    for (const char c : text.substr(shown, next.bytes)) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte == '\n') out += "\\n";
      else if (byte == '\r') out += "\\r";
      else if (byte == '\t') out += "\\t";
      else if (byte < 0x20 || byte == 0x7f || next.broken) (out += "\\x") += {hex[byte >> 4], hex[byte & 15]};
      else out += c;
    }
    shown += next.bytes;
  }
  if (shown < text.size()) out += "…";
  return out += '\'';
}

[[nodiscard]] inline std::string locate(const file_position& where) {
  std::string text = where.file;
  if (where.line > 0) (text += ':') += to_text(where.line);
  if (where.column > 0) (text += where.line > 0 ? ":" : ": byte ") += to_text(where.column);
  return text;
}

// Throwing stands out of line: a throw inlined into a kernel keeps other code from being inlined.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail_argument(const std::string& message) {
  throw invalid_argument(message);
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fail_range(std::string_view what, std::int64_t index,
                                                              std::int64_t size) {
  const std::string range = size > 0 ? " must be in 0.." + to_text(size - 1) : ": there are none";
  throw std::out_of_range(std::string(what) + range + ", got " + to_text(index));
}
[[noreturn, gnu::cold, gnu::noinline]] inline void fail_number(const std::string& message) {
  throw numeric_error(message);
}

/// Throws `std::out_of_range` "what must be in 0..n-1, got i" unless 0 <= index < size.
inline void check_index(std::string_view what, std::int64_t index, std::int64_t size) {
  if (index < 0 || index >= size) [[unlikely]]
    fail_range(what, index, size);
}

}  // namespace detail

inline parse_error::parse_error(file_position where, std::string_view expected, std::string_view got)
    : error(detail::locate(where) + ": expected " + std::string(expected) + ", got " + std::string(got)),
      where_(std::move(where)),
      expected_(expected),
      got_(got) {}

}  // namespace reco
