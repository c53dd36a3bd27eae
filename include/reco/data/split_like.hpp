// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/random.hpp"
#include "reco/data/event.hpp"
#include "reco/data/split.hpp"

namespace reco::inline RECO_ABI() {

struct split_like_options {
  double test_share = 0.2;  ///< of each user's events, above 0 and below 1
  std::uint64_t seed = 0;

  friend bool operator==(const split_like_options&, const split_like_options&) = default;
};

/// A part of train to choose options on, drawn as the test part was: the same items are as likely to be in it.
///
/// A test part need not have been drawn evenly. In the published split of the Gowalla data the most popular hundredth
/// of the items has 12.7 % of the pairs of train and 15.4 % of those of test (`facts_of_split`), and what ranks best on
/// an even draw from train need not rank best on that. Of test, only this is looked at: r_l, the share in it of the
/// events of items with about as many events (within half an octave, in both parts together). A share of each user's
/// train events is then drawn one after the other, without replacement, each time in proportion to
///
///     w_i = -log(1 - r_l(i)),   the rate at which r_l of them would be in test by now.
///
/// Keys E_j / w_i, E_j exponential, of which the smallest are taken: Efraimidis and Spirakis, "Weighted random sampling
/// with a reservoir", Information Processing Letters 2006. Each user has a random stream of their own, by number. The
/// same bits wherever `std::log1p` and `std::log2` round the same. O(train + test). Throws `invalid_argument` for a
/// share out of range.
[[nodiscard]] log_split split_like(std::span<const event> train, std::span<const event> test,
                                   const split_like_options& o = {});

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// For each item, w_i; 0 for one without events.
inline std::vector<double> rates_into_test(std::span<const event> train, std::span<const event> test) {
  const auto items = static_cast<std::size_t>(std::max(shape_of(train).items, shape_of(test).items));
  std::vector<double> both(items), in_test(items);
  for (const auto& e : train) ++both[static_cast<std::size_t>(e.item)];
  for (const auto& e : test) {
    ++both[static_cast<std::size_t>(e.item)];
    ++in_test[static_cast<std::size_t>(e.item)];
  }
  const auto level_of = [](double events) { return static_cast<std::size_t>(2 * std::log2(events)); };
  const double most = items == 0 ? 0 : *std::max_element(both.begin(), both.end());
  struct level {
    double events = 0, in_test = 0;
  };
  std::vector<level> levels(most < 1 ? 0 : level_of(most) + 1);
  for (std::size_t i = 0; i < items; ++i) {
    if (both[i] < 1) continue;
    auto& l = levels[level_of(both[i])];
    l.events += both[i];
    l.in_test += in_test[i];
  }
  std::vector<double> rates(items);
  for (std::size_t i = 0; i < items; ++i) {
    if (both[i] < 1) continue;
    const auto& l = levels[level_of(both[i])];
    // Half an event in each part: no rate is 0 or infinite.
    rates[i] = -std::log1p(-(l.in_test + 0.5) / (l.events + 1));
  }
  return rates;
}

}  // namespace detail

inline log_split split_like(std::span<const event> train, std::span<const event> test, const split_like_options& o) {
  detail::check_share("split_like: test_share", o.test_share);
  const auto rates = detail::rates_into_test(train, test);
  detail::events_by_user rows(train, shape_of(train).users);
  std::vector<bool> drawn(train.size());
  std::vector<std::pair<double, std::ptrdiff_t>> keys;
  for (std::int32_t user = 0; user < rows.users(); ++user) {
    random_engine random(o.seed, static_cast<std::uint64_t>(user));
    keys.clear();
    for (const auto* e : rows.of(user))
      keys.emplace_back(exponential(random) / rates[static_cast<std::size_t>(e->item)], e - train.data());
    const auto end = keys.begin() + detail::share_of(o.test_share, std::ssize(keys));
    std::nth_element(keys.begin(), end, keys.end());
    for (auto key = keys.begin(); key != end; ++key) drawn[static_cast<std::size_t>(key->second)] = true;
  }
  return detail::divide(train, [&](const event& e) { return drawn[static_cast<std::size_t>(&e - train.data())]; });
}

}  // namespace reco
