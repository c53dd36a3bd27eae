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

/// What a count c of a token in a document is worth; SMART's letter behind. A negative count (of signed hashing)
/// gives the negative of what its absolute value gives.
enum class term_frequency {
  raw,          ///< c  (n)
  binary,       ///< 1  (b)
  log,          ///< 1 + ln c; c itself below 1  (l)
  augmented,    ///< 1/2 + c / (2 largest c of the document)  (a)
  square_root,  ///< sqrt c, as Lucene's classic similarity
};

/// What a token that stands in n of N documents is worth. A token in no document counts as one in a single document,
/// except where the formula has a value for n = 0.
enum class inverse_document_frequency {
  none,            ///< 1  (n)
  plain,           ///< ln(N / n); a token of all documents gets 0  (t)
  plain_plus_one,  ///< ln(N / n) + 1
  smooth,          ///< ln((1 + N) / (1 + n)) + 1, as if one document more held every token
  max,             ///< ln(largest n / n); the commonest token gets 0
  probabilistic,   ///< max(0, ln((N - n) / n)); a token of half the documents or more gets 0  (p)
};

/// What a document's weights are divided by; a document without weights stays empty.
enum class row_norm {
  none,  ///< (n)
  l1,    ///< the sum of absolute values
  l2,    ///< the Euclidean length; dot products are then cosines  (c)
};

template <class T>
class tfidf_model;

/// Term frequency times inverse document frequency: a token counts in a document the more often it stands there
/// and the fewer documents have it.
///
///     weight(d, t) = tf(count(d, t)) idf(t) / norm(d)
///
/// Spärck Jones ("A statistical interpretation of term specificity", 1972); Salton and Buckley ("Term-weighting
/// approaches in automatic text retrieval", 1988), whose SMART names read tf, idf, norm: `ltc` is {log, plain, l2}.
/// The default is that of scikit-learn.
///
///     const auto counts = words.count_all<float>(articles).counts;
///     const auto model = reco::tfidf{.tf = reco::term_frequency::log}.fit(counts);
///     const reco::feature_rows<float> items(model.transform(counts));
///     const auto fresh = model.transform(words.count<float>("an article of today").counts.row());
///
/// `fit` and `transform` take O(nonzeros) time; the model has one number a token.
struct tfidf {
  term_frequency tf = term_frequency::raw;
  inverse_document_frequency idf = inverse_document_frequency::smooth;
  row_norm norm = row_norm::l2;

  /// `counts`: documents × tokens. Throws `invalid_argument` for an option out of range.
  template <class T>
  [[nodiscard]] tfidf_model<T> fit(const csr_matrix<T>& counts) const;

  static constexpr std::string_view name = "tfidf";
  static constexpr auto options() {
    using idf_ = inverse_document_frequency;
    return std::tuple{
        one_of("tf", &tfidf::tf,
               {{"raw", term_frequency::raw},
                {"binary", term_frequency::binary},
                {"log", term_frequency::log},
                {"augmented", term_frequency::augmented},
                {"square_root", term_frequency::square_root}})
            .search(),
        one_of("idf", &tfidf::idf,
               {{"none", idf_::none},
                {"plain", idf_::plain},
                {"plain_plus_one", idf_::plain_plus_one},
                {"smooth", idf_::smooth},
                {"max", idf_::max},
                {"probabilistic", idf_::probabilistic}})
            .search(),
        one_of("norm", &tfidf::norm, {{"none", row_norm::none}, {"l1", row_norm::l1}, {"l2", row_norm::l2}})};
  }
  friend bool operator==(const tfidf&, const tfidf&) = default;
};
static_assert(options_are_complete<tfidf>);

/// What TF-IDF learns from a collection: a weight for each token. Immutable.
template <class T>
class tfidf_model {
 public:
  using scalar = T;

  tfidf_model() = default;
  /// The model of tokens that stand in these numbers of documents.
  tfidf_model(const tfidf& rule, std::span<const std::int32_t> document_frequencies, std::int32_t documents);

  [[nodiscard]] std::int32_t features() const noexcept { return static_cast<std::int32_t>(idf_.size()); }
  [[nodiscard]] std::span<const double> idf() const noexcept { return idf_; }

  /// Weights in place of counts; weights that are 0 are left out. Throws `invalid_argument` for another number of
  /// columns.
  [[nodiscard]] csr_matrix<T> transform(const csr_matrix<T>& counts) const;
  /// The same for one document, old or new. Throws `std::out_of_range` for a column outside 0..features() - 1.
  [[nodiscard]] sparse_vector<T> transform(const sparse_row<T>& counts) const;

 private:
  void weigh(std::span<const std::int32_t> tokens, std::span<double> values) const;

  tfidf rule_ = {};
  std::vector<double> idf_ = {};
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

inline double frequency_weight(term_frequency tf, double count, double largest) {
  if (count == 0) return 0;
  const double c = std::abs(count);
  double weight = c;
  switch (tf) {
    case term_frequency::raw: break;
    case term_frequency::binary: weight = 1; break;
    case term_frequency::log: weight = c < 1 ? c : 1 + std::log(c); break;
    case term_frequency::augmented: weight = 0.5 + 0.5 * c / largest; break;
    case term_frequency::square_root: weight = std::sqrt(c); break;
  }
  return std::copysign(weight, count);
}

inline double rarity_weight(inverse_document_frequency idf, std::int32_t documents, std::int32_t with_token,
                            std::int32_t most) {
  const double N = documents;
  const double n = std::max(with_token, 1);
  switch (idf) {
    case inverse_document_frequency::none: break;
    case inverse_document_frequency::plain: return std::log(N / n);
    case inverse_document_frequency::plain_plus_one: return std::log(N / n) + 1;
    case inverse_document_frequency::smooth: return std::log((1 + N) / (1.0 + with_token)) + 1;
    case inverse_document_frequency::max: return std::log(most / n);
    case inverse_document_frequency::probabilistic: return n >= N ? 0 : std::max(0.0, std::log((N - n) / n));
  }
  return 1;
}

}  // namespace detail

template <class T>
tfidf_model<T> tfidf::fit(const csr_matrix<T>& counts) const {
  return tfidf_model<T>(*this, document_frequencies(counts), counts.rows());
}

template <class T>
tfidf_model<T>::tfidf_model(const tfidf& rule, std::span<const std::int32_t> document_frequencies,
                            std::int32_t documents)
    : rule_(rule) {
  check_options(rule);
  std::int32_t most = 1;
  for (const auto n : document_frequencies) most = std::max(most, n);
  idf_.reserve(document_frequencies.size());
  for (const auto n : document_frequencies)
    idf_.push_back(detail::rarity_weight(rule.idf, std::max(documents, 1), n, most));
}

template <class T>
void tfidf_model<T>::weigh(std::span<const std::int32_t> tokens, std::span<double> values) const {
  double largest = 0;
  for (const double c : values) largest = std::max(largest, std::abs(c));
  double sum = 0;
  for (std::size_t n = 0; n < values.size(); ++n) {
    values[n] = detail::frequency_weight(rule_.tf, values[n], largest) * idf_[static_cast<std::size_t>(tokens[n])];
    sum += rule_.norm == row_norm::l1 ? std::abs(values[n]) : values[n] * values[n];
  }
  if (rule_.norm == row_norm::none || sum == 0) return;
  const double length = rule_.norm == row_norm::l1 ? sum : std::sqrt(sum);
  for (double& v : values) v /= length;
}

template <class T>
csr_matrix<T> tfidf_model<T>::transform(const csr_matrix<T>& counts) const {
  return detail::weigh_rows("tfidf", features(), counts, [this](auto tokens, auto values) { weigh(tokens, values); });
}

template <class T>
sparse_vector<T> tfidf_model<T>::transform(const sparse_row<T>& counts) const {
  return detail::weigh_vector("tfidf: column", features(), counts,
                              [this](auto tokens, auto values) { weigh(tokens, values); });
}

}  // namespace reco
