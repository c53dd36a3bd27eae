// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/event.hpp"
#include "reco/factorization/implicit_als.hpp"
#include "reco/io/lightgcn.hpp"
#include "reco/io/xz.hpp"
#include "reco/math/matrix.hpp"

// The task: epochs of implicit ALS, both half-epochs, on the published split of Gowalla (29,858 users, 40,981 items,
// 810,128 pairs) and on a made-up set with the shape of MovieLens-1M (6,040 users, 3,706 items, about a million pairs).
// float, lambda 3 for every row, unobserved weight 0.02.

namespace fit_implicit_als {

/// Train and test of Gowalla; null where RECO_DATA_DIR has none.
inline const reco::published_split* gowalla() {
  static const auto split = []() -> std::unique_ptr<reco::published_split> {
    const char* const root = std::getenv("RECO_DATA_DIR");
    if (root == nullptr || !std::filesystem::exists(std::filesystem::path(root) / "gowalla")) return nullptr;
    return std::make_unique<reco::published_split>(
        reco::read_lightgcn(std::filesystem::path(root) / "gowalla", reco::read_file_or_xz));
  }();
  return split.get();
}

/// Degrees of users log-normal with median 106, items by Zipf's law.
inline std::vector<reco::event> movielens_shaped() {
  constexpr std::int32_t users = 6040, items = 3706;
  reco::random_engine random(1);
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < users; ++u) {
    const double degree = std::min(2000.0, 106 * std::exp(0.95 * reco::normal(random)));
    for (double n = 0; n < degree; ++n)
      log.push_back({.user = u, .item = static_cast<std::int32_t>(items * std::pow(reco::uniform_real(random), 2.2))});
  }
  for (auto& e : log) e.value = 1;
  return log;
}

inline reco::implicit_als options(int factors, int epochs) {
  return {.factors = factors,
          .epochs = epochs,
          .regularization = 3,
          .regularization_exponent = 0,
          .unobserved_weight = 0.02};
}

struct factors_pair {
  reco::matrix<float> users = {}, items = {};
};

/// The textbook ways, written plainly; the same schedule (items, then users) from the same first factors as ours.
/// (a) a gathered symmetric update and a Cholesky factorization a row.
factors_pair textbook_exact(const reco::dataset<float>& data, const reco::implicit_als& o, unsigned threads);
/// (b) three steps of conjugate gradient a row against the shared Gramian.
factors_pair textbook_cg(const reco::dataset<float>& data, const reco::implicit_als& o, unsigned threads);

}  // namespace fit_implicit_als
