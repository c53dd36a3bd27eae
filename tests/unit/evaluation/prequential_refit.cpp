// SPDX-License-Identifier: MIT
#include "reco/evaluation/prequential_refit.hpp"

#include <cstdint>
#include <vector>

#include "reco/base/thread_pool.hpp"
#include "reco/model/any_estimator.hpp"
#include "reco/popularity/most_popular.hpp"
#include "support/catch.hpp"

using namespace reco_test;

namespace {

/// Lists, for a user it knows, the items from 0 on; for a history without a user, from the last on.
struct forwards_or_backwards {
  struct model {
    using scalar = float;
    std::int32_t count = 0;
    [[nodiscard]] std::int32_t items() const { return count; }
    [[nodiscard]] bool can_answer(const reco::query<float>&) const { return true; }
    void scores(const reco::query<float>& q, std::span<float> out) const {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(i) * (q.user ? -1.F : 1.F);
    }
  };
  [[nodiscard]] model fit(const reco::dataset<float>& data, const reco::training& = {}) const { return {data.items()}; }
};

template <class M>
std::vector<std::int32_t> list_of(const M& m, const reco::query<float>& q, int k = 10) {
  const std::vector asked = {m.ask(q, k)};
  const auto lists = m.answer(asked, k, {});
  std::vector<std::int32_t> items;
  for (const auto& s : lists[0]) items.push_back(s.item);
  return items;
}

}  // namespace

TEST_CASE("a refitted estimator answers from its last fit, and not before the first") {
  auto m = reco::refitted<float>(reco::most_popular{});
  CHECK(list_of(m, {}).empty());
  const std::vector<reco::event> past = {{0, 0}, {0, 1}, {1, 1}, {1, 3}};
  m.refit(std::span(past).first(1), {});
  CHECK(list_of(m, {}) == std::vector<std::int32_t>{0});
  m.learn({0, 1}, {});
  CHECK(list_of(m, {}) == std::vector<std::int32_t>{0});
  m.refit(past, {});
  CHECK(list_of(m, {}) == std::vector<std::int32_t>{1, 0, 3});  // nobody has read 2
  CHECK(list_of(m, {}, 2) == std::vector<std::int32_t>{1, 0});
}

TEST_CASE("a refitted estimator leaves out what the history has, also what it read since the fit") {
  auto m = reco::refitted<float>(reco::most_popular{});
  const std::vector<reco::event> past = {{0, 0}, {0, 1}, {1, 1}, {1, 2}};
  m.refit(past, {});
  const std::vector<std::int32_t> read = {1, 77};
  CHECK(list_of(m, {.user = 0, .history = {.items = read}}) == std::vector<std::int32_t>{0, 2});
}

TEST_CASE("a refitted estimator is asked by user only for users with events by its fit") {
  auto m = reco::refitted<float>(forwards_or_backwards{});
  const std::vector<reco::event> past = {{0, 0}, {2, 1}};
  m.refit(past, {});
  CHECK(list_of(m, {.user = 2}) == std::vector<std::int32_t>{0, 1});
  CHECK(list_of(m, {.user = 1}) == std::vector<std::int32_t>{1, 0});   // between known users
  CHECK(list_of(m, {.user = 50}) == std::vector<std::int32_t>{1, 0});  // beyond them
  CHECK(list_of(m, {}) == std::vector<std::int32_t>{1, 0});
}

TEST_CASE("refitted takes an estimator chosen at run time, and many queries on many threads", "[concurrent]") {
  auto m = reco::refitted<float>(reco::any_estimator<float>(reco::most_popular{}));
  std::vector<reco::event> past;
  for (std::int32_t n = 0; n < 200; ++n) past.push_back({n % 7, n % 31});
  m.refit(past, {});
  std::vector<reco::query<float>> asked;
  for (std::int32_t n = 0; n < 100; ++n)
    asked.push_back(
        m.ask({.user = n % 7, .history = {.items = std::span(&past[static_cast<std::size_t>(n)].item, 1)}}, 5));
  const auto lists = m.answer(asked, 5, {});
  for (const unsigned threads : {2U, 5U}) {
    reco::thread_pool pool(threads);
    CHECK(m.answer(asked, 5, pool) == lists);
  }
}
