// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>

#include "reco/base/config.hpp"
#include "reco/base/utf8.hpp"
#include "reco/content/unicode_tables.hpp"

namespace reco::inline RECO_ABI() {

/// What a character is to a text that is cut into words.
enum class character_class : std::uint8_t {
  separator,  ///< neither of the following: white space, punctuation, symbols, emoji, controls, U+FFFD
  letter,     ///< letters and numbers of any script (general categories L and N) but:
  mark,       ///< combining marks (M) and the sound marks of kana: belong to the letter before them
  unspaced,   ///< letters of scripts written without spaces: Han, kana, Thai, Lao, Khmer, Burmese, …
  ignored,    ///< shown as nothing: soft hyphen, zero width joiner, variation selectors, byte order mark
};

[[nodiscard]] inline character_class class_of(char32_t c) noexcept;

/// Case folding, one code point to one: simple case folding of Unicode (Ä -> ä, Σ and ς -> σ, ẞ -> ß, K (kelvin)
/// -> k; ß stays) and, beyond it, İ -> i and full-width letters and digits -> ASCII. I folds to i and ı stays, as is
/// right for all languages but the Turkic ones.
[[nodiscard]] inline char32_t fold_case(char32_t c) noexcept;

/// The same for a whole text; broken parts become U+FFFD.
[[nodiscard]] inline std::string fold_case(std::string_view text);

/// The one code point for a letter and the mark (or Hangul jamo) after it: e and U+0301 -> é. 0 if there is none.
[[nodiscard]] inline char32_t compose(char32_t letter, char32_t mark) noexcept;

/// The letter without its accents: é -> e, ữ -> u, й -> и. Accents are U+0300..U+036F; vowel signs of Indic and
/// other scripts are none, and ø, ł, ı are letters of their own.
[[nodiscard]] inline char32_t without_accents(char32_t c) noexcept;
[[nodiscard]] constexpr bool is_accent(char32_t c) noexcept { return c >= 0x300 && c <= 0x36F; }

// ---------------------------------------------------------------------------------------------------

namespace detail {

struct folded_letter {
  char16_t folded = 0;
  character_class type = character_class::separator;
};

/// Latin, Greek, Cyrillic, Hebrew, Arabic, … (what takes one or two bytes) need no search.
inline constexpr auto low_letters = [] {
  std::array<folded_letter, 0x800> letters = {};
  std::size_t run = 0;
  for (char32_t c = 0; c < letters.size(); ++c) {
    if (class_runs[run + 1] / 8 == c) ++run;
    letters[c] = {.folded = static_cast<char16_t>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c),
                  .type = static_cast<character_class>(class_runs[run] & 7)};
  }
  for (const auto& r : fold_runs)
    for (char32_t c = r.first; c <= r.last && c < letters.size(); c += r.step)
      letters[c].folded = static_cast<char16_t>(c + static_cast<char32_t>(r.difference));
  return letters;
}();

}  // namespace detail

inline character_class class_of(char32_t c) noexcept {
  if (c < detail::low_letters.size()) return detail::low_letters[c].type;
  // The last run that starts at or before c.
  const auto* const after = std::upper_bound(std::begin(detail::class_runs), std::end(detail::class_runs), c * 8 + 7);
  return static_cast<character_class>(*(after - 1) & 7);
}

inline char32_t fold_case(char32_t c) noexcept {
  if (c < detail::low_letters.size()) return detail::low_letters[c].folded;
  const auto* const run = std::lower_bound(std::begin(detail::fold_runs), std::end(detail::fold_runs), c,
                                           [](const detail::fold_run& r, char32_t x) { return r.last < x; });
  if (run == std::end(detail::fold_runs) || c < run->first || (c - run->first) % run->step != 0) return c;
  return c + static_cast<char32_t>(run->difference);
}

inline std::string fold_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = decode_utf8(text, at);
    append_utf8(out, fold_case(c.code_point));
    at += c.bytes;
  }
  return out;
}

inline char32_t compose(char32_t letter, char32_t mark) noexcept {
  // Hangul syllables are numbered by their parts (Unicode 15, section 3.12).
  constexpr char32_t syllables = 0xAC00, leads = 0x1100, vowels = 0x1161, trails = 0x11A7;
  if (letter - leads < 19 && mark - vowels < 21) return syllables + ((letter - leads) * 21 + (mark - vowels)) * 28;
  if (letter - syllables < 19 * 21 * 28 && (letter - syllables) % 28 == 0 && mark - trails - 1 < 27)
    return letter + (mark - trails);
  const auto* const place =
      std::lower_bound(std::begin(detail::compositions_by_parts), std::end(detail::compositions_by_parts),
                       std::tuple(letter, mark), [](std::uint16_t n, const std::tuple<char32_t, char32_t>& parts) {
                         return std::tuple(detail::compositions[n].base, detail::compositions[n].mark) < parts;
                       });
  if (place == std::end(detail::compositions_by_parts)) return 0;
  const auto& found = detail::compositions[*place];
  return found.base == letter && found.mark == mark ? found.whole : 0;
}

inline char32_t without_accents(char32_t c) noexcept {
  while (c >= 0xC0) {
    const auto* const found = std::lower_bound(std::begin(detail::compositions), std::end(detail::compositions), c,
                                               [](const detail::composition& p, char32_t x) { return p.whole < x; });
    if (found == std::end(detail::compositions) || found->whole != c || !is_accent(found->mark)) break;
    c = found->base;
  }
  return c;
}

}  // namespace reco
