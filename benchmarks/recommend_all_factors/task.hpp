// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "reco/base/random.hpp"
#include "reco/base/thread_pool.hpp"
#include "reco/data/dataset.hpp"
#include "reco/data/event.hpp"
#include "reco/factorization/implicit_als.hpp"
#include "reco/io/lightgcn.hpp"
#include "reco/io/xz.hpp"
#include "reco/math/matrix.hpp"

// The task: the ten best items for each of 2,000 users of a factor model with 128 factors, nothing seen; factors
// learned by implicit ALS from Gowalla (40,981 items) and from made-up readers of books (91,599 items).

namespace recommend_all_factors {

/// 52,643 readers of 91,599 books, about 2.4 million pairs: four tastes of 400 a reader, popularity with a long tail.
inline std::vector<reco::event> readers() {
  constexpr std::int32_t users = 52643, items = 91599, tastes = 400;
  reco::random_engine random(11);
  const auto popular = [&](double size) {  // 0..size-1, the first ones often
    return std::min(size - 1, size * std::pow(reco::uniform_real(random), 3));
  };
  std::vector<reco::event> log;
  for (std::int32_t u = 0; u < users; ++u) {
    std::int32_t mine[4];
    for (auto& taste : mine) taste = static_cast<std::int32_t>(popular(tastes));
    const double degree = std::min(2000.0, 8 + 28 * std::exp(0.9 * reco::normal(random)));
    for (double n = 0; n < degree; ++n) {
      const bool personal = reco::bernoulli(random, 0.75);
      const auto item =
          personal ? mine[reco::uniform_index(random, 4)] + tastes * static_cast<std::int32_t>(popular(items / tastes))
                   : static_cast<std::int32_t>(popular(items));
      log.push_back({.user = u, .item = std::min(item, items - 1)});
    }
  }
  return log;
}

struct task {
  reco::dataset<float> data;
  reco::factor_model<float> model;
  std::vector<reco::query<float>> queries = {};  // 2,000 users
  reco::matrix<float> vectors = {};              // theirs
};

/// 0: Gowalla, null where RECO_DATA_DIR has none, 1: books.
inline const task* task_of(std::int64_t which) {
  static std::unique_ptr<task> tasks[2];
  auto& out = tasks[which];
  if (out) return out.get();
  std::optional<reco::dataset<float>> data;
  if (which == 0) {
    const char* const root = std::getenv("RECO_DATA_DIR");
    if (root == nullptr || !std::filesystem::exists(std::filesystem::path(root) / "gowalla")) return nullptr;
    const auto split = reco::read_lightgcn(std::filesystem::path(root) / "gowalla", reco::read_file_or_xz);
    data.emplace(split.train, split.shape());
  } else {
    auto log = readers();
    std::sort(log.begin(), log.end(), [](const reco::event& a, const reco::event& b) {
      return a.user != b.user ? a.user < b.user : a.item < b.item;
    });
    const auto same = [](const reco::event& a, const reco::event& b) { return a.user == b.user && a.item == b.item; };
    log.erase(std::unique(log.begin(), log.end(), same), log.end());
    data.emplace(log, reco::shape{.users = 52643, .items = 91599});
  }
  reco::thread_pool pool(2);
  auto model = reco::implicit_als{.factors = 128,
                                  .epochs = 4,
                                  .regularization = 3,
                                  .regularization_exponent = 0,
                                  .unobserved_weight = 0.02,
                                  .solver = reco::als_solver::conjugate_gradient}
                   .fit(*data, {.executor = pool});
  out = std::make_unique<task>(task{std::move(*data), std::move(model)});
  constexpr std::int32_t users = 2000;
  out->vectors.resize(users, 128);
  for (std::int32_t n = 0; n < users; ++n) {
    const std::int32_t u = n * (out->data.users() / users);
    out->queries.push_back(out->data.query(u));
    out->vectors.row(n) = out->model.user_factors().row(u);
  }
  return out.get();
}

#if defined(RECO_HAVE_FAISS)
/// FAISS's IndexFlatIP over the items' factors: the same product, but what is seen stays in the lists.
class with_faiss {
 public:
  explicit with_faiss(const reco::matrix<float>& items);
  ~with_faiss();
  with_faiss(const with_faiss&) = delete;
  with_faiss& operator=(const with_faiss&) = delete;
  /// The scores of the k best, a row a user.
  [[nodiscard]] reco::matrix<float> best(const reco::matrix<float>& users, int k, int threads) const;

 private:
  struct index;
  std::unique_ptr<index> index_;
};
#endif

}  // namespace recommend_all_factors
