// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

/// What the files of the TREC evaluation have in common: lines, and columns between blanks.

namespace reco::inline RECO_ABI() {
namespace detail {

inline std::uint64_t load_eight(const char* p) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}

/// Cuts a text into lines and columns.
class trec_cursor {
 public:
  trec_cursor(std::string_view whole, const std::string& file, const char* begin, const char* end) noexcept
      : whole_(whole), file_(file), at_(begin), end_(end) {}

  /// Goes to the next line with columns, at or behind the place it stands at.
  bool next_row() noexcept {
    for (;; ++at_) {
      skip_blanks();
      if (at_ != end_ && *at_ == '#') skip_line();
      if (at_ == end_) return false;
      if (*at_ != '\n') return true;
    }
  }
  /// The next column. Throws if there is none left in the line: `columns` are those a row has, `missing` the number of
  /// this one.
  std::string_view column(std::string_view columns, int missing) {
    const auto found = column_or_end();
    if (found.empty()) [[unlikely]]
      fail(at_, columns, to_text(missing - 1));
    return found;
  }
  /// Empty at the end of the line.
  std::string_view column_or_end() {
    skip_blanks();
    const char* const begin = at_;
    at_ = end_of_column(at_, end_);
    if (at_ == begin && at_ != end_ && *at_ != '\n') [[unlikely]]
      fail(at_, "text", "a byte of value " + to_text(static_cast<int>(static_cast<unsigned char>(*at_))));
    const std::string_view text(begin, static_cast<std::size_t>(at_ - begin));
    if (text.size() > std::numeric_limits<std::uint32_t>::max()) [[unlikely]]
      fail(begin, "a column of less than 4 GiB", to_text(text.size()) + " bytes");
    return text;
  }
  /// Passes over the next column if it is this one.
  bool skip_column(std::string_view text) noexcept {
    const auto left = static_cast<std::size_t>(end_ - at_);
    if (text.empty() || left <= text.size() || std::memcmp(at_, text.data(), text.size()) != 0) return false;
    if (static_cast<unsigned char>(at_[text.size()]) > ' ') return false;
    at_ += text.size();
    return true;
  }
  void skip_line() noexcept {
    if (at_ == end_ || *at_ == '\n') return;
    const void* const found = std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_));
    at_ = found == nullptr ? end_ : static_cast<const char*>(found);
  }
  [[noreturn, gnu::cold, gnu::noinline]] void fail(const char* p, std::string_view expected,
                                                   std::string_view got) const {
    throw parse_error(position_of(p), expected, got);
  }
  [[nodiscard]] file_position position_of(const char* p) const {
    const auto before = whole_.substr(0, static_cast<std::size_t>(p - whole_.data()));
    const auto line = before.rfind('\n') + 1;  // npos + 1 is 0
    return {.file = file_,
            .line = 1 + static_cast<std::int64_t>(std::count(before.begin(), before.end(), '\n')),
            .column = 1 + static_cast<std::int64_t>(before.size() - line)};
  }

 private:
  void skip_blanks() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\v' || *at_ == '\f')) ++at_;
  }
  /// The first byte up to ' ': eight at a time, a bit at the top of each byte that is. Above the lowest such byte
  /// the subtraction may borrow; so only the lowest counts, which is the first in memory where that is little-endian.
  static const char* end_of_column(const char* p, const char* end) noexcept {
    if constexpr (std::endian::native == std::endian::little) {
      for (; end - p >= 8; p += 8) {
        const auto word = load_eight(p);
        const auto up_to_blank = (word - 0x2121212121212121) & ~word & 0x8080808080808080;
        if (up_to_blank != 0) return p + std::countr_zero(up_to_blank) / 8;
      }
    }
    while (p != end && static_cast<unsigned char>(*p) > ' ') ++p;
    return p;
  }

  std::string_view whole_;
  const std::string& file_;
  const char* at_;
  const char* end_;
};

}  // namespace detail
}  // namespace reco
