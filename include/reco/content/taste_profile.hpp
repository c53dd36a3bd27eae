// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/item_vectors.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// What a reader likes, as one vector among the items': the mean of what they read, in which every
/// `half_life` halves the weight of a read, and what they disliked counts with a minus:
///
///     profile = sum_n s_n w_n e_n / sum_n w_n
///     w_n     = g_n |value_n - neutral| 2^(-age_n / half_life)
///     s_n     = +1, g_n = 1      for a value above neutral (a like)
///     s_n     = -1, g_n = gamma  for a value below it (a dislike)
///
/// Relevance feedback after Rocchio (1971) in the form of Ide ("New experiments in relevance feedback", 1971),
/// which divides both sides by one sum: a dislike then fades as everything else does. Only ages relative to
/// each other count: what halves all weights alike cancels, so a profile is the same an hour later.
///
///     const reco::taste_profile rule{.half_life = std::chrono::days(3)};
///     auto profile = reco::profile_of(rule, vectors, data.timeline(user));   // from a history, O(reads d)
///     reco::taste<float> live(rule, vectors.dimension());                    // in a stream
///     live.read(vectors.vector(item), 1, now);                               // O(d)
///
/// A read without a time has no age (weight by value alone). Not for ratings on a scale 1..5 unless
/// `neutral` is set to its middle: else the worst rating still attracts.
struct taste_profile {
  half_life_t half_life = std::chrono::days(7);  ///< above 0; `never`: a plain mean
  double negative_weight = 0.25;                 ///< gamma >= 0; what is disliked repels this much
  double neutral = 0;                            ///< values below it are dislikes, equal to it say nothing

  static constexpr std::string_view name = "taste_profile";
  static constexpr auto options() {
    return std::tuple{above("half_life", &taste_profile::half_life, half_life_t(0))
                          .search(std::chrono::hours(6), std::chrono::days(365), search_scale::logarithmic),
                      at_least("negative_weight", &taste_profile::negative_weight, 0).search(0, 1),
                      any_value("neutral", &taste_profile::neutral)};
  }
  friend bool operator==(const taste_profile&, const taste_profile&) = default;
};
static_assert(options_are_complete<taste_profile>);

/// What each read adds to the profile: profile = sum_n coefficient[n] e_n. Reads after `now`, reads of items
/// for which `known` is false, and neutral ones have coefficient 0. Their absolute values add up to 1.
template <class T, class Known>
[[nodiscard]] std::vector<double> taste_coefficients(const taste_profile& rule, const history_view<T>& reads,
                                                     std::optional<instant> now, const Known& known);

/// The profile after these reads; all zeros where none counts. Items outside 0..items-1 are passed over: a
/// history may be newer than the vectors. Throws `invalid_argument` for options out of range.
template <item_vectors V, class T>
[[nodiscard]] column<T> profile_of(const taste_profile& rule, const V& vectors, const history_view<T>& reads,
                                   std::optional<instant> now = {});

/// A profile that follows a stream of reads: O(d) time a read, 8 d bytes. Late reads are welcome: they enter
/// with the age they have. Equal to `profile_of` up to rounding; nothing grows or drifts over years, since
/// every read only shrinks what is there.
template <class T>
class taste {
 public:
  using scalar = T;

  /// Throws `invalid_argument` for options out of range or a negative dimension.
  taste(const taste_profile& rule, std::int32_t dimension);

  /// Throws `invalid_argument` for a vector of another dimension and a value that is not finite.
  void read(std::span<const T> vector, double value, instant time);
  [[nodiscard]] column<T> profile() const;
  [[nodiscard]] bool empty() const noexcept { return weight_ == 0; }
  [[nodiscard]] std::int32_t dimension() const noexcept { return static_cast<std::int32_t>(sum_.size()); }

 private:
  taste_profile rule_;
  column<double> sum_;  // of s_n w_n e_n and of w_n, as they stood at `newest_`
  double weight_ = 0;
  std::optional<instant> newest_ = {};
};

// ---------------------------------------------------------------------------------------------------

namespace detail {
/// s_n g_n |value_n - neutral|.
inline double signed_strength(const taste_profile& rule, double value) noexcept {
  const double over = value - rule.neutral;
  return over >= 0 ? over : rule.negative_weight * over;
}
}  // namespace detail

template <class T, class Known>
std::vector<double> taste_coefficients(const taste_profile& rule, const history_view<T>& reads,
                                       std::optional<instant> now, const Known& known) {
  check_options(rule);
  const auto n_reads = reads.size();
  std::vector<double> weight(n_reads, 0.0);
  const auto counts = [&](std::size_t n) {
    return known(reads.items[n]) && (reads.times.empty() || !now || reads.times[n] <= *now);
  };
  std::optional<instant> newest;  // ages are taken from here: the largest weight is then not lost in underflow
  for (std::size_t n = 0; n < n_reads && !reads.times.empty(); ++n)
    if (counts(n)) newest = std::max(newest.value_or(reads.times[n]), reads.times[n]);
  double sum = 0;
  for (std::size_t n = 0; n < n_reads; ++n) {
    if (!counts(n)) continue;
    const double fading = newest ? decay(*newest - reads.times[n], rule.half_life) : 1;
    weight[n] = detail::signed_strength(rule, static_cast<double>(reads.value(n))) * fading;
    sum += std::abs(weight[n]);
  }
  if (sum > 0)
    for (auto& w : weight) w /= sum;
  return weight;
}

template <item_vectors V, class T>
column<T> profile_of(const taste_profile& rule, const V& vectors, const history_view<T>& reads,
                     std::optional<instant> now) {
  const auto known = [&](std::int32_t item) { return item >= 0 && item < vectors.items(); };
  const auto coefficient = taste_coefficients(rule, reads, now, known);
  column<double> sum = column<double>::Zero(vectors.dimension());
  for (std::size_t n = 0; n < coefficient.size(); ++n)
    if (coefficient[n] != 0) sum += coefficient[n] * as_column(vectors.vector(reads.items[n])).template cast<double>();
  return sum.template cast<T>();
}

template <class T>
taste<T>::taste(const taste_profile& rule, std::int32_t dimension) : rule_(rule) {
  check_options(rule);
  if (dimension < 0) detail::fail_argument("taste: dimension must be at least 0, got " + detail::to_text(dimension));
  sum_ = column<double>::Zero(dimension);
}

template <class T>
void taste<T>::read(std::span<const T> vector, double value, instant time) {
  if (vector.size() != static_cast<std::size_t>(dimension()))
    detail::fail_argument("taste: a vector must have " + detail::to_text(dimension()) + " numbers, got " +
                          detail::to_text(vector.size()));
  if (!std::isfinite(value)) detail::fail_argument("taste: value must be finite, got " + detail::to_text(value));
  double strength = detail::signed_strength(rule_, value);
  if (strength == 0) return;
  if (newest_ && time > *newest_) {
    const double fading = decay(time - *newest_, rule_.half_life);
    sum_ *= fading;
    weight_ *= fading;
  } else if (newest_) {
    strength *= decay(*newest_ - time, rule_.half_life);
  }
  newest_ = std::max(newest_.value_or(time), time);
  sum_ += strength * as_column(vector).template cast<double>();
  weight_ += std::abs(strength);
}

template <class T>
column<T> taste<T>::profile() const {
  if (weight_ == 0) return column<T>::Zero(sum_.size());
  return (sum_ / weight_).template cast<T>();
}

}  // namespace reco
