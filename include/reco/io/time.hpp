// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/instant.hpp"

namespace reco::inline RECO_ABI() {

/// What `parse_time` reads, for messages: "expected a time (...), got 'yesterday'".
inline constexpr std::string_view time_formats =
    "a time (seconds or milliseconds since 1970, or ISO 8601 such as 2016-03-14T10:20:30Z)";

/// Reads a time as data files write them. Nothing if it is none.
///
/// - A whole number below 10^11 is seconds since 1970 (up to the year 5138), one below 10^14 milliseconds,
///   rounded down; 13 digits are the milliseconds of 2001 to 2286. A fraction of a second is dropped.
/// - ISO 8601: "2016-03-14", "2016-03-14T10:20", "2016-03-14 10:20:30.123", with or without "Z" or an offset
///   such as "+01:00", "-0330" or "+01". Without offset it is UTC.
[[nodiscard]] std::optional<instant> parse_time(std::string_view text);

/// "2016-03-14 10:20", to the minute, UTC: for people. `instant_text` writes times that are read again.
[[nodiscard]] std::string format_time(instant t);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Takes ".123" or ",123" off the front of the text; false if there is a point and no digit.
inline bool take_fraction(std::string_view& text) {
  if (!take_one_of(text, ".,")) return true;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(digits);
  return digits > 0;
}

/// Reads "", "Z", "+01:00", "+0100" or "+01".
inline std::optional<std::chrono::minutes> parse_utc_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return std::chrono::minutes(0);
  const bool west = text.front() == '-';
  int hours = 0, minutes = 0;
  if (!take_one_of(text, "+-") || !take_number(text, 2, hours)) return std::nullopt;
  if (!text.empty()) {
    take_one_of(text, ":");
    if (!take_number(text, 2, minutes)) return std::nullopt;
  }
  if (!text.empty() || hours > 23 || minutes > 59) return std::nullopt;
  const auto offset = std::chrono::minutes(60 * hours + minutes);
  return west ? -offset : offset;
}

}  // namespace detail

inline std::optional<instant> parse_time(std::string_view text) {
  using namespace std::chrono;
  constexpr std::int64_t first_milliseconds = 100'000'000'000, too_large = 100'000'000'000'000;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  if (const auto read = std::from_chars(text.data(), end, number); read.ec == std::errc{}) {
    auto rest = text.substr(static_cast<std::size_t>(read.ptr - text.data()));
    if (rest.empty() || rest.front() == '.') {
      const bool negative_fraction = text.front() == '-' && rest.find_first_of("123456789") != std::string_view::npos;
      if (number <= -too_large || number >= too_large || !detail::take_fraction(rest) || !rest.empty())
        return std::nullopt;
      if (number <= -first_milliseconds || number >= first_milliseconds)
        return floor<seconds>(sys_time<milliseconds>(milliseconds(number)));
      return instant(seconds(number - negative_fraction));
    }
  }

  // A date, or date and time to the minute or the second; then what stands behind it.
  if (text.size() < 10 || text[4] != '-') return std::nullopt;
  const std::size_t length = text.size() == 10 ? 10 : text.size() > 16 && text[16] == ':' ? 19 : 16;
  std::string civil(text.substr(0, length));
  if (civil.size() > 10 && civil[10] == 't') civil[10] = 'T';
  instant t;
  if (!parse_instant(civil, t)) return std::nullopt;
  auto rest = text.substr(civil.size());
  if (length == 19 && !detail::take_fraction(rest)) return std::nullopt;
  const auto offset = detail::parse_utc_offset(rest);
  if (!offset) return std::nullopt;
  return t - *offset;
}

inline std::string format_time(instant t) {
  std::string text = instant_text(t);
  if (text.size() != 20) return text;  // outside the years 0..9999
  text.resize(16);
  text[10] = ' ';
  return text;
}

}  // namespace reco
