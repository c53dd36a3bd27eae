// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/instant.hpp"
#include "reco/data/event.hpp"

namespace reco::inline RECO_ABI() {

/// 2^(t / half_life), t since 1970, as factor × 2^exponent with a factor of 1 to 2. Good to two units in the last
/// place for every t: the whole half-lives go into the exponent exactly, and only the rest is rounded.
struct growth {
  double factor = 1;
  std::int64_t exponent = 0;
};

/// Throws `invalid_argument` for a moment that is 2^53 half-lives or seconds or more from 1970. O(1), some 10 ns.
[[nodiscard]] growth growth_at(instant t, half_life_t half_life);

/// A sum in which every half-life halves what is in it, without a clock: instead of letting the past fade, what
/// comes later is made larger (forward decay: Cormode, Shkapenyuk, Srivastava and Xu, ICDE 2009),
///
///     S = sum_n value_n 2^(t_n / half_life)          the decayed sum at t is S 2^(-t / half_life)
///
/// so that S changes only when something is added, and two sums compare the same way at any time. A double would
/// overflow after 1024 half-lives, whence the usual pass over all sums now and then; this is a double times a power
/// of two with an exponent of 64 bits, whose unit follows the newest addition. 16 bytes.
///
/// Error: each value enters with a relative error of at most (m + 8) 2^-53, m being the number of additions after
/// it, as in any sum. As what is old has faded, a steady stream of decayed count N is right to N 2^-53 or better,
/// however many years it runs.
class decayed_sum {
 public:
  /// In any order: what comes late enters with what is left of it. O(1).
  void add(double value, growth at) noexcept;
  /// What is left at a moment. O(1).
  [[nodiscard]] double at(growth moment) const noexcept;

  [[nodiscard]] bool positive() const noexcept { return mantissa_ > 0; }
  /// The order of the decayed sums, at whatever time; exact.
  friend bool operator<(const decayed_sum& a, const decayed_sum& b) noexcept;

 private:
  double mantissa_ = 0;
  std::int64_t exponent_ = 0;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// x 2^power, for powers of any size.
inline double times_power_of_two(double x, std::int64_t power) noexcept {
  if (power >= -1022 && power <= 1023) [[likely]]
    return x * std::bit_cast<double>(static_cast<std::uint64_t>(power + 1023) << 52);
  return std::ldexp(x, static_cast<int>(std::clamp<std::int64_t>(power, -4000, 4000)));
}

inline bool within_reach(instant t, half_life_t half_life) noexcept {
  return std::abs(static_cast<double>(t.time_since_epoch().count())) < 0x1p53 * std::min(1.0, half_life.count());
}
inline std::string out_of_reach(instant t, half_life_t half_life) {
  return "time must be within 2^53 seconds and half-lives of 1970, got " + instant_text(t) + " and a half_life of " +
         duration_text(half_life);
}

/// Throws `std::out_of_range` for an item below 0 and `invalid_argument` for a value that is NaN or larger than
/// 1e250 (so that no sum overflows) or a time out of reach, naming the event if it has a number.
inline void check_addition(std::string_view who, const event& e, half_life_t half_life, std::int64_t number = -1) {
  const bool fits = std::abs(e.value) <= 1e250;
  if (e.item >= 0 && fits && within_reach(e.time, half_life)) [[likely]]
    return;
  const std::string where = std::string(who) + (number < 0 ? ": " : ": event " + to_text(number) + ": ");
  if (e.item < 0) throw std::out_of_range(where + "item must be at least 0, got " + to_text(e.item));
  if (!fits) fail_argument(where + "value must be in -1e250..1e250, got " + to_text(e.value));
  fail_argument(where + out_of_reach(e.time, half_life));
}

}  // namespace detail

inline growth growth_at(instant t, half_life_t half_life) {
  if (half_life == never) return {};
  const double h = half_life.count();
  const auto seconds = static_cast<double>(t.time_since_epoch().count());
  const double half_lives = seconds / h;
  if (!detail::within_reach(t, half_life)) [[unlikely]]
    detail::fail_argument(detail::out_of_reach(t, half_life));
  auto whole = static_cast<std::int64_t>(half_lives);
  if (static_cast<double>(whole) > half_lives) --whole;                   // towards -infinity
  const double rest = std::fma(-static_cast<double>(whole), h, seconds);  // exact: it has no more bits than h
  return {.factor = std::exp2(rest / h), .exponent = whole};
}

inline void decayed_sum::add(double value, growth at) noexcept {
  using detail::times_power_of_two;
  const std::int64_t ahead = mantissa_ == 0 ? 1 << 20 : at.exponent - exponent_;
  if (std::abs(ahead) <= 1000) [[likely]] {  // without a branch on the sign, which nobody can predict
    const std::int64_t up = std::max<std::int64_t>(ahead, 0);
    mantissa_ = times_power_of_two(mantissa_, -up) + times_power_of_two(value * at.factor, ahead - up);
    exponent_ += up;
  } else if (ahead > 0) {
    mantissa_ = times_power_of_two(mantissa_, -ahead) + value * at.factor;
    exponent_ = at.exponent;
  } else {
    mantissa_ += times_power_of_two(value * at.factor, ahead);
  }
}

inline double decayed_sum::at(growth moment) const noexcept {
  return detail::times_power_of_two(mantissa_ / moment.factor, exponent_ - moment.exponent);
}

inline bool operator<(const decayed_sum& a, const decayed_sum& b) noexcept {
  // The one of the larger unit is written in the other's: exact, or infinite and then larger indeed.
  using detail::times_power_of_two;
  return a.exponent_ >= b.exponent_ ? times_power_of_two(a.mantissa_, a.exponent_ - b.exponent_) < b.mantissa_
                                    : a.mantissa_ < times_power_of_two(b.mantissa_, b.exponent_ - a.exponent_);
}

}  // namespace reco
