// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "reco/base/config.hpp"
#include "reco/data/interactions.hpp"
#include "reco/math/csr_matrix.hpp"

namespace reco::inline RECO_ABI() {
namespace detail {

/// The users × items matrix of any interactions: the one they hold, where they hold one, else a copy.
template <interactions D>
class user_rows {
 public:
  using scalar = typename D::scalar;

  explicit user_rows(const D& data) {
    if constexpr (requires { data.by_user(); }) {
      rows_ = &data.by_user();
    } else if constexpr (requires { data.matrix().by_user(); }) {
      rows_ = &data.matrix().by_user();
    } else {
      std::vector<std::int64_t> offsets = {0};
      std::vector<std::int32_t> items;
      std::vector<scalar> values;
      for (std::int32_t u = 0; u < data.users(); ++u) {
        const auto row = data.of(u);
        items.insert(items.end(), row.items.begin(), row.items.end());
        for (std::size_t n = 0; n < row.size(); ++n) values.push_back(row.value(n));
        offsets.push_back(static_cast<std::int64_t>(items.size()));
      }
      own_ = csr_matrix<scalar>(data.items(), std::move(offsets), std::move(items), std::move(values));
      rows_ = &own_;
    }
  }
  user_rows(const user_rows&) = delete;
  user_rows& operator=(const user_rows&) = delete;

  [[nodiscard]] const csr_matrix<scalar>& operator*() const noexcept { return *rows_; }
  [[nodiscard]] const csr_matrix<scalar>* operator->() const noexcept { return rows_; }

 private:
  csr_matrix<scalar> own_ = {};
  const csr_matrix<scalar>* rows_ = nullptr;
};

}  // namespace detail
}  // namespace reco
