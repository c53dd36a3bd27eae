// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/instant.hpp"

namespace reco::inline RECO_ABI() {

/// Options are declared once. An estimator is an aggregate of hyper-parameters with a `name` and a
/// constexpr list of its fields; the default is the field's own initialiser:
///
///     struct ease {
///       double regularization = 250;  ///< lambda > 0
///       static constexpr std::string_view name = "ease";
///       static constexpr auto options() {
///         return std::tuple{reco::above("regularization", &ease::regularization, 0)};
///       }
///       friend bool operator==(const ease&, const ease&) = default;
///     };
///     static_assert(reco::options_are_complete<ease>);
///
/// From this one list come validation with its messages, reading "ease:regularization=250", help and
/// printing, and the ranges of a search for good options (`.search(from, to)`). Values may be numbers, bool, durations
/// (`std::chrono`, written "36h" or "3d"), moments
/// ("2016-10-16T19:57:24Z") and enums.
template <class E>
concept has_options = requires {
  { E::name } -> std::convertible_to<std::string_view>;
  E::options();
};

/// How a search spreads its trials over a range: evenly, or evenly over the orders of magnitude.
enum class search_scale { linear, logarithmic };

/// A field with a range. `low_open`: the lower bound itself is not allowed.
template <class E, class V>
struct option {
  std::string_view name = {};
  V E::*member = nullptr;
  V low = lowest<V>();
  V high = highest<V>();
  bool low_open = false;
  bool searched = false;  ///< a search for good options tries values of search_low..search_high
  V search_low = low;
  V search_high = high;
  search_scale scale = search_scale::linear;

  /// The same option, looked for in from..to when options are tuned. Without this a search leaves it alone.
  [[nodiscard]] constexpr option search(V from, V to, search_scale how = search_scale::linear) const {
    option o = *this;
    o.searched = true;
    o.search_low = from;
    o.search_high = to;
    o.scale = how;
    return o;
  }

  template <class X>
  static constexpr X lowest() {
    if constexpr (requires { X::min(); }) return X::min();
    else return std::numeric_limits<X>::lowest();
  }
  template <class X>
  static constexpr X highest() {
    if constexpr (std::same_as<X, half_life_t>) return never;
    else if constexpr (requires { X::max(); }) return X::max();
    else return std::numeric_limits<X>::max();
  }
};

/// A field whose values have names.
template <class E, class V, std::size_t N>
struct choice {
  std::string_view name = {};
  V E::*member = nullptr;
  std::array<std::pair<std::string_view, V>, N> values = {};
  bool searched = false;  ///< a search for good options tries every value

  /// The same option, looked for among all its values when options are tuned.
  [[nodiscard]] constexpr choice search() const {
    choice o = *this;
    o.searched = true;
    return o;
  }
};

template <class E, class V>
constexpr option<E, V> any_value(std::string_view name, V E::*member) {
  return {.name = name, .member = member};
}
template <class E, class V>
constexpr option<E, V> at_least(std::string_view name, V E::*member, std::type_identity_t<V> low) {
  return {.name = name, .member = member, .low = low};
}
template <class E, class V>
constexpr option<E, V> above(std::string_view name, V E::*member, std::type_identity_t<V> low) {
  return {.name = name, .member = member, .low = low, .low_open = true};
}
template <class E, class V>
constexpr option<E, V> between(std::string_view name, V E::*member, std::type_identity_t<V> low,
                               std::type_identity_t<V> high) {
  return {.name = name, .member = member, .low = low, .high = high};
}
template <class E, class V, std::size_t N>
constexpr choice<E, V, N> one_of(std::string_view name, V E::*member,
                                 const std::pair<std::string_view, std::type_identity_t<V>> (&values)[N]) {
  return {.name = name, .member = member, .values = std::to_array(values)};
}

/// Calls `f` with each declared option.
template <has_options E, class F>
constexpr void for_each_option(F&& f) {
  std::apply([&](const auto&... o) { (f(o), ...); }, E::options());
}

/// Throws `invalid_argument` naming the first field out of its range; NaN is out of every range.
template <has_options E>
void check_options(const E& e);

/// Sets one field from text. Throws `invalid_argument` for an unknown name or a value that is none.
template <has_options E>
void set_option(E& e, std::string_view name, std::string_view value);

/// Reads "name=value,name=value"; fields not named keep their defaults. The result is checked.
template <has_options E>
[[nodiscard]] E parse_options(std::string_view text);

/// The names in "name=value,name=value". Throws `invalid_argument` for a part that is written otherwise.
template <has_options E>
[[nodiscard]] std::vector<std::string_view> names_given(std::string_view text);

/// The value of one field as `set_option` reads it.
template <has_options E, class O>
[[nodiscard]] std::string option_text(const E& e, const O& o);

/// "ease:regularization=3": the name and every field that differs from its default.
template <has_options E>
[[nodiscard]] std::string describe(const E& e);

// ---------------------------------------------------------------------------------------------------

namespace detail {

struct any_field {
  template <class V>
  constexpr operator V() const;  // NOLINT(google-explicit-constructor): stands for a value of any type
};
template <class E, class... Fields>
consteval std::size_t count_fields() {
  if constexpr (requires { E{std::declval<Fields>()..., any_field{}}; }) return count_fields<E, Fields..., any_field>();
  else return sizeof...(Fields);
}

template <class V>
std::string value_text(const V& value) {
  if constexpr (is_duration<V>) return duration_text(value);
  else if constexpr (std::same_as<V, instant>) return instant_text(value);
  else return to_text(value);
}

template <class V>
bool read_value(std::string_view text, V& value) {
  if constexpr (is_duration<V>) {
    return parse_duration(text, value);
  } else if constexpr (std::same_as<V, instant>) {
    return parse_instant(text, value);
  } else if constexpr (std::same_as<V, bool>) {
    value = text == "true" || text == "1";
    return value || text == "false" || text == "0";
  } else {
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc{} && result.ptr == end;
  }
}

struct named_value {
  std::string_view name = {}, value = {};
};

/// The parts of "name=value,name=value".
template <class E>
std::vector<named_value> named_values(std::string_view text) {
  std::vector<named_value> out;
  for (bool more = !text.empty(); more;) {
    const auto item = text.substr(0, text.find(','));
    more = item.size() < text.size();  // a comma follows, and something after it
    text.remove_prefix(item.size() + (more ? 1 : 0));
    const auto equals = item.find('=');
    if (equals == std::string_view::npos)
      fail_argument(std::string(E::name) + ": options are written name=value, got " + quoted(item));
    out.push_back({item.substr(0, equals), item.substr(equals + 1)});
  }
  return out;
}

}  // namespace detail

/// True when every field of E is declared; assert it below each estimator, so that a new field cannot
/// be forgotten.
template <has_options E>
inline constexpr bool options_are_complete = std::tuple_size_v<decltype(E::options())> == detail::count_fields<E>();

template <has_options E>
void check_options(const E& e) {
  for_each_option<E>([&]<class O>(const O& o) {
    const auto& value = e.*o.member;
    const auto complain = [&](std::string_view bound, const std::string& limit) {
      detail::fail_argument(std::string(E::name) + ": " + std::string(o.name) + " must be " + std::string(bound) +
                            limit + ", got " + option_text(e, o));
    };
    if constexpr (requires { o.low; }) {
      if (o.low_open ? !(value > o.low) : !(value >= o.low))
        complain(o.low_open ? "above " : "at least ", detail::value_text(o.low));
      if (!(value <= o.high)) complain("at most ", detail::value_text(o.high));
    } else {
      const auto named = [&](const auto& v) { return v.second == value; };
      if (std::none_of(o.values.begin(), o.values.end(), named)) complain("one of its named values", "");
    }
  });
}

template <has_options E>
void set_option(E& e, std::string_view name, std::string_view value) {
  bool found = false;
  for_each_option<E>([&]<class O>(const O& o) {
    if (o.name != name) return;
    found = true;
    std::string expected;
    if constexpr (requires { o.values; }) {
      for (const auto& v : o.values) {
        if (v.first == value) return void(e.*o.member = v.second);
        (expected += expected.empty() ? "one of " : ", ") += v.first;
      }
    } else {
      auto read = e.*o.member;
      if (detail::read_value(value, read)) return void(e.*o.member = read);
      using V = decltype(read);
      expected = is_duration<V> ? "a duration such as 36h" : std::integral<V> ? "a whole number" : "a number";
      if constexpr (std::same_as<V, bool>) expected = "true or false";
      if constexpr (std::same_as<V, instant>) expected = "a moment such as 2016-10-16T19:57:24Z";
    }
    detail::fail_argument(std::string(E::name) + ": " + std::string(name) + " must be " + expected + ", got " +
                          detail::quoted(value));
  });
  if (found) return;
  std::string names;
  for_each_option<E>([&](const auto& o) { (names += names.empty() ? "" : ", ") += o.name; });
  detail::fail_argument(std::string(E::name) + ": no option " + detail::quoted(name) + "; it has " +
                        (names.empty() ? "none" : names));
}

template <has_options E>
E parse_options(std::string_view text) {
  E e{};
  for (const auto& [name, value] : detail::named_values<E>(text)) set_option(e, name, value);
  check_options(e);
  return e;
}

template <has_options E>
std::vector<std::string_view> names_given(std::string_view text) {
  std::vector<std::string_view> out;
  for (const auto& part : detail::named_values<E>(text)) out.push_back(part.name);
  return out;
}

template <has_options E, class O>
std::string option_text(const E& e, const O& o) {
  if constexpr (requires { o.values; }) {
    for (const auto& v : o.values)
      if (v.second == e.*o.member) return std::string(v.first);
    return "an unnamed value";
  } else {
    return detail::value_text(e.*o.member);
  }
}

template <has_options E>
std::string describe(const E& e) {
  const E defaults{};
  std::string text(E::name);
  char separator = ':';
  for_each_option<E>([&](const auto& o) {
    if (e.*o.member == defaults.*o.member) return;
    ((text += separator) += o.name) += '=';
    text += option_text(e, o);
    separator = ',';
  });
  return text;
}

}  // namespace reco
