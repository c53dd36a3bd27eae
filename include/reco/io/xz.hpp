// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <lzma.h>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/io/file.hpp"

/// Files packed by xz. Needs liblzma: link `reco::xz`. Not part of `reco.hpp`.

namespace reco::inline RECO_ABI() {

/// The file, unpacked if xz packed it; where there is none, PATH.xz. A `file_reader` for the readers of this room:
///
///     auto log = reco::read_movielens("ml-1m", {}, reco::read_file_or_xz);
///
/// Throws `parse_error` as `read_file` and `unpack_xz` do.
[[nodiscard]] std::string read_file_or_xz(const std::filesystem::path& path);

/// Unpacks the bytes of a .xz file, of several streams too. `file` is the name for messages. Throws `parse_error`
/// with the byte if they are cut short, broken or no such file, or want more than 1 GiB to unpack.
[[nodiscard]] std::string unpack_xz(std::string_view packed, const std::string& file);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// A decoder that is freed at the end, whatever happens.
struct xz_decoder {
  lzma_stream stream = LZMA_STREAM_INIT;
  xz_decoder() = default;
  xz_decoder(const xz_decoder&) = delete;
  xz_decoder& operator=(const xz_decoder&) = delete;
  ~xz_decoder() { lzma_end(&stream); }
};

inline std::string_view xz_error(lzma_ret code) {
  switch (code) {
    case LZMA_FORMAT_ERROR: return "another format";
    case LZMA_OPTIONS_ERROR: return "options that this liblzma does not know";
    case LZMA_MEMLIMIT_ERROR: return "a file that wants more than 1 GiB of memory";
    case LZMA_MEM_ERROR: return "not enough memory";
    case LZMA_BUF_ERROR: return "its end: the file is cut short";
    default: return "broken data";
  }
}

}  // namespace detail

inline std::string unpack_xz(std::string_view packed, const std::string& file) {
  constexpr std::uint64_t memory_limit = std::uint64_t{1} << 30;
  constexpr std::size_t first_size = std::size_t{1} << 20;
  detail::xz_decoder decoder;
  auto& stream = decoder.stream;
  lzma_ret code = lzma_stream_decoder(&stream, memory_limit, LZMA_CONCATENATED);
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::string out;
  while (code == LZMA_OK) {
    const auto done = static_cast<std::size_t>(stream.total_out);
    if (done == out.size()) out.resize(out.empty() ? first_size : out.size() * 2);
    stream.next_out = reinterpret_cast<std::uint8_t*>(out.data() + done);
    stream.avail_out = out.size() - done;
    code = lzma_code(&stream, LZMA_FINISH);
  }
  if (code != LZMA_STREAM_END)
    throw parse_error({.file = file, .column = static_cast<std::int64_t>(stream.total_in) + 1}, "data packed by xz",
                      detail::xz_error(code));
  out.resize(static_cast<std::size_t>(stream.total_out));
  return out;
}

inline std::string read_file_or_xz(const std::filesystem::path& path) {
  const auto packed = detail::with_xz(path);
  std::error_code none;
  const auto& there = std::filesystem::exists(path, none) || !std::filesystem::exists(packed, none) ? path : packed;
  auto bytes = read_file(there);
  constexpr char first_bytes[] = {'\xfd', '7', 'z', 'X', 'Z', '\0'};  // of all that xz packs
  if (there == packed || bytes.starts_with(std::string_view(first_bytes, 6))) return unpack_xz(bytes, there.string());
  return bytes;
}

}  // namespace reco
