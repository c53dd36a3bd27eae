// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/io/file.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// What the vectors of a file are made of: `.fvecs` holds float, `.ivecs` 32-bit integers, `.bvecs` bytes.
template <class T>
concept fvecs_scalar = std::same_as<T, float> || std::same_as<T, std::int32_t> || std::same_as<T, std::uint8_t>;

/// Reads vectors in the form of the TEXMEX sets for nearest neighbors (SIFT1M, GIST1M): each is its dimension, a
/// little-endian 32-bit integer, and then its numbers. One row a vector.
///
///     auto base      = reco::read_fvecs("sift_base.fvecs");
///     auto neighbors = reco::read_fvecs<std::int32_t>("sift_groundtruth.ivecs");
///
/// An empty file is a matrix of 0 × 0. NaN and infinities pass: `embeddings` refuses them, naming row and column.
/// Throws `parse_error` with the byte, counted from 1, for a dimension below 1, one that differs from the first, and a
/// file that ends within a vector. Sizes are checked before memory is asked for. O(bytes).
template <fvecs_scalar T = float>
[[nodiscard]] matrix<T> read_fvecs(const std::filesystem::path& file, const file_reader& open = read_file);

/// The same of bytes in memory; `file` is the name for messages.
template <fvecs_scalar T = float>
[[nodiscard]] matrix<T> parse_fvecs(std::string_view bytes, const std::string& file);

// ---------------------------------------------------------------------------------------------------

static_assert(std::endian::native == std::endian::little, "reco: .fvecs is read on little-endian machines");

template <fvecs_scalar T>
matrix<T> parse_fvecs(std::string_view bytes, const std::string& file) {
  const auto fail = [&](std::size_t at, const std::string& expected, const std::string& got) {
    throw parse_error({.file = file, .column = static_cast<std::int64_t>(at) + 1}, expected, got);
  };
  const auto dimension_at = [&](std::size_t at) {
    if (bytes.size() - at < sizeof(std::int32_t))
      fail(at, "the dimension of a vector, 4 bytes", detail::to_text(bytes.size() - at) + ": the file is cut short");
    std::int32_t d = 0;
    std::memcpy(&d, bytes.data() + at, sizeof d);
    return d;
  };
  if (bytes.empty()) return {};
  const std::int32_t dimension = dimension_at(0);
  if (dimension < 1) fail(0, "a dimension of at least 1", detail::to_text(dimension));
  const std::size_t numbers = static_cast<std::size_t>(dimension) * sizeof(T);
  const std::size_t row = sizeof dimension + numbers;

  matrix<T> out(static_cast<Eigen::Index>(bytes.size() / row), dimension);
  std::size_t at = 0;
  for (Eigen::Index r = 0; at < bytes.size(); ++r, at += row) {
    if (const auto d = dimension_at(at); d != dimension)
      fail(at, "dimension " + detail::to_text(dimension) + " as of the first vector", detail::to_text(d));
    if (const auto left = bytes.size() - at - sizeof dimension; left < numbers)
      fail(at + sizeof dimension, "a vector of " + detail::to_text(numbers) + " bytes",
           detail::to_text(left) + ": the file is cut short");
    std::memcpy(out.row(r).data(), bytes.data() + at + sizeof dimension, numbers);
  }
  return out;
}

template <fvecs_scalar T>
matrix<T> read_fvecs(const std::filesystem::path& file, const file_reader& open) {
  return parse_fvecs<T>(open(file), file.string());
}

}  // namespace reco
