// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/data/dataset.hpp"
#include "reco/evaluation/nearest_name.hpp"
#include "reco/evaluation/search.hpp"
#include "reco/model/any_estimator.hpp"
#include "reco/model/concepts.hpp"

namespace reco::inline RECO_ABI() {

/// What a list of estimators says of one option; all text, as `parse_options` reads it.
struct option_info {
  std::string name = {};
  std::string preset = {};    ///< the default
  std::string range = {};     ///< "above 0", "at least 1", "0..1", "events | users", "any"
  std::string searched = {};  ///< "16..512 logarithmic", "all"; empty where a search leaves the option alone

  friend bool operator==(const option_info&, const option_info&) = default;
};

/// The options of an estimator, or of anything else that declares them, in their order.
template <has_options E>
[[nodiscard]] std::vector<option_info> options_of();

/// An estimator that can be made from text: what a registry is a list of. Made in a source file of its own, so that
/// sixty algorithms need not be compiled as one.
///
///     reco::registered<float> entry = reco::registered<float>::of<reco::ease>();
template <class T>
struct registered {
  std::string_view name = {};
  std::vector<option_info> options = {};
  /// From "neighbors=100,shrinkage=5"; what is not named keeps its default. Throws `invalid_argument`.
  any_estimator<T> (*make)(std::string_view options) = nullptr;
  /// The options of the n-th trial of a random search that begins at these options, see `drawn`. What is named stays.
  std::string (*draw)(std::string_view options, std::uint64_t seed, std::int64_t trial) = nullptr;

  template <class E>
    requires has_options<E> && estimator<E, dataset<T>>
  [[nodiscard]] static registered of();
};

/// Estimators by name, chosen while the program runs.
///
///     reco::registry<float> all({reco::registered<float>::of<reco::most_popular>()});
///     auto model = all.make("most_popular:by=users").fit(data);
template <class T>
class registry {
 public:
  registry() = default;
  /// Throws `invalid_argument` if two have one name.
  explicit registry(std::vector<registered<T>> entries);

  [[nodiscard]] const std::vector<registered<T>>& entries() const noexcept { return entries_; }
  /// Throws `invalid_argument` for a name that is not there, with the nearest that is.
  [[nodiscard]] const registered<T>& find(std::string_view name) const;
  /// From "name" or "name:option=value,option=value". Throws `invalid_argument` for an unknown name or option, with
  /// the nearest known one, and for a value that is none or out of range.
  [[nodiscard]] any_estimator<T> make(std::string_view text) const;

 private:
  std::vector<registered<T>> entries_ = {};
};

/// A registry of a list of types.
template <class T, class... Es>
[[nodiscard]] registry<T> registry_of() {
  return registry<T>({registered<T>::template of<Es>()...});
}

/// An estimator of a list of types, from text.
///
///     auto e = reco::make_estimator<float, reco::ease, reco::item_knn>("item_knn:neighbors=100,shrinkage=5");
template <class T, class... Es>
[[nodiscard]] any_estimator<T> make_estimator(std::string_view text) {
  return registry_of<T, Es...>().make(text);
}

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// "name:options" in two.
inline std::pair<std::string_view, std::string_view> name_and_options(std::string_view text) {
  const auto colon = text.find(':');
  return {text.substr(0, colon), colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1)};
}

template <class O>
std::string range_text(const O& o) {
  if constexpr (requires { o.values; }) {
    std::string text;
    for (const auto& v : o.values) (text += text.empty() ? "" : " | ") += v.first;
    return text;
  } else {
    using V = decltype(o.low);
    if constexpr (std::same_as<V, bool>) return "true | false";
    const bool from = o.low_open || o.low != O::template lowest<V>(), to = o.high != O::template highest<V>();
    if (from && to && !o.low_open) return value_text(o.low) + ".." + value_text(o.high);
    std::string text;
    if (from) text = (o.low_open ? "above " : "at least ") + value_text(o.low);
    if (to) text += (from ? ", at most " : "at most ") + value_text(o.high);
    return text.empty() ? "any" : text;
  }
}

template <class O>
std::string searched_text(const O& o) {
  if (!o.searched) return {};
  if constexpr (requires { o.values; }) return "all";
  else
    return value_text(o.search_low) + ".." + value_text(o.search_high) +
           (o.scale == search_scale::logarithmic ? " logarithmic" : "");
}

/// `parse_options`, but an unknown option gets the nearest known one.
template <has_options E>
E parse_named_options(std::string_view text) {
  check_option_names<E>(names_given<E>(text));
  return parse_options<E>(text);
}

}  // namespace detail

template <has_options E>
std::vector<option_info> options_of() {
  std::vector<option_info> out;
  const E presets{};
  for_each_option<E>([&](const auto& o) {
    out.push_back({.name = std::string(o.name),
                   .preset = option_text(presets, o),
                   .range = detail::range_text(o),
                   .searched = detail::searched_text(o)});
  });
  return out;
}

template <class T>
template <class E>
  requires has_options<E> && estimator<E, dataset<T>>
registered<T> registered<T>::of() {
  return {.name = E::name,
          .options = options_of<E>(),
          .make = [](std::string_view text) { return any_estimator<T>(detail::parse_named_options<E>(text)); },
          .draw =
              [](std::string_view text, std::uint64_t seed, std::int64_t trial) {
                const auto base = detail::parse_named_options<E>(text);
                const auto spec = describe(drawn(base, seed, trial, names_given<E>(text)));
                return std::string(detail::name_and_options(spec).second);
              }};
}

template <class T>
registry<T>::registry(std::vector<registered<T>> entries) : entries_(std::move(entries)) {
  for (std::size_t n = 0; n < entries_.size(); ++n)
    for (std::size_t m = 0; m < n; ++m)
      if (entries_[n].name == entries_[m].name)
        detail::fail_argument("registry: two estimators are called " + detail::quoted(entries_[n].name));
}

template <class T>
const registered<T>& registry<T>::find(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const auto& e : entries_) {
    if (e.name == name) return e;
    names.push_back(e.name);
  }
  detail::fail_argument(no_such_name("estimator", name, names));
}

template <class T>
any_estimator<T> registry<T>::make(std::string_view text) const {
  const auto [name, options] = detail::name_and_options(text);
  return find(name).make(options);
}

}  // namespace reco
