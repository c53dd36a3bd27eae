// SPDX-License-Identifier: MIT
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "support/catch.hpp"

// Published data sets are not part of this repository. A test that uses one says so in its first line,
//
//     RECO_NEEDS_DATA(path, "ml-100k/u.data");        // path: a std::filesystem::path
//     RECO_NEEDS_DATA_FOLDER(folder, "ml-100k");      // the same for a folder of files
//
// and is skipped, with the reason, where the environment variable RECO_DATA_DIR names no folder that
// has it. Files may be packed: `u.data.xz` serves for `u.data` and is unpacked, once, into the build's
// scratch folder by the program `xz`.

namespace reco_test {

namespace detail {

namespace fs = std::filesystem;

inline fs::path scratch_folder() {
#if defined(RECO_TEST_SCRATCH)
  return fs::path(RECO_TEST_SCRATCH);
#else
  return fs::temp_directory_path() / "reco-test-data";
#endif
}

/// `data_file` and `data_folder` may run in several test processes at once: each makes a file under a
/// name of its own and moves it into place.
template <class Make>
void make_file(const fs::path& target, Make make) {
  fs::create_directories(target.parent_path());
  std::ostringstream name;
  name << target.string() << '.' << std::hex << std::random_device{}() << ".part";
  const fs::path part = name.str();
  try {
    make(part);
    fs::rename(part, target);
  } catch (...) {
    std::error_code ignored;
    fs::remove(part, ignored);
    throw;
  }
}

inline std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + '\'';
}

inline void unpack(const fs::path& packed, const fs::path& target) {
  std::error_code none;
  if (fs::exists(target) && fs::last_write_time(target, none) >= fs::last_write_time(packed)) return;
  make_file(target, [&](const fs::path& part) {
    const std::string command = "xz -dc " + shell_quoted(packed.string()) + " > " + shell_quoted(part.string());
    const int status = std::system(command.c_str());
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      throw std::runtime_error("cannot unpack " + packed.string() +
                               ": is the program xz installed and the file whole?");
  });
}

inline std::optional<fs::path> data_root() {
  const char* const root = std::getenv("RECO_DATA_DIR");
  if (root == nullptr || *root == '\0') return std::nullopt;
  return fs::path(root);
}

inline std::string data_missing(const std::string& name) {
  const auto root = data_root();
  if (!root) return "needs the data set " + name + "; set RECO_DATA_DIR to a folder that has it";
  return "needs the data set " + name + "; RECO_DATA_DIR, " + root->string() + ", has neither it nor its .xz";
}

}  // namespace detail

/// Where to read the data set file `name` ("ml-100k/u.data"); nothing if it is not on this machine.
inline std::optional<std::filesystem::path> data_file(const std::string& name) {
  namespace fs = std::filesystem;
  const auto root = detail::data_root();
  if (!root) return std::nullopt;
  if (fs::path plain = *root / name; fs::is_regular_file(plain)) return plain;
  const fs::path packed = *root / (name + ".xz");
  if (!fs::is_regular_file(packed)) return std::nullopt;
  fs::path target = detail::scratch_folder() / name;
  detail::unpack(packed, target);
  return target;
}

/// A folder that holds every file of the data set folder `name`, unpacked; nothing if there is none.
inline std::optional<std::filesystem::path> data_folder(const std::string& name) {
  namespace fs = std::filesystem;
  const auto root = detail::data_root();
  if (!root || !fs::is_directory(*root / name)) return std::nullopt;
  fs::path folder = detail::scratch_folder() / name;
  for (const auto& entry : fs::directory_iterator(*root / name)) {
    if (!entry.is_regular_file()) continue;
    const fs::path& file = entry.path();
    if (file.extension() == ".xz") {
      detail::unpack(file, folder / file.stem());
    } else {
      const auto copy = [&](const fs::path& part) { fs::copy_file(file, part); };
      if (!fs::exists(folder / file.filename())) detail::make_file(folder / file.filename(), copy);
    }
  }
  return folder;
}

}  // namespace reco_test

#define RECO_NEEDS_DATA(variable, name) RECO_NEEDS_DATA_AS(variable, name, reco_test::data_file(name))
#define RECO_NEEDS_DATA_FOLDER(variable, name) RECO_NEEDS_DATA_AS(variable, name, reco_test::data_folder(name))
#define RECO_NEEDS_DATA_AS(variable, name, found)                          \
  const auto variable##_found = found;                                     \
  if (!variable##_found) RECO_SKIP(reco_test::detail::data_missing(name)); \
  const std::filesystem::path& variable = *variable##_found
