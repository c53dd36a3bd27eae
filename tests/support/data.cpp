// SPDX-License-Identifier: MIT
#include "support/data.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "support/catch.hpp"

using namespace reco_test;
namespace fs = std::filesystem;

namespace {

/// RECO_DATA_DIR is this folder until the end of the test; the scratch copies of it are gone then.
class data_dir {
 public:
  explicit data_dir(const std::string& set) : set_(set), root_(detail::scratch_folder() / ("test's " + set)) {
    if (const char* const before = std::getenv("RECO_DATA_DIR")) before_ = before;
    forget();
    fs::create_directories(root_ / set);
    setenv("RECO_DATA_DIR", root_.c_str(), 1);
  }
  ~data_dir() {
    before_ ? setenv("RECO_DATA_DIR", before_->c_str(), 1) : unsetenv("RECO_DATA_DIR");
    forget();
  }
  data_dir(const data_dir&) = delete;
  data_dir& operator=(const data_dir&) = delete;

  void write(const std::string& name, const std::string& text) const { std::ofstream(root_ / set_ / name) << text; }
  [[nodiscard]] bool pack(const std::string& name) const {
    return std::system(("xz -f " + detail::shell_quoted((root_ / set_ / name).string())).c_str()) == 0;
  }
  [[nodiscard]] fs::path root() const { return root_; }

 private:
  void forget() const {
    fs::remove_all(root_);
    fs::remove_all(detail::scratch_folder() / set_);
  }

  std::string set_;
  fs::path root_;
  std::optional<std::string> before_ = {};
};

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a data set file that is not packed is read where it lies") {
  const data_dir dir("plain-set");
  dir.write("a.txt", "one\n");
  CHECK(data_file("plain-set/a.txt") == dir.root() / "plain-set/a.txt");
  CHECK_FALSE(data_file("plain-set/b.txt"));
  CHECK_FALSE(data_folder("no-such-set"));
}

TEST_CASE("a packed data set file is unpacked once, and again when it is newer") {
  const data_dir dir("packed-set");
  dir.write("a.txt", "one\n");
  if (!dir.pack("a.txt")) RECO_SKIP("needs the program xz");
  const auto unpacked = data_file("packed-set/a.txt");
  REQUIRE(unpacked);
  CHECK(text_of(*unpacked) == "one\n");

  std::ofstream(*unpacked) << "kept";
  CHECK(text_of(data_file("packed-set/a.txt").value()) == "kept");
  fs::last_write_time(dir.root() / "packed-set/a.txt.xz", fs::last_write_time(*unpacked) + std::chrono::seconds(1));
  CHECK(text_of(data_file("packed-set/a.txt").value()) == "one\n");
}

TEST_CASE("a data set folder is given with all its files unpacked") {
  const data_dir dir("folder-set");
  dir.write("a.txt", "one\n");
  dir.write("b.txt", "two\n");
  if (!dir.pack("a.txt")) RECO_SKIP("needs the program xz");
  const auto folder = data_folder("folder-set");
  REQUIRE(folder);
  CHECK(text_of(*folder / "a.txt") == "one\n");
  CHECK(text_of(*folder / "b.txt") == "two\n");
}

TEST_CASE("a broken packed file is an error and leaves nothing behind") {
  const data_dir dir("broken-set");
  dir.write("a.txt.xz", "this is no xz file");
  CHECK_THROWS_WITH(data_file("broken-set/a.txt"), ContainsSubstring("a.txt.xz") && ContainsSubstring("cannot unpack"));
  CHECK(fs::is_empty(detail::scratch_folder() / "broken-set"));
}

TEST_CASE("without RECO_DATA_DIR no data set is found") {
  const data_dir dir("gone-set");
  dir.write("a.txt", "one\n");
  unsetenv("RECO_DATA_DIR");
  CHECK_FALSE(data_file("gone-set/a.txt"));
  CHECK_FALSE(data_folder("gone-set"));
}
