// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/base/utf8.hpp"
#include "reco/content/stop_words.hpp"
#include "reco/content/unicode.hpp"

namespace reco::inline RECO_ABI() {

/// What becomes of ', ’ and ʼ between two letters.
enum class apostrophe {
  split,  ///< l'homme -> l, homme; Mary's -> mary, s: the short halves fall to `min_length` and to stop words
  keep,   ///< one word, written with ': don’t -> don't
};

enum class token_unit {
  words,       ///< an n-gram is n words in a row, joined by one space
  characters,  ///< an n-gram is n characters in a row of one word with a space on either side
};

/// What became of one text.
struct token_report {
  std::int64_t tokens = 0;
  std::int64_t broken = 0;                       ///< parts that are not UTF-8
  std::optional<std::size_t> first_broken = {};  ///< the byte where the first of them starts

  friend bool operator==(const token_report&, const token_report&) = default;
};

/// Cuts UTF-8 text of any language into tokens.
///
/// A word is a run of letters, numbers and combining marks of any script (`character_class`). Everything else
/// separates, hyphens and underscores too, except: a full stop or comma between two ASCII digits belongs to the number
/// (3.14, 7,600); an apostrophe as said by `apostrophes`; characters that show as nothing are dropped (soft hyphens).
/// In scripts written without spaces (Han, kana, Thai, …) each letter with its marks is a word of its own, which
/// `max_ngram = 2` makes searchable. A part that is not UTF-8 separates, too, and is reported.
///
/// Letter and combining mark become one code point where there is one, as in NFC. Then, in this order: case is folded
/// (`fold_case`), words shorter than `min_length` and stop words are left out, accents are taken off, n-grams are
/// made of what is left.
///
///     const reco::tokenizer words{.stop_words = reco::english_stop_words};
///     words.tokens("Don’t panic: the ÉCLAIR is 3.14 €");       // {"panic", "éclair", "3.14"}
///
/// O(bytes); no allocation for a token. Not a linguist: no stemming, no word lists for Thai or Chinese.
struct tokenizer {
  bool fold_case = true;       ///< Unicode's simple case folding; see `reco::fold_case` for ß and the Turkic i
  bool strip_accents = false;  ///< é -> e; see `without_accents`
  apostrophe apostrophes = apostrophe::split;
  std::int32_t min_length = 2;  ///< in characters, >= 1; letters of scripts without spaces are never too short
  token_unit unit = token_unit::words;
  std::int32_t min_ngram = 1;  ///< 1 <= min_ngram <= max_ngram
  std::int32_t max_ngram = 1;
  stop_word_list stop_words = {};

  /// Calls `f(std::string_view)` with each token, in the order of their ends; the view is valid during the call.
  /// Throws `invalid_argument` for options out of range.
  template <std::invocable<std::string_view> F>
  token_report for_each_token(std::string_view text, F&& f) const;

  [[nodiscard]] std::vector<std::string> tokens(std::string_view text) const;

  static constexpr std::string_view name = "tokenizer";
  /// All but the stop words, which no command line would hold.
  static constexpr auto options() {
    return std::tuple{
        any_value("fold_case", &tokenizer::fold_case),
        any_value("strip_accents", &tokenizer::strip_accents),
        one_of("apostrophes", &tokenizer::apostrophes, {{"split", apostrophe::split}, {"keep", apostrophe::keep}}),
        at_least("min_length", &tokenizer::min_length, 1),
        one_of("unit", &tokenizer::unit, {{"words", token_unit::words}, {"characters", token_unit::characters}}),
        at_least("min_ngram", &tokenizer::min_ngram, 1),
        at_least("max_ngram", &tokenizer::max_ngram, 1)};
  }
  friend bool operator==(const tokenizer&, const tokenizer&) = default;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The folded letter or digit for each ASCII letter or digit, 0 for every other byte.
inline constexpr auto ascii_letters = [] {
  std::array<char, 256> folded = {};
  for (char c = '0'; c <= '9'; ++c) folded[static_cast<unsigned char>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c)
    folded[static_cast<unsigned char>(c)] = folded[static_cast<unsigned char>(c - 32)] = c;
  return folded;
}();

inline char ascii_letter(char c) noexcept { return ascii_letters[static_cast<unsigned char>(c)]; }
inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
inline bool continues_character(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
inline bool is_apostrophe(char32_t c) noexcept { return c == U'\'' || c == U'\u2019' || c == U'\u02BC'; }

/// A vowel or trailing consonant of a Hangul syllable written in parts.
inline bool is_jamo(char32_t c) noexcept { return c >= 0x1161 && c <= 0x11C2; }

/// Steps through the words of a text: folded and composed, not yet selected.
class word_reader {
 public:
  word_reader(const tokenizer& rule, std::string_view text) : rule_(rule), text_(text) {}

  /// False at the end of the text.
  bool next() {
    word_.clear();
    unspaced_ = false;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (ascii_letter(c) != 0) {
        if (unspaced_) return true;
        take_ascii();
      } else if (c == ' ') {
        ++at_;
        if (!word_.empty()) return true;
      } else if (!take_other() && !word_.empty()) {
        return true;
      }
    }
    return !word_.empty();
  }

  [[nodiscard]] std::string& word() noexcept { return word_; }
  /// The word is one letter of a script without spaces.
  [[nodiscard]] bool unspaced() const noexcept { return unspaced_; }
  [[nodiscard]] const token_report& report() const noexcept { return report_; }

 private:
  void take_ascii() {
    char folded[64];  // folding while looking for the end, not after; a longer word takes several rounds
    const auto text = text_.substr(at_, sizeof folded);
    std::size_t size = 0;
    while (size < text.size() && (folded[size] = ascii_letter(text[size])) != 0) ++size;
    word_.append(rule_.fold_case ? folded : text.data(), size);
    at_ += size;
  }

  /// Anything but an ASCII letter. False if the word ends here.
  bool take_other() {
    const auto c = decode_utf8(text_, at_);
    if (c.broken) {
      if (report_.broken++ == 0) report_.first_broken = at_;
      at_ += c.bytes;
      return false;
    }
    switch (class_of(c.code_point)) {
      case character_class::separator: return take_joint(c);
      case character_class::letter:
        if (unspaced_) return false;
        if (!is_jamo(c.code_point) || !compose_last(c.code_point))
          append_utf8(word_, rule_.fold_case ? reco::fold_case(c.code_point) : c.code_point);
        break;
      case character_class::unspaced:
        if (!word_.empty()) return false;
        append_utf8(word_, c.code_point);
        unspaced_ = true;
        break;
      case character_class::mark:
        if (!word_.empty() && !compose_last(c.code_point)) append_utf8(word_, c.code_point);
        break;
      case character_class::ignored: break;
    }
    at_ += c.bytes;
    return true;
  }

  /// An apostrophe inside a word or a full stop or comma inside a number goes on with the word.
  bool take_joint(const utf8_character& c) {
    const auto after = at_ + c.bytes;
    at_ = after;
    if (word_.empty() || after == text_.size()) return false;
    if (c.code_point == '.' || c.code_point == ',') {
      if (!is_digit(word_.back()) || !is_digit(text_[after])) return false;
    } else {
      if (rule_.apostrophes == apostrophe::split || unspaced_ || !is_apostrophe(c.code_point)) return false;
      const auto next = decode_utf8(text_, after).code_point;
      if (class_of(next) != character_class::letter) return false;
    }
    word_ += c.code_point < 0x80 ? static_cast<char>(c.code_point) : '\'';
    return true;
  }

  /// Makes the last letter of the word and this mark or jamo one code point, if there is one.
  bool compose_last(char32_t mark) {
    if (word_.empty()) return false;
    auto last = word_.size() - 1;
    while (continues_character(word_[last])) --last;
    const auto whole = compose(decode_utf8(word_, last).code_point, mark);
    if (whole == 0) return false;
    word_.resize(last);
    append_utf8(word_, whole);
    return true;
  }

  const tokenizer& rule_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_ = {};
  bool unspaced_ = false;
  token_report report_ = {};
};

inline void check_tokenizer(const tokenizer& rule) {
  check_options(rule);
  if (rule.max_ngram < rule.min_ngram)
    fail_argument("tokenizer: max_ngram must be at least min_ngram, " + to_text(rule.min_ngram) + ", got " +
                  to_text(rule.max_ngram));
}

inline bool shorter_than(std::string_view word, std::int32_t characters) {
  if (word.size() >= 4 * static_cast<std::size_t>(characters)) return false;
  std::int32_t count = 0;
  for (const char c : word) count += continues_character(c) ? 0 : 1;
  return count < characters;
}

/// Takes the accents off in place.
inline void take_accents_off(std::string& word, std::string& scratch) {
  if (std::all_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return;
  scratch.clear();
  for (std::size_t at = 0; at < word.size();) {
    const auto c = decode_utf8(word, at);
    if (!is_accent(c.code_point)) append_utf8(scratch, without_accents(c.code_point));
    at += c.bytes;
  }
  word.swap(scratch);
}

/// Makes n-grams of what is pushed: words of a text, or characters of a word.
class ngram_window {
 public:
  /// `between` stands between two parts.
  ngram_window(std::int32_t min, std::int32_t max, std::string_view between)
      : min_(static_cast<std::size_t>(min)), max_(static_cast<std::size_t>(max)), between_(between) {}

  void clear() noexcept {
    text_.clear();
    starts_.clear();
  }
  /// Calls `f` with the n-grams that end with this part, the shortest first.
  template <class F>
  void push(std::string_view part, F&& f) {
    if (starts_.size() == max_) {  // the oldest part goes
      const auto gone = max_ > 1 ? starts_[1] : text_.size();
      text_.erase(0, gone);
      starts_.erase(starts_.begin());
      for (auto& start : starts_) start -= gone;
    }
    if (!starts_.empty()) text_ += between_;
    starts_.push_back(text_.size());
    text_ += part;
    for (auto n = min_; n <= starts_.size(); ++n) f(std::string_view(text_).substr(starts_[starts_.size() - n]));
  }

 private:
  std::size_t min_;
  std::size_t max_;
  std::string_view between_;
  std::string text_ = {};                 // the last max - 1 parts and the new one
  std::vector<std::size_t> starts_ = {};  // where they start
};

}  // namespace detail

template <std::invocable<std::string_view> F>
token_report tokenizer::for_each_token(std::string_view text, F&& f) const {
  detail::check_tokenizer(*this);
  detail::word_reader reader(*this, text);
  detail::ngram_window ngrams(min_ngram, max_ngram, unit == token_unit::words ? " " : "");
  std::string scratch;
  std::int64_t count = 0;
  const auto emit = [&](std::string_view token) {
    ++count;
    f(token);
  };
  while (reader.next()) {
    auto& word = reader.word();
    if (!reader.unspaced() && detail::shorter_than(word, min_length)) continue;
    if (stop_words.contains(word)) continue;
    if (strip_accents) detail::take_accents_off(word, scratch);
    if (unit == token_unit::words) {
      if (max_ngram == 1) emit(word);
      else ngrams.push(word, emit);
      continue;
    }
    ngrams.clear();
    ngrams.push(" ", emit);
    for (std::size_t at = 0; at < word.size();) {
      const auto bytes = decode_utf8(word, at).bytes;
      ngrams.push(std::string_view(word).substr(at, bytes), emit);
      at += bytes;
    }
    ngrams.push(" ", emit);
  }
  auto report = reader.report();
  report.tokens = count;
  return report;
}

inline std::vector<std::string> tokenizer::tokens(std::string_view text) const {
  std::vector<std::string> all;
  for_each_token(text, [&](std::string_view token) { all.emplace_back(token); });
  return all;
}

// Every field but the stop words can be set by name.
static_assert(std::tuple_size_v<decltype(tokenizer::options())> + 1 == detail::count_fields<tokenizer>());

}  // namespace reco
