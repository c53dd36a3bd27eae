// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// Moments are whole seconds since 1970-01-01 UTC.
using instant = std::chrono::sys_seconds;

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

/// A half-life: fractional seconds, so that `std::chrono` literals of any unit fit. Infinity means
/// "nothing ever fades".
using half_life_t = std::chrono::duration<double>;

/// The longest half-life: nothing ever fades.
inline constexpr half_life_t never{std::numeric_limits<double>::infinity()};

/// Reads "90s", "15m", "36h", "3d", "2w", "1.5d", a bare number of seconds, or "never". False, with `out`
/// as it was, if it is none of them or does not fit the duration (a fraction of a tick, too large).
template <class Rep, class Period>
[[nodiscard]] bool parse_duration(std::string_view text, std::chrono::duration<Rep, Period>& out);

/// The shortest exact way to write a duration with one unit, as `parse_duration` reads it.
template <class Rep, class Period>
[[nodiscard]] std::string duration_text(std::chrono::duration<Rep, Period> value);

/// How much is left after `age` of something that halves every `half_life`: 2^(-age / half_life).
/// An age below 0 (a moment in the future) counts as 0.
[[nodiscard]] inline double decay(std::chrono::duration<double> age, half_life_t half_life) noexcept {
  return std::exp2(-std::max(0.0, age.count()) / half_life.count());
}

// ---------------------------------------------------------------------------------------------------

namespace detail {
struct time_unit {
  char letter;
  double seconds;
};
inline constexpr time_unit time_units[] = {{'w', 604800}, {'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
}  // namespace detail

template <class Rep, class Period>
bool parse_duration(std::string_view text, std::chrono::duration<Rep, Period>& out) {
  double seconds = 0;
  if (text == "never") {
    seconds = std::numeric_limits<double>::infinity();
  } else {
    const char* const end = text.data() + text.size();
    const auto number = std::from_chars(text.data(), end, seconds);
    if (number.ec != std::errc{} || end - number.ptr > 1) return false;
    if (number.ptr != end) {
      const auto* unit = std::find_if(std::begin(detail::time_units), std::end(detail::time_units),
                                      [&](const auto& u) { return u.letter == *number.ptr; });
      if (unit == std::end(detail::time_units)) return false;
      seconds *= unit->seconds;
    }
    if (!std::isfinite(seconds)) return false;  // from_chars reads "inf" and "nan" as well
  }
  double ticks = seconds * Period::den / Period::num;
  if constexpr (!std::is_floating_point_v<Rep>) {
    // 1.1 hours are 3960 seconds, but 1.1 * 3600 rounds to something else.
    const double slack = 4 * std::numeric_limits<double>::epsilon() * std::abs(ticks);
    if (!(std::abs(ticks) < static_cast<double>(std::numeric_limits<Rep>::max()))) return false;
    if (std::abs(ticks - std::round(ticks)) > slack) return false;
    ticks = std::round(ticks);
  }
  out = std::chrono::duration<Rep, Period>(static_cast<Rep>(ticks));
  return true;
}

template <class Rep, class Period>
std::string duration_text(std::chrono::duration<Rep, Period> value) {
  const double seconds = std::chrono::duration<double>(value).count();
  if (std::isinf(seconds) && seconds > 0) return "never";
  for (const auto& unit : detail::time_units) {
    const double count = std::trunc(seconds / unit.seconds);
    if (count != 0 && std::abs(count) < 1e15 && count * unit.seconds == seconds)
      return detail::to_text(static_cast<std::int64_t>(count)) + unit.letter;
  }
  return detail::to_text(seconds) + 's';
}

}  // namespace reco
