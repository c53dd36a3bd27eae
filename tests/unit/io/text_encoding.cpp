// SPDX-License-Identifier: MIT
#include "reco/io/text_encoding.hpp"

#include <string>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("UTF-8 is told from other bytes") {
  static_assert(reco::is_utf8("plain"));
  CHECK(reco::is_utf8(""));
  CHECK(reco::is_utf8("Misérables, Les; 日本; 🎬"));
  CHECK_FALSE(reco::is_utf8("Mis\xE9rables, Les"));
  CHECK_FALSE(reco::is_utf8("cut short \xC3"));
  CHECK_FALSE(reco::is_utf8("overlong \xC0\xAF"));
}

TEST_CASE("every byte of ISO-8859-1 is the character of that number") {
  CHECK(reco::latin1_to_utf8("Mis\xE9rables, Les (1995)") == "Misérables, Les (1995)");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const std::string text = reco::latin1_to_utf8(all);
  CHECK(text.size() == 128 + 2 * 128);
  std::size_t at = 0;
  for (char32_t byte = 0; byte < 256; ++byte) {
    const auto c = reco::decode_utf8(text, at);
    CHECK(c.code_point == byte);
    at += c.bytes;
  }
  CHECK(at == text.size());
}

TEST_CASE("UTF-8 stays and anything else is taken for ISO-8859-1") {
  CHECK(reco::to_utf8("Misérables") == "Misérables");
  CHECK(reco::to_utf8("Mis\xE9rables") == "Misérables");
  CHECK(reco::to_utf8("") == "");
}
