// SPDX-License-Identifier: MIT
#include "reco/base/utf8.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using namespace std::string_view_literals;

namespace {

constexpr std::int32_t no_character = -1;
constexpr std::int32_t beginning = -2;  // of a character: more bytes must follow

/// The other way round: every character there is, written down by the formula of the definition (Unicode 15, table
/// 3-6), in a tree of bytes. Decoding is then looking up, without any of the conditions that a decoder has.
class byte_tree {
 public:
  byte_tree() {
    add_node();
    for (std::int32_t c = 0; c < 0x110000; ++c) {
      if (c >= 0xD800 && c < 0xE000) continue;
      if (c < 0x80) add({c}, c);
      else if (c < 0x800) add({0xC0 + c / 64, 0x80 + c % 64}, c);
      else if (c < 0x10000) add({0xE0 + c / 4096, 0x80 + c / 64 % 64, 0x80 + c % 64}, c);
      else add({0xF0 + c / 262144, 0x80 + c / 4096 % 64, 0x80 + c / 64 % 64, 0x80 + c % 64}, c);
    }
  }

  reco::utf8_character decode(std::string_view text, std::size_t offset) const {
    std::size_t node = 0;
    for (std::size_t n = 0; offset + n < text.size(); ++n) {
      const auto& next = nodes_[node][static_cast<unsigned char>(text[offset + n])];
      if (next.character >= 0) return {.code_point = static_cast<char32_t>(next.character), .bytes = n + 1};
      if (next.character == no_character) return {.bytes = std::max<std::size_t>(n, 1), .broken = true};
      node = next.node;
    }
    return {.bytes = text.size() - offset, .broken = true};
  }

 private:
  struct branch {
    std::int32_t character = no_character;
    std::size_t node = 0;
  };

  std::size_t add_node() {
    nodes_.emplace_back();
    return nodes_.size() - 1;
  }
  void add(const std::vector<std::int32_t>& bytes, std::int32_t character) {
    std::size_t node = 0;
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      const auto byte = static_cast<std::size_t>(bytes[n]);
      if (n + 1 == bytes.size()) {
        nodes_[node][byte].character = character;
      } else {
        if (nodes_[node][byte].character == no_character) {
          const auto fresh = add_node();
          nodes_[node][byte] = {.character = beginning, .node = fresh};
        }
        node = nodes_[node][byte].node;
      }
    }
  }

  std::vector<std::array<branch, 256>> nodes_ = {};
};

const byte_tree& tree() {
  static const byte_tree t;
  return t;
}

/// The text as code points, U+FFFD for each broken part.
std::u32string decoded(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = reco::decode_utf8(text, at);
    out += c.code_point;
    at += c.bytes;
  }
  return out;
}

}  // namespace

TEST_CASE("every character is written as it is read") {
  std::int32_t wrong = 0;
  std::string text;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    text.clear();
    reco::append_utf8(text, c);
    const auto back = reco::decode_utf8(text, 0);
    wrong += back != reco::utf8_character{.code_point = c, .bytes = text.size(), .broken = false} ? 1 : 0;
    wrong += back != tree().decode(text, 0) ? 1 : 0;
  }
  CHECK(wrong == 0);
}

TEST_CASE("surrogates and numbers above U+10FFFF are written as U+FFFD") {
  for (const char32_t c : {0xD800U, 0xDBFFU, 0xDC00U, 0xDFFFU, 0x110000U, 0xFFFFFFFFU}) {
    std::string text = "<";
    reco::append_utf8(text, c);
    CHECK(text == "<\uFFFD");
  }
}

TEST_CASE("every sequence of one, two and three bytes is decoded as the tree of all characters says") {
  std::int64_t wrong = 0;
  std::array<char, 3> bytes = {};
  // The first byte decides the length; after it every second byte, and as third the ends of the classes that matter.
  const auto thirds = "\x00\x41\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC2\xE0\xED\xF0\xF4\xFF"sv;
  for (int first = 0; first < 256; ++first) {
    bytes[0] = static_cast<char>(first);
    const std::string_view one(bytes.data(), 1);
    wrong += reco::decode_utf8(one, 0) != tree().decode(one, 0) ? 1 : 0;
    for (int second = 0; second < 256; ++second) {
      bytes[1] = static_cast<char>(second);
      const std::string_view two(bytes.data(), 2);
      wrong += reco::decode_utf8(two, 0) != tree().decode(two, 0) ? 1 : 0;
      for (const char third : thirds) {
        bytes[2] = third;
        const std::string_view three(bytes.data(), 3);
        wrong += reco::decode_utf8(three, 0) != tree().decode(three, 0) ? 1 : 0;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("every sequence of four bytes from both sides of every boundary is decoded as the tree says") {
  const auto edges =
      "\x00\x41\x7F\x80\x81\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4\xF5\xF7\xF8\xFF"sv;
  std::int64_t wrong = 0;
  std::array<char, 4> bytes = {};
  for (const char a : edges)
    for (const char b : edges)
      for (const char c : edges)
        for (const char d : edges) {
          bytes = {a, b, c, d};
          const std::string_view text(bytes.data(), bytes.size());
          wrong += reco::decode_utf8(text, 0) != tree().decode(text, 0) ? 1 : 0;
        }
  CHECK(wrong == 0);
}

TEST_CASE("broken parts are as long as the Unicode standard recommends") {
  // Unicode 15, section 3.9: tables 3-8 (overlong), 3-9 (surrogates), 3-10 (others), 3-11 (truncated).
  constexpr char32_t F = reco::replacement_character;
  CHECK(decoded("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41") == std::u32string{F, F, F, F, F, F, F, F, U'A'});
  CHECK(decoded("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41") == std::u32string{F, F, F, F, F, F, F, F, U'A'});
  CHECK(decoded("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42") == std::u32string{F, F, F, F, F, U'A', F, F, U'B'});
  CHECK(decoded("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41") == std::u32string{F, F, F, F, U'A'});
}

TEST_CASE("the first broken part of a text is found") {
  CHECK(reco::first_broken_utf8("") == std::nullopt);
  CHECK(reco::first_broken_utf8("na\u00EFve \u65E5\u672C \U0001F600 \uFFFD \0 x"sv) == std::nullopt);
  CHECK(reco::first_broken_utf8("caf\xE9") == 3);
  CHECK(reco::first_broken_utf8("\x80") == 0);
  CHECK(reco::first_broken_utf8("\u65E5\xE6\x97") == 3);
  CHECK(reco::first_broken_utf8("ok \xC0\x80 and \xFF") == 3);
}

TEST_CASE("any bytes are walked through to their end without reading past it") {
  const std::uint64_t seed = 20;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (int round = 0; round < 2000; ++round) {
    // A heap block of exactly this size: a byte read past it is seen by the address sanitizer.
    const auto size = static_cast<std::size_t>(reco::uniform_index(random, 40));
    const auto bytes = std::make_unique<char[]>(size);
    for (std::size_t n = 0; n < size; ++n) {
      const auto high = static_cast<char>(0x80 + reco::uniform_index(random, 0x80));
      bytes[n] = reco::bernoulli(random, 0.8) ? high : static_cast<char>(reco::uniform_index(random, 256));
    }
    const std::string_view text(bytes.get(), size);
    std::size_t at = 0;
    bool same = true;
    while (at < size) {
      const auto c = reco::decode_utf8(text, at);
      same = same && c == tree().decode(text, at) && c.bytes >= 1;
      at += std::max<std::size_t>(c.bytes, 1);
    }
    REQUIRE(same);
    REQUIRE(at == size);
  }
}

TEST_CASE("decoding works while compiling") {
  static_assert(reco::decode_utf8("\u20AC", 0).code_point == U'\u20AC');
  static_assert(reco::first_broken_utf8("a\xFF") == 1);
  CHECK(reco::decode_utf8("\u20AC", 0).bytes == 3);
}
