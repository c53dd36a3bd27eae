// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/duration.hpp"
#include "reco/data/event.hpp"

namespace reco::inline RECO_ABI() {

/// How often something was found, and the first three cases.
template <class Case>
struct findings {
  std::int64_t count = 0;
  std::vector<Case> examples = {};

  void note(const Case& found) {
    constexpr std::size_t most = 3;
    ++count;
    if (examples.size() < most) examples.push_back(found);
  }
  friend bool operator==(const findings&, const findings&) = default;
};

/// What of test a model could know from train, and what it cannot know at all. Not all of it is wrong everywhere:
/// people read an article twice, and a split by user has test events older than train events of others.
struct leak_report {
  findings<event> pairs_in_both = {};         ///< test events whose user and item meet in train as well
  findings<event> events_in_both = {};        ///< of these, alike in value and time too
  findings<event> before_users_train = {};    ///< test events older than the newest of train of the same user
  findings<event> before_train = {};          ///< test events older than the newest of train of anyone
  findings<std::int32_t> users_unknown = {};  ///< with events in test only, ascending
  findings<std::int32_t> items_unknown = {};

  /// Was nothing found?
  [[nodiscard]] bool clean() const { return *this == leak_report{}; }
  friend bool operator==(const leak_report&, const leak_report&) = default;
};

/// Compares the parts of a split, whoever made it. Events with equal times are not older. Data without times has the
/// same time everywhere, so no time leaks. O((train + test) log train).
[[nodiscard]] leak_report check_leaks(std::span<const event> train, std::span<const event> test);

// ---------------------------------------------------------------------------------------------------

inline leak_report check_leaks(std::span<const event> train, std::span<const event> test) {
  const auto key = [](const event& e) { return std::tie(e.user, e.item, e.time, e.value); };
  const auto pair = [](const event& e) { return std::tie(e.user, e.item); };
  const auto by_key = [&](const event& a, const event& b) { return key(a) < key(b); };
  const auto by_pair = [&](const event& a, const event& b) { return pair(a) < pair(b); };
  std::vector<event> known(train.begin(), train.end());
  std::sort(known.begin(), known.end(), by_key);

  const auto of_train = shape_of(train), of_test = shape_of(test);
  std::optional<instant> newest;
  std::vector<std::optional<instant>> newest_of(static_cast<std::size_t>(std::max(of_train.users, of_test.users)));
  std::vector<bool> item_known(static_cast<std::size_t>(std::max(of_train.items, of_test.items)));
  for (const auto& e : train) {
    auto& of_user = newest_of[static_cast<std::size_t>(e.user)];
    of_user = of_user ? std::max(*of_user, e.time) : e.time;
    newest = newest ? std::max(*newest, e.time) : e.time;
    item_known[static_cast<std::size_t>(e.item)] = true;
  }

  leak_report out;
  std::vector<bool> user_unknown(newest_of.size()), item_unknown(item_known.size());
  for (const auto& e : test) {
    if (std::binary_search(known.begin(), known.end(), e, by_pair)) out.pairs_in_both.note(e);
    if (std::binary_search(known.begin(), known.end(), e, by_key)) out.events_in_both.note(e);
    const auto& of_user = newest_of[static_cast<std::size_t>(e.user)];
    if (of_user && e.time < *of_user) out.before_users_train.note(e);
    if (newest && e.time < *newest) out.before_train.note(e);
    if (!of_user) user_unknown[static_cast<std::size_t>(e.user)] = true;
    if (!item_known[static_cast<std::size_t>(e.item)]) item_unknown[static_cast<std::size_t>(e.item)] = true;
  }
  const auto note_all = [](const std::vector<bool>& unknown, findings<std::int32_t>& found) {
    for (std::size_t n = 0; n < unknown.size(); ++n)
      if (unknown[n]) found.note(static_cast<std::int32_t>(n));
  };
  note_all(user_unknown, out.users_unknown);
  note_all(item_unknown, out.items_unknown);
  return out;
}

}  // namespace reco
