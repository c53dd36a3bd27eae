// SPDX-License-Identifier: MIT
#include "reco/io/xz.hpp"

#include <string>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/scratch.hpp"

using namespace reco_test;

namespace {

std::string pack(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  const auto code =
      lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()),
                              text.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size());
  REQUIRE(code == LZMA_OK);
  out.resize(size);
  return out;
}

/// About `size` bytes that do not pack to nothing.
std::string sample(std::size_t size) {
  reco::random_engine random(1);
  std::string text;
  while (text.size() < size) text += std::to_string(reco::uniform_index(random, 10000)) + "::";
  return text;
}

/// What stands behind "got " in the error.
std::string xz_complaint(const std::string& packed) {
  try {
    (void)reco::unpack_xz(packed, "f.xz");
  } catch (const reco::parse_error& e) {
    CHECK(e.file() == "f.xz");
    CHECK(e.line() == 0);
    CHECK(e.column() >= 1);
    CHECK(e.expected() == "data packed by xz");
    return e.got();
  }
  return "no error";
}

}  // namespace

TEST_CASE("what xz packed is unpacked, whatever its size") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1000}, std::size_t{3} << 20}) {
    const std::string text = size == 0 ? "" : sample(size);
    CHECK(reco::unpack_xz(pack(text), "f.xz") == text);
  }
  const std::string zeros(5 << 20, '\0');  // much larger than what it is packed to
  CHECK(reco::unpack_xz(pack(zeros), "f.xz") == zeros);
}

TEST_CASE("several streams in one file are unpacked one after the other, padding between them") {
  CHECK(reco::unpack_xz(pack("one ") + pack("two"), "f.xz") == "one two");
  CHECK(reco::unpack_xz(pack("one ") + std::string(8, '\0') + pack("two"), "f.xz") == "one two");
}

TEST_CASE("a packed file that is cut short anywhere is an error") {
  const std::string packed = pack(sample(3000));
  CHECK(xz_complaint("") == "its end: the file is cut short");
  for (std::size_t size = 0; size < packed.size(); size += size < 64 ? 1 : 37) {
    CAPTURE(size);
    CHECK(xz_complaint(packed.substr(0, size)) == "its end: the file is cut short");
  }
}

TEST_CASE("a changed byte anywhere in a packed file is an error") {
  const std::string packed = pack(sample(3000));
  for (std::size_t n = 0; n < packed.size(); n += 13) {
    std::string broken = packed;
    broken[n] = static_cast<char>(broken[n] ^ 0x10);
    CAPTURE(n);
    CHECK(xz_complaint(broken) != "no error");
  }
  CHECK(xz_complaint("userId,movieId\n1,2\n") == "another format");
  CHECK(xz_complaint(packed + "more") != "no error");
}

TEST_CASE("the file is read where there is one, else the packed one beside it") {
  const scratch_folder folder("xz");
  const auto path = folder.path("u.data");
  CHECK_THROWS_WITH(reco::read_file_or_xz(path), path.string() + ": expected a file that can be read, got none");
  folder.write("u.data.xz", pack("packed"));
  CHECK(reco::read_file_or_xz(path) == "packed");
  CHECK(reco::read_file_or_xz(folder.path("u.data.xz")) == "packed");
  folder.write("u.data", "plain");
  CHECK(reco::read_file_or_xz(path) == "plain");
  folder.write("u.item.xz", "1|Toy Story (1995)|01-Jan-1995\n");
  const auto broken = folder.path("u.item.xz").string();
  CHECK_THROWS_WITH(reco::read_file_or_xz(folder.path("u.item")), StartsWith(broken + ": byte "));
  CHECK_THROWS_WITH(reco::read_file_or_xz(folder.path("u.item")),
                    EndsWith(": expected data packed by xz, got another format"));
}
