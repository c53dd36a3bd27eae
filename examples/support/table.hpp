// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Plain text that a person enjoys reading.
namespace text {

/// How many places a text takes on a screen: code points, and two for the wide East Asian ones.
inline std::size_t width(std::string_view s) {
  std::size_t places = 0;
  for (std::size_t n = 0; n < s.size(); ++n) {
    const auto byte = static_cast<unsigned char>(s[n]);
    if ((byte & 0xc0) == 0x80) continue;
    places += byte >= 0xe3 && byte <= 0xed ? 2 : 1;  // U+3000 to U+DFFF
  }
  return places;
}

/// Cut to so many places, with an ellipsis where something is cut off.
inline std::string fit(std::string_view s, std::size_t places) {
  if (width(s) <= places) return std::string(s);
  std::string out;
  for (std::size_t n = 0; n < s.size();) {
    std::size_t end = n + 1;
    while (end < s.size() && (static_cast<unsigned char>(s[end]) & 0xc0) == 0x80) ++end;
    if (width(out) + width(s.substr(n, end - n)) + 1 > places) break;
    out += s.substr(n, end - n);
    n = end;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out + "…";
}

inline std::string pad(std::string_view s, std::size_t places, bool right = false) {
  const auto w = width(s);
  const std::string space(w < places ? places - w : 0, ' ');
  return right ? space + std::string(s) : std::string(s) + space;
}

/// 12345 -> "12,345".
inline std::string count(std::int64_t n) {
  std::string digits = std::to_string(n), out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && digits[i - 1] != '-' && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

/// So many digits after the point: "0.1408".
inline std::string number(double x, int digits) {
  char buffer[512];  // the largest double has 309 digits before it
  std::snprintf(buffer, sizeof buffer, "%.*f", digits, x);
  return buffer;
}

/// Four digits: "0.731", "12.35", "2041". No "-0.000".
inline std::string score(double x) {
  const double size = x < 0 ? -x : x;
  auto digits = number(x, size < 9.9995 ? 3 : size < 99.995 ? 2 : size < 999.95 ? 1 : 0);
  return digits == "-0.000" ? "0.000" : digits;
}

/// "1 article", "3 articles".
inline std::string plural(std::int64_t n, std::string_view one) {
  return count(n) + ' ' + std::string(one) + (n == 1 ? "" : "s");
}

inline void title(std::string_view s) {
  std::string rule;
  for (std::size_t n = 0; n < width(s); ++n) rule += "─";
  std::printf("\n%s\n%s\n", std::string(s).c_str(), rule.c_str());
}

/// Columns as wide as their widest cell; a header beginning with '>' is a column aligned to the right.
class table {
 public:
  explicit table(std::vector<std::string> header) {
    for (auto& h : header) {
      right_.push_back(h.starts_with('>'));
      if (right_.back()) h.erase(0, 1);
    }
    rows_.push_back(std::move(header));
  }
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void print() const {
    std::vector<std::size_t> widths(right_.size());
    for (const auto& row : rows_)
      for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width(row[c]));
    for (const auto& row : rows_) {
      std::string line = "  ";
      for (std::size_t c = 0; c < row.size(); ++c) line += pad(row[c], widths[c], right_[c]) + "   ";
      while (line.ends_with(' ')) line.pop_back();
      std::printf("%s\n", line.c_str());
    }
  }

 private:
  std::vector<bool> right_ = {};
  std::vector<std::vector<std::string>> rows_ = {};
};

}  // namespace text
