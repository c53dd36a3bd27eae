// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/data/event.hpp"
#include "reco/data/history_view.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/sparse_interactions.hpp"
#include "reco/math/matrix.hpp"

namespace reco::inline RECO_ABI() {

/// Interactions that come as a table in which most pairs are observed: surveys, sensors, small panels.
/// The same concept and the same answers as `sparse_interactions`. Only observed values are kept, and
/// all rows without a gap share one row of item numbers, so a full table takes its values and 24 bytes
/// a user, and no table takes more than compressed rows plus these 24 bytes.
template <class T>
class dense_interactions {
 public:
  using scalar = T;

  dense_interactions() = default;
  /// users × items; NaN marks a pair that was not observed. Throws `invalid_argument` for an infinity.
  explicit dense_interactions(const matrix<T>& table);
  /// From a log, as `sparse_interactions`.
  dense_interactions(std::span<const event> log, shape s, repeats merge = repeats::sum);

  [[nodiscard]] std::int32_t users() const noexcept { return static_cast<std::int32_t>(rows_.size()); }
  [[nodiscard]] std::int32_t items() const noexcept { return static_cast<std::int32_t>(every_item_.size()); }
  /// Throws `std::out_of_range`.
  [[nodiscard]] history_view<T> of(std::int32_t user) const {
    detail::check_index("dense_interactions: user", user, users());
    const auto& r = rows_[static_cast<std::size_t>(user)];
    const auto ids = r.first_id == full ? std::span(every_item_) : std::span(ids_).subspan(r.first_id, r.size);
    return {.items = ids, .values = std::span(values_).subspan(r.first_value, r.size)};
  }
  [[nodiscard]] std::int64_t observed() const noexcept { return static_cast<std::int64_t>(values_.size()); }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return values_.size() * sizeof(T) + (ids_.size() + every_item_.size()) * sizeof(std::int32_t) +
           rows_.size() * sizeof(row);
  }

 private:
  static constexpr std::size_t full = static_cast<std::size_t>(-1);
  struct row {
    std::size_t first_value = 0;
    std::size_t first_id = full;
    std::size_t size = 0;
  };
  void begin(std::int32_t items, std::int32_t users);
  void append(std::span<const std::int32_t> ids, std::span<const T> values);

  std::vector<std::int32_t> every_item_ = {};
  std::vector<std::int32_t> ids_ = {};
  std::vector<T> values_ = {};
  std::vector<row> rows_ = {};
};

// ---------------------------------------------------------------------------------------------------

template <class T>
dense_interactions<T>::dense_interactions(const matrix<T>& table) {
  begin(static_cast<std::int32_t>(table.cols()), static_cast<std::int32_t>(table.rows()));
  std::vector<std::int32_t> ids;
  std::vector<T> values;
  for (Eigen::Index u = 0; u < table.rows(); ++u) {
    ids.clear();
    values.clear();
    for (Eigen::Index i = 0; i < table.cols(); ++i) {
      const T value = table(u, i);
      if (std::isnan(value)) continue;
      if (std::isinf(value))
        detail::fail_argument("dense_interactions: user " + detail::to_text(u) + ", item " + detail::to_text(i) +
                              ": value must be finite or NaN (not observed), got " + detail::to_text(value));
      ids.push_back(static_cast<std::int32_t>(i));
      values.push_back(value);
    }
    append(ids, values);
  }
}

template <class T>
dense_interactions<T>::dense_interactions(std::span<const event> log, shape s, repeats merge) {
  detail::check_log("dense_interactions", log, s);
  const sparse_interactions<T> rows(log, s, merge);
  begin(s.items, s.users);
  for (std::int32_t u = 0; u < rows.users(); ++u) append(rows.of(u).items, rows.of(u).values);
}

template <class T>
void dense_interactions<T>::begin(std::int32_t items, std::int32_t users) {
  every_item_.resize(static_cast<std::size_t>(items));
  std::iota(every_item_.begin(), every_item_.end(), 0);
  rows_.reserve(static_cast<std::size_t>(users));
}

template <class T>
void dense_interactions<T>::append(std::span<const std::int32_t> ids, std::span<const T> values) {
  const bool no_gap = ids.size() == every_item_.size();
  rows_.push_back({.first_value = values_.size(), .first_id = no_gap ? full : ids_.size(), .size = ids.size()});
  values_.insert(values_.end(), values.begin(), values.end());
  if (!no_gap) ids_.insert(ids_.end(), ids.begin(), ids.end());
}

static_assert(interactions<dense_interactions<float>> && interactions<dense_interactions<double>>);

}  // namespace reco
