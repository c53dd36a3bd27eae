// SPDX-License-Identifier: MIT
#include "reco/content/tokenizer.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"
#include "support/data.hpp"

using namespace reco_test;
using namespace std::string_view_literals;

namespace {

using strings = std::vector<std::string>;

/// Every word, however short.
const reco::tokenizer all_words{.min_length = 1};

/// The rules of the tokenizer as they are written down, over code points: no fast path, no buffer that is reused.
strings naive_words(const reco::tokenizer& rule, std::string_view text) {
  std::u32string characters;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = reco::decode_utf8(text, at);
    characters += c.code_point;
    at += c.bytes;
  }
  const auto is_digit = [](char32_t c) { return c >= U'0' && c <= U'9'; };
  std::vector<std::u32string> words;
  std::u32string word;
  bool unspaced = false;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(word);
    word.clear();
    unspaced = false;
  };
  for (std::size_t n = 0; n < characters.size(); ++n) {
    const char32_t c = characters[n];
    const char32_t next = n + 1 < characters.size() ? characters[n + 1] : U' ';
    const auto type = reco::class_of(c);
    const bool apostrophe = c == U'\'' || c == U'\u2019' || c == U'\u02BC';
    if (type == reco::character_class::letter) {
      if (unspaced) end_word();
      const auto whole = word.empty() ? 0 : reco::compose(word.back(), c);
      if (whole != 0) word.back() = whole;
      else word += rule.fold_case ? reco::fold_case(c) : c;
    } else if (type == reco::character_class::unspaced) {
      end_word();
      word = c;
      unspaced = true;
    } else if (type == reco::character_class::mark) {
      if (word.empty()) continue;
      const auto whole = reco::compose(word.back(), c);
      if (whole != 0) word.back() = whole;
      else word += c;
    } else if ((c == U'.' || c == U',') && !word.empty() && is_digit(word.back()) && is_digit(next)) {
      word += c;
    } else if (apostrophe && rule.apostrophes == reco::apostrophe::keep && !word.empty() && !unspaced &&
               reco::class_of(next) == reco::character_class::letter) {
      word += U'\'';
    } else if (type == reco::character_class::separator) {
      end_word();
    }
  }
  end_word();
  strings out;
  for (const auto& w : words) {
    const bool free = reco::class_of(w[0]) == reco::character_class::unspaced;
    std::string bytes;
    for (const auto c : w) reco::append_utf8(bytes, c);
    if (!free && w.size() < static_cast<std::size_t>(rule.min_length)) continue;
    if (!rule.stop_words.contains(bytes)) out.push_back(bytes);
  }
  return out;
}

std::string joined(const strings& words, std::size_t first, std::size_t count) {
  std::string out;
  for (std::size_t n = first; n < first + count; ++n) out += (n > first ? " " : "") + words[n];
  return out;
}

strings sorted(strings s) {
  std::sort(s.begin(), s.end());
  return s;
}

}  // namespace

TEST_CASE("a text becomes folded words without stop words and single letters") {
  const reco::tokenizer words{.stop_words = reco::english_stop_words};
  CHECK(words.tokens("Don\u2019t panic: the \u00C9CLAIR is 3.14 \u20AC") == strings{"panic", "\u00E9clair", "3.14"});
  CHECK(reco::tokenizer{}.tokens("The Quick (Brown) Fox!") == strings{"the", "quick", "brown", "fox"});
}

TEST_CASE("words of many scripts are found and folded") {
  CHECK(all_words.tokens("\u00DCber Stra\u00DFe, \u0141\u00F3d\u017A") ==
        strings{"\u00FCber", "stra\u00DFe", "\u0142\u00F3d\u017A"});
  CHECK(
      all_words.tokens(
          "\u039F\u0394\u03A5\u03A3\u03A3\u0395\u03A5\u03A3 \u1F48\u03B4\u03C5\u03C3\u03C3\u03B5\u03CD\u03C2") ==
      strings{"\u03BF\u03B4\u03C5\u03C3\u03C3\u03B5\u03C5\u03C3", "\u1F40\u03B4\u03C5\u03C3\u03C3\u03B5\u03CD\u03C3"});
  CHECK(all_words.tokens("\u041F\u0440\u0438\u0432\u0435\u0442, \u041C\u0418\u0420!") ==
        strings{"\u043F\u0440\u0438\u0432\u0435\u0442", "\u043C\u0438\u0440"});
  CHECK(
      all_words.tokens("\u1C97\u1C91\u1C98\u1C9A\u1C98\u1CA1\u1C98 \u10D7\u10D1\u10D8\u10DA\u10D8\u10E1\u10D8") ==
      strings{"\u10D7\u10D1\u10D8\u10DA\u10D8\u10E1\u10D8", "\u10D7\u10D1\u10D8\u10DA\u10D8\u10E1\u10D8"});  // Tbilisi
  CHECK(all_words.tokens("\u0540\u0561\u0575\u0565\u0580\u0565\u0576\u0589") ==
        strings{"\u0570\u0561\u0575\u0565\u0580\u0565\u0576"});  // Armenian, with its full stop
  CHECK(all_words.tokens("\u05E9\u05DC\u05D5\u05DD \u0645\u064E\u0631\u062D\u0628\u0627\u060C") ==
        strings{"\u05E9\u05DC\u05D5\u05DD", "\u0645\u064E\u0631\u062D\u0628\u0627"});
  CHECK(all_words.tokens("\u0928\u092E\u0938\u094D\u0924\u0947 \u0926\u0941\u0928\u093F\u092F\u093E\u0964") ==
        strings{"\u0928\u092E\u0938\u094D\u0924\u0947", "\u0926\u0941\u0928\u093F\u092F\u093E"});  // vowel signs stay
  CHECK(all_words.tokens("\uB300\uD55C\uBBFC\uAD6D \uC11C\uC6B8") ==
        strings{"\uB300\uD55C\uBBFC\uAD6D", "\uC11C\uC6B8"});
  CHECK(all_words.tokens("\uFF32\uFF45\uFF43\uFF4F \uFF12\uFF10") == strings{"reco", "20"});
}

TEST_CASE("scripts without spaces give a word a letter, of any length") {
  const reco::tokenizer words;
  CHECK(words.tokens("\u65E5\u672C\u8A9E\u3002iPhone\u624B\u673A a") ==
        strings{"\u65E5", "\u672C", "\u8A9E", "iphone", "\u624B", "\u673A"});
  CHECK(words.tokens("\u304A\u5BFF\u53F8\u30B9\u30FC\u30D1\u30FC") ==
        strings{"\u304A", "\u5BFF", "\u53F8", "\u30B9\u30FC", "\u30D1\u30FC"});
  CHECK(words.tokens("\u0E01\u0E34\u0E19\u0E02\u0E49\u0E32\u0E27") ==
        strings{"\u0E01\u0E34", "\u0E19", "\u0E02\u0E49", "\u0E32", "\u0E27"});  // marks stay with their consonants
  CHECK(words.tokens("\u304B\u3099") == strings{"\u304C"});
  CHECK(reco::tokenizer{.max_ngram = 2}.tokens("\u6771\u4EAC\u90FD") ==
        strings{"\u6771", "\u4EAC", "\u6771 \u4EAC", "\u90FD", "\u4EAC \u90FD"});
}

TEST_CASE("hyphens, underscores and symbols separate") {
  CHECK(all_words.tokens("state-of-the-art snake_case a\u2014b x+y@z #tag \U0001F600smile") ==
        strings{"state", "of", "the", "art", "snake", "case", "a", "b", "x", "y", "z", "tag", "smile"});
  CHECK(all_words.tokens("a\u200Bb a\u00A0b") == strings{"a", "b", "a", "b"});
}

TEST_CASE("what shows as nothing neither separates nor stands in a token") {
  CHECK(all_words.tokens("\uFEFFco\u00ADoper\u00ADate") == strings{"cooperate"});
  CHECK(all_words.tokens("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645") ==
        strings{"\u0645\u06CC\u062E\u0648\u0627\u0647\u0645"});
  CHECK(all_words.tokens("\u00AD\u200D\uFE0F").empty());
}

TEST_CASE("apostrophes split, or join two letters") {
  const auto text = "Don\u2019t l'homme \u043C\u02BC\u044F\u0442\u0430 rock 'n' roll dogs' '' 90's '"sv;
  CHECK(all_words.tokens(text) ==
        strings{"don", "t", "l", "homme", "\u043C", "\u044F\u0442\u0430", "rock", "n", "roll", "dogs", "90", "s"});
  const reco::tokenizer keep{.apostrophes = reco::apostrophe::keep, .min_length = 1};
  CHECK(keep.tokens(text) ==
        strings{"don't", "l'homme", "\u043C'\u044F\u0442\u0430", "rock", "n", "roll", "dogs", "90's"});
  CHECK(keep.tokens("a''b a'\u65E5 \u65E5'a") == strings{"a", "b", "a", "\u65E5", "\u65E5", "a"});
}

TEST_CASE("a full stop or comma between two digits belongs to the number") {
  CHECK(all_words.tokens("3.14 7,600 1.2.3 4. 5,x .5 6,,7 1.") ==
        strings{"3.14", "7,600", "1.2.3", "4", "5", "x", "5", "6", "7", "1"});
  CHECK(all_words.tokens("e.g. example.com A,B 4.5kg") == strings{"e", "g", "example", "com", "a", "b", "4.5kg"});
}

TEST_CASE("one code point or letter and mark: the same word") {
  CHECK(all_words.tokens("E\u0301clair \u00C9clair e\u0323\u0302 \u1EC6") ==
        strings{"\u00E9clair", "\u00E9clair", "\u1EC7", "\u1EC7"});
  CHECK(all_words.tokens("\u1112\u1161\u11AB\u1100\u1173\u11AF \uD55C\uAE00") ==
        strings{"\uD55C\uAE00", "\uD55C\uAE00"});
  CHECK(all_words.tokens("x\u0301y \u0301z") == strings{"x\u0301y", "z"});  // no such letter; no letter before
}

TEST_CASE("accents can be taken off, after stop words were looked up with them") {
  const reco::tokenizer plain{.strip_accents = true, .stop_words = "n\u00E3o"};
  CHECK(plain.tokens("\u00C9clair na\u00EFve Ng\u00F4 \u1EEFu N\u00C3O nao \u0439\u043E\u0434 x\u0301y") ==
        strings{"eclair", "naive", "ngo", "uu", "nao", "\u0438\u043E\u0434", "xy"});
  CHECK(plain.tokens("E\u0301clair na\u0303o") == strings{"eclair"});
  CHECK(plain.tokens("\u00D8l \u0141\u00F3d\u017A \u0928\u092F\u093C\u093E") ==
        strings{"\u00F8l", "\u0142odz", "\u0928\u092F\u093C\u093E"});
}

TEST_CASE("case can be kept") {
  CHECK(reco::tokenizer{.fold_case = false}.tokens("iPhone \u00C9TAT E\u0301t Stra\u1E9Ee") ==
        strings{"iPhone", "\u00C9TAT", "\u00C9t", "Stra\u1E9Ee"});
}

TEST_CASE("the shortest length is counted in characters") {
  CHECK(
      reco::tokenizer{.min_length = 3}.tokens("at the \u00E9t \u00E9t\u00E9 \u043D\u043E \u043D\u0435\u0442 \u65E5") ==
      strings{"the", "\u00E9t\u00E9", "\u043D\u0435\u0442", "\u65E5"});
}

TEST_CASE("n-grams of words run over what is left out") {
  const reco::tokenizer words{.min_ngram = 1, .max_ngram = 3, .stop_words = "of the"};
  CHECK(words.tokens("Bank of the United States") ==
        strings{"bank", "united", "bank united", "states", "united states", "bank united states"});
  CHECK(reco::tokenizer{.min_ngram = 2, .max_ngram = 2}.tokens("one two three") == strings{"one two", "two three"});
  CHECK(reco::tokenizer{.min_ngram = 2, .max_ngram = 2}.tokens("one").empty());
}

TEST_CASE("n-grams of characters stay inside a word") {
  reco::tokenizer letters{.unit = reco::token_unit::characters, .min_ngram = 3, .max_ngram = 3};
  CHECK(letters.tokens("Caf\u00E9 is") == strings{" ca", "caf", "af\u00E9", "f\u00E9 ", " is", "is "});
  letters.min_ngram = 2;
  CHECK(letters.tokens("ab") == strings{" a", "ab", " ab", "b ", "ab "});
  letters.min_ngram = letters.max_ngram = 9;
  CHECK(letters.tokens("short").empty());
}

TEST_CASE("n-grams equal all runs of words and of characters, written out") {
  const auto min = GENERATE(1, 2, 4);
  const auto more = GENERATE(0, 1, 3);
  CAPTURE(min, more);
  const auto text = "It was the best of times, it was the worst of times, it was \u00E9t\u00E9 and na\u00EFvet\u00E9"sv;
  reco::tokenizer rule{.min_length = 1, .min_ngram = min, .max_ngram = min + more};
  const auto words = all_words.tokens(text);
  strings expected;
  for (auto size = static_cast<std::size_t>(min); size <= static_cast<std::size_t>(min + more); ++size)
    for (std::size_t n = 0; n + size <= words.size(); ++n) expected.push_back(joined(words, n, size));
  CHECK(sorted(rule.tokens(text)) == sorted(expected));

  rule.unit = reco::token_unit::characters;
  expected.clear();
  for (const auto& word : words) {
    strings letters = {" "};
    for (std::size_t at = 0; at < word.size(); at += reco::decode_utf8(word, at).bytes)
      letters.push_back(word.substr(at, reco::decode_utf8(word, at).bytes));
    letters.emplace_back(" ");
    for (auto size = static_cast<std::size_t>(min); size <= static_cast<std::size_t>(min + more); ++size)
      for (std::size_t n = 0; n + size <= letters.size(); ++n) {
        expected.emplace_back();
        for (std::size_t l = n; l < n + size; ++l) expected.back() += letters[l];
      }
  }
  CHECK(sorted(rule.tokens(text)) == sorted(expected));
}

TEST_CASE("parts that are not UTF-8 separate and are reported") {
  strings found;
  const auto report = all_words.for_each_token("caf\xE9 au\xF0\x9F\x98lait \xED\xA0\x80z \xC0\xAF",
                                               [&](std::string_view token) { found.emplace_back(token); });
  CHECK(found == strings{"caf", "au", "lait", "z"});
  CHECK(report == reco::token_report{.tokens = 4, .broken = 7, .first_broken = 3});
  CHECK(all_words.for_each_token("caf\u00E9 \uFFFD", [](std::string_view) {}) == reco::token_report{.tokens = 1});
  CHECK(all_words.tokens("it\xE2\x80") == strings{"it"});
}

TEST_CASE("NUL bytes and control characters separate") {
  CHECK(all_words.tokens("a\0b\x01"
                         "c\x7F"
                         "d\x85"sv) == strings{"a", "b", "c", "d"});
  CHECK(all_words.tokens("\0"sv).empty());
}

TEST_CASE("texts without words give none") {
  for (const auto text : {""sv, " "sv, " \n\t.,;'\u2019-"sv, "\u0301\u0302"sv, "the of and"sv, "a b c"sv}) {
    const reco::tokenizer words{.max_ngram = 2, .stop_words = reco::english_stop_words};
    CHECK(words.tokens(text).empty());
    CHECK(words.for_each_token(text, [](std::string_view) {}) == reco::token_report{});
  }
}

TEST_CASE("words of any length come out whole") {
  for (const std::size_t length : {1U, 2U, 15U, 16U, 62U, 63U, 64U, 65U, 66U, 127U, 128U, 129U, 1000U, 1000000U}) {
    CAPTURE(length);
    const std::string ascii(length, 'X');
    CHECK(all_words.tokens(ascii + "." + ascii) == strings(2, std::string(length, 'x')));
    std::string greek, folded;
    for (std::size_t n = 0; n < length; ++n) {
      greek += "\u03A9";
      folded += "\u03C9";
    }
    CHECK(all_words.tokens(greek + ascii) == strings{folded + std::string(length, 'x')});
  }
}

TEST_CASE("tokens are those of the rules written out") {
  // Characters where the rules meet: letters of both kinds, digits, marks, joints, what is ignored, broken bytes.
  const std::vector<std::string> pieces = {
      "a",      "B",        "Zz",     "0",      "17",     ".",      ",",      "'",      "\u2019", "\u02BC",
      " ",      "-",        "\u00C9", "\u0301", "\u0323", "\u03A3", "\u0130", "\u65E5", "\u304B", "\u3099",
      "\u30FC", "\u1112",   "\u1161", "\u11AB", "\uFF21", "\uFF17", "\u00AD", "\u200D", "\u20D7", "\U00010400",
      "\xC3",   "\xE2\x80", "\xFF",   "\n",     "\u0E01", "\u0E34", "\u0928", "\u093C", "the"};
  const std::uint64_t seed = 4;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (auto n = reco::uniform_index(random, 30); n > 0; --n)
      text += pieces[static_cast<std::size_t>(reco::uniform_index(random, static_cast<std::int64_t>(pieces.size())))];
    const reco::tokenizer rule{
        .fold_case = reco::bernoulli(random, 0.7),
        .apostrophes = reco::bernoulli(random, 0.5) ? reco::apostrophe::keep : reco::apostrophe::split,
        .min_length = static_cast<std::int32_t>(1 + reco::uniform_index(random, 3)),
        .stop_words = "the \u65E5 zz17"};
    CAPTURE(text);
    REQUIRE(rule.tokens(text) == naive_words(rule, text));
  }
}

TEST_CASE("any bytes give tokens that are UTF-8, folded and without separators") {
  const std::uint64_t seed = 5;
  CAPTURE(seed);
  reco::random_engine random(seed);
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    for (auto n = reco::uniform_index(random, 200); n > 0; --n)
      text += static_cast<char>(reco::uniform_index(random, 256));
    std::int64_t broken = 0;
    std::optional<std::size_t> first;
    for (std::size_t at = 0; at < text.size();) {
      const auto c = reco::decode_utf8(text, at);
      if (c.broken && broken++ == 0) first = at;
      at += c.bytes;
    }
    bool good = true;
    const auto report = all_words.for_each_token(text, [&](std::string_view token) {
      good = good && !token.empty() && !reco::first_broken_utf8(token) && reco::fold_case(token) == token;
      for (std::size_t at = 0; at < token.size();) {
        const auto c = reco::decode_utf8(token, at);
        const bool joint = c.code_point == U'.' || c.code_point == U',';
        good = good && (joint || reco::class_of(c.code_point) != reco::character_class::separator);
        at += c.bytes;
      }
    });
    REQUIRE(good);
    REQUIRE(report.broken == broken);
    REQUIRE(report.first_broken == first);
  }
}

TEST_CASE("a bad option of the tokenizer is named") {
  const auto message = [](const reco::tokenizer& rule) -> std::string {
    try {
      return rule.tokens("some text").empty() ? "no tokens" : "tokens";
    } catch (const reco::invalid_argument& e) {
      return e.what();
    }
  };
  CHECK(message({}) == "tokens");
  CHECK(message({.min_length = 0}) == "tokenizer: min_length must be at least 1, got 0");
  CHECK(message({.min_ngram = 0}) == "tokenizer: min_ngram must be at least 1, got 0");
  CHECK(message({.max_ngram = -1}) == "tokenizer: max_ngram must be at least 1, got -1");
  CHECK(message({.min_ngram = 3, .max_ngram = 2}) == "tokenizer: max_ngram must be at least min_ngram, 3, got 2");
  CHECK(message({.apostrophes = static_cast<reco::apostrophe>(9)}) ==
        "tokenizer: apostrophes must be one of its named values, got an unnamed value");
}

TEST_CASE("the tokenizer's options can be read and printed") {
  const auto read = reco::parse_options<reco::tokenizer>("apostrophes=keep,unit=characters,min_ngram=3,max_ngram=5");
  CHECK(read == reco::tokenizer{.apostrophes = reco::apostrophe::keep,
                                .unit = reco::token_unit::characters,
                                .min_ngram = 3,
                                .max_ngram = 5});
  CHECK(reco::describe(read) == "tokenizer:apostrophes=keep,unit=characters,min_ngram=3,max_ngram=5");
  CHECK(reco::tokenizer{.stop_words = "a"} != reco::tokenizer{.stop_words = "b"});
}

TEST_CASE("the words of seven thousand news articles are counted as a regular expression counts them") {
  RECO_NEEDS_DATA(path, "ag-news/test.csv");
  std::ifstream file(path);
  std::string line;
  std::int64_t articles = 0;
  std::int64_t shortest = 1000;
  reco::token_report all;
  while (std::getline(file, line)) {
    const auto report = reco::tokenizer{}.for_each_token(line, [](std::string_view) {});
    ++articles;
    all.tokens += report.tokens;
    all.broken += report.broken;
    shortest = std::min(shortest, report.tokens);
  }
  CHECK(articles == 7600);
  CHECK(all.broken == 0);
  CHECK(shortest >= 5);
  // Python: sum(len(w) > 1 for w in re.findall(r"(?:\d[.,](?=\d)|[^\W_])+", text)) over the whole file.
  CHECK(all.tokens == 283744);
}
