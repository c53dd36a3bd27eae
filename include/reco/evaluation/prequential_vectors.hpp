// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/content/taste_profile.hpp"
#include "reco/data/embeddings.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/evaluation/prequential_concepts.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Item vectors as they stand at a moment of a log. A fit gives an item its vector. An item newer than the fit, or one
/// that the fit left without a vector, has that of its readers folded in: each event above neutral adds the taste that
/// its reader had just then, and says whose company the item keeps,
///
///     e_i = s / |s|,   s = sum of p_u / |p_u| over the first reads of i since the fit, by users u with a profile
///
/// where p_u is the decayed `taste_profile` of u's reads before that one. Nothing but the past goes into a vector; the
/// next fit replaces what was folded in.
///
///     auto vectors = std::make_shared<reco::living_vectors<float>>(
///         [](auto past, auto& how) { return reco::co_reads{}.fit(…past…, how).embeddings(); });
///     auto texts = std::make_shared<reco::living_vectors<float>>(reco::living_vectors<float>::given(embeddings));
///
/// Vectors that an evaluation is given are known from the first event of their item on, not before.
///
/// Vectors that stay as they are stand together, in `fixed`, so that many queries can be scored by one pass over
/// memory; those that change, or came since the last `settle`, are few and are in `moving`. O(reads d) an event of an
/// item in the fold, O(1) any other. 8 d (float) bytes an item, and 8 d an item folded in.
template <class T>
class living_vectors {
 public:
  using scalar = T;
  /// What makes vectors of everything so far: a row an item, zeros or no row for items without.
  using fit_function = std::function<embeddings<T>(std::span<const event>, const training&)>;

  /// With `once`, the first fit serves for good, and what is folded in stays. Throws `invalid_argument` for options out
  /// of range.
  explicit living_vectors(fit_function fit, bool once = false, const taste_profile& fold_in = {});
  /// Vectors made elsewhere.
  [[nodiscard]] static living_vectors given(embeddings<T> vectors, const taste_profile& fold_in = {});

  void learn(const event& e, const history_view<T>& before);
  void refit(std::span<const event> past, const training& how);
  void settle();

  /// Whether the item has occurred and has a vector.
  [[nodiscard]] bool knows(std::int32_t item) const {
    return item >= 0 && item < std::ssize(items_) && items_[static_cast<std::size_t>(item)].occurred &&
           items_[static_cast<std::size_t>(item)].has_vector;
  }
  [[nodiscard]] std::int32_t dimension() const noexcept { return static_cast<std::int32_t>(unit_.cols()); }
  /// Of length 1. Precondition: `knows(item)`.
  [[nodiscard]] std::span<const T> vector(std::int32_t item) const { return row_of(unit_, item); }
  /// The direction of a taste, of length 1; nothing where no read counts or all cancel.
  [[nodiscard]] std::optional<column<T>> taste(const taste_profile& rule, const history_view<T>& reads) const;

  /// Vectors that nothing changes before the next `settle` or `refit`: row n belongs to item `fixed_items()[n]`,
  /// ascending.
  [[nodiscard]] const matrix<T>& fixed() const noexcept { return fixed_; }
  [[nodiscard]] std::span<const std::int32_t> fixed_items() const noexcept { return fixed_items_; }
  /// -1 for an item that isn't there.
  [[nodiscard]] std::int32_t fixed_row(std::int32_t item) const {
    return item >= 0 && item < std::ssize(items_) ? items_[static_cast<std::size_t>(item)].row : -1;
  }
  /// All others that `knows` says yes to, in no order.
  [[nodiscard]] std::span<const std::int32_t> moving() const noexcept { return moving_; }

 private:
  struct state {
    bool occurred = false;
    bool has_vector = false;
    bool by_fit = false;      // not folded in
    std::int32_t row = -1;    // in `fixed_`
    column<double> sum = {};  // of the tastes folded in
  };
  void make_room(std::int32_t items);
  void fold_in(const event& e, const history_view<T>& before);
  void gather_fixed();

  fit_function fit_;
  bool once_;
  taste_profile rule_;
  bool fitted_ = false;
  std::vector<state> items_ = {};
  matrix<T> unit_ = {};  // of every item with a vector
  matrix<T> fixed_ = {};
  std::vector<std::int32_t> fixed_items_ = {};
  std::vector<std::int32_t> moving_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
living_vectors<T>::living_vectors(fit_function fit, bool once, const taste_profile& fold_in)
    : fit_(std::move(fit)), once_(once), rule_(fold_in) {
  check_options(rule_);
  if (!fit_) detail::fail_argument("living_vectors: a function that makes vectors is needed");
}

template <class T>
living_vectors<T> living_vectors<T>::given(embeddings<T> vectors, const taste_profile& fold_in) {
  return living_vectors([v = std::move(vectors)](std::span<const event>, const training&) { return v; }, true, fold_in);
}

template <class T>
void living_vectors<T>::make_room(std::int32_t items) {
  const auto n = static_cast<std::size_t>(items);
  if (n <= items_.size()) return;
  items_.resize(n);
  if (!fitted_ || unit_.rows() >= items) return;
  matrix<T> wider = matrix<T>::Zero(std::max<Eigen::Index>(items, 2 * unit_.rows()), unit_.cols());
  wider.topRows(unit_.rows()) = unit_;
  unit_.swap(wider);
}

template <class T>
std::optional<column<T>> living_vectors<T>::taste(const taste_profile& rule, const history_view<T>& reads) const {
  const auto coefficient = taste_coefficients(rule, reads, {}, [&](std::int32_t item) { return knows(item); });
  column<double> sum = column<double>::Zero(dimension());
  for (std::size_t n = 0; n < coefficient.size(); ++n)
    if (coefficient[n] != 0) sum += coefficient[n] * as_column(vector(reads.items[n])).template cast<double>();
  const double length = sum.norm();
  if (!(length > 1e-9)) return std::nullopt;  // likes and dislikes of one thing cancel to noise, which points nowhere
  return (sum / length).template cast<T>();
}

template <class T>
void living_vectors<T>::learn(const event& e, const history_view<T>& before) {
  make_room(e.item + 1);
  auto& item = items_[static_cast<std::size_t>(e.item)];
  if (!item.occurred && item.has_vector) moving_.push_back(e.item);
  item.occurred = true;
  if (fitted_ && !item.by_fit) fold_in(e, before);
}

template <class T>
void living_vectors<T>::fold_in(const event& e, const history_view<T>& before) {
  if (!(e.value > rule_.neutral)) return;
  if (std::find(before.items.begin(), before.items.end(), e.item) != before.items.end()) return;
  const auto p = taste(rule_, before);
  if (!p) return;
  auto& item = items_[static_cast<std::size_t>(e.item)];
  if (item.sum.size() == 0) item.sum = column<double>::Zero(dimension());
  item.sum += p->template cast<double>();
  const double length = item.sum.norm();
  if (!(length > 1e-9)) return;  // opposite tastes: the vector stays as it was
  unit_.row(e.item) = (item.sum / length).template cast<T>().transpose();
  if (!item.has_vector) moving_.push_back(e.item);
  item.has_vector = true;
}

template <class T>
void living_vectors<T>::refit(std::span<const event> past, const training& how) {
  if (fitted_ && once_) return settle();
  const auto vectors = fit_(past, how);
  const auto n = std::max(vectors.items(), static_cast<std::int32_t>(items_.size()));
  unit_ = matrix<T>::Zero(n, vectors.dimension());
  items_.resize(static_cast<std::size_t>(n));
  for (std::int32_t i = 0; i < n; ++i) {
    auto& item = items_[static_cast<std::size_t>(i)];
    item.sum.resize(0);
    item.by_fit = false;
    if (i < vectors.items()) {
      const auto v = as_column(vectors.vector(i)).template cast<double>();
      const double length = v.stableNorm();
      item.by_fit = length > 0;
      if (length > 0) unit_.row(i) = (v / length).template cast<T>().transpose();
    }
    item.has_vector = item.by_fit;
  }
  fitted_ = true;
  gather_fixed();
}

template <class T>
void living_vectors<T>::settle() {
  constexpr std::ptrdiff_t many = 64;
  const auto settled = [&](std::int32_t i) { return items_[static_cast<std::size_t>(i)].by_fit; };
  if (std::count_if(moving_.begin(), moving_.end(), settled) >= many) gather_fixed();
}

template <class T>
void living_vectors<T>::gather_fixed() {
  fixed_items_.clear();
  moving_.clear();
  for (std::int32_t i = 0; i < std::ssize(items_); ++i) {
    auto& item = items_[static_cast<std::size_t>(i)];
    item.row = -1;
    if (!item.occurred || !item.has_vector) continue;
    if (item.by_fit) {
      item.row = static_cast<std::int32_t>(fixed_items_.size());
      fixed_items_.push_back(i);
    } else {
      moving_.push_back(i);
    }
  }
  fixed_.resize(std::ssize(fixed_items_), unit_.cols());
  for (std::size_t n = 0; n < fixed_items_.size(); ++n)
    fixed_.row(static_cast<Eigen::Index>(n)) = unit_.row(fixed_items_[n]);
}

static_assert(online_learner<living_vectors<float>> && online_learner<living_vectors<double>>);

}  // namespace reco
