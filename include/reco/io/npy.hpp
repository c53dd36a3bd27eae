// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/io/file.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Numbers that NumPy files are read into and written from.
template <class T>
concept npy_scalar =
    std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::int32_t> || std::same_as<T, std::int64_t>;

/// Reads a NumPy array, `numpy.save("file.npy", a)`, of two dimensions, or of one: a column.
///
///     auto vectors = reco::embeddings<float>(reco::read_npy<float>("articles.npy"));
///
/// Formats 1.0 to 3.0, C and Fortran order, little-endian f2, f4, f8, i1 to i8 and u1 to u8. Floating-point numbers
/// round to T and are never read as integers; a number beyond the range of T is an error. NaN and infinities pass:
/// `embeddings` refuses them, naming row and column.
///
/// Throws `parse_error` with the byte, counted from 1, for anything else: another format, a broken header, objects,
/// texts or big-endian numbers, three dimensions, fewer or more bytes than the header says. Sizes are checked before
/// memory is asked for. O(bytes).
template <npy_scalar T>
[[nodiscard]] matrix<T> read_npy(const std::filesystem::path& file, const file_reader& open = read_file);

/// The same of bytes in memory; `file` is the name for messages.
template <npy_scalar T>
[[nodiscard]] matrix<T> parse_npy(std::string_view bytes, const std::string& file);

/// Writes the matrix as `numpy.save` does: format 1.0, C order. Throws `error` if the file cannot be written.
template <npy_scalar T>
void write_npy(const std::filesystem::path& file, const matrix<T>& m);

/// The same into memory.
template <npy_scalar T>
[[nodiscard]] std::string npy_bytes(const matrix<T>& m);

// ---------------------------------------------------------------------------------------------------

static_assert(std::endian::native == std::endian::little, "reco: .npy is read and written on little-endian machines");

namespace detail {

inline constexpr std::string_view npy_magic = "\x93NUMPY";

/// IEEE 754 binary16.
struct half {
  std::uint16_t bits = 0;

  explicit operator double() const {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double value = 0;
    if (exponent == 31)
      value = fraction != 0 ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
    else value = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    return bits >> 15 != 0 ? -value : value;
  }
};

/// Calls f with a number of the type that `descr` names. False if it names none that is read.
template <class F>
bool with_npy_type(std::string_view descr, F&& f) {
  if (descr == "<f4") return f(float{}), true;
  if (descr == "<f8") return f(double{}), true;
  if (descr == "<f2") return f(half{}), true;
  if (descr == "<i4") return f(std::int32_t{}), true;
  if (descr == "<i8") return f(std::int64_t{}), true;
  if (descr == "<i2") return f(std::int16_t{}), true;
  if (descr == "|i1") return f(std::int8_t{}), true;
  if (descr == "<u4") return f(std::uint32_t{}), true;
  if (descr == "<u8") return f(std::uint64_t{}), true;
  if (descr == "<u2") return f(std::uint16_t{}), true;
  if (descr == "|u1") return f(std::uint8_t{}), true;
  return false;
}

template <npy_scalar T>
constexpr std::string_view npy_descr = std::same_as<T, float>          ? "<f4"
                                       : std::same_as<T, double>       ? "<f8"
                                       : std::same_as<T, std::int32_t> ? "<i4"
                                                                       : "<i8";

/// The header: a Python dictionary such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
class npy_header {
 public:
  npy_header(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {
    if (!bytes.starts_with(npy_magic))
      fail("the magic bytes of a .npy file", detail::quoted(bytes.substr(0, npy_magic.size())));
    at_ = npy_magic.size();
    const unsigned version = number_at(at_, 1);
    if (version < 1 || version > 3) fail("format 1, 2 or 3", "format " + to_text(version));
    at_ += 2;
    const std::size_t length_bytes = version == 1 ? 2 : 4;
    const std::size_t length = number_at(at_, length_bytes);
    at_ += length_bytes;
    if (length > bytes.size() - at_)
      fail("a header of " + to_text(length) + " bytes", to_text(bytes.size() - at_) + " bytes: the file is cut short");
    data = at_ + length;
    bytes_ = bytes.substr(0, data);
    read_dictionary();
  }

  std::string descr = {};
  bool fortran_order = false;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::size_t data = 0;  ///< where the numbers begin

 private:
  [[noreturn]] void fail(std::string_view expected, std::string_view got) const {
    throw parse_error({.file = file_, .column = static_cast<std::int64_t>(at_) + 1}, expected, got);
  }
  [[noreturn]] void fail(std::string_view expected) const {
    const auto rest = bytes_.substr(at_, 20);
    fail(expected, rest.empty() ? "the end of the header" : detail::quoted(rest));
  }

  /// Little-endian, unsigned.
  unsigned number_at(std::size_t begin, std::size_t size) const {
    if (bytes_.size() < begin + size) fail("a .npy header", to_text(bytes_.size()) + " bytes: the file is cut short");
    unsigned number = 0;
    for (std::size_t n = size; n-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes_[begin + n]);
    return number;
  }

  bool take(std::string_view text) {
    while (at_ < bytes_.size() && (bytes_[at_] == ' ' || bytes_[at_] == '\n')) ++at_;
    if (!bytes_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  void expect(std::string_view text) {
    if (!take(text)) fail(detail::quoted(text) + " in the header");
  }
  std::string take_string(std::string_view expected) {
    const char quote = take("'") ? '\'' : take("\"") ? '"' : '\0';
    const auto end = quote != '\0' ? bytes_.find(quote, at_) : std::string_view::npos;
    if (end == std::string_view::npos) fail(expected);
    std::string text(bytes_.substr(at_, end - at_));
    at_ = end + 1;
    return text;
  }
  void read_shape() {
    expect("(");
    std::int64_t sizes[2] = {1, 1};
    std::size_t count = 0;
    while (!take(")")) {
      if (count == 2) fail("a shape of one or two dimensions");
      take("");  // blanks
      const char* const begin = bytes_.data() + at_;
      const auto read = std::from_chars(begin, bytes_.data() + bytes_.size(), sizes[count++]);
      if (read.ec != std::errc{} || *begin == '-') fail("a shape of sizes from 0 to 2^63 - 1");
      at_ += static_cast<std::size_t>(read.ptr - begin);
      if (!take(",") && !bytes_.substr(at_).starts_with(")")) fail("',' or ')' in the shape");
    }
    if (count == 0) fail("a shape of one or two dimensions", "()");
    rows = sizes[0];
    columns = sizes[1];
  }
  void read_dictionary() {
    bool has_descr = false, has_order = false, has_shape = false;
    expect("{");
    while (!take("}")) {
      const auto key = take_string("a key of the header");
      expect(":");
      if (key == "descr") {
        descr = take_string("one type for all numbers, such as '<f4'");
        has_descr = true;
      } else if (key == "fortran_order") {
        fortran_order = take("True");
        if (!fortran_order) expect("False");
        has_order = true;
      } else if (key == "shape") {
        read_shape();
        has_shape = true;
      } else {
        fail("the keys 'descr', 'fortran_order' and 'shape'", detail::quoted(key));
      }
      if (!take(",") && !bytes_.substr(at_).starts_with("}")) fail("',' or '}' in the header");
    }
    if (!has_descr || !has_order || !has_shape)
      fail("the keys 'descr', 'fortran_order' and 'shape'", "not all of them");
  }

  std::string_view bytes_;
  const std::string& file_;
  std::size_t at_ = 0;
};

/// Is the number in the range of T? Infinities and NaN are in that of every floating-point type.
template <class T, class Source>
bool in_range_of(Source value) {
  if constexpr (std::is_integral_v<T>) return std::in_range<T>(value);
  else if constexpr (std::is_integral_v<Source> || sizeof(T) >= sizeof(Source)) return true;
  else return !(std::abs(value) > static_cast<Source>(std::numeric_limits<T>::max())) || std::isinf(value);
}

/// The numbers from `bytes` on, row after row or, in Fortran order, column after column.
template <class Source, class T>
matrix<T> npy_numbers(std::string_view bytes, const npy_header& header, const std::string& file) {
  matrix<T> out(header.rows, header.columns);
  if constexpr (std::same_as<Source, T>)
    if (!header.fortran_order) {
      if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
      return out;
    }
  const auto outer = header.fortran_order ? header.columns : header.rows;
  const auto inner = header.fortran_order ? header.rows : header.columns;
  std::size_t at = 0;
  for (std::int64_t o = 0; o < outer; ++o)
    for (std::int64_t i = 0; i < inner; ++i, at += sizeof(Source)) {
      Source stored;
      std::memcpy(&stored, bytes.data() + at, sizeof stored);
      using wide = std::conditional_t<std::same_as<Source, half>, double, Source>;
      const auto value = static_cast<wide>(stored);
      if (!in_range_of<T>(value)) [[unlikely]]
        throw parse_error({.file = file, .column = static_cast<std::int64_t>(header.data + at) + 1},
                          "numbers in the range of " + std::string(npy_descr<T>), to_text(value));
      (header.fortran_order ? out(i, o) : out(o, i)) = static_cast<T>(value);
    }
  return out;
}

}  // namespace detail

template <npy_scalar T>
matrix<T> parse_npy(std::string_view bytes, const std::string& file) {
  const detail::npy_header header(bytes, file);
  const auto data = bytes.substr(header.data);
  const auto fail = [&](const std::string& expected, const std::string& got) {
    throw parse_error({.file = file, .column = static_cast<std::int64_t>(header.data) + 1}, expected, got);
  };
  std::optional<matrix<T>> out;
  const auto read = [&]<class Source>(Source) {
    if constexpr (std::is_integral_v<T> && !std::is_integral_v<Source>) {
      fail("whole numbers", detail::quoted(header.descr));
    } else {
      const auto shape = "(" + detail::to_text(header.rows) + ", " + detail::to_text(header.columns) + ")";
      const auto most = static_cast<std::int64_t>(data.size() / sizeof(Source));  // numbers that are there
      const bool empty = header.rows == 0 || header.columns == 0;
      const bool fits =
          empty ? data.empty()
                : header.rows <= most / header.columns &&
                      static_cast<std::size_t>(header.rows * header.columns) * sizeof(Source) == data.size();
      if (!fits)
        fail("data of shape " + shape + " in " + detail::quoted(header.descr), detail::to_text(data.size()) + " bytes");
      out = detail::npy_numbers<Source, T>(data, header, file);
    }
  };
  if (!detail::with_npy_type(header.descr, read))
    fail("little-endian numbers, such as '<f4'", detail::quoted(header.descr));
  return *std::move(out);
}

template <npy_scalar T>
matrix<T> read_npy(const std::filesystem::path& file, const file_reader& open) {
  return parse_npy<T>(open(file), file.string());
}

template <npy_scalar T>
std::string npy_bytes(const matrix<T>& m) {
  std::string header = "{'descr': '" + std::string(detail::npy_descr<T>) + "', 'fortran_order': False, 'shape': (" +
                       detail::to_text(m.rows()) + ", " + detail::to_text(m.cols()) + "), }";
  // Blanks and a line end bring the data to a multiple of 64 bytes.
  constexpr std::size_t before = 10;
  const std::size_t length = (before + header.size() + 1 + 63) / 64 * 64 - before;
  header.resize(length - 1, ' ');
  header += '\n';

  const std::size_t data = static_cast<std::size_t>(m.size()) * sizeof(T);
  std::string bytes;
  bytes.reserve(before + length + data);
  bytes += detail::npy_magic;
  bytes += {'\x01', '\x00', static_cast<char>(length & 255), static_cast<char>(length >> 8)};
  bytes += header;
  if (data > 0) bytes.append(reinterpret_cast<const char*>(m.data()), data);
  return bytes;
}

template <npy_scalar T>
void write_npy(const std::filesystem::path& file, const matrix<T>& m) {
  write_file(file, npy_bytes(m));
}

}  // namespace reco
