// SPDX-License-Identifier: MIT
#include "reco/content/stop_words.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "reco/content/tokenizer.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

struct language {
  std::string_view list;
  std::vector<std::string> has;
  std::vector<std::string> has_not;
  std::string sentence;
  std::vector<std::string> content;
};

const std::vector<language>& languages() {
  static const std::vector<language> all = {
      {reco::english_stop_words,
       {"the", "is", "don't", "themselves", "s"},
       {"rate", "bank", "der"},
       "The central bank has raised its interest rate, and it didn\u2019t say why.",
       {"central", "bank", "raised", "interest", "rate", "say"}},
      {reco::german_stop_words,
       {"der", "f\u00FCr", "wurde"},
       {"bank", "the"},
       "Die Zentralbank hat \u00FCber Nacht den Leitzins erh\u00F6ht, weil die Preise gestiegen sind.",
       {"zentralbank", "nacht", "leitzins", "erh\u00F6ht", "preise", "gestiegen"}},
      {reco::french_stop_words,
       {"le", "\u00E9t\u00E9", "aujourd'hui"},
       {"banque", "the"},
       "La banque centrale a relev\u00E9 son taux, et l\u2019on ne sait pas pourquoi.",
       {"banque", "centrale", "relev\u00E9", "taux", "sait", "pourquoi"}},
      {reco::italian_stop_words,
       {"gli", "perch\u00E9", "pi\u00F9"},
       {"banca", "the"},
       "La banca centrale ha alzato il tasso d\u2019interesse per la seconda volta.",
       {"banca", "centrale", "alzato", "tasso", "interesse", "seconda", "volta"}},
      {reco::portuguese_stop_words,
       {"n\u00E3o", "\u00E0s", "voc\u00EA"},
       {"banco", "the"},
       "O banco central n\u00E3o elevou a taxa de juros pela segunda vez.",
       {"banco", "central", "elevou", "taxa", "juros", "segunda", "vez"}},
      {reco::spanish_stop_words,
       {"el", "tambi\u00E9n", "est\u00E1"},
       {"banco", "the"},
       "El banco central ha subido los tipos de inter\u00E9s por segunda vez.",
       {"banco", "central", "subido", "tipos", "inter\u00E9s", "segunda", "vez"}},
  };
  return all;
}

}  // namespace

TEST_CASE("a list holds its words and no others") {
  for (const auto& l : languages()) {
    const reco::stop_word_list list = l.list;
    for (const auto& word : l.has) CHECK(list.contains(word));
    for (const auto& word : l.has_not) CHECK_FALSE(list.contains(word));
    for (const auto& word : list.words()) {
      CAPTURE(word);
      CHECK(list.contains(word));
      CHECK(reco::fold_case(word) == word);
      CHECK_FALSE(list.contains(word + "\u00E9"));
    }
    CHECK(list.words().size() > 150);
  }
}

TEST_CASE("what carries the meaning of a sentence is left") {
  for (const auto& l : languages()) CHECK(reco::tokenizer{.stop_words = l.list}.tokens(l.sentence) == l.content);
}

TEST_CASE("lists of several languages make one, own words are folded") {
  const reco::stop_word_list both = {reco::english_stop_words, reco::portuguese_stop_words, "Reuters\tAP\n  reuters "};
  CHECK(both.contains("the"));
  CHECK(both.contains("n\u00E3o"));
  CHECK(both.contains("reuters"));
  CHECK(both.contains("ap"));
  CHECK_FALSE(both.contains("AP"));
  CHECK_FALSE(both.contains("\u00FCber"));
  CHECK(std::is_sorted(both.words().begin(), both.words().end()));
  CHECK(std::adjacent_find(both.words().begin(), both.words().end()) == both.words().end());
}

TEST_CASE("an empty list holds nothing, and equal lists are equal") {
  const reco::stop_word_list none;
  CHECK_FALSE(none.contains("the"));
  CHECK_FALSE(none.contains(""));
  CHECK_FALSE(reco::stop_word_list(" \n").contains(""));
  CHECK_FALSE(reco::stop_word_list("a").contains(""));
  CHECK(reco::stop_word_list("b a  b") == reco::stop_word_list({"a", "b"}));
  CHECK(reco::stop_word_list("a") != reco::stop_word_list("b"));
}

TEST_CASE("words that share a place in the table are all found") {
  // The place depends on length, first, middle and last byte only.
  std::string list;
  for (char c = 'a'; c <= 'z'; ++c) list += std::string("x") + c + "mx ";
  const reco::stop_word_list words = std::string_view(list);
  for (char c = 'a'; c <= 'z'; ++c) CHECK(words.contains(std::string("x") + c + "mx"));
  CHECK_FALSE(words.contains("xAmx"));
  CHECK_FALSE(words.contains("x1mx"));
}
