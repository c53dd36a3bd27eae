// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/base/error.hpp"
#include "reco/base/options.hpp"
#include "reco/base/random.hpp"
#include "reco/data/event.hpp"
#include "reco/math/matrix.hpp"

/// Problems with known answers. Each gives a log and the truth behind it, so that a test can ask how
/// much of the truth a model found. Same options, same bits, with any compiler (where normal numbers are
/// drawn: wherever `std::log` rounds the same). Bad options throw `invalid_argument` naming the field.
///
///     auto problem = reco::planted_low_rank({.users = 200, .items = 100, .rank = 4});
///     auto model   = reco::explicit_als{.factors = 4}.fit(reco::dataset<double>(problem.events, problem.shape));

namespace reco::inline RECO_ABI() {

// ------------------------------------------------------------------------------------ checkerboard

struct checkerboard_problem {
  std::vector<event> events = {};
  std::vector<event> withheld = {};  ///< user u and item u, for each u
  reco::shape shape = {};            ///< size × size
};

/// Even users like the even items, odd users the odd ones; told is all but that user u likes item u. Nothing
/// is random: the one good answer to user u is item u (as in the tests of implicit, Ben Frederickson).
[[nodiscard]] checkerboard_problem checkerboard(int size = 50);

// --------------------------------------------------------------------------------- planted blocks

struct planted_blocks_options {
  int users = 60;      ///< >= 1
  int items = 40;      ///< >= 1
  int blocks = 2;      ///< >= 1
  double inside = 1;   ///< probability of a pair in one block; 1 with `outside` 0 gives separate cliques
  double outside = 0;  ///< probability of any other pair
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "planted_blocks";
  static constexpr auto options() {
    using o = planted_blocks_options;
    return std::tuple{at_least("users", &o::users, 1),       at_least("items", &o::items, 1),
                      at_least("blocks", &o::blocks, 1),     between("inside", &o::inside, 0, 1),
                      between("outside", &o::outside, 0, 1), any_value("seed", &o::seed)};
  }
};
struct planted_blocks_problem {
  std::vector<event> events = {};
  std::vector<std::int32_t> block_of_user = {};
  std::vector<std::int32_t> block_of_item = {};
  reco::shape shape = {};
};

/// Users and items belong to blocks of nearly equal size, in shuffled order, and meet mostly within them
/// (the stochastic block model of Holland, Laskey and Leinhardt, 1983). O(users × items).
[[nodiscard]] planted_blocks_problem planted_blocks(const planted_blocks_options& o = {});

// ------------------------------------------------------------------------------- planted low rank

struct planted_low_rank_options {
  int users = 100;      ///< >= 1
  int items = 80;       ///< >= 1
  int rank = 4;         ///< >= 1
  double observed = 1;  ///< probability that a pair is in the log
  double noise = 0;     ///< standard deviation, beside the values' own of 1
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "planted_low_rank";
  static constexpr auto options() {
    using o = planted_low_rank_options;
    return std::tuple{at_least("users", &o::users, 1), at_least("items", &o::items, 1),
                      at_least("rank", &o::rank, 1),   between("observed", &o::observed, 0, 1),
                      at_least("noise", &o::noise, 0), any_value("seed", &o::seed)};
  }
};
struct planted_low_rank_problem {
  std::vector<event> events = {};
  matrix<double> user_factors = {};  ///< users × rank
  matrix<double> item_factors = {};  ///< items × rank
  reco::shape shape = {};

  /// The value of a pair without noise.
  [[nodiscard]] double expected(std::int32_t user, std::int32_t item) const {
    return user_factors.row(user).dot(item_factors.row(item));
  }
};

/// value = x_u · y_i + noise, with x ~ N(0, 1) and y ~ N(0, 1 / rank), so that values have variance 1.
/// O(users × items × rank).
[[nodiscard]] planted_low_rank_problem planted_low_rank(const planted_low_rank_options& o = {});

// --------------------------------------------------------------------------------- Zipf popularity

struct zipf_popularity_options {
  int users = 100;  ///< >= 1
  int items = 100;  ///< >= 1
  std::int64_t events = 10000;
  double exponent = 1;  ///< of the rank; 0: all items alike
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "zipf_popularity";
  static constexpr auto options() {
    using o = zipf_popularity_options;
    return std::tuple{at_least("users", &o::users, 1), at_least("items", &o::items, 1),
                      at_least("events", &o::events, 0), at_least("exponent", &o::exponent, 0),
                      any_value("seed", &o::seed)};
  }
};
struct zipf_popularity_problem {
  std::vector<event> events = {};        ///< one a second, oldest first
  std::vector<double> probability = {};  ///< of each item; adds up to 1
  reco::shape shape = {};
};

/// Events without any taste in them: any user, and an item with probability ∝ 1 / rank^exponent; which item
/// has which rank is shuffled. No model can do better than to rank by `probability`.
/// O(items + events log items).
[[nodiscard]] zipf_popularity_problem zipf_popularity(const zipf_popularity_options& o = {});

// --------------------------------------------------------------------------------- drifting readers

struct drifting_readers_options {
  int readers = 100;          ///< >= 1
  int items = 120;            ///< >= topics
  int topics = 6;             ///< >= 2
  int reads_per_reader = 60;  ///< >= 1
  double focus = 0.9;         ///< probability that a read is of the reader's topic of the day
  double drifting = 0.5;      ///< share of readers whose topic changes, rounded to whole readers
  std::chrono::seconds span = std::chrono::hours(24 * 28);  ///< reads fall evenly in [0, span); >= 2s
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "drifting_readers";
  static constexpr auto options() {
    using o = drifting_readers_options;
    return std::tuple{at_least("readers", &o::readers, 1),
                      at_least("items", &o::items, 1),
                      at_least("topics", &o::topics, 2),
                      at_least("reads_per_reader", &o::reads_per_reader, 1),
                      between("focus", &o::focus, 0, 1),
                      between("drifting", &o::drifting, 0, 1),
                      at_least("span", &o::span, std::chrono::seconds(2)),
                      any_value("seed", &o::seed)};
  }
};
/// What a reader is after, and since when something else.
struct reader_interest {
  std::int32_t topic = 0;
  std::int32_t later_topic = 0;        ///< the same if the reader does not drift
  std::optional<instant> drifts = {};  ///< the first moment of the later topic

  [[nodiscard]] std::int32_t topic_at(instant when) const { return drifts && when >= *drifts ? later_topic : topic; }
};
struct drifting_readers_problem {
  std::vector<event> events = {};  ///< oldest first; an item may be read again
  std::vector<reader_interest> readers = {};
  std::vector<std::int32_t> topic_of_item = {};
  reco::shape shape = {};
};

/// Readers with one topic each, some of whom turn to another topic at a moment in the middle half of the
/// time. A read is of any item of the topic with probability `focus`, of any item at all otherwise.
/// Item i is of topic i mod topics; who drifts is shuffled.
[[nodiscard]] drifting_readers_problem drifting_readers(const drifting_readers_options& o = {});

// ---------------------------------------------------------------------------------------------------

static_assert(options_are_complete<planted_blocks_options> && options_are_complete<planted_low_rank_options> &&
              options_are_complete<zipf_popularity_options> && options_are_complete<drifting_readers_options>);

inline checkerboard_problem checkerboard(int size) {
  if (size < 1) detail::fail_argument("checkerboard: size must be at least 1, got " + detail::to_text(size));
  checkerboard_problem out{.shape = {.users = size, .items = size}};
  for (std::int32_t u = 0; u < size; ++u)
    for (std::int32_t i = u % 2; i < size; i += 2)
      (i == u ? out.withheld : out.events).push_back({.user = u, .item = i});
  return out;
}

inline planted_blocks_problem planted_blocks(const planted_blocks_options& o) {
  check_options(o);
  planted_blocks_problem out{.shape = {.users = o.users, .items = o.items}};
  random_engine random(o.seed);
  const auto assign = [&](int n) {
    std::vector<std::int32_t> block(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<std::int32_t>(i) % o.blocks;
    shuffle(random, std::span(block));
    return block;
  };
  out.block_of_user = assign(o.users);
  out.block_of_item = assign(o.items);
  for (std::int32_t u = 0; u < o.users; ++u)
    for (std::int32_t i = 0; i < o.items; ++i) {
      const bool same =
          out.block_of_user[static_cast<std::size_t>(u)] == out.block_of_item[static_cast<std::size_t>(i)];
      if (bernoulli(random, same ? o.inside : o.outside)) out.events.push_back({.user = u, .item = i});
    }
  return out;
}

inline planted_low_rank_problem planted_low_rank(const planted_low_rank_options& o) {
  check_options(o);
  planted_low_rank_problem out{.shape = {.users = o.users, .items = o.items}};
  random_engine random(o.seed);
  const auto draw = [&](int rows, double deviation) {
    matrix<double> m(rows, o.rank);
    for (auto& x : m.reshaped<Eigen::RowMajor>()) x = deviation * normal(random);
    return m;
  };
  out.user_factors = draw(o.users, 1);
  out.item_factors = draw(o.items, 1 / std::sqrt(o.rank));
  for (std::int32_t u = 0; u < o.users; ++u)
    for (std::int32_t i = 0; i < o.items; ++i)
      if (bernoulli(random, o.observed))
        out.events.push_back({.user = u, .item = i, .value = out.expected(u, i) + o.noise * normal(random)});
  return out;
}

inline zipf_popularity_problem zipf_popularity(const zipf_popularity_options& o) {
  check_options(o);
  zipf_popularity_problem out{.shape = {.users = o.users, .items = o.items}};
  random_engine random(o.seed);
  for (int rank = 1; rank <= o.items; ++rank) out.probability.push_back(std::pow(rank, -o.exponent));
  const double total = std::accumulate(out.probability.begin(), out.probability.end(), 0.0);
  for (auto& p : out.probability) p /= total;
  shuffle(random, std::span(out.probability));
  std::vector<double> up_to(out.probability.size());
  std::partial_sum(out.probability.begin(), out.probability.end(), up_to.begin());
  out.events.reserve(static_cast<std::size_t>(o.events));
  for (std::int64_t n = 0; n < o.events; ++n) {
    const auto user = static_cast<std::int32_t>(uniform_index(random, o.users));
    const auto hit = std::upper_bound(up_to.begin(), up_to.end() - 1, uniform_real(random)) - up_to.begin();
    out.events.push_back(
        {.user = user, .item = static_cast<std::int32_t>(hit), .time = instant(std::chrono::seconds(n))});
  }
  return out;
}

inline drifting_readers_problem drifting_readers(const drifting_readers_options& o) {
  check_options(o);
  if (o.items < o.topics)
    detail::fail_argument("drifting_readers: items must be at least topics, " + detail::to_text(o.topics) + ", got " +
                          detail::to_text(o.items));
  drifting_readers_problem out{.shape = {.users = o.readers, .items = o.items}};
  random_engine random(o.seed);
  const auto below = [&](std::int64_t n) { return static_cast<std::int32_t>(uniform_index(random, n)); };
  for (std::int32_t i = 0; i < o.items; ++i) out.topic_of_item.push_back(i % o.topics);

  out.readers.resize(static_cast<std::size_t>(o.readers));
  std::vector<std::int32_t> order(out.readers.size());
  std::iota(order.begin(), order.end(), 0);
  shuffle(random, std::span(order));
  const auto drifters = std::llround(o.drifting * o.readers);
  for (std::size_t n = 0; n < order.size(); ++n) {
    auto& reader = out.readers[static_cast<std::size_t>(order[n])];
    reader.topic = reader.later_topic = below(o.topics);
    if (static_cast<long long>(n) >= drifters) continue;
    reader.later_topic = (reader.topic + 1 + below(o.topics - 1)) % o.topics;
    reader.drifts = instant(o.span / 4 + std::chrono::seconds(uniform_index(random, o.span.count() / 2)));
  }
  for (std::int32_t u = 0; u < o.readers; ++u)
    for (int n = 0; n < o.reads_per_reader; ++n) {
      const instant when(std::chrono::seconds(uniform_index(random, o.span.count())));
      const auto topic = out.readers[static_cast<std::size_t>(u)].topic_at(when);
      const bool focused = bernoulli(random, o.focus);
      const auto of_topic = (o.items - 1 - topic) / o.topics + 1;
      const auto item = focused ? topic + o.topics * below(of_topic) : below(o.items);
      out.events.push_back({.user = u, .item = item, .time = when});
    }
  std::stable_sort(out.events.begin(), out.events.end(),
                   [](const event& a, const event& b) { return a.time < b.time; });
  return out;
}

}  // namespace reco
