// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/content/taste_profile.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/item_vectors.hpp"
#include "reco/data/query.hpp"
#include "reco/data/ranked_list.hpp"
#include "reco/data/request.hpp"
#include "reco/knn/exact.hpp"
#include "reco/math/matrix.hpp"
#include "reco/model/concepts.hpp"
#include "reco/model/recommend.hpp"

namespace reco::inline RECO_ABI() {

template <class T, neighbor_index Index>
class content_model;

/// Recommends what lies nearest to a reader's taste: vectors of the items (made from their text, or
/// elsewhere) -> decayed taste profile of the query's reads -> nearest neighbors of it by cosine.
///
///     score_i = cos(profile, e_i),   profile as in taste_profile, over unit vectors e_n
///
/// Reads come from the query's session (with times), or from its history where there is no session. Reads
/// after `now` do not count. Items without a vector (zeros) are never recommended and have no say; a query none
/// of whose reads has a vector cannot be answered: put a `fallback` behind.
///
///     auto model = reco::content_recommender{.half_life = std::chrono::days(3)}.fit(vectors);
///     auto list  = reco::recommend(model, data.query(7), {.k = 10});
///     auto why   = reco::explain(model, data.query(7), list[0].item);   // parts add up to the score
///
/// Fit O(items d); a query O(reads d) and a search of the index, O(items d) for the exact one.
struct content_recommender {
  half_life_t half_life = taste_profile{}.half_life;         ///< see taste_profile
  double negative_weight = taste_profile{}.negative_weight;  ///< see taste_profile
  double neutral = taste_profile{}.neutral;                  ///< see taste_profile

  static constexpr std::string_view name = "content_recommender";
  static constexpr auto options() {
    return std::tuple{above("half_life", &content_recommender::half_life, half_life_t(0))
                          .search(std::chrono::hours(6), std::chrono::days(365), search_scale::logarithmic),
                      at_least("negative_weight", &content_recommender::negative_weight, 0).search(0, 1),
                      any_value("neutral", &content_recommender::neutral)};
  }
  friend bool operator==(const content_recommender&, const content_recommender&) = default;

  /// Throws `invalid_argument` for options out of range and for data without vectors.
  template <item_vectors D>
  [[nodiscard]] auto fit(const D& data, const training& how = {}) const
      -> content_model<typename D::scalar, exact_index<typename D::scalar>>;
};
static_assert(options_are_complete<content_recommender>);

/// Item vectors, an index over them and the rule that makes a taste of reads.
template <class T, neighbor_index Index = exact_index<T>>
class content_model {
 public:
  using scalar = T;

  /// `vectors`: one of length 1 for each item, or zeros; `index`: over these vectors, by inner product or cosine, and
  /// it may look into them. Copies of the model share them. Throws `invalid_argument` where the two do not agree.
  content_model(taste_profile rule, std::shared_ptr<const embeddings<T>> vectors, Index index, fit_report report = {});

  [[nodiscard]] std::int32_t items() const noexcept { return vectors_->items(); }
  [[nodiscard]] bool can_answer(const query<T>& q) const { return !profile(q).isZero(0); }
  /// The taste, of length 1; zeros where no read counts. `dimension()` numbers.
  [[nodiscard]] column<T> profile(const query<T>& q) const;
  [[nodiscard]] ranked_list<T> recommend(const query<T>& q, const request& r) const;
  [[nodiscard]] explanation<T> explain(const query<T>& q, std::int32_t item) const;
  [[nodiscard]] ranked_list<T> similar(std::int32_t item, const request& r) const;
  /// What lies nearest to any point: a taste kept in a stream, a text just embedded.
  [[nodiscard]] ranked_list<T> near(std::span<const T> point, const request& r) const;
  [[nodiscard]] std::span<const T> embedding(std::int32_t item) const { return vectors_->vector(item); }
  [[nodiscard]] std::int32_t dimension() const noexcept { return vectors_->dimension(); }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  static const history_view<T>& reads_of(const query<T>& q) { return q.session.empty() ? q.history : q.session; }
  std::vector<double> coefficients(const query<T>& q) const;
  column<double> taste_of(const query<T>& q, std::span<const double> coefficient) const;
  ranked_list<T> search(std::span<const T> point, std::vector<std::int32_t> excluded, const request& r) const;

  taste_profile rule_;
  std::shared_ptr<const embeddings<T>> vectors_;
  Index index_;
  fit_report report_;
  std::vector<char> has_vector_ = {};
  std::vector<std::int32_t> without_vector_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <item_vectors D>
auto content_recommender::fit(const D& data, const training& how) const
    -> content_model<typename D::scalar, exact_index<typename D::scalar>> {
  using T = typename D::scalar;
  check_options(*this);
  if (data.dimension() == 0) detail::fail_argument("content_recommender: the data must have item vectors");
  matrix<T> unit(data.items(), data.dimension());
  constexpr std::int64_t chunk = 1024;
  for_chunks(how.executor, data.items(), chunk, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) {
      const auto v = as_column(data.vector(static_cast<std::int32_t>(i))).template cast<double>();
      const double length = v.stableNorm();
      unit.row(i) = (v / (length > 0 ? length : 1)).template cast<T>().transpose();
    }
  });
  auto vectors = std::make_shared<const embeddings<T>>(std::move(unit));
  auto index = exact_index<T>::view(vectors->rows(), similarity::inner_product);
  return {taste_profile{half_life, negative_weight, neutral}, std::move(vectors), std::move(index)};
}

template <class T, neighbor_index Index>
content_model<T, Index>::content_model(taste_profile rule, std::shared_ptr<const embeddings<T>> vectors, Index index,
                                       fit_report report)
    : rule_(rule), vectors_(std::move(vectors)), index_(std::move(index)), report_(std::move(report)) {
  if (index_.items() != items() || index_.dimension() != dimension())
    detail::fail_argument("content_model: the index must hold the vectors, " + detail::to_text(items()) + " of " +
                          detail::to_text(dimension()) + " numbers, got " + detail::to_text(index_.items()) + " of " +
                          detail::to_text(index_.dimension()));
  has_vector_.resize(static_cast<std::size_t>(items()));
  for (std::int32_t i = 0; i < items(); ++i) {
    const bool known = !as_column(vectors_->vector(i)).isZero(0);
    has_vector_[static_cast<std::size_t>(i)] = known;
    if (!known) without_vector_.push_back(i);
  }
}

template <class T, neighbor_index Index>
std::vector<double> content_model<T, Index>::coefficients(const query<T>& q) const {
  const auto known = [&](std::int32_t item) {
    return item >= 0 && item < items() && has_vector_[static_cast<std::size_t>(item)];
  };
  return taste_coefficients(rule_, reads_of(q), q.now, known);
}

template <class T, neighbor_index Index>
column<double> content_model<T, Index>::taste_of(const query<T>& q, std::span<const double> coefficient) const {
  column<double> sum = column<double>::Zero(dimension());
  for (std::size_t n = 0; n < coefficient.size(); ++n)
    if (coefficient[n] != 0) sum += coefficient[n] * as_column(embedding(reads_of(q).items[n])).template cast<double>();
  return sum;
}

template <class T, neighbor_index Index>
column<T> content_model<T, Index>::profile(const query<T>& q) const {
  const column<double> taste = taste_of(q, coefficients(q));
  const double length = taste.norm();
  // Likes and dislikes of one thing cancel to rounding noise, which points nowhere.
  if (!(length > 1e-9)) return column<T>::Zero(dimension());
  return (taste / length).template cast<T>();
}

template <class T, neighbor_index Index>
ranked_list<T> content_model<T, Index>::search(std::span<const T> point, std::vector<std::int32_t> excluded,
                                               const request& r) const {
  excluded.insert(excluded.end(), without_vector_.begin(), without_vector_.end());
  detail::make_item_set(excluded, items());
  return index_.search(point, {.k = r.k, .exclude = excluded, .only = r.only});
}

template <class T, neighbor_index Index>
ranked_list<T> content_model<T, Index>::recommend(const query<T>& q, const request& r) const {
  check_request(r);
  const column<T> taste = profile(q);
  if (taste.isZero(0)) return {};
  return search({taste.data(), static_cast<std::size_t>(taste.size())}, detail::excluded_items(q, r, items()), r);
}

template <class T, neighbor_index Index>
explanation<T> content_model<T, Index>::explain(const query<T>& q, std::int32_t item) const {
  const auto coefficient = coefficients(q);
  const double length = taste_of(q, coefficient).norm();
  const auto target = as_column(embedding(item)).template cast<double>();
  std::map<std::int32_t, double> part;  // a read item may stand in the session several times
  double score = 0;
  for (std::size_t n = 0; n < coefficient.size() && length > 0; ++n) {
    if (coefficient[n] == 0) continue;
    const auto read = reads_of(q).items[n];
    const double say = coefficient[n] / length * as_column(embedding(read)).template cast<double>().dot(target);
    part[read] += say;
    score += say;
  }
  std::vector<scored_item<T>> because;
  for (const auto& [read, say] : part) because.push_back({read, static_cast<T>(say)});
  return {.score = static_cast<T>(score), .because = ranked_list<T>::best_of(std::move(because))};
}

template <class T, neighbor_index Index>
ranked_list<T> content_model<T, Index>::similar(std::int32_t item, const request& r) const {
  if (!has_vector_[static_cast<std::size_t>(item)]) return {};
  std::vector<std::int32_t> excluded(r.exclude.begin(), r.exclude.end());
  excluded.push_back(item);
  return search(embedding(item), std::move(excluded), r);
}

template <class T, neighbor_index Index>
ranked_list<T> content_model<T, Index>::near(std::span<const T> point, const request& r) const {
  check_request(r);
  return search(point, {r.exclude.begin(), r.exclude.end()}, r);
}

}  // namespace reco
