// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/content/tokenizer.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Documents: anything to walk through more than once whose elements are texts, such as
/// `std::vector<std::string>`. Document n is item n.
template <class D>
concept texts = requires(const D& documents) {
  { *std::begin(documents) } -> std::convertible_to<std::string_view>;
  std::begin(documents) != std::end(documents);
};

/// What became of the texts: "3 of 7600 articles hold broken UTF-8, the first is article 17 at byte 204".
struct text_report {
  std::int32_t documents = 0;
  std::int32_t empty = 0;                               ///< of these, documents without any known token
  std::int64_t tokens = 0;                              ///< in all documents, repeats counted
  std::int64_t unknown = 0;                             ///< of these, tokens that the vocabulary does not have
  std::int32_t broken = 0;                              ///< documents with parts that are not UTF-8
  std::optional<std::int32_t> first_broken = {};        ///< the first of them,
  std::optional<std::size_t> first_broken_offset = {};  ///< and the byte where its first broken part starts

  friend bool operator==(const text_report&, const text_report&) = default;
};

/// A sparse row that owns its numbers.
template <class T>
struct sparse_vector {
  std::vector<std::int32_t> columns = {};  ///< ascending
  std::vector<T> values = {};

  /// Lives as long as what it looks into.
  [[nodiscard]] sparse_row<T> row() const noexcept { return {columns, values}; }
  friend bool operator==(const sparse_vector&, const sparse_vector&) = default;
};

/// One text as token counts.
template <class T>
struct counted_text {
  sparse_vector<T> counts = {};
  text_report report = {};
};

/// Many texts as token counts: documents × features.
template <class T>
struct counted_texts {
  csr_matrix<T> counts = {};
  text_report report = {};
};

/// How many rows have a value other than 0 in each column. O(rows + nonzeros).
template <class T>
[[nodiscard]] std::vector<std::int32_t> document_frequencies(const csr_matrix<T>& counts);

// ---------------------------------------------------------------------------------------------------

template <class T>
std::vector<std::int32_t> document_frequencies(const csr_matrix<T>& counts) {
  std::vector<std::int32_t> frequency(static_cast<std::size_t>(counts.columns()));
  for (std::size_t n = 0; n < counts.values().size(); ++n)
    frequency[static_cast<std::size_t>(counts.column_ids()[n])] += counts.values()[n] != 0 ? 1 : 0;
  return frequency;
}

namespace detail {

/// Writes sparse rows one after another.
template <class T>
class row_writer {
 public:
  /// Columns ascend; zeros are left out.
  void put(std::int32_t column, T value) {
    if (value == 0) return;
    columns_.push_back(column);
    values_.push_back(value);
  }
  void end_row() { offsets_.push_back(static_cast<std::int64_t>(columns_.size())); }

  [[nodiscard]] csr_matrix<T> matrix(std::int32_t columns) && {
    columns_.shrink_to_fit();
    values_.shrink_to_fit();
    return csr_matrix<T>(columns, std::move(offsets_), std::move(columns_), std::move(values_));
  }
  [[nodiscard]] sparse_vector<T> vector() && { return {std::move(columns_), std::move(values_)}; }

 private:
  std::vector<std::int64_t> offsets_ = {0};
  std::vector<std::int32_t> columns_ = {};
  std::vector<T> values_ = {};
};

/// Adds one text to the report.
inline void add_text(text_report& all, const token_report& text, std::int64_t unknown) {
  if (all.documents == std::numeric_limits<std::int32_t>::max())
    fail_argument("texts: at most 2147483647 documents fit");
  if (text.broken > 0 && all.broken++ == 0) {
    all.first_broken = all.documents;
    all.first_broken_offset = text.first_broken;
  }
  ++all.documents;
  all.empty += text.tokens == unknown ? 1 : 0;
  all.tokens += text.tokens;
  all.unknown += unknown;
}

/// A token: the column it counts in, and 1 or -1; column -1 for an unknown one.
struct counted_token {
  std::int32_t column = -1;
  std::int32_t amount = 1;
};

/// Counts the tokens of one text into one row. `token_at` says where a token counts.
template <class T, class TokenAt>
void count_text(const tokenizer& rule, std::string_view text, const TokenAt& token_at,
                std::vector<counted_token>& found, row_writer<T>& out, text_report& report) {
  found.clear();
  const auto tokens = rule.for_each_token(text, [&](std::string_view token) {
    if (const counted_token t = token_at(token); t.column >= 0) found.push_back(t);
  });
  std::sort(found.begin(), found.end(),
            [](const counted_token& a, const counted_token& b) { return a.column < b.column; });
  for (std::size_t n = 0; n < found.size();) {
    const auto column = found[n].column;
    std::int64_t count = 0;
    for (; n < found.size() && found[n].column == column; ++n) count += found[n].amount;
    out.put(column, static_cast<T>(count));
  }
  out.end_row();
  add_text(report, tokens, tokens.tokens - static_cast<std::int64_t>(found.size()));
}

template <class T, class TokenAt>
counted_text<T> count_text(const tokenizer& rule, std::string_view text, const TokenAt& token_at) {
  std::vector<counted_token> found;
  row_writer<T> out;
  text_report report;
  count_text(rule, text, token_at, found, out, report);
  return {std::move(out).vector(), report};
}

template <class T, texts D, class TokenAt>
counted_texts<T> count_texts(const tokenizer& rule, const D& documents, std::int32_t columns, const TokenAt& token_at) {
  std::vector<counted_token> found;
  row_writer<T> out;
  text_report report;
  for (const auto& text : documents) count_text(rule, std::string_view(text), token_at, found, out, report);
  return {std::move(out).matrix(columns), report};
}

/// The same rows with other values: `weigh(row, values)` turns a row's counts into its weights, in place. What
/// comes out as 0 is left out.
template <class T, class Weigh>
void weigh_row(const sparse_row<T>& counts, std::vector<double>& values, const Weigh& weigh, row_writer<T>& out) {
  values.assign(counts.values.begin(), counts.values.end());
  weigh(counts.columns, std::span(values));
  for (std::size_t n = 0; n < values.size(); ++n) out.put(counts.columns[n], static_cast<T>(values[n]));
  out.end_row();
}

template <class T, class Weigh>
sparse_vector<T> weigh_vector(std::string_view who, std::int32_t features, const sparse_row<T>& counts,
                              const Weigh& weigh) {
  for (const auto column : counts.columns) check_index(who, column, features);
  std::vector<double> values;
  row_writer<T> out;
  weigh_row(counts, values, weigh, out);
  return std::move(out).vector();
}

template <class T, class Weigh>
csr_matrix<T> weigh_rows(std::string_view who, std::int32_t features, const csr_matrix<T>& counts, const Weigh& weigh) {
  if (counts.columns() != features)
    fail_argument(std::string(who) + ": counts must have " + to_text(features) + " columns, got " +
                  to_text(counts.columns()));
  std::vector<double> values;
  row_writer<T> out;
  for (std::int32_t r = 0; r < counts.rows(); ++r) weigh_row(counts.row(r), values, weigh, out);
  return std::move(out).matrix(features);
}

}  // namespace detail

}  // namespace reco
