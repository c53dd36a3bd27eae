// SPDX-License-Identifier: MIT
#include "reco/content/unicode.hpp"

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;
using kind = reco::character_class;

namespace {

constexpr char32_t end_of_characters = 0x110000;

struct sample {
  std::u32string characters;
  kind expected;
};

std::string text_of(const std::u32string& characters) {
  std::string out;
  for (const auto c : characters) reco::append_utf8(out, c);
  return out;
}

}  // namespace

TEST_CASE("characters of many scripts have the class of their general category") {
  const std::vector<sample> samples = {
      {U"azAZ09", kind::letter},
      {U"\u00AA\u00B5\u00BA\u00C0\u00DF\u00FF", kind::letter},        // ª µ º À ß ÿ
      {U"\u0111\u0131\u0153\u0410\u0451\u03A9\u03C2", kind::letter},  // đ ı œ А ё Ω ς
      {U"\u0531\u0587\u05D0\u05EA\u0621\u064A\u06F5", kind::letter},  // Armenian, Hebrew, Arabic, a Persian digit
      {U"\u0905\u0939\u0995\u0B85\u0C05\u0D05", kind::letter},        // Devanagari, Bengali, Tamil, Telugu, Malayalam
      {U"\u10A0\u10D0\u1C90\u1200\u13A0\u1820", kind::letter},        // Georgian, Ethiopic, Cherokee, Mongolian
      {U"\uAC00\uD7A3\u1100\u1161\u11A8", kind::letter},              // Hangul syllables and jamo
      {U"\u00BD\u00B2\u2160\u0966\U0001D7CE", kind::letter},          // ½ ² Ⅰ and digits of other scripts
      {U"\U00010400\U00010330\U0001E900", kind::letter},              // Deseret, Gothic, Adlam
      {U"\u0300\u036F\u0591\u064B\u093F\u0BCD\u20D7", kind::mark},
      {U"\u30FC\u3099\uFF70\uFF9E", kind::mark},  // ー and the kana sound marks
      {U"\u4E00\u9FFF\u3400\U00020000\U0002EBF0\U00030000\u3005", kind::unspaced},
      {U"\u3042\u30A2\uFF71\u0E01\u0E40\u0E81\u1780\u1000", kind::unspaced},  // あ ア ｱ Thai, Lao, Khmer, Burmese
      {U"\u00AD\u200C\u200D\u2060\uFE0F\uFEFF\u034F", kind::ignored},
      {U" \t\n\r!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", kind::separator},
      {U"\u00A0\u00AB\u00D7\u00F7\u2009\u200B\u2013\u2019\u02BC\u2026\u3000\u3002\u3001", kind::separator},
      {U"\u20AC\u2122\u221E\U0001F600\uFFFC\uFFFD\uE000\uFFFF\U0010FFFF", kind::separator},
  };
  for (const auto& s : samples)
    for (const auto c : s.characters) {
      INFO("U+" << std::hex << static_cast<unsigned>(c));
      CHECK(reco::class_of(c) == s.expected);
    }
  CHECK(reco::class_of(0) == kind::separator);
}

TEST_CASE("surrogates and noncharacters separate") {
  std::int32_t wrong = 0;
  for (char32_t c = 0xD800; c < 0xE000; ++c) wrong += reco::class_of(c) != kind::separator ? 1 : 0;
  for (char32_t c = 0xFDD0; c < 0xFDF0; ++c) wrong += reco::class_of(c) != kind::separator ? 1 : 0;
  for (char32_t plane = 0; plane < 17; ++plane)
    for (char32_t c = plane * 0x10000 + 0xFFFE; c < (plane + 1) * 0x10000; ++c)
      wrong += reco::class_of(c) != kind::separator ? 1 : 0;
  CHECK(wrong == 0);
}

TEST_CASE("case folds in every script that has case") {
  // Upper and lower case as Unicode's CaseFolding.txt maps them (status C and S).
  const std::vector<std::pair<char32_t, char32_t>> pairs = {
      {U'A', U'a'},       {U'Z', U'z'},       {0xC0, 0xE0},       {0xDE, 0xFE},       {0x178, 0xFF},
      {0x100, 0x101},     {0x12E, 0x12F},     {0x139, 0x13A},     {0x147, 0x148},     {0x14A, 0x14B},
      {0x1C4, 0x1C6},     {0x1C5, 0x1C6},     {0x218, 0x219},     {0x23A, 0x2C65},    {0x1E9E, 0xDF},
      {0x1EA0, 0x1EA1},   {0x1EF8, 0x1EF9},   {0x17F, U's'},      {0x212A, U'k'},     {0x212B, 0xE5},
      {0x391, 0x3B1},     {0x3A3, 0x3C3},     {0x3C2, 0x3C3},     {0x386, 0x3AC},     {0x3D0, 0x3B2},
      {0x1F08, 0x1F00},   {0x1FBC, 0x1FB3},   {0x2126, 0x3C9},    {0xB5, 0x3BC},      {0x410, 0x430},
      {0x42F, 0x44F},     {0x401, 0x451},     {0x490, 0x491},     {0x4C0, 0x4CF},     {0x4D0, 0x4D1},
      {0x531, 0x561},     {0x556, 0x586},     {0x10A0, 0x2D00},   {0x1C90, 0x10D0},   {0x1CBF, 0x10FF},
      {0x13F8, 0x13F0},   {0xAB70, 0x13A0},   {0x2C00, 0x2C30},   {0x2160, 0x2170},   {0xA640, 0xA641},
      {0x10400, 0x10428}, {0x10C80, 0x10CC0}, {0x16E40, 0x16E60}, {0x1E900, 0x1E922}, {0xFF21, U'a'},
      {0xFF3A, U'z'},     {0xFF5A, U'z'},     {0xFF19, U'9'},
  };
  for (const auto& [upper, lower] : pairs) {
    INFO("U+" << std::hex << static_cast<unsigned>(upper));
    CHECK(reco::fold_case(upper) == lower);
    CHECK(reco::fold_case(lower) == lower);
  }
}

TEST_CASE("sharp s stays, and i folds as in all languages but the Turkic ones") {
  CHECK(reco::fold_case(std::string_view("Stra\u00DFe STRASSE")) == "stra\u00DFe strasse");
  CHECK(reco::fold_case(std::string_view("I\u0130i\u0131")) == "iii\u0131");
  CHECK(reco::fold_case(U'\u0130') == U'i');
}

TEST_CASE("folding twice is folding once, and a letter stays a letter") {
  std::int32_t wrong = 0;
  std::int32_t folded = 0;
  for (char32_t c = 0; c < end_of_characters; ++c) {
    const auto f = reco::fold_case(c);
    folded += f != c ? 1 : 0;
    wrong += reco::fold_case(f) != f || reco::class_of(f) != reco::class_of(c) ? 1 : 0;
  }
  CHECK(wrong == 0);
  // CaseFolding-15.0.0.txt has 1454 lines with status C or S. Of these 26 are symbols (circled letters) and one is a
  // mark, which stay; beyond them fold İ and 36 full-width digits and small letters.
  CHECK(folded == 1454 - 26 - 1 + 1 + 36);
}

TEST_CASE("a text folds character by character, broken parts become U+FFFD") {
  CHECK(reco::fold_case(std::string_view("")).empty());
  CHECK(reco::fold_case(std::string_view("\u00C9T\u00C9 \u039F\u0394\u039F\u03A3 \u041C\u0418\u0420")) ==
        "\u00E9t\u00E9 \u03BF\u03B4\u03BF\u03C3 \u043C\u0438\u0440");
  CHECK(reco::fold_case(std::string_view("A\xFF\xC3")) == "a\uFFFD\uFFFD");
}

TEST_CASE("letter and mark compose, and taking accents off undoes it") {
  CHECK(reco::compose(U'e', 0x301) == U'\u00E9');
  CHECK(reco::compose(U'\u00EA', 0x323) == 0);           // marks in another order than NFC has them
  CHECK(reco::compose(U'\u1EB9', 0x302) == U'\u1EC7');   // ẹ + circumflex = ệ
  CHECK(reco::compose(U'\u0438', 0x306) == U'\u0439');   // и + breve = й
  CHECK(reco::compose(U'\u304B', 0x3099) == U'\u304C');  // か + voiced sound mark = が
  CHECK(reco::compose(U'q', 0x301) == 0);
  CHECK(reco::compose(U'e', U'e') == 0);
  CHECK(reco::compose(0, 0) == 0);

  CHECK(reco::without_accents(U'\u00E9') == U'e');
  CHECK(reco::without_accents(U'\u1EC7') == U'e');
  CHECK(reco::without_accents(U'\u1F82') == U'\u03B1');  // ᾂ
  CHECK(reco::without_accents(U'\u0439') == U'\u0438');
  for (const char32_t c : {U'e', U'\u00DF', U'\u00F8', U'\u0142', U'\u0131', U'\u304C', U'\u0929', U'\uAC00'})
    CHECK(reco::without_accents(c) == c);  // a nukta is no accent
}

TEST_CASE("Hangul composes by arithmetic") {
  CHECK(reco::compose(0x1100, 0x1161) == U'\uAC00');
  CHECK(reco::compose(U'\uAC00', 0x11A8) == U'\uAC01');
  CHECK(reco::compose(0x1112, 0x1175) == U'\uD788');
  CHECK(reco::compose(U'\uD788', 0x11C2) == U'\uD7A3');
  CHECK(reco::compose(0x1112, 0x1176) == 0);     // an old vowel
  CHECK(reco::compose(U'\uD788', 0x11A7) == 0);  // one before the first trailing consonant
  CHECK(reco::compose(U'\uAC01', 0x11A8) == 0);  // has a trailing consonant already
  CHECK(reco::compose(0x1113, 0x1161) == 0);
}

TEST_CASE("the table of compositions is in order, unambiguous and consistent with the classes") {
  using namespace reco::detail;
  std::int32_t wrong = 0;
  for (std::size_t n = 0; n < std::size(compositions); ++n) {
    const auto& c = compositions[n];
    wrong += n > 0 && compositions[n - 1].whole >= c.whole ? 1 : 0;
    wrong += reco::compose(c.base, c.mark) != c.whole ? 1 : 0;
    wrong += reco::class_of(c.mark) != kind::mark ? 1 : 0;
    wrong += reco::class_of(c.whole) != reco::class_of(c.base) ? 1 : 0;
  }
  CHECK(wrong == 0);
  CHECK(std::size(compositions) == std::size(compositions_by_parts));
}

TEST_CASE("folding and composing can be done in either order, but for the dotted capital I") {
  std::u32string exceptions;
  for (const auto& c : reco::detail::compositions)
    if (reco::compose(reco::fold_case(c.base), c.mark) != reco::fold_case(c.whole)) exceptions += c.whole;
  CHECK(text_of(exceptions) == "\u0130");
}
