// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/content/text_counts.hpp"
#include "reco/content/tokenizer.hpp"
#include "reco/data/id_map.hpp"

namespace reco::inline RECO_ABI() {

/// Which tokens a vocabulary keeps, by the number of documents they stand in; all limits hold at once.
struct vocabulary_limits {
  std::int32_t min_documents = 1;  ///< in fewer documents: left out; >= 1
  double min_share = 0;            ///< in a smaller share of all documents: left out; 0..1
  std::int32_t max_documents = std::numeric_limits<std::int32_t>::max();  ///< in more: left out; >= 1
  double max_share = 1;                                                   ///< in a larger share: left out; 0..1
  /// At most so many tokens, those in most documents; of equal ones the first by their bytes.
  std::int32_t max_size = std::numeric_limits<std::int32_t>::max();

  static constexpr std::string_view name = "vocabulary";
  static constexpr auto options() {
    return std::tuple{at_least("min_documents", &vocabulary_limits::min_documents, 1),
                      between("min_share", &vocabulary_limits::min_share, 0, 1),
                      at_least("max_documents", &vocabulary_limits::max_documents, 1),
                      between("max_share", &vocabulary_limits::max_share, 0, 1),
                      at_least("max_size", &vocabulary_limits::max_size, 0)};
  }
  friend bool operator==(const vocabulary_limits&, const vocabulary_limits&) = default;
};
static_assert(options_are_complete<vocabulary_limits>);

/// The tokens of a collection, numbered 0..n-1 in the order of their bytes: the order of the documents plays no
/// part. Immutable. It keeps its tokenizer, so that later texts are cut in the same way.
///
///     const reco::vocabulary words(articles, reco::tokenizer{.stop_words = reco::english_stop_words},
///                                  {.min_documents = 2, .max_share = 0.5});
///     const auto [counts, report] = words.count_all<float>(articles);   // articles × words
///     const auto fresh = words.count<float>("An article of today");     // its row; unknown tokens are counted
///
/// Making one takes O(bytes) time and O(distinct tokens) memory; so do the counts, and O(their nonzeros).
class vocabulary {
 public:
  vocabulary() = default;
  /// Throws `invalid_argument` for options out of range.
  template <texts D>
  explicit vocabulary(const D& documents, reco::tokenizer rule = {}, const vocabulary_limits& limits = {});

  [[nodiscard]] std::int32_t size() const noexcept { return tokens_.size(); }
  [[nodiscard]] std::optional<std::int32_t> find(std::string_view token) const { return tokens_.find(token); }
  /// Throws `std::out_of_range`.
  [[nodiscard]] const std::string& token(std::int32_t index) const;
  /// How many documents each token stands in, of `documents()`.
  [[nodiscard]] std::span<const std::int32_t> document_frequencies() const noexcept { return frequencies_; }
  [[nodiscard]] std::int32_t documents() const noexcept { return documents_; }
  [[nodiscard]] const reco::tokenizer& tokenizer() const noexcept { return rule_; }

  /// How often each token stands in a text.
  template <class T = float>
  [[nodiscard]] counted_text<T> count(std::string_view text) const;
  /// The same for many texts: documents × `size()`.
  template <class T = float, texts D>
  [[nodiscard]] counted_texts<T> count_all(const D& documents) const;

 private:
  [[nodiscard]] auto column_of() const {
    return [this](std::string_view token) { return detail::counted_token{.column = find(token).value_or(-1)}; };
  }

  reco::tokenizer rule_ = {};
  id_map<std::string> tokens_ = {};
  std::vector<std::int32_t> frequencies_ = {};
  std::int32_t documents_ = 0;
};

// ---------------------------------------------------------------------------------------------------

template <texts D>
vocabulary::vocabulary(const D& documents, reco::tokenizer rule, const vocabulary_limits& limits)
    : rule_(std::move(rule)) {
  detail::check_tokenizer(rule_);
  check_options(limits);
  id_map<std::string> seen;
  std::vector<std::int32_t> frequency;
  std::vector<std::int32_t> last_document;
  for (const auto& text : documents) {
    if (documents_ == std::numeric_limits<std::int32_t>::max())
      detail::fail_argument("vocabulary: at most 2147483647 documents fit");
    rule_.for_each_token(std::string_view(text), [&](std::string_view token) {
      const auto t = static_cast<std::size_t>(seen.add(token));
      if (t == frequency.size()) {
        frequency.push_back(0);
        last_document.push_back(-1);
      }
      if (std::exchange(last_document[t], documents_) != documents_) ++frequency[t];
    });
    ++documents_;
  }

  // A quotient is compared, not a product: 7 of 100 is a share of 0.07, but 0.07 * 100 is more than 7.
  std::vector<std::pair<std::string_view, std::int32_t>> kept;
  for (std::int32_t t = 0; t < seen.size(); ++t) {
    const auto f = frequency[static_cast<std::size_t>(t)];
    const double share = static_cast<double>(f) / documents_;
    if (f >= limits.min_documents && f <= limits.max_documents && share >= limits.min_share &&
        share <= limits.max_share)
      kept.emplace_back(seen.id(t), f);
  }
  if (kept.size() > static_cast<std::size_t>(limits.max_size)) {
    std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    kept.resize(static_cast<std::size_t>(limits.max_size));
  }
  std::sort(kept.begin(), kept.end());
  for (const auto& [token, f] : kept) {
    tokens_.add(token);
    frequencies_.push_back(f);
  }
}

inline const std::string& vocabulary::token(std::int32_t index) const {
  detail::check_index("vocabulary: token", index, size());
  return tokens_.id(index);
}

template <class T>
counted_text<T> vocabulary::count(std::string_view text) const {
  return detail::count_text<T>(rule_, text, column_of());
}

template <class T, texts D>
counted_texts<T> vocabulary::count_all(const D& documents) const {
  return detail::count_texts<T>(rule_, documents, size(), column_of());
}

}  // namespace reco
