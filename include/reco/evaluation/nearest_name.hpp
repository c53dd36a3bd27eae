// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// How many bytes must be inserted, deleted, replaced or swapped with their neighbor to make one word of the other
/// (Damerau 1964; here the restricted distance: no part is edited twice). "kitten" and "sitting": 3. O(a b).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name that a word was probably meant to be: the least edit distance, of equals the first. Empty without names.
[[nodiscard]] std::string_view nearest_name(std::string_view word, std::span<const std::string_view> names);

/// "no estimator 'item_kn'; did you mean 'item_knn'? There are: ease, item_knn": what to tell somebody whose word is
/// none of the names.
[[nodiscard]] std::string no_such_name(std::string_view kind, std::string_view word,
                                       std::span<const std::string_view> names);

// ---------------------------------------------------------------------------------------------------

inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  // before, last, row: distances of the first i - 2, i - 1 and i bytes of a to each beginning of b
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row.back();
}

inline std::string_view nearest_name(std::string_view word, std::span<const std::string_view> names) {
  const auto found = std::min_element(names.begin(), names.end(), [&](std::string_view a, std::string_view b) {
    return edit_distance(word, a) < edit_distance(word, b);
  });
  return found == names.end() ? std::string_view{} : *found;
}

inline std::string no_such_name(std::string_view kind, std::string_view word, std::span<const std::string_view> names) {
  std::string text = "no " + std::string(kind) + ' ' + detail::quoted(word);
  if (names.empty()) return text + "; there are none";
  text += "; did you mean " + detail::quoted(nearest_name(word, names)) + "? There are: ";
  for (std::size_t n = 0; n < names.size(); ++n) (text += n == 0 ? "" : ", ") += names[n];
  return text;
}

}  // namespace reco
