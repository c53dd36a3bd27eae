// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"

namespace reco::inline RECO_ABI() {

/// U+FFFD: what stands for a broken part of a text.
inline constexpr char32_t replacement_character = 0xFFFD;

/// One step through a text: a character and the bytes it takes, 1 to 4.
struct utf8_character {
  char32_t code_point = replacement_character;
  std::size_t bytes = 0;
  bool broken = false;  ///< these bytes are no character; `code_point` is U+FFFD

  friend bool operator==(const utf8_character&, const utf8_character&) = default;
};

/// The character that starts at `offset`, which is less than `text.size()`. Overlong forms, surrogates, numbers
/// above U+10FFFF, stray and missing continuation bytes are broken; a broken part is as long as it could still
/// have become a character, one byte at least (Unicode 15, section 3.9, "U+FFFD Substitution of Maximal Subparts",
/// which is also what web browsers do). O(1).
[[nodiscard]] constexpr utf8_character decode_utf8(std::string_view text, std::size_t offset) noexcept;

/// Appends the character as 1 to 4 bytes; U+FFFD for a surrogate or a number above U+10FFFF.
inline void append_utf8(std::string& out, char32_t code_point);

/// The offset of the first broken part, nothing if the text is UTF-8 throughout. O(bytes).
[[nodiscard]] constexpr std::optional<std::size_t> first_broken_utf8(std::string_view text) noexcept;

// ---------------------------------------------------------------------------------------------------

constexpr utf8_character decode_utf8(std::string_view text, std::size_t offset) noexcept {
  RECO_ASSERT(offset < text.size());
  const auto byte = [&](std::size_t n) { return static_cast<unsigned char>(text[offset + n]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {.code_point = lead, .bytes = 1};

  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0) return {.bytes = 1, .broken = true};
  // Bounds of the second byte: above those of an overlong form, below those of a surrogate or of U+110000.
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  char32_t code_point = lead & (0x7FU >> length);
  for (std::size_t n = 1; n < length; ++n) {
    if (offset + n == text.size()) return {.bytes = n, .broken = true};
    const unsigned next = byte(n);
    if (next < (n == 1 ? low : 0x80) || next > (n == 1 ? high : 0xBF)) return {.bytes = n, .broken = true};
    code_point = code_point << 6 | (next & 0x3F);
  }
  return {.code_point = code_point, .bytes = length};
}

inline void append_utf8(std::string& out, char32_t code_point) {
  if ((code_point >= 0xD800 && code_point < 0xE000) || code_point > 0x10FFFF) code_point = replacement_character;
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | code_point >> 6);
    tail(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0 | code_point >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | code_point >> 18);
    tail(12), tail(6), tail(0);
  }
}

constexpr std::optional<std::size_t> first_broken_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = decode_utf8(text, at);
    if (c.broken) return at;
    at += c.bytes;
  }
  return std::nullopt;
}

}  // namespace reco
