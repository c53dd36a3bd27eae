// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
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
#include "reco/data/embeddings.hpp"
#include "reco/data/interactions.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"
#include "reco/math/randomized_svd.hpp"

namespace reco::inline RECO_ABI() {

template <class T>
class co_reads_model;

/// Item vectors from who read what, where items have no text: items read by the same people come to lie in one
/// direction. The spectral embedding of the readers × items graph (Dhillon, "Co-clustering documents and words using
/// bipartite spectral graph partitioning", 2001),
///
///     D_u^-1/2 R D_i^-1/2 ~ U S V'        R: 1 where user u read item i; D: degrees
///     e_i = S v_i / |S v_i|
///
/// so that neither busy readers nor popular items take all directions. Items that nobody read get zeros. The values
/// of the interactions play no part, but that pairs of value 0 or less are left out. Time and memory as
/// `randomized_svd`.
struct co_reads {
  std::int32_t dimensions = 128;  ///< k >= 1; fewer come out where the reads have no more
  std::uint64_t seed = 0;

  static constexpr std::string_view name = "co_reads";
  static constexpr auto options() {
    return std::tuple{at_least("dimensions", &co_reads::dimensions, 1).search(16, 512, search_scale::logarithmic),
                      any_value("seed", &co_reads::seed)};
  }
  friend bool operator==(const co_reads&, const co_reads&) = default;

  /// Throws `invalid_argument` for options out of range.
  template <interactions D>
  [[nodiscard]] co_reads_model<typename D::scalar> fit(const D& data, const training& how = {}) const;
};
static_assert(options_are_complete<co_reads>);

/// The vectors, of length 1 or zeros.
template <class T>
class co_reads_model {
 public:
  using scalar = T;

  co_reads_model(reco::embeddings<T> vectors, column<T> singular_values, fit_report report)
      : embeddings_(std::move(vectors)), singular_values_(std::move(singular_values)), report_(std::move(report)) {}

  [[nodiscard]] const reco::embeddings<T>& embeddings() const noexcept { return embeddings_; }
  [[nodiscard]] std::int32_t dimension() const noexcept { return embeddings_.dimension(); }
  /// Descending; the first is 1.
  [[nodiscard]] const column<T>& singular_values() const noexcept { return singular_values_; }
  [[nodiscard]] const fit_report& report() const noexcept { return report_; }

 private:
  reco::embeddings<T> embeddings_;
  column<T> singular_values_;
  fit_report report_;
};

// ---------------------------------------------------------------------------------------------------

template <interactions D>
co_reads_model<typename D::scalar> co_reads::fit(const D& data, const training& how) const {
  using T = typename D::scalar;
  check_options(*this);
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> items;
  std::vector<double> readers(static_cast<std::size_t>(data.items()));
  for (std::int32_t u = 0; u < data.users(); ++u) {
    const auto row = data.of(u);
    for (std::size_t n = 0; n < row.size(); ++n) {
      if (!(row.value(n) > 0)) continue;
      items.push_back(row.items[n]);
      ++readers[static_cast<std::size_t>(row.items[n])];
    }
    offsets.push_back(static_cast<std::int64_t>(items.size()));
  }
  std::vector<T> values;
  values.reserve(items.size());
  for (std::size_t u = 0; u + 1 < offsets.size(); ++u)
    for (auto n = offsets[u]; n < offsets[u + 1]; ++n) {
      const double degrees = static_cast<double>(offsets[u + 1] - offsets[u]) *
                             readers[static_cast<std::size_t>(items[static_cast<std::size_t>(n)])];
      values.push_back(static_cast<T>(1 / std::sqrt(degrees)));
    }
  const csr_matrix<T> graph(data.items(), std::move(offsets), std::move(items), std::move(values));
  auto svd = randomized_svd{.rank = dimensions, .seed = seed}.decompose(graph, how);
  matrix<T> rows = svd.right * svd.singular_values.asDiagonal();
  for (Eigen::Index i = 0; i < rows.rows(); ++i)
    if (const T length = rows.row(i).norm(); length > 0) rows.row(i) /= length;
  return {embeddings<T>(std::move(rows)), std::move(svd.singular_values), std::move(svd.report)};
}

}  // namespace reco
