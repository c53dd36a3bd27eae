// SPDX-License-Identifier: MIT
#include "reco/metrics/fcp.hpp"

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/rated_pairs.hpp"
#include "support/tolerance.hpp"

using namespace reco_test;
using reco::rating_mean;
using pairs = std::vector<reco::rated_pair>;
using ties = reco::fcp::tied_predictions;

TEST_CASE("fcp: the worked example") {
  const pairs ratings = {{1, 5, 3}, {0, 1, 1}, {0, 2, 3}, {1, 4, 3}, {0, 3, 2}};
  CHECK(reco::fcp{}(ratings) == 0.625);
  CHECK_THAT(reco::fcp{.over = rating_mean::users}(ratings), WithinRel(7.0 / 12, rounding<double>(4)));
  CHECK(reco::fcp{.ties = ties::discordant}(ratings) == 2.0 / 4);
  CHECK(reco::fcp{.ties = ties::skipped}(ratings) == 2.0 / 3);
  CHECK(reco::fcp{.over = rating_mean::users, .ties = ties::skipped}(ratings) == 2.0 / 3);
}

TEST_CASE("fcp counts the pairs of a user that were rated differently") {
  for (const int n : {8, 9, 500}) {
    const auto ratings = random_ratings(static_cast<std::uint64_t>(84 + n), n);
    for (const auto how : {ties::half, ties::discordant, ties::skipped}) {
      double right = 0, wrong = 0, sum = 0, users = 0;
      for (const auto& [user, of] : by_user(ratings)) {
        double concordant = 0, discordant = 0;
        for (const auto& [better, high] : of) {
          for (const auto& [worse, low] : of) {
            if (!(better > worse)) continue;
            concordant += high > low ? 1 : high == low && how == ties::half ? 0.5 : 0;
            discordant += high < low ? 1 : high > low ? 0 : how == ties::half ? 0.5 : how == ties::discordant ? 1 : 0;
          }
        }
        right += concordant;
        wrong += discordant;
        if (concordant + discordant == 0) continue;
        sum += concordant / (concordant + discordant);
        users += 1;
      }
      CAPTURE(n, static_cast<int>(how));
      REQUIRE(users > 0);
      CHECK(reco::fcp{.ties = how}(ratings) == right / (right + wrong));
      CHECK_THAT((reco::fcp{rating_mean::users, how}(ratings)), WithinRel(sum / users, rounding<double>(200)));
    }
  }
}

TEST_CASE("fcp: predictions the other way round give 1 - fcp, a constant is chance, and users are not compared") {
  auto ratings = random_ratings(85, 300);
  const double forward = reco::fcp{}(ratings);
  for (auto& p : ratings)
    if (p.predicted) p.predicted = -*p.predicted;
  CHECK_THAT(reco::fcp{}(ratings), WithinRel(1 - forward, rounding<double>(10)));
  for (auto& p : ratings)
    if (p.predicted) p.predicted = 3;
  CHECK(reco::fcp{}(ratings) == 0.5);
  CHECK(std::isnan(reco::fcp{}(pairs{{0, 1, 2}, {1, 5, 1}, {2, 3, 1}, {2, 3, 4}})));
}
