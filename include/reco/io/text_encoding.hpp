// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/utf8.hpp"

namespace reco::inline RECO_ABI() {

/// Is every byte part of a well-formed UTF-8 character? True for ASCII and for the empty text. O(bytes).
[[nodiscard]] constexpr bool is_utf8(std::string_view text) noexcept { return !first_broken_utf8(text); }

/// ISO-8859-1 as UTF-8: every byte is the character of that number. O(bytes).
[[nodiscard]] std::string latin1_to_utf8(std::string_view text);

/// UTF-8 as it is, and anything else taken for ISO-8859-1, in which every text is valid: for files whose
/// publishers used both, such as MovieLens' `movies.dat`. O(bytes).
[[nodiscard]] std::string to_utf8(std::string text);

// ---------------------------------------------------------------------------------------------------

inline std::string latin1_to_utf8(std::string_view text) {
  const auto high =
      std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
  std::string out;
  out.reserve(text.size() + static_cast<std::size_t>(high));
  for (const char c : text) append_utf8(out, static_cast<unsigned char>(c));
  return out;
}

inline std::string to_utf8(std::string text) {
  if (!is_utf8(text)) return latin1_to_utf8(text);
  return text;
}

}  // namespace reco
