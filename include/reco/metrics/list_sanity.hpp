// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/metrics/concepts.hpp"
#include "reco/metrics/shown_list.hpp"

namespace reco::inline RECO_ABI() {

/// Whether lists are what was asked for: k items, none twice. A number that should be 1, looked at before any other.
/// Worked example: k = 2 and lists {4, 5}, {4, 4}, {4}, {}: one of four is sane, 5 of 8 places are filled, 1 list has a
/// repeat, 2 are short, 1 of them empty.
struct list_sanity {
  int k = 10;

  static constexpr std::string_view name = "list_sanity";
  void add(const shown_list& list);
  void merge(const list_sanity& part);
  /// The share of lists with k items, none twice.
  [[nodiscard]] double value() const { return share(sane, lists); }
  /// The share of the places 1..k of all lists that hold an item.
  [[nodiscard]] double filled() const { return share(places, lists * std::max(k, 0)); }

  std::int64_t lists = 0;        ///< users
  std::int64_t sane = 0;         ///< lists with k items, none twice
  std::int64_t empty = 0;        ///< lists of nothing: users who are not covered
  std::int64_t short_lists = 0;  ///< lists with fewer than k items, the empty ones among them
  std::int64_t repeating = 0;    ///< lists with an item twice in the first k
  std::int64_t places = 0;       ///< places that hold an item

 private:
  static double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
  }
};

// ---------------------------------------------------------------------------------------------------

inline void list_sanity::add(const shown_list& list) {
  const auto shown = list.first(k);
  std::vector<std::int32_t> sorted(shown.begin(), shown.end());
  std::sort(sorted.begin(), sorted.end());
  const bool repeats = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
  const bool is_short = std::ssize(shown) < k;
  ++lists;
  sane += !repeats && !is_short;
  empty += shown.empty();
  short_lists += is_short;
  repeating += repeats;
  places += std::ssize(shown);
}

inline void list_sanity::merge(const list_sanity& part) {
  lists += part.lists;
  sane += part.sane;
  empty += part.empty;
  short_lists += part.short_lists;
  repeating += part.repeating;
  places += part.places;
}

static_assert(aggregate_metric<list_sanity>);

}  // namespace reco
