// SPDX-License-Identifier: MIT
#include "reco/content/text_counts.hpp"

#include <deque>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "reco/content/vocabulary.hpp"
#include "support/catch.hpp"

using namespace reco_test;
using namespace std::string_view_literals;

namespace {

/// No size, no random access, a step before the elements: only what the concept asks for.
struct two_texts {
  [[nodiscard]] const std::string_view* begin() const { return data; }
  [[nodiscard]] const std::string_view* end() const { return data + 2; }
  std::string_view data[2] = {"one two", "two"};
};

static_assert(reco::texts<std::vector<std::string>> && reco::texts<std::list<std::string>>);
static_assert(reco::texts<std::vector<std::string_view>> && reco::texts<const char* [3]> && reco::texts<two_texts>);
static_assert(!reco::texts<std::string> && !reco::texts<std::string_view> && !reco::texts<std::vector<int>>);
static_assert(!reco::texts<int>);

}  // namespace

TEST_CASE("texts may lie in any kind of container") {
  const std::vector<std::string> strings = {"one two", "two"};
  const reco::vocabulary words(strings);
  const auto expected = words.count_all<double>(strings).counts;
  CHECK(expected == reco::csr_matrix<double>(2, {0, 2, 3}, {0, 1, 1}, {1, 1, 1}));
  CHECK(words.count_all<double>(std::list<std::string>(strings.begin(), strings.end())).counts == expected);
  CHECK(words.count_all<double>(std::deque<std::string_view>(strings.begin(), strings.end())).counts == expected);
  CHECK(words.count_all<double>(two_texts{}).counts == expected);
  const char* const pointers[] = {"one two", "two"};
  CHECK(words.count_all<double>(pointers).counts == expected);
}

TEST_CASE("the report says how many texts were broken, where the first one is, and what was unknown") {
  const std::vector<std::string> known = {"bank rate"};
  const reco::vocabulary words(known);
  const std::vector<std::string> articles = {"bank of rate", "caf\xE9 bank", "", "nothing known", "rate rate \xFF\xFE"};
  const auto report = words.count_all(articles).report;
  CHECK(report.documents == 5);
  CHECK(report.empty == 2);
  CHECK(report.tokens == 3 + 2 + 0 + 2 + 2);
  CHECK(report.unknown == 1 + 1 + 2);
  CHECK(report.broken == 2);
  CHECK(report.first_broken == 1);
  CHECK(report.first_broken_offset == 3);

  const auto one = words.count("rate rate \xFF\xFE of").report;
  CHECK(one ==
        reco::text_report{
            .documents = 1, .tokens = 3, .unknown = 1, .broken = 1, .first_broken = 0, .first_broken_offset = 10});
  CHECK(words.count("").report == reco::text_report{.documents = 1, .empty = 1});
}

TEST_CASE("document frequencies count rows, and only values that are not zero") {
  CHECK(reco::document_frequencies(reco::csr_matrix<float>(3, {0, 2, 2, 4}, {0, 2, 1, 2}, {5, -1, 0, 2})) ==
        std::vector<std::int32_t>{1, 0, 2});
  CHECK(reco::document_frequencies(reco::csr_matrix<float>()).empty());
}
