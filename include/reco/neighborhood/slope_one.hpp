// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/fit_report.hpp"
#include "reco/base/options.hpp"
#include "reco/base/training.hpp"
#include "reco/data/interactions.hpp"
#include "reco/data/user_rows.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/neighborhood/slope_one_model.hpp"

namespace reco::inline RECO_ABI() {

/// Ratings foretold from average differences: who gave the film 2 will give the sequel 3 if those who rated both gave
/// it 1 more.
///
///     d_ij = mean over users who rated i and j of (r_uj - r_ui)       c_ij: how many they are
///     r_uj ~ sum over i rated by u of c_ij (r_ui + d_ij) / sum of c_ij         (unweighted: c_ij = 1)
///
/// Lemire and Maclachlan, "Slope One predictors for online rating-based collaborative filtering", SDM 2005. Nothing to
/// tune, new ratings count at once by way of the history, and every prediction is an average of plain differences
/// that can be shown.
///
///     const auto model = reco::slope_one{}.fit(ratings, {.executor = pool});
///     const auto p = model.predict({.history = ratings.of(7)}, item);
///
/// Fit: sum over users of ratings² additions, in double. Memory: 12 bytes (float) or 16 (double) for each ordered pair
/// of items rated by one user, `bytes()`, twice that while it fits: some 100 MB for MovieLens 1M, where nearly all
/// pairs are. A query: as many additions as the history's items have pairs; one prediction: history · log(pairs of the
/// item). Not for values that are always 1: all differences are 0.
struct slope_one {
  bool weighted = true;         ///< differences count by the number of their raters
  std::int32_t min_raters = 1;  ///< >= 1; pairs rated by fewer do not count

  static constexpr std::string_view name = "slope_one";
  static constexpr auto options() {
    return std::tuple{any_value("weighted", &slope_one::weighted),
                      at_least("min_raters", &slope_one::min_raters, 1).search(1, 10)};
  }
  friend bool operator==(const slope_one&, const slope_one&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <interactions D>
  [[nodiscard]] slope_one_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<slope_one>);

// ---------------------------------------------------------------------------------------------------

template <interactions D>
slope_one_model<typename D::scalar> slope_one::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  using row_of_pairs = std::vector<rating_difference<T>>;
  check_options(*this);
  const auto start = std::chrono::steady_clock::now();
  const detail::user_rows<D> by_user(data);
  const auto by_item = by_user->transposed();
  const auto items = static_cast<std::size_t>(by_item.rows());

  std::vector<row_of_pairs> rows(items);
  constexpr std::int64_t chunk = 16;
  for_chunks(how.executor, by_item.rows(), chunk, [&](std::int64_t begin, std::int64_t end) {
    struct sum {
      double above = 0;
      std::int64_t raters = 0;
    };
    std::vector<sum> sums(items);
    for (auto i = begin; i < end; ++i) {
      const auto raters = by_item.row(static_cast<std::int32_t>(i));
      for (std::size_t n = 0; n < raters.size(); ++n) {
        const auto row = by_user->row(raters.columns[n]);
        const auto rating = static_cast<double>(raters.values[n]);
        for (std::size_t m = 0; m < row.size(); ++m) {
          auto& s = sums[static_cast<std::size_t>(row.columns[m])];
          s.above += static_cast<double>(row.values[m]) - rating;
          ++s.raters;
        }
      }
      auto& out = rows[static_cast<std::size_t>(i)];
      for (std::size_t j = 0; j < items; ++j) {
        if (sums[j].raters >= min_raters && static_cast<std::int64_t>(j) != i)
          out.push_back({static_cast<std::int32_t>(j), static_cast<std::int32_t>(sums[j].raters),
                         static_cast<T>(sums[j].above / static_cast<double>(sums[j].raters))});
        sums[j] = {};
      }
      out.shrink_to_fit();
    }
  });

  std::vector<std::int64_t> offsets = {0};
  for (const auto& row : rows) offsets.push_back(offsets.back() + std::ssize(row));
  row_of_pairs differences;
  differences.reserve(static_cast<std::size_t>(offsets.back()));
  for (auto& row : rows) {
    differences.insert(differences.end(), row.begin(), row.end());
    row_of_pairs().swap(row);
  }
  double sum = 0;
  for (const auto value : by_user->values()) sum += static_cast<double>(value);
  const auto count = static_cast<double>(by_user->nonzeros());
  fit_report report{.epochs = 1};
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return {std::move(offsets), std::move(differences), static_cast<T>(count > 0 ? sum / count : 0), weighted,
          std::move(report)};
}

}  // namespace reco
