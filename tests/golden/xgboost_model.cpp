// SPDX-License-Identifier: MIT
// Models that XGBoost 1.7.4 trained and saved, beside what it scored: xgboost_model/make.py.
#include "reco/io/xgboost_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace reco_test;

TEST_CASE("models of XGBoost score as there") {
  const std::string folder = std::string(RECO_SOURCE_FOLDER) + "/tests/golden/xgboost_model/";
  constexpr std::array names = {"ranking", "logistic", "poisson", "forest", "dart", "categories", "one_category"};
  std::ifstream in(folder + "rows.txt");
  std::vector<std::array<float, 6 + names.size()>> rows;
  std::string word;
  for (std::size_t n = 0; in >> word; ++n) {
    if (n % (6 + names.size()) == 0) rows.emplace_back();
    rows.back()[n % (6 + names.size())] = std::strtof(word.c_str(), nullptr);
  }
  REQUIRE(rows.size() == 60);
  for (std::size_t m = 0; m < names.size(); ++m) {
    INFO(names[m]);
    const auto trees = reco::read_xgboost_model(folder + names[m] + ".json");
    CHECK(trees.features() == 6);
    double worst = 0, spread = 0;
    for (const auto& row : rows) {
      const double theirs{row[6 + m]};
      worst = std::max(worst, std::abs(trees.predict(std::span(row).first(6)) - theirs));
      spread = std::max(spread, std::abs(theirs - double{rows[0][6 + m]}));
    }
    CHECK(worst <= 1e-6);
    CHECK(spread > 0.1);
  }
}
