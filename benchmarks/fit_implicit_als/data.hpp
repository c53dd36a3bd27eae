// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/event.hpp"
#include "reco/data/event_log.hpp"
#include "reco/factorization/implicit_als.hpp"
#include "reco/io/lightgcn.hpp"
#include "reco/io/movielens.hpp"
#include "reco/io/xz.hpp"
#include "reco/math/csr_matrix.hpp"
#include "reco/math/matrix.hpp"

// The task: epochs of implicit ALS, both half-epochs, on the published split of Gowalla (29,858 users, 40,981 items,
// 810,128 pairs) and on MovieLens-1M (6,040 users, 3,883 items, 1,000,209 pairs). float, lambda 3 for every row,
// unobserved weight 0.02.

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

/// MovieLens-1M, every rating a pair.
inline const reco::event_log* movielens() {
  static const auto log = []() -> std::unique_ptr<reco::event_log> {
    const char* const root = std::getenv("RECO_DATA_DIR");
    if (root == nullptr || !std::filesystem::exists(std::filesystem::path(root) / "ml-1m")) return nullptr;
    auto read = reco::read_movielens(std::filesystem::path(root) / "ml-1m", {}, reco::read_file_or_xz);
    for (auto& e : read.events) e.value = 1;
    return std::make_unique<reco::event_log>(std::move(read));
  }();
  return log.get();
}

inline reco::implicit_als options(int factors, int epochs) {
  return {.factors = factors,
          .epochs = epochs,
          .regularization = 3,
          .regularization_exponent = 0,
          .unobserved_weight = 0.02};
}

/// 0: Gowalla's train, 1: MovieLens. Empty where RECO_DATA_DIR has none.
inline std::optional<reco::dataset<float>> data_of(std::int64_t which) {
  if (which == 0 && gowalla() != nullptr) return reco::dataset<float>(gowalla()->train, gowalla()->shape());
  if (which == 1 && movielens() != nullptr) return reco::dataset<float>(movielens()->events, movielens()->shape());
  return std::nullopt;
}

enum class way {
  exact,  ///< a gathered symmetric update and a Cholesky factorization a row
  cg,     ///< three steps of conjugate gradient a row against the shared Gramian
};

/// The textbook ways, written plainly; the same schedule (items, then users) from the same first factors as ours.
class textbook {
 public:
  textbook(const reco::dataset<float>& data, const reco::implicit_als& options, way how, reco::thread_pool& pool);
  void epoch();

  reco::matrix<float> users = {}, items = {};

 private:
  reco::implicit_als o_;
  way how_;
  reco::thread_pool& pool_;
  reco::csr_matrix<float> by_user_, by_item_;
};

using dense = Eigen::MatrixXf;  // column-major: where Eigen's Cholesky factorization of a lower triangle is fastest

/// The vector of a history as the exact textbook way has it; the Gramian is computed once.
class textbook_fold_in {
 public:
  textbook_fold_in(const reco::matrix<float>& items, const reco::implicit_als& options);
  reco::column<float> operator()(std::span<const std::int32_t> history);

 private:
  const reco::matrix<float>& items_;
  dense shared_, a_, block_;
  reco::column<float> b_;
};

}  // namespace fit_implicit_als
