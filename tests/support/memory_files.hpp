// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "reco/io/file.hpp"

namespace reco_test {

/// An opener for readers: files that exist in memory alone.
inline reco::file_reader memory_files(std::map<std::string, std::string> files) {
  return [files = std::move(files)](const std::filesystem::path& path) { return files.at(path.string()); };
}

}  // namespace reco_test
