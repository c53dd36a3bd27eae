// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// What an entry that a sparse row leaves out stands for: 0 (LETOR files, LightGBM) or "not known" (XGBoost).
enum class absent_value { zero, missing };

/// The features of documents, documents × features, dense by rows or sparse by rows (64-bit offsets). A NaN is a
/// missing value. An infinity is refused: it is the logarithm of 0 or an overflow, and no scale puts it beside other
/// values.
class ranking_features {
 public:
  ranking_features() = default;
  /// Throws `invalid_argument` naming document and feature for an infinity.
  explicit ranking_features(matrix<float> rows);
  /// `offsets` has documents + 1 entries and starts at 0; document d has `ids[offsets[d]..offsets[d + 1])`, ascending
  /// and unique. Throws `invalid_argument` naming document and feature where that does not hold.
  ranking_features(std::int32_t features, std::vector<std::int64_t> offsets, std::vector<std::int32_t> ids,
                   std::vector<float> values, absent_value absent = absent_value::zero);

  [[nodiscard]] std::int32_t documents() const noexcept { return documents_; }
  [[nodiscard]] std::int32_t features() const noexcept { return features_; }
  [[nodiscard]] bool is_sparse() const noexcept { return !offsets_.empty(); }
  /// What `row` puts where a sparse row has no entry: 0 or NaN.
  [[nodiscard]] float absent() const noexcept { return absent_; }

  /// All features of a document: a view of the matrix, or of `scratch`, which must have `features()` places, where the
  /// rows are sparse. Unchecked.
  [[nodiscard]] std::span<const float> row(std::int32_t document, std::span<float> scratch) const noexcept;
  /// The matrix; empty where rows are sparse.
  [[nodiscard]] const matrix<float>& dense() const noexcept { return dense_; }
  /// What a sparse row holds. Unchecked; only where `is_sparse()`.
  [[nodiscard]] sparse_row<float> entries(std::int32_t document) const noexcept;
  /// Some of the documents, in the order given. Throws `std::out_of_range`.
  [[nodiscard]] ranking_features select(std::span<const std::int32_t> documents) const;

  [[nodiscard]] std::size_t bytes() const noexcept {
    return static_cast<std::size_t>(dense_.size()) * sizeof(float) + offsets_.size() * sizeof(std::int64_t) +
           ids_.size() * (sizeof(std::int32_t) + sizeof(float));
  }

 private:
  std::int32_t documents_ = 0;
  std::int32_t features_ = 0;
  float absent_ = 0;
  matrix<float> dense_ = {};
  std::vector<std::int64_t> offsets_ = {};
  std::vector<std::int32_t> ids_ = {};
  std::vector<float> values_ = {};
};

/// What may be known of documents beside features and labels; empty: nothing.
struct document_notes {
  std::vector<float> weights = {};           ///< how much each document counts, not negative; empty: 1
  std::vector<std::int32_t> positions = {};  ///< the rank at which each was shown when its label was clicked, from 0
};

/// What a ranker learns from and is judged on: documents with features and a graded label, in groups, a group for
/// each query. The documents of a query stand together.
///
///     reco::matrix<float> x(5, 2);                                        // documents × features
///     const reco::ranking_data data(reco::ranking_features(x), {2, 0, 1, 0, 3}, {3, 2});   // queries of 3 and 2
///
/// A label is any number that is not negative: grades 0..4, watch times, clicks. There is no limit to grades nor to the
/// documents of a query. Immutable.
class ranking_data {
 public:
  ranking_data() = default;
  /// Throws `invalid_argument` naming what is wrong and where: numbers of labels, weights, positions; a label that is
  /// negative or no number; group sizes that do not add up to the documents.
  ranking_data(ranking_features features, std::vector<float> labels, std::span<const std::int32_t> group_sizes,
               document_notes notes = {});
  ranking_data(ranking_features features, std::vector<float> labels, std::initializer_list<std::int32_t> group_sizes,
               document_notes notes = {})
      : ranking_data(std::move(features), std::move(labels),
                     std::span<const std::int32_t>(group_sizes.begin(), group_sizes.size()), std::move(notes)) {}

  [[nodiscard]] std::int32_t documents() const noexcept { return features_.documents(); }
  [[nodiscard]] std::int32_t queries() const noexcept { return static_cast<std::int32_t>(begins_.size()) - 1; }
  [[nodiscard]] std::int32_t features() const noexcept { return features_.features(); }

  [[nodiscard]] const ranking_features& matrix_of_features() const noexcept { return features_; }
  [[nodiscard]] std::span<const float> labels() const noexcept { return labels_; }
  /// Empty: every document weighs 1.
  [[nodiscard]] std::span<const float> weights() const noexcept { return notes_.weights; }
  /// Empty: not known.
  [[nodiscard]] std::span<const std::int32_t> positions() const noexcept { return notes_.positions; }

  /// The documents of query q are `begins()[q]..begins()[q + 1]`.
  [[nodiscard]] std::span<const std::int32_t> begins() const noexcept { return begins_; }
  /// First document and number of documents of a query. Unchecked.
  [[nodiscard]] std::int32_t begin_of(std::int32_t query) const noexcept {
    return begins_[static_cast<std::size_t>(query)];
  }
  [[nodiscard]] std::int32_t size_of(std::int32_t query) const noexcept {
    return begins_[static_cast<std::size_t>(query) + 1] - begin_of(query);
  }
  /// As `ranking_features::row`.
  [[nodiscard]] std::span<const float> row(std::int32_t document, std::span<float> scratch) const noexcept {
    return features_.row(document, scratch);
  }

  /// Some of the queries, in the order given, as a set of their own. Throws `std::out_of_range`.
  [[nodiscard]] ranking_data select(std::span<const std::int32_t> queries) const;

 private:
  ranking_features features_ = {};
  std::vector<float> labels_ = {};
  std::vector<std::int32_t> begins_ = {0};
  document_notes notes_ = {};
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

[[noreturn, gnu::cold]] inline void fail_feature(std::int64_t document, std::int64_t feature, const std::string& what) {
  fail_argument("ranking_features: document " + to_text(document) + ", feature " + to_text(feature) + ": " + what);
}

inline void check_feature_value(float value, std::int64_t document, std::int64_t feature) {
  if (std::isinf(value)) [[unlikely]]
    fail_feature(document, feature, "must be finite, or NaN where it is missing, got " + to_text(value));
}

}  // namespace detail

inline ranking_features::ranking_features(matrix<float> rows) {
  if (rows.rows() > std::numeric_limits<std::int32_t>::max() || rows.cols() > std::numeric_limits<std::int32_t>::max())
    detail::fail_argument("ranking_features: more than 2^31 - 1 documents or features");
  for (Eigen::Index d = 0; d < rows.rows(); ++d)
    for (Eigen::Index f = 0; f < rows.cols(); ++f) detail::check_feature_value(rows(d, f), d, f);
  documents_ = static_cast<std::int32_t>(rows.rows());
  features_ = static_cast<std::int32_t>(rows.cols());
  dense_ = std::move(rows);
}

inline ranking_features::ranking_features(std::int32_t features, std::vector<std::int64_t> offsets,
                                          std::vector<std::int32_t> ids, std::vector<float> values,
                                          absent_value absent) {
  const auto require = [](bool ok, const std::string& what) {
    if (!ok) detail::fail_argument("ranking_features: " + what);
  };
  require(features >= 0, "features must be at least 0, got " + detail::to_text(features));
  require(!offsets.empty() && offsets.front() == 0, "offsets must start with 0");
  require(offsets.size() - 1 <= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()),
          "more than 2^31 - 1 documents");
  require(offsets.back() == static_cast<std::int64_t>(ids.size()) && ids.size() == values.size(),
          "the last offset, the ids and the values must agree in number, got " + detail::to_text(offsets.back()) +
              ", " + detail::to_text(ids.size()) + " and " + detail::to_text(values.size()));
  for (std::size_t d = 0; d + 1 < offsets.size(); ++d) {
    if (offsets[d] > offsets[d + 1] || offsets[d + 1] > offsets.back())
      require(false, "document " + detail::to_text(d) + ": offsets must not fall");
    for (auto n = static_cast<std::size_t>(offsets[d]); n < static_cast<std::size_t>(offsets[d + 1]); ++n) {
      const auto document = static_cast<std::int64_t>(d);
      if (ids[n] < 0 || ids[n] >= features)
        detail::fail_feature(document, ids[n], "there are " + detail::to_text(features) + " features");
      if (n > static_cast<std::size_t>(offsets[d]) && ids[n] <= ids[n - 1])
        detail::fail_feature(document, ids[n],
                             "features must ascend without repeats, it comes after " + detail::to_text(ids[n - 1]));
      detail::check_feature_value(values[n], document, ids[n]);
    }
  }
  documents_ = static_cast<std::int32_t>(offsets.size() - 1);
  features_ = features;
  absent_ = absent == absent_value::zero ? 0 : std::numeric_limits<float>::quiet_NaN();
  offsets_ = std::move(offsets);
  ids_ = std::move(ids);
  values_ = std::move(values);
}

inline sparse_row<float> ranking_features::entries(std::int32_t document) const noexcept {
  RECO_ASSERT(is_sparse() && document >= 0 && document < documents_);
  const auto begin = static_cast<std::size_t>(offsets_[static_cast<std::size_t>(document)]);
  const auto size = static_cast<std::size_t>(offsets_[static_cast<std::size_t>(document) + 1]) - begin;
  return {std::span(ids_).subspan(begin, size), std::span(values_).subspan(begin, size)};
}

inline std::span<const float> ranking_features::row(std::int32_t document, std::span<float> scratch) const noexcept {
  RECO_ASSERT(document >= 0 && document < documents_);
  if (!is_sparse()) return row_of(dense_, document);
  RECO_ASSERT(scratch.size() >= static_cast<std::size_t>(features_));
  const auto out = scratch.first(static_cast<std::size_t>(features_));
  std::fill(out.begin(), out.end(), absent_);
  const auto held = entries(document);
  for (std::size_t n = 0; n < held.size(); ++n) out[static_cast<std::size_t>(held.columns[n])] = held.values[n];
  return out;
}

inline ranking_features ranking_features::select(std::span<const std::int32_t> documents) const {
  for (const auto d : documents) detail::check_index("ranking_features: document", d, documents_);
  ranking_features some;
  some.documents_ = static_cast<std::int32_t>(documents.size());
  some.features_ = features_;
  some.absent_ = absent_;
  if (!is_sparse()) {
    some.dense_.resize(some.documents_, features_);
    for (std::int32_t n = 0; n < some.documents_; ++n)
      some.dense_.row(n) = dense_.row(documents[static_cast<std::size_t>(n)]);
    return some;
  }
  some.offsets_ = {0};
  for (const auto d : documents) {
    const auto held = entries(d);
    some.ids_.insert(some.ids_.end(), held.columns.begin(), held.columns.end());
    some.values_.insert(some.values_.end(), held.values.begin(), held.values.end());
    some.offsets_.push_back(static_cast<std::int64_t>(some.ids_.size()));
  }
  return some;
}

inline ranking_data::ranking_data(ranking_features features, std::vector<float> labels,
                                  std::span<const std::int32_t> group_sizes, document_notes notes) {
  const auto documents = static_cast<std::size_t>(features.documents());
  const auto one_each = [&](std::string_view what, std::size_t got) {
    if (got != documents)
      detail::fail_argument("ranking_data: expected " + detail::to_text(documents) + ' ' + std::string(what) +
                            ", one for each document, got " + detail::to_text(got));
  };
  const auto not_negative = [&](std::string_view what, std::size_t document, auto value) {
    if (!(value >= 0) || !std::isfinite(static_cast<double>(value)))
      detail::fail_argument("ranking_data: document " + detail::to_text(document) + ": the " + std::string(what) +
                            " must be a number not below 0, got " + detail::to_text(value));
  };
  one_each("labels", labels.size());
  if (!notes.weights.empty()) one_each("weights", notes.weights.size());
  if (!notes.positions.empty()) one_each("positions", notes.positions.size());
  for (std::size_t d = 0; d < documents; ++d) not_negative("label", d, labels[d]);
  for (std::size_t d = 0; d < notes.weights.size(); ++d) not_negative("weight", d, notes.weights[d]);
  for (std::size_t d = 0; d < notes.positions.size(); ++d) not_negative("position", d, notes.positions[d]);

  std::vector<std::int32_t> begins = {0};
  begins.reserve(group_sizes.size() + 1);
  for (std::size_t g = 0; g < group_sizes.size(); ++g) {
    const auto at = "ranking_data: group " + detail::to_text(g);
    if (group_sizes[g] < 1)
      detail::fail_argument(at + ": a query must have at least 1 document, got " + detail::to_text(group_sizes[g]));
    const std::int64_t end = std::int64_t{begins.back()} + group_sizes[g];
    if (end > features.documents())
      detail::fail_argument(at + " of " + detail::to_text(group_sizes[g]) + " documents begins at document " +
                            detail::to_text(begins.back()) + " and passes the last by " +
                            detail::to_text(end - features.documents()) + "; there are " + detail::to_text(documents));
    begins.push_back(static_cast<std::int32_t>(end));
  }
  if (begins.back() != features.documents())
    detail::fail_argument("ranking_data: the sizes of " + detail::to_text(group_sizes.size()) + " groups add up to " +
                          detail::to_text(begins.back()) + ", but there are " + detail::to_text(documents) +
                          " documents: the last " + detail::to_text(features.documents() - begins.back()) +
                          " belong to no query");
  features_ = std::move(features);
  labels_ = std::move(labels);
  begins_ = std::move(begins);
  notes_ = std::move(notes);
}

inline ranking_data ranking_data::select(std::span<const std::int32_t> queries) const {
  std::vector<std::int32_t> documents, sizes;
  for (const auto q : queries) {
    detail::check_index("ranking_data: query", q, this->queries());
    for (std::int32_t n = 0; n < size_of(q); ++n) documents.push_back(begin_of(q) + n);
    sizes.push_back(size_of(q));
  }
  const auto pick = [&](const auto& from) {
    std::remove_cvref_t<decltype(from)> out;
    if (!from.empty())
      for (const auto d : documents) out.push_back(from[static_cast<std::size_t>(d)]);
    return out;
  };
  return {features_.select(documents), pick(labels_), sizes, {pick(notes_.weights), pick(notes_.positions)}};
}

}  // namespace reco
