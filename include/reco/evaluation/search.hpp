// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/halton.hpp"
#include "reco/base/instant.hpp"
#include "reco/base/options.hpp"
#include "reco/evaluation/nearest_name.hpp"

namespace reco::inline RECO_ABI() {

/// One setting that a search tried, and how good it was.
template <class E>
struct trial {
  std::int64_t number = 0;  ///< 0: where the search began
  E options = {};
  double score = 0;  ///< larger is better; -infinity for one that scored NaN
  double share = 1;  ///< of the resources it was last scored with; 1 but in successive halving
};

/// Names of options that a search leaves as they are.
using kept_options = std::span<const std::string_view>;

/// The options of the n-th trial of a random search: those that state where to search are drawn from there, evenly or
/// evenly in the logarithm; the others stay, and so do the kept ones. Trial 0 is `base` as it is. Trials are points of
/// a randomized Halton sequence, a dimension for each option that is drawn: each is uniform by itself, together they
/// leave smaller holes than independent ones, and more trials never change earlier ones. Real numbers are drawn with 4
/// digits, which reads well and comes out the same wherever `std::exp` and `std::log` round a little differently.
/// Throws `invalid_argument` if an option to keep is none.
template <has_options E>
[[nodiscard]] E drawn(const E& base, std::uint64_t seed, std::int64_t number, kept_options kept = {});

/// The values that a grid of so many steps has of each searched option, ends included, crossed with each other; the
/// last option changes fastest. A choice or a bool has all its values; whole numbers have none twice.
template <has_options E>
[[nodiscard]] std::vector<E> grid_points(const E& base, int steps, kept_options kept = {});

/// Searches keep to these rules:
/// - A score is a callback `(const E&) -> double`, larger is better, best measured on a validation part of train: what
///   is chosen on the test itself measures luck.
/// - Trial 0 is the estimator given, so that what a random or grid search finds is no worse than that by the score.
/// - All trials come back, best first, ties by number. Same seed, same trials.
///
///     auto found = reco::random_search{.trials = 20}.run(reco::ease{}, [&](const reco::ease& e) {
///       return reco::evaluate(e.fit(part), part, tuning.test, reco::ndcg{.k = 10})["ndcg@10"];
///     });
///     reco::ease best = found[0].options;
///
/// Random search finds as much as a grid in a fraction of the trials where few options matter: Bergstra and Bengio,
/// "Random search for hyper-parameter optimization", JMLR 2012, who compare low-discrepancy sequences with
/// independent draws, too.
struct random_search {
  int trials = 20;  ///< >= 1, trial 0 among them
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "random_search";
  static constexpr auto options() {
    return std::tuple{at_least("trials", &random_search::trials, 1), any_value("seed", &random_search::seed)};
  }
  friend bool operator==(const random_search&, const random_search&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <has_options E, class Score>
    requires std::is_invocable_r_v<double, Score&, const E&>
  [[nodiscard]] std::vector<trial<E>> run(const E& base, Score score, kept_options kept = {}) const;
};
static_assert(options_are_complete<random_search>);

/// Tries `base` and then every point of the grid.
struct grid_search {
  int steps = 3;                    ///< values of each searched number, >= 1
  std::int64_t most_trials = 1000;  ///< >= 1; a larger grid is refused: it grows with the power of the options

  static constexpr std::string_view name = "grid_search";
  static constexpr auto options() {
    return std::tuple{at_least("steps", &grid_search::steps, 1), at_least("most_trials", &grid_search::most_trials, 1)};
  }
  friend bool operator==(const grid_search&, const grid_search&) = default;

  /// Throws `invalid_argument` for options out of range and for a grid of more than `most_trials` points.
  template <has_options E, class Score>
    requires std::is_invocable_r_v<double, Score&, const E&>
  [[nodiscard]] std::vector<trial<E>> run(const E& base, Score score, kept_options kept = {}) const;
};
static_assert(options_are_complete<grid_search>);

/// Tries many settings cheaply and gives more only to the best: each round keeps one of `reduction` trials and scores
/// them with `reduction` times the share, until one round has it all (Jamieson and Talwalkar, "Non-stochastic best arm
/// identification and hyperparameter optimization", AISTATS 2016).
///
///     share of round r = reduction^-(rounds - 1 - r),   rounds = 1 + ceil(log_reduction(trials))
///
/// The score is a callback `(const E&, double share) -> double`; the share, above 0 and at most 1, may be of the users
/// asked, of the events, of the epochs. Trials that fell out in an earlier round stand behind those of later ones.
struct successive_halving {
  int trials = 27;    ///< >= 1, trial 0 among them
  int reduction = 3;  ///< >= 2
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "successive_halving";
  static constexpr auto options() {
    using s = successive_halving;
    return std::tuple{at_least("trials", &s::trials, 1), at_least("reduction", &s::reduction, 2),
                      any_value("seed", &s::seed)};
  }
  friend bool operator==(const successive_halving&, const successive_halving&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <has_options E, class Score>
    requires std::is_invocable_r_v<double, Score&, const E&, double>
  [[nodiscard]] std::vector<trial<E>> run(const E& base, Score score, kept_options kept = {}) const;
};
static_assert(options_are_complete<successive_halving>);

// ---------------------------------------------------------------------------------------------------

namespace detail {

template <class E>
void check_option_names(std::span<const std::string_view> names) {
  std::vector<std::string_view> known;
  for_each_option<E>([&](const auto& o) { known.push_back(o.name); });
  for (const auto name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      fail_argument(std::string(E::name) + ": " + no_such_name("option", name, known));
}

/// Whether a search tries values of this option.
template <class O>
bool varies(const O& o, kept_options kept) {
  return o.searched && std::find(kept.begin(), kept.end(), o.name) == kept.end();
}

template <class V>
double as_real(V value) {
  if constexpr (is_duration<V>) return static_cast<double>(value.count());
  else return static_cast<double>(value);
}

/// To 4 significant digits.
inline double rounded(double x) {
  if (x == 0 || !std::isfinite(x)) return x;
  const int digits = 3 - static_cast<int>(std::floor(std::log10(std::abs(x))));
  // Divided by a whole power of ten, 0.003 comes out as the double nearest to 0.003; multiplied by 0.001 it would not.
  return digits >= 0 ? std::round(x * std::pow(10.0, digits)) / std::pow(10.0, digits)
                     : std::round(x / std::pow(10.0, -digits)) * std::pow(10.0, -digits);
}

/// The value at a place 0..1 of an option's search range.
template <class E, class V>
V value_at(const option<E, V>& o, double place) {
  const double from = as_real(o.search_low), to = as_real(o.search_high);
  double x =
      o.scale == search_scale::logarithmic ? from * std::exp(place * std::log(to / from)) : from + place * (to - from);
  constexpr bool whole = std::integral<V> || (is_duration<V> && !std::same_as<V, half_life_t>);
  x = std::clamp(whole ? std::round(x) : rounded(x), from, to);
  if constexpr (is_duration<V>) return V(static_cast<typename V::rep>(x));
  else return static_cast<V>(x);
}

template <class E, class V>
void check_search_range(const option<E, V>& o) {
  const double from = as_real(o.search_low), to = as_real(o.search_high);
  if (std::isfinite(from) && std::isfinite(to) && from <= to && (o.scale == search_scale::linear || from > 0)) return;
  fail_argument(std::string(E::name) + ": the search range of " + std::string(o.name) +
                " must be finite and ascending, and above 0 if logarithmic, got " + value_text(o.search_low) + ".." +
                value_text(o.search_high));
}

/// The values of one searched option that a grid has.
template <class E, class V>
std::vector<V> grid_values(const option<E, V>& o, int steps) {
  if constexpr (std::same_as<V, bool>) {
    return {false, true};
  } else {
    check_search_range(o);
    std::vector<V> out;
    for (int n = 0; n < steps; ++n) {
      const V v = value_at(o, steps == 1 ? 0.5 : static_cast<double>(n) / (steps - 1));
      if (out.empty() || out.back() != v) out.push_back(v);
    }
    return out;
  }
}
template <class E, class V, std::size_t N>
std::vector<V> grid_values(const choice<E, V, N>& o, int) {
  std::vector<V> out;
  for (const auto& v : o.values) out.push_back(v.second);
  return out;
}

template <class E>
void best_first(std::vector<trial<E>>& trials) {
  std::sort(trials.begin(), trials.end(), [](const trial<E>& a, const trial<E>& b) {
    if (a.share != b.share) return a.share > b.share;
    return a.score != b.score ? a.score > b.score : a.number < b.number;
  });
}

inline double comparable(double score) { return std::isnan(score) ? -HUGE_VAL : score; }

}  // namespace detail

template <has_options E>
E drawn(const E& base, std::uint64_t seed, std::int64_t number, kept_options kept) {
  detail::check_option_names<E>(kept);
  E out = base;
  if (number == 0) return out;
  int dimension = 0;
  for_each_option<E>([&]<class O>(const O& o) {
    if (!detail::varies(o, kept)) return;
    const double place = halton(seed, dimension++, static_cast<std::uint64_t>(number));
    const auto one_of = [&](std::int64_t n) { return static_cast<std::int64_t>(place * static_cast<double>(n)); };
    auto& value = out.*o.member;
    if constexpr (requires { o.values; }) {
      value = o.values[static_cast<std::size_t>(one_of(std::ssize(o.values)))].second;
    } else {
      using V = std::remove_cvref_t<decltype(value)>;
      if constexpr (std::same_as<V, bool>) {
        value = one_of(2) == 1;
      } else if constexpr (!std::same_as<V, instant>) {
        detail::check_search_range(o);
        if constexpr (std::integral<V>) {
          // Rounding would give the ends half a share.
          if (o.scale == search_scale::linear) {
            const auto low = static_cast<std::int64_t>(o.search_low);
            value = static_cast<V>(low + one_of(static_cast<std::int64_t>(o.search_high) - low + 1));
            return;
          }
        }
        value = detail::value_at(o, place);
      }
    }
  });
  check_options(out);
  return out;
}

template <has_options E>
std::vector<E> grid_points(const E& base, int steps, kept_options kept) {
  detail::check_option_names<E>(kept);
  if (steps < 1) detail::fail_argument("grid_points: steps must be at least 1, got " + detail::to_text(steps));
  std::vector<E> out = {base};
  for_each_option<E>([&]<class O>(const O& o) {
    using V = std::remove_cvref_t<decltype(base.*o.member)>;
    if constexpr (!std::same_as<V, instant>) {
      if (!detail::varies(o, kept)) return;
      const auto values = detail::grid_values(o, steps);
      std::vector<E> crossed;
      crossed.reserve(out.size() * values.size());
      for (const E& e : out) {
        for (const V v : values) {
          crossed.push_back(e);
          crossed.back().*o.member = v;
        }
      }
      out.swap(crossed);
    }
  });
  for (const E& e : out) check_options(e);
  return out;
}

template <has_options E, class Score>
  requires std::is_invocable_r_v<double, Score&, const E&>
std::vector<trial<E>> random_search::run(const E& base, Score score, kept_options kept) const {
  check_options(*this);
  check_options(base);
  std::vector<trial<E>> out;
  for (int n = 0; n < trials; ++n) {
    const E e = drawn(base, seed, n, kept);
    out.push_back({.number = n, .options = e, .score = detail::comparable(score(e))});
  }
  detail::best_first(out);
  return out;
}

template <has_options E, class Score>
  requires std::is_invocable_r_v<double, Score&, const E&>
std::vector<trial<E>> grid_search::run(const E& base, Score score, kept_options kept) const {
  check_options(*this);
  check_options(base);
  double size = 1;  // known before the points are made
  for_each_option<E>([&](const auto& o) {
    using V = std::remove_cvref_t<decltype(base.*o.member)>;
    if constexpr (!std::same_as<V, instant>)
      if (detail::varies(o, kept)) size *= static_cast<double>(detail::grid_values(o, steps).size());
  });
  if (size > static_cast<double>(most_trials))
    detail::fail_argument("grid_search: the grid must have at most " + detail::to_text(most_trials) + " points, got " +
                          detail::to_text(size));
  auto points = grid_points(base, steps, kept);
  points.insert(points.begin(), base);
  std::vector<trial<E>> out;
  for (std::size_t n = 0; n < points.size(); ++n) {
    if (n > 0 && points[n] == base) continue;  // tried already
    out.push_back({.number = std::ssize(out), .options = points[n], .score = detail::comparable(score(points[n]))});
  }
  detail::best_first(out);
  return out;
}

template <has_options E, class Score>
  requires std::is_invocable_r_v<double, Score&, const E&, double>
std::vector<trial<E>> successive_halving::run(const E& base, Score score, kept_options kept) const {
  check_options(*this);
  check_options(base);
  std::vector<trial<E>> out;
  for (int n = 0; n < trials; ++n) out.push_back({.number = n, .options = drawn(base, seed, n, kept), .share = 0});
  double share = 1;
  for (std::int64_t left = trials; left > 1; left = (left + reduction - 1) / reduction) share /= reduction;
  for (auto alive = static_cast<std::int64_t>(out.size());; alive = (alive + reduction - 1) / reduction) {
    for (std::int64_t n = 0; n < alive; ++n) {
      auto& t = out[static_cast<std::size_t>(n)];
      t.share = alive == 1 ? 1 : share;
      t.score = detail::comparable(score(std::as_const(t.options), t.share));
    }
    detail::best_first(out);
    if (alive == 1) return out;
    share *= reduction;
  }
}

}  // namespace reco
