// SPDX-License-Identifier: MIT
#include "reco/math/keep_best.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "reco/base/random.hpp"
#include "support/catch.hpp"

namespace {

enum class spread { wide, ties, signs, equal, infinite };

template <class T>
std::vector<reco::scored_item<T>> random_scores(std::size_t n, spread how) {
  reco::random_engine random(n);
  std::vector<reco::scored_item<T>> list;
  for (std::size_t i = 0; i < n; ++i) {
    const auto normal = static_cast<T>(reco::normal(random));
    const auto whole = static_cast<T>(reco::uniform_index(random, 5));
    T score = 3;
    if (how == spread::wide) score = std::exp(9 * normal);
    if (how == spread::ties) score = whole / 7;
    if (how == spread::signs) score = whole == 0 ? T(0) : whole == 1 ? -T(0) : normal;
    if (how == spread::infinite)
      score = whole == 0 ? std::numeric_limits<T>::infinity() : whole == 1 ? -normal / 0 : normal;
    list.push_back({static_cast<std::int32_t>(i), score});
  }
  reco::shuffle(random, std::span(list));
  return list;
}

}  // namespace

TEMPLATE_TEST_CASE("the k best are those of a full sort, ties by item", "", float, double) {
  reco::keep_best<TestType> keep;
  for (const auto how : {spread::wide, spread::ties, spread::signs, spread::equal, spread::infinite})
    for (const std::size_t n : {0U, 1U, 7U, 63U, 64U, 65U, 200U, 3000U})
      for (const std::size_t k : {0U, 1U, 10U, 64U, 100U, 2999U, 5000U}) {
        auto list = random_scores<TestType>(n, how), expected = list;
        std::sort(expected.begin(), expected.end(), reco::better);
        expected.resize(std::min(n, k));
        const auto all = list;
        keep(list, k);
        auto at = all.begin();
        for (const auto& s : list) at = std::find(at, all.end(), s);
        CHECK((at != all.end() || list.empty()));  // in the order they had
        std::sort(list.begin(), list.end(), reco::better);
        CAPTURE(static_cast<int>(how), n, k);
        CHECK(list == expected);
      }
}

TEST_CASE("scores counted while the list is made, below a bound far above them, give the same k best") {
  auto list = random_scores<float>(900, spread::wide), expected = list;
  reco::keep_best<float> keep;
  keep(expected, 30);
  keep.start(1e30F);
  for (const auto& s : list) keep.count(s.score);
  list.resize(keep.counted(list, 30));
  CHECK(list == expected);
}
