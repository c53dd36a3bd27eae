// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/base/error.hpp"
#include "reco/base/executor.hpp"
#include "reco/base/random.hpp"
#include "reco/ltr/ranking_data.hpp"

namespace reco::inline RECO_ABI() {

/// How values are put into bins.
struct binning {
  int bins = 255;               ///< at most, for the values of one feature; 2..255
  std::int32_t sample = 50000;  ///< rows of which quantiles are taken; all rows where there are fewer
  std::uint64_t seed = 0;       ///< of the sample
  std::span<const std::int32_t> categorical = {};  ///< features whose values are numbers of categories
};

/// Features as bytes: each value becomes the number of the bin it lies in, which is all that histograms of gradients
/// need. A numerical feature is cut at quantiles, each value that is frequent enough for a bin of its own getting one
/// (Ke et al., "LightGBM", 2017); a feature with few different values loses nothing. A categorical one has a bin for
/// each of its most frequent categories; the others share the last. Missing values have a bin to themselves, the last
/// but for that.
///
/// The bytes of `width` features stand together, row after row: a group's histograms fit into the first-level cache,
/// and a row's bins are one load.
///
/// Time O(rows features), memory a byte for each, and 4 `width` bytes a sampled row and thread while it is built.
class feature_bins {
 public:
  static constexpr std::size_t width = 16;       ///< features in a group
  static constexpr std::size_t most_bins = 256;  ///< with that of the missing

  feature_bins() = default;
  /// Throws `invalid_argument` for a categorical feature that does not exist or has values that are no categories.
  explicit feature_bins(const ranking_features& rows, const binning& how = {}, executor_ref executor = {});

  [[nodiscard]] std::int32_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::int32_t features() const noexcept { return static_cast<std::int32_t>(of_.size()); }
  [[nodiscard]] std::int32_t groups() const noexcept { return static_cast<std::int32_t>(bytes_.size()); }
  /// The bins of features `width g..`: rows × `width`, by rows; the last group is filled up with zeros.
  [[nodiscard]] const std::uint8_t* group(std::int32_t g) const noexcept {
    return bytes_[static_cast<std::size_t>(g)].data();
  }
  [[nodiscard]] std::uint8_t at(std::int32_t row, std::int32_t feature) const noexcept {
    const auto f = static_cast<std::size_t>(feature);
    return bytes_[f / width][static_cast<std::size_t>(row) * width + f % width];
  }

  /// Bins of values, and whether another follows for the missing.
  [[nodiscard]] int value_bins(std::int32_t feature) const noexcept { return of(feature).values; }
  [[nodiscard]] bool has_missing(std::int32_t feature) const noexcept { return of(feature).missing; }
  [[nodiscard]] int all_bins(std::int32_t feature) const noexcept {
    return of(feature).values + (of(feature).missing ? 1 : 0);
  }
  [[nodiscard]] bool is_categorical(std::int32_t feature) const noexcept { return of(feature).categorical; }
  /// Values of at most this lie in bins 0..bin; infinite for the last bin.
  [[nodiscard]] float threshold(std::int32_t feature, int bin) const noexcept {
    return of(feature).cuts[static_cast<std::size_t>(bin)];
  }
  /// The categories that have a bin of their own, by bin.
  [[nodiscard]] std::span<const std::int32_t> categories(std::int32_t feature) const noexcept {
    return of(feature).categories;
  }
  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_.size() * width * static_cast<std::size_t>(rows_) + of_.size() * sizeof(cut_feature);
  }

 private:
  struct cut_feature {
    int values = 1;
    bool missing = false;
    bool categorical = false;
    /// cuts[b]: the greatest value in bin b, up to the next cut; infinite from the last on.
    std::array<float, most_bins> cuts = no_cuts();
    std::vector<std::int32_t> categories = {};

    [[nodiscard]] std::uint8_t bin_of(float value) const noexcept;
  };
  [[nodiscard]] const cut_feature& of(std::int32_t f) const noexcept { return of_[static_cast<std::size_t>(f)]; }
  static constexpr std::array<float, most_bins> no_cuts() {
    std::array<float, most_bins> cuts{};
    cuts.fill(std::numeric_limits<float>::infinity());
    return cuts;
  }
  struct workspace {
    std::vector<float> columns[width] = {};
    std::vector<std::uint32_t> from = {}, to = {};
  };
  void cut(std::int32_t f, std::span<float> values, int bins, workspace& work);

  std::int32_t rows_ = 0;
  std::vector<cut_feature> of_ = {};
  std::vector<std::vector<std::uint8_t>> bytes_ = {};
};

// ---------------------------------------------------------------------------------------------------

namespace detail {

/// Ascending, -0 as 0; no NaN may be among them. Three passes of 11 bits over integers that sort as the floats do. The
/// vectors are scratch.
inline void sort_floats(std::span<float> values, std::vector<std::uint32_t>& from, std::vector<std::uint32_t>& to) {
  constexpr std::size_t radix = 2048;
  from.resize(values.size());
  to.resize(values.size());
  std::vector<std::uint32_t> counts(3 * radix);
  for (std::size_t n = 0; n < values.size(); ++n) {
    const auto bits = std::bit_cast<std::uint32_t>(values[n] + 0.0F);
    const auto key = (bits >> 31) != 0 ? ~bits : bits | 0x80000000U;
    from[n] = key;
    ++counts[key % radix];
    ++counts[radix + key / radix % radix];
    ++counts[2 * radix + key / radix / radix];
  }
  for (std::size_t pass = 0; pass < 3; ++pass) {
    std::uint32_t sum = 0;
    for (auto& c : std::span(counts).subspan(pass * radix, radix)) sum += std::exchange(c, sum);
    for (const auto key : from) to[counts[pass * radix + (key >> (11 * pass)) % radix]++] = key;
    std::swap(from, to);
  }
  for (std::size_t n = 0; n < values.size(); ++n)
    values[n] = std::bit_cast<float>((from[n] >> 31) != 0 ? from[n] & 0x7fffffffU : ~from[n]);
}

struct counted_value {
  float value = 0;
  std::int64_t count = 0;
};

inline std::vector<counted_value> count_sorted(std::span<const float> sorted) {
  std::vector<counted_value> out;
  out.reserve(sorted.size());
  for (const float v : sorted) {
    if (out.empty() || out.back().value != v) out.push_back({v, 0});
    ++out.back().count;
  }
  return out;
}

/// A number that parts two: low <= it < high.
inline float between_values(float low, float high) {
  const float middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/// Where to cut sorted different values into at most `bins` bins of like counts.
inline std::vector<float> cuts_between(std::span<const counted_value> values, int bins) {
  std::vector<float> cuts;
  const auto cut_after = [&](std::size_t n) { cuts.push_back(between_values(values[n].value, values[n + 1].value)); };
  if (values.size() <= static_cast<std::size_t>(bins)) {
    for (std::size_t n = 0; n + 1 < values.size(); ++n) cut_after(n);
    return cuts;
  }
  double total = 0;
  for (const auto& v : values) total += static_cast<double>(v.count);
  // What would fill a bin alone gets one; the others share the rest.
  const double even = total / bins;
  const auto is_big = [&](std::size_t n) { return static_cast<double>(values[n].count) >= even; };
  double rest = total;
  int rest_bins = bins;
  for (std::size_t n = 0; n < values.size(); ++n)
    if (is_big(n)) rest -= static_cast<double>(values[n].count), --rest_bins;
  double want = rest / std::max(rest_bins, 1);
  double held = 0;
  for (std::size_t n = 0; n + 1 < values.size() && cuts.size() + 1 < static_cast<std::size_t>(bins); ++n) {
    const auto count = static_cast<double>(values[n].count);
    held += count;
    if (!is_big(n)) rest -= count;
    if (!is_big(n) && held < want && !(is_big(n + 1) && held >= std::max(1.0, want / 2))) continue;
    cut_after(n);
    held = 0;
    if (!is_big(n)) want = rest / std::max(--rest_bins, 1);
  }
  return cuts;
}

/// The rows of which quantiles are taken: one at random from each of `size` stretches.
inline std::vector<std::int32_t> sampled_rows(std::int32_t rows, std::int32_t size, std::uint64_t seed) {
  std::vector<std::int32_t> out;
  random_engine random(seed, 1);
  const std::int64_t n = std::min(rows, size);
  for (std::int64_t i = 0; i < n; ++i) {
    const auto begin = i * rows / n, end = (i + 1) * rows / n;
    out.push_back(static_cast<std::int32_t>(begin + (end - begin > 1 ? uniform_index(random, end - begin) : 0)));
  }
  return out;
}

/// The values of features first..first + width of a row.
template <std::size_t Width>
void read_group(const ranking_features& rows, std::int32_t row, std::int32_t first, float (&out)[Width]) {
  const auto count = std::min<std::size_t>(Width, static_cast<std::size_t>(rows.features() - first));
  if (!rows.is_sparse()) {
    const float* const from = rows.dense().data() + std::int64_t{row} * rows.features() + first;
    for (std::size_t k = 0; k < count; ++k) out[k] = from[k];
    return;
  }
  std::fill_n(out, count, rows.absent());
  const auto held = rows.entries(row);
  auto n = static_cast<std::size_t>(std::lower_bound(held.columns.begin(), held.columns.end(), first) -
                                    held.columns.begin());
  for (; n < held.size() && held.columns[n] < first + static_cast<std::int32_t>(count); ++n)
    out[held.columns[n] - first] = held.values[n];
}

}  // namespace detail

inline std::uint8_t feature_bins::cut_feature::bin_of(float value) const noexcept {
  if (categorical) {
    const auto c = value >= 0 && value < 0x1p24F ? static_cast<std::int32_t>(value) : -1;
    const auto at = std::find(categories.begin(), categories.end(), c) - categories.begin();
    return static_cast<std::uint8_t>(std::isnan(value) ? values : std::min<std::ptrdiff_t>(at, values - 1));
  }
  // The number of cuts below the value, by halves: cuts[255] is infinite.
  std::size_t bin = 0;
  for (std::size_t step = most_bins / 2; step > 0; step /= 2)
    bin += step * static_cast<std::size_t>(cuts[bin + step - 1] < value);
  return static_cast<std::uint8_t>(std::isnan(value) ? static_cast<std::size_t>(values) : bin);
}

inline void feature_bins::cut(std::int32_t f, std::span<float> values, int bins, workspace& work) {
  auto& target = of_[static_cast<std::size_t>(f)];
  detail::sort_floats(values, work.from, work.to);
  if (!target.categorical) {
    const auto cuts = detail::cuts_between(detail::count_sorted(values), bins);
    std::copy(cuts.begin(), cuts.end(), target.cuts.begin());
    target.values = static_cast<int>(cuts.size()) + 1;
    return;
  }
  for (auto& v : values) {
    if (v < 0 || v >= 0x1p24F)
      detail::fail_argument("feature_bins: feature " + detail::to_text(f) +
                            " is categorical: its values must be in 0..2^24, got " + detail::to_text(v));
    v = std::trunc(v);
  }
  auto counted = detail::count_sorted(values);
  std::stable_sort(counted.begin(), counted.end(), [](const auto& a, const auto& b) { return a.count > b.count; });
  counted.resize(std::min(counted.size(), static_cast<std::size_t>(bins - 1)));
  for (const auto& c : counted) target.categories.push_back(static_cast<std::int32_t>(c.value));
  target.values = static_cast<int>(counted.size()) + 1;  // the last: all others
}

inline feature_bins::feature_bins(const ranking_features& rows, const binning& how, executor_ref executor) {
  RECO_ASSERT(how.bins >= 2 && how.bins <= 255);
  rows_ = rows.documents();
  of_.resize(static_cast<std::size_t>(rows.features()));
  for (const auto f : how.categorical) {
    if (f < 0 || f >= rows.features())
      detail::fail_argument("feature_bins: categorical feature " + detail::to_text(f) + ": there are " +
                            detail::to_text(rows.features()) + " features");
    of_[static_cast<std::size_t>(f)].categorical = true;
  }
  const auto sample = detail::sampled_rows(rows_, how.sample, how.seed);
  bytes_.resize((of_.size() + width - 1) / width);
  for_chunks(executor, groups(), 1, [&](std::int64_t g, std::int64_t) {
    const auto first = static_cast<std::int32_t>(g) * static_cast<std::int32_t>(width);
    const auto count = std::min(width, of_.size() - static_cast<std::size_t>(first));
    float values[width] = {};
    workspace work;
    for (std::size_t k = 0; k < count; ++k) work.columns[k].reserve(sample.size());
    for (const auto row : sample) {
      detail::read_group(rows, row, first, values);
      for (std::size_t k = 0; k < count; ++k)
        if (!std::isnan(values[k])) work.columns[k].push_back(values[k]);
    }
    for (std::size_t k = 0; k < count; ++k) cut(first + static_cast<std::int32_t>(k), work.columns[k], how.bins, work);

    auto& bytes = bytes_[static_cast<std::size_t>(g)];
    bytes.resize(static_cast<std::size_t>(rows_) * width);
    for (std::int32_t row = 0; row < rows_; ++row) {
      detail::read_group(rows, row, first, values);
      std::uint8_t* const to = bytes.data() + static_cast<std::size_t>(row) * width;
      for (std::size_t k = 0; k < count; ++k) {
        auto& f = of_[static_cast<std::size_t>(first) + k];
        to[k] = f.bin_of(values[k]);
        f.missing |= std::isnan(values[k]);
      }
    }
  });
}

}  // namespace reco
