// SPDX-License-Identifier: MIT
#pragma once

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/large_pages.hpp"

namespace reco::inline RECO_ABI() {

/// How readers get the bytes of a file: `read_file`, or `read_file_or_xz` of `reco/io/xz.hpp`, or one of
/// your own that takes them from an archive or from memory.
using file_reader = std::function<std::string(const std::filesystem::path&)>;

/// The whole file. Throws `parse_error` naming the path if it cannot be read; where only PATH.xz is there,
/// the message says so.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// Makes the file of these bytes, in the place of one that is there. Throws `error` naming the path.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// PATH.xz
inline std::filesystem::path with_xz(std::filesystem::path path) { return path += ".xz"; }

/// Is there such a file, or such a file packed by xz? Which of them a reader can open is the opener's affair.
inline bool file_is_there(const std::filesystem::path& path) {
  std::error_code none;
  return std::filesystem::is_regular_file(path, none) || std::filesystem::is_regular_file(with_xz(path), none);
}

/// Why the last call of the system failed.
inline std::string system_reason() {
  return errno != 0 ? std::generic_category().message(errno) : std::string("an unknown error");
}

[[noreturn, gnu::cold, gnu::noinline]] inline void fail_file(const std::filesystem::path& path, std::string_view got) {
  throw parse_error({.file = path.string()}, "a file that can be read", got);
}

}  // namespace detail

inline std::string read_file(const std::filesystem::path& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none)) detail::fail_file(path, "a folder");
  if (!std::filesystem::exists(path, none)) {
    const bool packed = detail::file_is_there(path);
    detail::fail_file(path, packed ? "only " + detail::with_xz(path.filename()).string() +
                                         " beside it: unpack it, or read with reco::read_file_or_xz"
                                   : "none");
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) detail::fail_file(path, detail::system_reason());
  constexpr std::size_t piece = std::size_t{1} << 20;
  std::string bytes;
  if (const auto size = std::filesystem::file_size(path, none); !none) bytes.reserve(size + piece);
  detail::prefer_large_pages(bytes.data(), bytes.capacity());
  // Pipes and devices have no size: read until there is no more.
  for (std::size_t had = 0; in;) {
    bytes.resize(had + piece);
    in.read(bytes.data() + had, piece);
    had += static_cast<std::size_t>(in.gcount());
    bytes.resize(had);
  }
  if (in.bad()) detail::fail_file(path, detail::system_reason());
  return bytes;
}

inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  errno = 0;
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw error(path.string() + ": cannot be written: " + detail::system_reason());
}

}  // namespace reco
