// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"

namespace reco::inline RECO_ABI() {

/// A rating that was given, and what was predicted; nothing where the model could not.
struct rated_pair {
  std::int32_t user = 0;
  double actual = 0;
  std::optional<double> predicted = {};
};

/// How pairs become one number.
enum class rating_mean {
  pairs,  ///< over all pairs: users count by how much they rated (micro)
  users,  ///< over each user's pairs, then over users: each user counts the same (macro)
};

/// How many pairs could not be predicted. Rating metrics look at the others only, so this number belongs beside each of
/// them: who predicts the easy pairs only, wins.
[[nodiscard]] inline std::int64_t unpredicted(std::span<const rated_pair> pairs) noexcept {
  return std::count_if(pairs.begin(), pairs.end(), [](const auto& p) { return !p.predicted.has_value(); });
}

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// What a rating metric answers if no pair was predicted: no number, since any would look like a result.
inline constexpr double not_rated = std::numeric_limits<double>::quiet_NaN();

inline void check_rated(std::string_view metric, const rated_pair& p) {
  if (p.user < 0) fail_argument(std::string(metric) + ": users are numbered from 0, got " + to_text(p.user));
  if (!std::isfinite(p.actual) || !std::isfinite(*p.predicted))
    fail_argument(std::string(metric) + ": ratings must be finite, got " + to_text(p.actual) + " predicted as " +
                  to_text(*p.predicted));
}

/// The mean of loss(actual - predicted) over pairs, or of finish(that mean over the user's pairs) over users.
template <class Loss, class Finish>
double mean_loss(std::string_view metric, std::span<const rated_pair> pairs, rating_mean over, Loss loss,
                 Finish finish) {
  struct sum {
    double loss = 0, pairs = 0;
  };
  std::vector<sum> of_user(1);
  for (const auto& p : pairs) {
    if (!p.predicted) continue;
    check_rated(metric, p);
    const auto slot = over == rating_mean::pairs ? 0 : static_cast<std::size_t>(p.user);
    if (slot >= of_user.size()) of_user.resize(slot + 1);
    of_user[slot].loss += loss(p.actual - *p.predicted);
    ++of_user[slot].pairs;
  }
  double total = 0, users = 0;
  for (const auto& u : of_user) {
    if (u.pairs == 0) continue;
    total += finish(u.loss / u.pairs);
    ++users;
  }
  return users > 0 ? total / users : not_rated;
}

}  // namespace detail

}  // namespace reco
