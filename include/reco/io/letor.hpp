// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/io/file.hpp"
#include "reco/ltr/ranking_data.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

struct letor_options {
  std::int32_t features =
      0;                     ///< columns to read: those of the training set, for a test set; 0: as many as the file has
  double dense_from = 0.25;  ///< rows are kept dense where at least this share of the values stands in the file
};

/// What a file of judged documents holds.
struct letor_file {
  ranking_data data = {};
  std::vector<std::string> queries = {};  ///< what each query is called: its qid, or its number from 1 in the side file
};

/// Reads judged documents in the form of LETOR, SVMlight and LightGBM, a document a line:
///
///     label qid:10 1:0.03 2:0.66 46:0.07 # docid = GX029-35-5894638
///
/// Column f of the data is the feature that the file calls f; files count from 1, then column 0 is empty. A feature
/// left out is 0; `nan` is missing. Blank lines and comments are passed over, CRLF is fine. Where no line has a `qid`,
/// the sizes of the queries are read from a file of the same name with `.query` behind it, a number a line.
///
///     const auto train = reco::read_letor("rank.train", {}, reco::read_file_or_xz);
///     const auto test = reco::read_letor("rank.test", {.features = train.data.features()});
///
/// Throws `parse_error` with line and column for a label that is no number or negative, a feature number that is none,
/// that does not ascend or that is beyond `features`, a value that is infinite or no number, a query whose documents do
/// not stand together, some lines with and some without `qid`, and sizes that do not add up to the documents. O(bytes).
[[nodiscard]] letor_file read_letor(const std::filesystem::path& file, const letor_options& o = {},
                                    const file_reader& open = read_file);

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// The words of one line, with their columns for messages.
class letor_line {
 public:
  letor_line(std::string_view text, const std::string& file, std::int64_t line)
      : text_(text.substr(0, text.find('#'))), file_(file), line_(line) {}

  /// False at the end of the line.
  bool next() {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (end_ < text_.size() && blank(text_[end_])) ++end_;
    begin_ = end_;
    while (end_ < text_.size() && !blank(text_[end_])) ++end_;
    return begin_ < end_;
  }
  [[nodiscard]] std::string_view word() const { return text_.substr(begin_, end_ - begin_); }
  [[noreturn]] void fail(std::string_view expected, std::size_t offset = 0) const {
    throw parse_error({.file = file_, .line = line_, .column = static_cast<std::int64_t>(begin_ + offset + 1)},
                      expected, quoted(word().substr(offset)));
  }

 private:
  std::string_view text_;
  const std::string& file_;
  std::int64_t line_;
  std::size_t begin_ = 0, end_ = 0;
};

template <class V>
bool read_all(std::string_view text, V& value) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc{} && result.ptr == text.data() + text.size();
}

/// The documents of a file, before they are put into queries.
struct letor_documents {
  std::vector<float> labels = {};
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> ids = {};
  std::vector<float> values = {};
  std::int32_t features = 0;
  std::vector<std::string> queries = {};  // in order; empty where no line has a qid
  std::vector<std::int32_t> sizes = {};   // of these
  std::int64_t first_without_query = 0;   // a line; 0: every line has one
};

inline void read_letor_query(const letor_line& line, std::int64_t number, letor_documents& out,
                             std::unordered_map<std::string, std::int64_t>& seen) {
  const std::string name(line.word().substr(4));
  if (name.empty()) line.fail("qid:NAME");
  if (out.queries.empty() || out.queries.back() != name) {
    const auto [at, fresh] = seen.try_emplace(name, number);
    if (!fresh)
      line.fail("the documents of a query one after another (those of this one began in line " + to_text(at->second) +
                ')');
    out.queries.push_back(name);
    out.sizes.push_back(0);
  }
  ++out.sizes.back();
}

inline void read_letor_feature(const letor_line& line, std::int32_t most, letor_documents& out) {
  const auto word = line.word();
  const auto colon = word.find(':');
  std::int32_t id = 0;
  float value = 0;
  if (colon == std::string_view::npos || !read_all(word.substr(0, colon), id) || id < 0 ||
      id == std::numeric_limits<std::int32_t>::max())
    line.fail("feature:value with a whole feature number");
  if (!read_all(word.substr(colon + 1), value) || std::isinf(value)) line.fail("a finite number or nan", colon + 1);
  if (std::ssize(out.ids) > out.offsets.back() && id <= out.ids.back())
    line.fail("feature numbers that ascend (the one before is " + to_text(out.ids.back()) + ')');
  if (most > 0 && id >= most) line.fail("a feature below " + to_text(most));
  out.ids.push_back(id);
  out.values.push_back(value);
  out.features = std::max(out.features, id + 1);
}

inline letor_documents read_letor_documents(std::string_view text, const std::string& file, std::int32_t most) {
  letor_documents out;
  std::unordered_map<std::string, std::int64_t> seen;
  std::int64_t number = 0, first_with_query = 0;
  for (std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    letor_line line(text.substr(begin, end - begin), file, ++number);
    begin = end + 1;
    if (!line.next()) continue;
    float label = 0;
    if (!read_all(line.word(), label) || !std::isfinite(label) || label < 0)
      line.fail("a label that is a number not below 0");
    out.labels.push_back(label);
    bool more = line.next();
    if (more && line.word().starts_with("qid:")) {
      if (out.first_without_query > 0) line.fail("no qid, as in line " + to_text(out.first_without_query));
      if (first_with_query == 0) first_with_query = number;
      read_letor_query(line, number, out, seen);
      more = line.next();
    } else {
      if (first_with_query > 0) line.fail("a qid, as in line " + to_text(first_with_query));
      if (out.first_without_query == 0) out.first_without_query = number;
    }
    for (; more; more = line.next()) read_letor_feature(line, most, out);
    out.offsets.push_back(std::ssize(out.ids));
  }
  if (out.labels.empty()) throw parse_error({.file = file, .line = 1}, "a judged document", "an empty file");
  return out;
}

/// The sizes of queries, a number a line, that must add up to the documents.
inline void read_query_sizes(std::string_view text, const std::string& file, letor_documents& out) {
  std::int64_t number = 0, sum = 0;
  const auto documents = std::ssize(out.labels);
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    letor_line line(text.substr(begin, end - begin), file, ++number);
    begin = end + 1;
    if (!line.next()) continue;
    std::int32_t size = 0;
    if (!read_all(line.word(), size) || size < 1) line.fail("the number of documents of a query, at least 1");
    sum += size;
    if (sum > documents)
      line.fail("sizes that add up to " + to_text(documents) + " documents; with this line they are " +
                to_text(sum - documents) + " too many");
    out.queries.push_back(to_text(std::ssize(out.sizes) + 1));
    out.sizes.push_back(size);
  }
  if (sum < documents)
    throw parse_error({.file = file, .line = std::max<std::int64_t>(number, 1)},
                      "sizes that add up to " + to_text(documents) + " documents",
                      to_text(sum) + ", " + to_text(documents - sum) + " too few");
}

}  // namespace detail

inline letor_file read_letor(const std::filesystem::path& file, const letor_options& o, const file_reader& open) {
  if (o.features < 0)
    detail::fail_argument("read_letor: features must be at least 0, got " + detail::to_text(o.features));
  const std::string text = open(file);
  auto read = detail::read_letor_documents(text, file.string(), o.features);
  if (read.first_without_query > 0) {
    const std::filesystem::path side = file.string() + ".query";
    detail::read_query_sizes(open(side), side.string(), read);
  }
  const auto features = o.features > 0 ? o.features : read.features;
  const auto documents = std::ssize(read.labels);
  const auto cells = static_cast<double>(documents) * features;
  ranking_features table;
  if (static_cast<double>(read.ids.size()) >= o.dense_from * cells) {
    matrix<float> rows = matrix<float>::Zero(documents, features);
    for (std::ptrdiff_t d = 0; d < documents; ++d)
      for (auto n = read.offsets[static_cast<std::size_t>(d)]; n < read.offsets[static_cast<std::size_t>(d) + 1]; ++n)
        rows(d, read.ids[static_cast<std::size_t>(n)]) = read.values[static_cast<std::size_t>(n)];
    table = ranking_features(std::move(rows));
  } else {
    table = ranking_features(features, std::move(read.offsets), std::move(read.ids), std::move(read.values));
  }
  return {.data = ranking_data(std::move(table), std::move(read.labels), read.sizes),
          .queries = std::move(read.queries)};
}

}  // namespace reco
