// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/interactions.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {

/// What becomes of a pair that occurs more than once in a log.
enum class repeats {
  sum,   ///< values add up, in order of arrival: counts, watch time
  last,  ///< the latest by time (of equal times the last to arrive): ratings that were changed
  max,   ///< the largest
};

/// Users × items in compressed rows, immutable. Rows ascend by item, each pair stands once, values are
/// finite. 8 bytes a user and 8 (float) or 12 (double) an observed pair.
///
///     auto train = reco::sparse_interactions<float>(split.train, log.shape());
///     for (auto item : train.of(7).items) …
template <class T>
class sparse_interactions {
 public:
  using scalar = T;

  sparse_interactions() = default;
  /// Throws `std::out_of_range` for an event outside the shape, `invalid_argument` for a value that is
  /// not finite or a sum that no longer is. O(events log(longest row)).
  sparse_interactions(std::span<const event> log, shape s, repeats merge = repeats::sum);
  /// From a users × items matrix.
  explicit sparse_interactions(csr_matrix<T> by_user) : by_user_(std::move(by_user)) {}

  [[nodiscard]] std::int32_t users() const noexcept { return by_user_.rows(); }
  [[nodiscard]] std::int32_t items() const noexcept { return by_user_.columns(); }
  /// Throws `std::out_of_range`.
  [[nodiscard]] history_view<T> of(std::int32_t user) const {
    detail::check_index("sparse_interactions: user", user, users());
    const auto row = by_user_.row(user);
    return {.items = row.columns, .values = row.values};
  }
  [[nodiscard]] std::int64_t observed() const noexcept { return by_user_.nonzeros(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return by_user_.bytes(); }
  /// The same numbers as a matrix; `.transposed()` of it has the items as rows.
  [[nodiscard]] const csr_matrix<T>& by_user() const noexcept { return by_user_; }
  friend bool operator==(const sparse_interactions&, const sparse_interactions&) = default;

 private:
  csr_matrix<T> by_user_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
sparse_interactions<T>::sparse_interactions(std::span<const event> log, shape s, repeats merge) {
  detail::check_log("sparse_interactions", log, s);
  detail::events_by_user rows(log, s.users);
  std::vector<std::int32_t> items;
  std::vector<T> values;
  items.reserve(log.size());
  values.reserve(log.size());
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(s.users) + 1);
  const auto before = [&](const event* a, const event* b) {
    if (a->item != b->item) return a->item < b->item;
    if (merge == repeats::last && a->time != b->time) return a->time < b->time;
    return a < b;
  };
  for (std::int32_t u = 0; u < s.users; ++u) {
    const auto row = rows.of(u);
    std::sort(row.begin(), row.end(), before);
    for (std::size_t n = 0; n < row.size();) {
      const auto item = row[n]->item;
      double value = row[n]->value;
      for (++n; n < row.size() && row[n]->item == item; ++n) {
        const double next = row[n]->value;
        value = merge == repeats::sum ? value + next : merge == repeats::last ? next : std::max(value, next);
      }
      const auto stored = static_cast<T>(value);
      if (!std::isfinite(stored))
        detail::fail_argument("sparse_interactions: user " + detail::to_text(u) + ", item " + detail::to_text(item) +
                              ": the merged value must be finite, got " + detail::to_text(stored));
      items.push_back(item);
      values.push_back(stored);
    }
    offsets[static_cast<std::size_t>(u) + 1] = static_cast<std::int64_t>(items.size());
  }
  items.shrink_to_fit();
  values.shrink_to_fit();
  by_user_ = csr_matrix<T>(s.items, std::move(offsets), std::move(items), std::move(values));
}

static_assert(interactions<sparse_interactions<float>> && interactions<sparse_interactions<double>>);

}  // namespace reco
