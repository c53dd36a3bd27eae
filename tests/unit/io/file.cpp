// SPDX-License-Identifier: MIT
#include "reco/io/file.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "support/catch.hpp"
#include "support/scratch.hpp"

using namespace reco_test;

TEST_CASE("a file is read whole, whatever its bytes and its size") {
  const scratch_folder folder("read-file");
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20, (std::size_t{1} << 20) + 1}) {
    std::string bytes(size, '\0');
    for (std::size_t n = 0; n < size; ++n) bytes[n] = static_cast<char>(n * 7 + n / 256);
    folder.write("bytes", bytes);
    CHECK(reco::read_file(folder.path("bytes")) == bytes);
  }
}

TEST_CASE("a file that is not there is named") {
  const scratch_folder folder("read-file");
  const auto path = folder.path("ratings.csv");
  CHECK_THROWS_WITH(reco::read_file(path), path.string() + ": expected a file that can be read, got none");
  CHECK_THROWS_AS(reco::read_file(path), reco::parse_error);
}

TEST_CASE("where only the packed file is there, the error says so") {
  const scratch_folder folder("read-file");
  folder.write("ratings.csv.xz", "packed");
  const auto path = folder.path("ratings.csv");
  CHECK_THROWS_WITH(reco::read_file(path),
                    path.string() +
                        ": expected a file that can be read, got only ratings.csv.xz beside it: unpack it, "
                        "or read with reco::read_file_or_xz");
}

TEST_CASE("a folder is no file") {
  const scratch_folder folder("read-file");
  CHECK_THROWS_WITH(reco::read_file(folder.path()),
                    folder.path().string() + ": expected a file that can be read, got a folder");
}

TEST_CASE("what has no size beforehand is read to its end") {
  const std::filesystem::path status = "/proc/self/status";
  if (!std::filesystem::exists(status)) RECO_SKIP("needs the data set /proc");
  CHECK_THAT(reco::read_file(status), StartsWith("Name:"));
}
