// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/options.hpp"
#include "reco/content/text_counts.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Which BM25: what a token t counts in a document d, with
///
///     c = count(d, t)     n of N documents have t     K = k1 (1 - b + b length(d) / mean length)
///
/// in the notation of Kamphuis, de Vries, Boytsov and Lin ("Which BM25 do you mean?", 2020).
enum class bm25_variant {
  lucene,     ///< ln(1 + (N - n + 1/2) / (n + 1/2)) c / (c + K); never negative
  robertson,  ///< ln((N - n + 1/2) / (n + 1/2)) c / (c + K); negative for a token of more than half the documents
  atire,      ///< ln(N / n) (k1 + 1) c / (c + K); Trotman, Jia and Crane (2012)
  bm25l,      ///< ln((N + 1) / (n + 1/2)) (k1 + 1) (c' + delta) / (c' + delta + k1), c' = c k1 / K
  bm25plus,   ///< ln((N + 1) / n) ((k1 + 1) c / (c + K) + delta)
};

template <class T>
class bm25_model;

/// Okapi BM25: a token's count saturates, and long documents are held against their length.
///
///     score(q, d) = sum over tokens t of q: count(q, t) weight(d, t)
///
/// Robertson and Zaragoza ("The probabilistic relevance framework: BM25 and beyond", 2009). Lv and Zhai
/// ("When documents are very long, BM25 fails!" and "Lower-bounding term frequency normalization", 2011) for bm25l
/// and bm25plus, which keep long documents from being overly punished.
///
///     const auto counts = words.count_all<float>(articles).counts;
///     const auto model = reco::bm25{}.fit(counts);
///     const reco::inverted_index<float> index(model.transform(counts));
///     index.scores(words.count<float>("rate cut").counts.row(), scores);
///
/// `fit` and `transform` take O(nonzeros) time; the model has one number a token. The length of a document is the sum
/// of its counts. Weights are not normalised: for cosines between documents use TF-IDF.
struct bm25 {
  bm25_variant variant = bm25_variant::lucene;
  double k1 = 1.2;   ///< >= 0; how slowly a count saturates, 0: it does not matter at all
  double b = 0.75;   ///< 0..1; how much the length matters, 0: not at all
  double delta = 1;  ///< >= 0; bm25l (0.5 was best in its paper) and bm25plus (1) only: what a token is worth at least

  /// `counts`: documents × tokens, none negative. Throws `invalid_argument` for an option out of range.
  template <class T>
  [[nodiscard]] bm25_model<T> fit(const csr_matrix<T>& counts) const;

  static constexpr std::string_view name = "bm25";
  static constexpr auto options() {
    return std::tuple{one_of("variant", &bm25::variant,
                             {{"lucene", bm25_variant::lucene},
                              {"robertson", bm25_variant::robertson},
                              {"atire", bm25_variant::atire},
                              {"bm25l", bm25_variant::bm25l},
                              {"bm25plus", bm25_variant::bm25plus}})
                          .search(),
                      at_least("k1", &bm25::k1, 0).search(0.2, 3), between("b", &bm25::b, 0, 1).search(0, 1),
                      at_least("delta", &bm25::delta, 0).search(0, 1.5)};
  }
  friend bool operator==(const bm25&, const bm25&) = default;
};
static_assert(options_are_complete<bm25>);

/// What BM25 learns from a collection: a weight for each token and the mean length. Immutable.
template <class T>
class bm25_model {
 public:
  using scalar = T;

  bm25_model() = default;
  /// The model of tokens that stand in these numbers of documents.
  bm25_model(const bm25& rule, std::span<const std::int32_t> document_frequencies, std::int32_t documents,
             double mean_length);

  [[nodiscard]] std::int32_t features() const noexcept { return static_cast<std::int32_t>(idf_.size()); }
  [[nodiscard]] std::span<const double> idf() const noexcept { return idf_; }
  [[nodiscard]] double mean_length() const noexcept { return mean_length_; }

  /// Weights in place of counts, so that the dot product of a row with a query's counts is its score; weights that
  /// are 0 are left out. Throws `invalid_argument` for another number of columns or a negative count.
  [[nodiscard]] csr_matrix<T> transform(const csr_matrix<T>& counts) const;
  /// The same for one document, old or new. Throws `std::out_of_range` for a column outside 0..features() - 1.
  [[nodiscard]] sparse_vector<T> transform(const sparse_row<T>& counts) const;

 private:
  void weigh(std::span<const std::int32_t> tokens, std::span<double> values) const;

  bm25 rule_ = {};
  std::vector<double> idf_ = {};
  double mean_length_ = 0;
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline double bm25_rarity(bm25_variant variant, double N, double n) {
  switch (variant) {
    case bm25_variant::lucene: return std::log1p((N - n + 0.5) / (n + 0.5));
    case bm25_variant::robertson: return std::log((N - n + 0.5) / (n + 0.5));
    case bm25_variant::atire: return std::log(N / n);
    case bm25_variant::bm25l: return std::log((N + 1) / (n + 0.5));
    case bm25_variant::bm25plus: break;
  }
  return std::log((N + 1) / n);
}

/// A negative count has no meaning here, and could make a denominator 0.
inline void check_count(double count) {
  if (count < 0) fail_argument("bm25: counts must be at least 0, got " + to_text(count));
}

}  // namespace detail

template <class T>
bm25_model<T> bm25::fit(const csr_matrix<T>& counts) const {
  double length = 0;
  for (const auto c : counts.values()) {
    detail::check_count(static_cast<double>(c));
    length += static_cast<double>(c);
  }
  return bm25_model<T>(*this, document_frequencies(counts), counts.rows(),
                       counts.rows() == 0 ? 0 : length / counts.rows());
}

template <class T>
bm25_model<T>::bm25_model(const bm25& rule, std::span<const std::int32_t> document_frequencies, std::int32_t documents,
                          double mean_length)
    : rule_(rule), mean_length_(mean_length) {
  check_options(rule);
  idf_.reserve(document_frequencies.size());
  for (const auto n : document_frequencies)  // a token in no document counts as one in a single document
    idf_.push_back(detail::bm25_rarity(rule.variant, std::max(documents, 1), std::max(n, 1)));
}

template <class T>
void bm25_model<T>::weigh(std::span<const std::int32_t> tokens, std::span<double> values) const {
  double length = 0;
  for (const double c : values) {
    detail::check_count(c);
    length += c;
  }
  const double k1 = rule_.k1;
  const double relative = mean_length_ > 0 ? length / mean_length_ : 1;
  const double stretch = 1 - rule_.b + rule_.b * relative;  // K / k1
  for (std::size_t n = 0; n < values.size(); ++n) {
    const double c = values[n];
    if (c == 0) continue;
    double tf = c / (c + k1 * stretch);
    switch (rule_.variant) {
      case bm25_variant::lucene:
      case bm25_variant::robertson: break;
      case bm25_variant::atire: tf *= k1 + 1; break;
      case bm25_variant::bm25l: {
        const double lifted = c / stretch + rule_.delta;
        tf = (k1 + 1) * lifted / (lifted + k1);
        break;
      }
      case bm25_variant::bm25plus: tf = (k1 + 1) * tf + rule_.delta; break;
    }
    values[n] = idf_[static_cast<std::size_t>(tokens[n])] * tf;
  }
}

template <class T>
csr_matrix<T> bm25_model<T>::transform(const csr_matrix<T>& counts) const {
  return detail::weigh_rows("bm25", features(), counts, [this](auto tokens, auto values) { weigh(tokens, values); });
}

template <class T>
sparse_vector<T> bm25_model<T>::transform(const sparse_row<T>& counts) const {
  return detail::weigh_vector("bm25: column", features(), counts,
                              [this](auto tokens, auto values) { weigh(tokens, values); });
}

}  // namespace reco
