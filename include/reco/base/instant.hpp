// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// Where an option asks for a moment: that of the newest event in the data.
inline constexpr instant latest = instant::max();

/// Reads "2016-10-16", "2016-10-16T19:57", "2016-10-16T19:57:24Z" (UTC; a blank may stand for the T, the Z may
/// be left out), whole seconds since 1970, or "latest". False, with `out` as it was, if it is none of them.
[[nodiscard]] bool parse_instant(std::string_view text, instant& out);

/// "2016-10-16T19:57:24Z", or seconds since 1970 for years outside 0..9999; `parse_instant` reads it.
[[nodiscard]] std::string instant_text(instant t);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Takes `digits` digits off the front of the text.
inline bool take_number(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits || text.substr(0, digits).find_first_not_of("0123456789") != std::string_view::npos)
    return false;
  std::from_chars(text.data(), text.data() + digits, out);
  text.remove_prefix(digits);
  return true;
}

/// Takes one of the characters off the front of the text.
inline bool take_one_of(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

inline std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = to_text(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

}  // namespace detail

inline bool parse_instant(std::string_view text, instant& out) {
  if (text == "latest") return out = latest, true;
  std::int64_t seconds = 0;
  if (const auto number = std::from_chars(text.data(), text.data() + text.size(), seconds);
      number.ec == std::errc{} && number.ptr == text.data() + text.size())
    return out = instant(std::chrono::seconds(seconds)), true;

  using namespace detail;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!take_number(text, 4, year) || !take_one_of(text, "-") || !take_number(text, 2, month) ||
      !take_one_of(text, "-") || !take_number(text, 2, day))
    return false;
  if (take_one_of(text, "T ")) {
    if (!take_number(text, 2, hour) || !take_one_of(text, ":") || !take_number(text, 2, minute)) return false;
    if (take_one_of(text, ":") && !take_number(text, 2, second)) return false;
    take_one_of(text, "Z");
  }
  const auto date = std::chrono::year(year) / month / day;
  if (!text.empty() || !date.ok() || hour > 23 || minute > 59 || second > 59) return false;
  out = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
        std::chrono::seconds(second);
  return true;
}

inline std::string instant_text(instant t) {
  if (t == latest) return "latest";
  constexpr auto first = instant(std::chrono::sys_days(std::chrono::year(0) / 1 / 1));
  constexpr auto beyond = instant(std::chrono::sys_days(std::chrono::year(10000) / 1 / 1));
  if (t < first || t >= beyond) return detail::to_text(std::int64_t{t.time_since_epoch().count()});
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::int64_t second = (t - day).count();
  using detail::padded;
  return padded(int(date.year()), 4) + '-' + padded(unsigned(date.month()), 2) + '-' + padded(unsigned(date.day()), 2) +
         'T' + padded(second / 3600, 2) + ':' + padded(second / 60 % 60, 2) + ':' + padded(second % 60, 2) + 'Z';
}

}  // namespace reco
