// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/random.hpp"
#include "reco/data/event.hpp"
#include "reco/data/split.hpp"

namespace reco::inline RECO_ABI() {

/// Strong generalization: some users are held out whole. A model learns from the others, is shown the history of a
/// held-out user and asked for the rest.
struct user_split {
  std::vector<event> train = {};         ///< all events of the users who are not held out
  log_split held_out = {};               ///< of those who are: history (train) and what is asked for (test)
  std::vector<std::int32_t> users = {};  ///< who is held out, ascending

  friend bool operator==(const user_split&, const user_split&) = default;
};

enum class history_rule {
  random_share,  ///< all but a random `test_share` of a user's events, as `ratio_split`
  last_share,    ///< all but the last `test_share`, as `leave_last_share`
  last_events    ///< all but the last `test_events`, as `leave_last_out`
};

struct user_split_options {
  double user_share = 0.2;  ///< of the users with an event; above 0 and below 1; rounded up, but one stays in train
  history_rule history = history_rule::random_share;
  double test_share = 0.2;  ///< above 0 and below 1
  int test_events = 1;      ///< >= 1
  std::uint64_t seed = 0;

  friend bool operator==(const user_split_options&, const user_split_options&) = default;
};

/// Liang et al., "Variational Autoencoders for Collaborative Filtering", WWW 2018, hold out users like this. How a
/// held-out user's events are divided does not depend on other users; who has a single event has it as history and
/// nothing is asked. All parts are in order of arrival. O(events). Throws `invalid_argument` naming the option.
[[nodiscard]] user_split hold_out_users(std::span<const event> log, const user_split_options& o = {});

// ---------------------------------------------------------------------------------------------------

inline user_split hold_out_users(std::span<const event> log, const user_split_options& o) {
  detail::check_share("hold_out_users: user_share", o.user_share);
  if (o.history != history_rule::last_events) detail::check_share("hold_out_users: test_share", o.test_share);
  else if (o.test_events < 1)
    detail::fail_argument("hold_out_users: test_events must be at least 1, got " + detail::to_text(o.test_events));
  std::vector<bool> held_out(static_cast<std::size_t>(shape_of(log).users));
  for (const auto& e : log) held_out[static_cast<std::size_t>(e.user)] = true;  // has an event: may be drawn
  auto left = std::count(held_out.begin(), held_out.end(), true);
  auto wanted = detail::share_of(o.user_share, left);
  random_engine random(o.seed);
  user_split out;
  // Selection sampling, as in `ratio_split`.
  for (std::size_t user = 0; user < held_out.size(); ++user) {
    if (!held_out[user]) continue;
    held_out[user] = uniform_index(random, left--) < wanted;
    if (!held_out[user]) continue;
    --wanted;
    out.users.push_back(static_cast<std::int32_t>(user));
  }
  auto parts = detail::divide(log, [&](const event& e) { return held_out[static_cast<std::size_t>(e.user)]; });
  out.train = std::move(parts.train);
  switch (o.history) {
    case history_rule::random_share:
      out.held_out = ratio_split(parts.test, {.test_share = o.test_share, .seed = o.seed});
      break;
    case history_rule::last_share: out.held_out = leave_last_share(parts.test, {.share = o.test_share}); break;
    case history_rule::last_events: out.held_out = leave_last_out(parts.test, {.per_user = o.test_events}); break;
  }
  return out;
}

}  // namespace reco
