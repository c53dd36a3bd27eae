// SPDX-License-Identifier: MIT
#include "reco/metrics/expected_novelty.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"
#include "support/shown_lists.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using reco::rank_weight;
using epc = reco::expected_popularity_complement;
using efd = reco::expected_free_discovery;

TEST_CASE("expected_popularity_complement: the worked example") {
  const reco::item_popularity popularity({8, 2, 0}, 8);
  const item_list items = {0, 1, 2};
  const reco::shown_list list{.items = items};
  CHECK_THAT((epc{.popularity = &popularity}(list)), WithinRel(1.75 / 3, rounding<double>(4)));
  CHECK_THAT((epc{.popularity = &popularity, .weight = rank_weight::logarithmic}(list)), WithinAbs(0.457, 5e-4));
}

TEST_CASE("expected_free_discovery: the worked example") {
  const reco::item_popularity popularity({8, 2, 0, 6}, 8);
  const item_list items = {0, 1, 2};
  CHECK_THAT((efd{.popularity = &popularity}({.items = items})), WithinRel(8.0 / 3, rounding<double>(4)));
}

TEST_CASE("expected novelty is a weighted mean, and what is not relevant counts 0 if that is asked") {
  const auto seed = 69U;
  CAPTURE(seed);
  reco::random_engine random(seed);
  std::vector<std::int64_t> users_of_item(60);
  double pairs = 0;
  for (auto& n : users_of_item) pairs += static_cast<double>(n = reco::uniform_index(random, 21));
  const reco::item_popularity popularity(users_of_item, 20);
  for (const auto& items : random_lists(seed, 60)) {
    std::vector<double> grade(items.size());
    for (auto& g : grade) g = static_cast<double>(reco::uniform_index(random, 3) - 1);
    const reco::shown_list list{.items = items, .grade = grade};
    for (const int k : {0, 1, 7, 1000}) {
      for (const auto weight : {rank_weight::equal, rank_weight::logarithmic, rank_weight::exponential}) {
        for (const bool relevant_only : {false, true}) {
          double complement = 0, bits = 0, weights = 0;
          for (std::size_t n = 0; n < items.size() && static_cast<std::int64_t>(n) < k; ++n) {
            const auto rank = static_cast<double>(n + 1);
            const double w = weight == rank_weight::equal         ? 1
                             : weight == rank_weight::logarithmic ? std::log(2) / std::log(rank + 1)
                                                                  : std::pow(0.85, rank - 1);
            weights += w;
            if (relevant_only && grade[n] <= 0) continue;
            const auto users = static_cast<double>(users_of_item[static_cast<std::size_t>(items[n])]);
            complement += w * (1 - users / 20);
            bits -= w * std::log2(std::max(users, 1.0) / pairs);
          }
          const double over = weights > 0 ? weights : 1;
          CHECK_THAT((epc{&popularity, k, weight, relevant_only}(list)),
                     WithinAbs(complement / over, rounding<double>(200)));
          CHECK_THAT((efd{&popularity, k, weight, relevant_only}(list)),
                     WithinAbs(bits / over, 10 * rounding<double>(200)));
        }
      }
    }
  }
}

TEST_CASE("expected novelty needs counts, of all items shown") {
  const item_list items = {1};
  const reco::item_popularity popularity({1}, 1), nobody({0, 0}, 0);
  CHECK_THROWS_MATCHES(epc{}({.items = items}), reco::invalid_argument,
                       Message("epc: popularity must point to the items' counts"));
  CHECK_THROWS_MATCHES(efd{}({.items = items}), reco::invalid_argument,
                       Message("efd: popularity must point to the items' counts"));
  CHECK_THROWS_AS((epc{.popularity = &popularity}({.items = items})), std::out_of_range);
  CHECK_THROWS_AS((efd{.popularity = &popularity}({.items = items})), std::out_of_range);
  CHECK((epc{.popularity = &nobody}({.items = items})) == 1);
  CHECK((efd{.popularity = &nobody}({.items = items})) == 0);
}
